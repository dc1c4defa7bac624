//go:build soak

package sandbox

import (
	"os/exec"
	"testing"
)

// TestReadmeClientInGo compiles, which takes its time.
func TestReadmeClientInGo(t *testing.T) {
	program := readmeProgram(t, "go")
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go here")
	}
	playReadme(t, "bot.go", program, "Hello from Go", path, "run")
}
