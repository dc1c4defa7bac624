package places

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// Whoever types what the button to a person says, instead of pressing it, is led there too, in every language.
func TestTheWordsOfTheButtonToAPersonLeadThere(t *testing.T) {
	x := index(t)
	files, err := filepath.Glob("../locales/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d languages, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]any
		if err := json.Unmarshal(raw, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		label := strings.TrimLeftFunc(sentences["support.btn_person"].(string), func(r rune) bool { return !unicode.IsLetter(r) })
		if got := x.Parse(label); got.Topic != Trouble {
			t.Errorf("%s: %q is read as %+v", file, label, got)
		}
	}
}
