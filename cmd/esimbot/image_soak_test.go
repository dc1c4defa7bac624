//go:build soak && linux

package main

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestImage takes the Dockerfile's steps without Docker: its build, of the files that .dockerignore lets into the context,
// and then the program in a folder with nothing else in it, as the image's user, on a fresh volume.
func TestImage(t *testing.T) {
	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	made := buildAsTheImage(t, string(dockerfile), "0123456789abcdef0123456789abcdef01234567")
	if os.Getuid() != 0 {
		t.Skip("only root may change the root folder: the program was built, and not started in an empty one")
	}
	root := t.TempDir()
	for _, dir := range []string{"etc", "data", "tmp"} { // COPY --from=build
		if err := os.Rename(filepath.Join(made, dir), filepath.Join(root, dir)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(made, "esimbot"), filepath.Join(root, "esimbot")); err != nil {
		t.Fatal(err)
	}
	const user = 65532
	for _, dir := range []string{"data", "tmp"} { // --chown
		if err := os.Chown(filepath.Join(root, dir), user, user); err != nil {
			t.Fatal(err)
		}
	}
	for dir := root; dir != "/"; dir = filepath.Dir(dir) { // for the user to pass through
		if err := os.Chmod(dir, 0o755); err != nil || dir == os.TempDir() {
			break
		}
	}
	w := newTown(t)
	env := append(envOf(string(dockerfile)), w.env("LISTEN=127.0.0.1:0", "DATABASE=/data/esimbot.db", "PATH=", "HOME=")...)
	inside := func(args ...string) *exec.Cmd {
		cmd := exec.Command("/esimbot", args...)
		cmd.Env, cmd.Dir = env, "/data"
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: user, Gid: user}}
		return cmd
	}
	out, err := inside("version").CombinedOutput()
	if string(out) != "esimbot 0123456789ab\n" {
		t.Errorf("version: %s %v", out, err)
	}
	p, err := spawned(t, inside("serve"))
	if err == nil {
		err = p.open(w.ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "LISTEN="+p.addr)
	if out, err := inside("health").CombinedOutput(); err != nil || !strings.Contains(string(out), "well") {
		t.Errorf("health: %s %v", out, err)
	}
	ann := visit(w.rig, w.ann())
	p.buys(ann)
	ann.qr() // drawn, zoned and stored with nothing else there
	if code := p.stop(); code != 0 {
		t.Errorf("serve ended with %d\n%s", code, p.log)
	}
	if out, err := inside("health").CombinedOutput(); err == nil {
		t.Errorf("health of a shop that is closed: %s", out)
	}
}

// buildAsTheImage runs the RUN of the build stage over what COPY . . would bring, and returns what it made.
func buildAsTheImage(t *testing.T, dockerfile, commit string) string {
	t.Helper()
	made := filepath.Join(t.TempDir(), "out")
	source := contextOf(t)
	_, run, ok := strings.Cut(dockerfile, "\nRUN ")
	run, _, ends := strings.Cut(run, "\n\n")
	if !ok || !ends {
		t.Fatal("no RUN in the Dockerfile")
	}
	var words []string
	for _, word := range strings.Fields(strings.ReplaceAll(run, "\\\n", " ")) {
		if !strings.HasPrefix(word, "--mount=") {
			words = append(words, word)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(strings.Join(words, " "), "/out", made))
	cmd.Dir, cmd.Env = source, append(os.Environ(), "COMMIT="+commit)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(filepath.Join(made, "esimbot"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the program has %.1f MB, the image as much", float64(info.Size())/1e6)
	return made
}

// contextOf copies the files of the repository that .dockerignore lets through.
func contextOf(t *testing.T) string {
	t.Helper()
	rules, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	var in, out []string
	for line := range strings.Lines(string(rules)) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "!"):
			in = append(in, line[1:])
		case strings.HasPrefix(line, "**/"):
			out = append(out, line[3:])
		case line != "*" && line != "" && line[0] != '#':
			t.Fatalf("%q: this test does not know such a rule", line)
		}
	}
	listed, err := exec.Command("git", "-C", "../..", "ls-files", "-co", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	for name := range strings.Lines(string(listed)) {
		name = strings.TrimSpace(name)
		if !allowedIn(in, out, name) {
			continue
		}
		b, err := os.ReadFile(filepath.Join("../..", name))
		if err == nil {
			err = os.MkdirAll(filepath.Join(to, filepath.Dir(name)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(path.Base(name), ".env") {
			t.Errorf("%s is in the context", name)
		}
	}
	return to
}

func allowedIn(in, out []string, name string) bool {
	top, _, _ := strings.Cut(name, "/")
	wanted := false
	for _, p := range in {
		wanted = wanted || p == top
	}
	for part := range strings.SplitSeq(name, "/") {
		for _, p := range out {
			if match, _ := path.Match(p, part); match {
				return false
			}
		}
	}
	return wanted
}

// envOf is what the Dockerfile sets.
func envOf(dockerfile string) []string {
	for line := range strings.Lines(dockerfile) {
		if pairs, ok := strings.CutPrefix(line, "ENV "); ok {
			return strings.Fields(pairs)
		}
	}
	return nil
}
