package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// readEnv reads a file of settings as docker does; with all, what stands behind a # as well.
func readEnv(t *testing.T, path string, all bool) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if all && strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# ") {
			line = line[1:]
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if _, twice := set[name]; !ok || twice || strings.ToUpper(name) != name {
			t.Errorf("%s: %q", path, line)
		}
		set[name] = value
	}
	return set
}

// TestTheExampleHasEverySetting: .env.example names what LoadConfig asks for and nothing else, and with all its lines
// in force the shop is the one that an empty environment makes.
func TestTheExampleHasEverySetting(t *testing.T) {
	t.Parallel()
	set := readEnv(t, "../../.env.example", true)
	asked := map[string]bool{}
	looked := func(name string) string {
		asked[strings.TrimSuffix(name, "_FILE")] = true
		return set[name]
	}
	set["TELEGRAM_TOKEN"], set["ESIM_ACCESS_CODE"] = someToken, "code-1234"
	got, err := LoadConfig(looked)
	if err != nil {
		t.Fatal(err)
	}
	for name := range asked {
		if _, ok := set[name]; !ok {
			t.Errorf("%s is not in .env.example", name)
		}
	}
	for name := range set {
		if !asked[name] {
			t.Errorf("%s is in .env.example, and nobody reads it", name)
		}
	}
	want, err := LoadConfig(environ(nil))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the defaults of .env.example are others than the program's:\n%+v\n%+v", got, want)
	}
	// In force are the three that setup fills in, without a value.
	if set := readEnv(t, "../../.env.example", false); len(set) != 3 || set["ADMIN_CHAT_ID"]+set["TELEGRAM_TOKEN"]+set["ESIM_ACCESS_CODE"] != "" {
		t.Errorf("in force: %v", set)
	}
}
