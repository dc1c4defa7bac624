package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
)

// deployed reads a file by which the shop is run.
func deployed(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDeployFilesAgreeWithTheProgram: what they set is what LoadConfig asks for, the ports they name are the same, and
// whoever stops the shop waits longer than it takes.
func TestDeployFilesAgreeWithTheProgram(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{"GOMEMLIMIT": true} // Go's own
	_, _ = LoadConfig(func(name string) string { asked[name] = true; return "" })
	for file, set := range map[string]*regexp.Regexp{
		"fly.toml":                regexp.MustCompile(`(?m)^ *([A-Z][A-Z_]+) = `),
		"Dockerfile":              regexp.MustCompile(`(?m)(?:^ENV|(?:/\S+|:\d+)) ([A-Z][A-Z_]+)=`),
		".github/esimbot.service": regexp.MustCompile(`(?m)(?:^Environment=| )([A-Z][A-Z_]+)=`),
	} {
		names := set.FindAllStringSubmatch(deployed(t, file), -1)
		if len(names) < 3 {
			t.Errorf("%s sets %q", file, names)
		}
		for _, n := range names {
			if !asked[n[1]] {
				t.Errorf("%s sets %s, which nobody reads", file, n[1])
			}
		}
	}
	fly := deployed(t, "fly.toml")
	private := regexp.MustCompile(`METRICS_LISTEN = ":(\d+)"`).FindStringSubmatch(fly)
	ports := regexp.MustCompile(`(?m)^ *port = (\d+)`).FindAllStringSubmatch(fly, -1)
	if private == nil || len(ports) != 2 || ports[0][1] != private[1] || ports[1][1] != private[1] {
		t.Errorf("fly.toml: figures and check at %q, METRICS_LISTEN at %q", ports, private)
	}
	for file, limit := range map[string]string{
		"fly.toml": `kill_timeout = "(\d+s)"`, ".github/esimbot.service": `TimeoutStopSec=(\d+)`, ".github/compose.yaml": `stop_grace_period: (\d+s)`,
		"README.md": `--stop-timeout (\d+)`, ".github/OPERATING.md": `--stop-timeout (\d+)`,
	} {
		m := regexp.MustCompile(limit).FindStringSubmatch(deployed(t, file))
		if m == nil {
			t.Errorf("%s has no %s", file, limit)
			continue
		}
		waits, err := time.ParseDuration(strings.TrimSuffix(m[1], "s") + "s")
		if err != nil || waits < shop.Grace+20*time.Second {
			t.Errorf("%s waits for %s, and the shop may take %s", file, waits, shop.Grace)
		}
	}
	if !strings.Contains(deployed(t, ".github/esimbot.service"), "RestartPreventExitStatus=2\n") {
		t.Error("systemd starts a faulty configuration again and again")
	}
	// What a page leads to is there.
	for page, dir := range map[string]string{"README.md": "", ".github/OPERATING.md": ".github"} {
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(deployed(t, page), -1) {
			if _, err := os.Stat(filepath.Join("..", "..", dir, link[1])); err != nil {
				t.Errorf("%s leads to %s: %v", page, link[1], err)
			}
		}
	}
}
