package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// longestFile is how many lines a Go file may have, a test's too: what is longer tells of two things.
const longestFile = 400

func TestLengthOfFiles(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		if n := bytes.Count(content, []byte("\n")); n > longestFile {
			t.Errorf("%s has %d lines: no Go file has more than %d, so what is it about, and what else?", strings.TrimPrefix(path, "../../"), n, longestFile)
		}
		return nil
	})
	if err != nil || seen < 500 {
		t.Errorf("%d Go files looked at: %v", seen, err)
	}
}
