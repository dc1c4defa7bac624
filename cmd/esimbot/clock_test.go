package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Whoever could move the clock of a shop could have its orders given up.
func TestWhatIsShippedHasNoTestClock(t *testing.T) {
	t.Parallel()
	const sign = "CRASH_CLOCK"
	for tags, want := range map[string]bool{"": false, "testclock": true} {
		out, err := exec.Command("go", "list", "-tags", tags, "-f", "{{.GoFiles}}", ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(out), "clock_moved.go"); got != want {
			t.Errorf("tags %q: clock_moved.go is part of the build: %t", tags, got)
		}
	}
	program, err := os.ReadFile(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(program, []byte(sign)) {
		t.Errorf("the program knows %s", sign)
	}
	source, err := os.ReadFile("clock_moved.go")
	if err != nil || !bytes.Contains(source, []byte(sign)) {
		t.Errorf("the sign of the test clock is another: %v", err)
	}
	for _, file := range []string{"../../Dockerfile", "../../fly.toml", "../../README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("testclock")) {
			t.Errorf("%s builds with the test clock", file)
		}
	}
}
