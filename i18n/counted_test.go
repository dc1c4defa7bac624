package i18n

import (
	"regexp"
	"testing"
)

// promised is a number of places written out in a sentence: what is on sale changes each night.
var promised = regexp.MustCompile(`(?i)[0-9]+\+?[ \x{a0}](countries|places|regions|networks|стран|регион|сетей|мест)`)

// TestNoTextPromisesACount: how many countries, regions or networks there are is counted when it is said.
func TestNoTextPromisesACount(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range b.Languages() {
		raw, err := localeFiles.ReadFile("locales/" + lang.Code + ".json")
		if err != nil {
			t.Fatal(err)
		}
		texts, _ := readSheet(raw)
		if len(texts) < 500 {
			t.Fatalf("%s: %d texts", lang.Code, len(texts))
		}
		for key, forms := range texts {
			for _, text := range forms {
				if found := promised.FindString(text); found != "" {
					t.Errorf("%s: %s promises %q", lang.Code, key, found)
				}
			}
		}
	}
}
