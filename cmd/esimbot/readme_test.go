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
