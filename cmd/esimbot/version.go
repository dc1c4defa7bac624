package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(w world) error {
	_, err := fmt.Fprintln(w.out, "esimbot", version())
	return err
}

// commit is put in by the linker where the program is built without its repository, as in the image.
var commit string

// version is the commit this program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	built := map[string]string{}
	for _, s := range info.Settings {
		built[s.Key] = s.Value
	}
	return versionOf(built["vcs.revision"], built["vcs.modified"] == "true", commit)
}

// versionOf prefers what the go command saw to what somebody told it.
func versionOf(revision string, modified bool, told string) string {
	switch {
	case revision != "" && modified:
		return short(revision) + "+changes"
	case revision != "":
		return short(revision)
	case told != "":
		return short(told)
	}
	return "development"
}

// short is what people compare of a commit; a sum over sources ("tree-…") is short already.
func short(commit string) string {
	if strings.HasPrefix(commit, "tree-") {
		return commit
	}
	return commit[:min(12, len(commit))]
}
