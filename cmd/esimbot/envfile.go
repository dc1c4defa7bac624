package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// envExample is every setting with its default, for people to read; .env.example at the top leads to it.
//
//go:embed env.example
var envExample string

// fillEnv is the example with values in place of what it leaves open.
func fillEnv(values map[string]string) string {
	lines := strings.SplitAfter(envExample, "\n")
	for i, line := range lines {
		name, _, ok := strings.Cut(strings.TrimPrefix(line, "#"), "=")
		if v := values[name]; ok && v != "" {
			lines[i] = name + "=" + v + "\n"
		}
	}
	return strings.Join(lines, "")
}

// writeEnv writes a new file for its owner's eyes; one that is there stays as it is.
func writeEnv(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return existsAlready(path)
	}
	if err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the settings: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

func existsAlready(path string) error {
	return fmt.Errorf("%s exists, and nothing is ever written over: move it away, or name another with --file", path)
}
