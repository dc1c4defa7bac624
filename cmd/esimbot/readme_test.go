package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEverySettingStandsInTheREADME: what LoadConfig asks the environment for, an operator finds in the table.
func TestEverySettingStandsInTheREADME(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	_, _ = LoadConfig(func(name string) string { // of an empty environment: what it complains of is not the matter
		asked[strings.TrimSuffix(name, "_FILE")] = true
		return ""
	})
	if len(asked) < 20 {
		t.Errorf("%d settings", len(asked))
	}
	for name := range asked {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("%s stands nowhere in README.md", name)
		}
	}
}

// TestEveryJourneyStandsInTheREADME: its table of kills names what is killed.
func TestEveryJourneyStandsInTheREADME(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, kills, _ := strings.Cut(string(text), "## Killed on purpose")
	kills, _, _ = strings.Cut(kills, "\n## ")
	for _, j := range journeys() {
		if !strings.Contains(kills, "\n| "+j.name+" |") {
			t.Errorf("the journey %q stands nowhere in the table of cmd/esimbot/README.md", j.name)
		}
	}
	if rows := strings.Count(kills, "\n| ") - 2; rows != len(journeys()) { // less the head and the sum
		t.Errorf("the table has %d journeys, the test %d", rows, len(journeys()))
	}
}
