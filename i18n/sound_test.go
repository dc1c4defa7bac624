package i18n

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"esimbot/i18n/places"
)

// checkFiles holds all sentence files there are to each other and to Telegram.
func checkFiles(files fs.FS) []string {
	entries, err := fs.ReadDir(files, "locales")
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	sheets, words := map[string]sheet{}, map[string]places.Language{}
	for _, e := range entries {
		lang, ok := strings.CutSuffix(e.Name(), ".json")
		raw, err := fs.ReadFile(files, "locales/"+e.Name())
		if err != nil || !ok {
			problems = append(problems, fmt.Sprintf("%s is no sentence file: %v", e.Name(), err))
			continue
		}
		s, faults := readSheet(raw)
		for _, f := range faults {
			problems = append(problems, lang+": "+f)
		}
		sheets[lang] = s
		if words[lang], err = newLocaleFile(files, "locales/"+e.Name()).places(); err != nil {
			problems = append(problems, lang+": "+err.Error())
		}
	}
	for _, check := range []func(map[string]sheet) []string{checkKeys, checkPlaceholders, checkPlurals, checkTexts, checkTags} {
		problems = append(problems, check(sheets)...)
	}
	return append(problems, checkPlaces(words)...)
}

// checkPlaces: every language names the parts of the world that CLDR does not name,
// or names otherwise, and says which words stand around a place.
func checkPlaces(words map[string]places.Language) []string {
	var problems []string
	for lang, w := range words {
		for code := range words[Fallback].Names {
			if w.Names[code] == "" {
				problems = append(problems, fmt.Sprintf("%s: places.names lacks %s", lang, code))
			}
		}
		for what, names := range map[string]map[string]string{"names": w.Names, "cities": w.Cities} {
			for key, name := range names {
				if name == "" || strings.TrimSpace(name) != name {
					problems = append(problems, fmt.Sprintf("%s: places.%s: %s is empty or padded", lang, what, key))
				}
			}
		}
		if strings.TrimSpace(w.StopWords) == "" {
			problems = append(problems, lang+": places.noise is empty")
		}
	}
	return problems
}

// fallbackSheet reads the sentences that every key of the code must be among.
func fallbackSheet(t *testing.T) sheet {
	t.Helper()
	raw, err := localeFiles.ReadFile("locales/" + Fallback + ".json")
	if err != nil {
		t.Fatal(err)
	}
	s, problems := readSheet(raw)
	report(t, problems)
	return s
}

func report(t *testing.T, problems []string) {
	t.Helper()
	slices.Sort(problems)
	for _, p := range problems {
		t.Error(p)
	}
}

func TestSentencesAreSound(t *testing.T) {
	report(t, checkFiles(localeFiles))
}

// TestLongButtons only tells: what is longer than a phone shows is not wrong.
func TestLongButtons(t *testing.T) {
	s := fallbackSheet(t)
	for _, key := range slices.Sorted(maps.Keys(s)) {
		for _, l := range bundle(t).Languages() {
			text := bundle(t).Printer(l.Code).Plain(key, nil)
			if strings.Contains(key, ".btn_") && shortest(text) > adviceButton {
				t.Logf("%s: %s is longer than the %d characters a phone shows", l.Code, key, adviceButton)
			}
		}
	}
}

// TestNoCodeNamesALanguage: what is said of one language belongs into its file.
func TestNoCodeNamesALanguage(t *testing.T) {
	u, err := scan(spoken...)
	if err != nil {
		t.Fatal(err)
	}
	others, err := scan("places", "../bot", "../cmd")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range bundle(t).Languages() {
		if others.strings[l.Code] || l.Code != Fallback && u.strings[l.Code] {
			t.Errorf("code names the language %q: only i18n.Fallback may be named", l.Code)
		}
	}
}
