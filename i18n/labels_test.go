package i18n

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var pressed = regexp.MustCompile(`(?i)(?:press|нажмите)(?: below| ниже| кнопку)? (?:<b>)?[“«]([^”»{]+)[”»]`)

// TestTextsNameButtonsThatExist: a text that tells to press a button says what stands on one. It is
// written by a placeholder, or, where it is not, has to be a label of the same language: a label that
// changes turns this red.
func TestTextsNameButtonsThatExist(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range b.languages {
		raw, err := localeFiles.ReadFile("locales/" + lang.Code + ".json")
		if err != nil {
			t.Fatal(err)
		}
		texts, _ := readSheet(raw)
		named := 0
		labels := map[string]string{}
		for key, forms := range texts {
			if strings.Contains(key, ".btn_") || strings.HasSuffix(key, ".btn") {
				for _, label := range forms {
					labels[strings.TrimLeftFunc(label, func(r rune) bool { return !unicode.IsLetter(r) })] = key
				}
			}
		}
		if len(labels) < 50 {
			t.Fatalf("%s: %d labels", lang.Code, len(labels))
		}
		for key, forms := range texts {
			for _, text := range forms {
				for _, name := range pressed.FindAllStringSubmatch(text, -1) {
					named++
					if labels[name[1]] == "" {
						t.Errorf("%s: %s says to press %q, which is on no button", lang.Code, key, name[1])
					}
				}
			}
		}
		if named == 0 {
			t.Errorf("%s: no text that names a button was found", lang.Code)
		}
	}
}
