package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// readmeProgram is the first fenced block of a language in the README.
func readmeProgram(t *testing.T, fence string) string {
	t.Helper()
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(raw), "```"+fence+"\n")
	program, _, ended := strings.Cut(rest, "\n```")
	if !ok || !ended {
		t.Fatalf("the README has no program of %q", fence)
	}
	return program
}

// playReadme runs a bot from the README, and writes to it.
func playReadme(t *testing.T, file, program, wants string, command ...string) {
	t.Helper()
	w := newWorld(t, Options{})
	dir := t.TempDir()
	path := filepath.Join(dir, file)
	if err := os.WriteFile(path, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	bot := exec.CommandContext(soon(t), command[0], append(command[1:], path)...)
	bot.Env = append(os.Environ(), "API="+w.url, "BOT_TOKEN="+w.Token())
	var said strings.Builder
	bot.Stderr = &said
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = bot.Wait() // it is killed
		close(ended)
	}()
	t.Cleanup(func() {
		_ = bot.Process.Kill()
		<-ended
	})
	ann := w.User(101)
	if _, err := ann.Send("/start"); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.WaitText(soon(t), wants); err != nil {
		_ = bot.Process.Kill()
		<-ended
		t.Errorf("%v: %s", err, said.String())
	}
}

// TestReadmeClients runs the bots of the README whose interpreter is here.
func TestReadmeClients(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ fence, file, wants, command string }{
		{"python", "bot.py", "Hello from Python", "python3"},
		{"js", "bot.js", "Hello from Node", "node"},
	} {
		t.Run(c.command, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath(c.command)
			if err != nil {
				t.Skipf("no %s here", c.command)
			}
			playReadme(t, c.file, readmeProgram(t, c.fence), c.wants, path)
		})
	}
}
