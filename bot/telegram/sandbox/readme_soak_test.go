//go:build soak

package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestReadmeClientInGo compiles, which takes its time.
func TestReadmeClientInGo(t *testing.T) {
	program := readmeProgram(t, "go")
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go here")
	}
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "bot.go"), filepath.Join(dir, "bot")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	// Built and run apart: of "go run" the program would outlive its parent.
	if out, err := exec.CommandContext(t.Context(), path, "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	playReadme(t, "unused", "", "Hello from Go", binary)
}
