package places

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// spoken reads what the bot's sentence files say about places, English first.
func spoken(t testing.TB) []Language {
	t.Helper()
	files, err := filepath.Glob("../locales/*.json")
	if err != nil || len(files) < 2 {
		t.Fatal("the sentence files are not where they were: ", files, err)
	}
	var languages []Language
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences struct{ Places Language }
		if err := json.Unmarshal(raw, &sentences); err != nil {
			t.Fatal(file, ": ", err)
		}
		l := sentences.Places
		l.Code = strings.TrimSuffix(filepath.Base(file), ".json")
		if l.Code == "en" {
			languages = slices.Insert(languages, 0, l)
		} else {
			languages = append(languages, l)
		}
	}
	return languages
}

var loaded struct {
	sync.Once
	index *Index
}

// index is the bot's own, loaded once: it is the same for every test.
func index(t testing.TB) *Index {
	t.Helper()
	loaded.Do(func() {
		x, err := load(spoken(t)...)
		if err != nil {
			t.Fatal(err)
		}
		loaded.index = x
	})
	if loaded.index == nil {
		t.Fatal("the index did not load")
	}
	return loaded.index
}

// flag builds the flag of a code from its letters, as phones do.
func flag(code string) string {
	return string([]rune{regionalA + rune(code[0]-'A'), regionalA + rune(code[1]-'A')})
}

// TestEveryNameFindsItsPlace goes through all names of all generated languages,
// all aliases' codes, all flags and alpha-2 codes.
func TestEveryNameFindsItsPlace(t *testing.T) {
	x := index(t)
	find := func(query, code, how string) {
		found := x.Find(query, 8)
		i := slices.IndexFunc(found, func(p Place) bool { return p.Code == code })
		if i < 0 || found[i].Score < found[0].Score-romanised || found[i].Score < SureScore {
			t.Errorf("%s of %s, %q, finds %v", how, code, query, found)
		}
	}
	names := 0
	for _, row := range x.rows {
		for i, name := range row.names {
			if name != "" && !row.other {
				names++
				find(name, x.codes[i], "the name in "+row.lang)
			}
		}
	}
	if languages := len(x.rows) / 2; names < 28*255 || languages != 28 {
		t.Errorf("only %d names in %d languages", names, languages)
	}
	for lang, shown := range x.shown {
		for code, name := range shown {
			find(name, code, "the name shown in "+lang)
		}
	}
	for _, code := range x.codes {
		if strings.HasPrefix(code, RegionPrefix) {
			continue
		}
		find(flag(code), code, "the flag")
		find(code, code, "the code")
		find(strings.ToLower(code), code, "the code")
	}
	for lang, cities := range x.cities {
		for english, name := range cities {
			for _, q := range []string{english, name, strings.ToUpper(name)} {
				if found := x.Find(q, 8); !slices.ContainsFunc(found, func(p Place) bool { return p.City == english }) &&
					(len(found) == 0 || found[0].Score != scoreExact) { // the country of the same name wins
					t.Errorf("the city %q (%s) finds %v", q, lang, found)
				}
			}
		}
	}
}

// TestEveryTypoIsForgiven swaps, drops, doubles and replaces each inner letter
// of every country's name in each spoken language that is written with letters: it must
// still be among the answers. By default of one place in so many, with the tag soak of each.
func TestEveryTypoIsForgiven(t *testing.T) {
	x := index(t)
	forgives(t, x, x.shown, misspeltPlaces)
}

// TestTyposInLongNamesAreForgiven adds the languages whose names of places are the longest in
// CLDR: no name is too long to be misspelt.
func TestTyposInLongNamesAreForgiven(t *testing.T) {
	long := map[string]map[string]string{
		"nl": {"UM": "Kleine afgelegen eilanden van de Verenigde Staten"},
		"da": {"TF": "De Franske Besiddelser i Det Sydlige Indiske Ocean og Antarktis"},
		"sl": {"HK": "Posebno upravno območje Ljudske republike Kitajske Hongkong"},
		"mt": {"HK": "ir-Reġjun Amministrattiv Speċjali ta’ Hong Kong tar-Repubblika tal-Poplu taċ-Ċina"},
	}
	languages := spoken(t)
	for lang, names := range long {
		languages = append(languages, Language{Code: lang, Names: names})
	}
	x, err := load(languages...)
	if err != nil {
		t.Fatal(err)
	}
	for lang, names := range long {
		t.Run(lang, func(t *testing.T) { forgives(t, x, map[string]map[string]string{lang: names}, 1) })
	}
}

// forgives makes every typo in the names of one of so many of these places, by language and place.
func forgives(t *testing.T, x *Index, names map[string]map[string]string, oneIn int) {
	t.Helper()
	nth := map[string]int{}
	for _, shown := range names {
		for code := range shown {
			nth[code] = 0
		}
	}
	for i, code := range slices.Sorted(maps.Keys(nth)) {
		nth[code] = i
	}
	tried, missed := 0, 0
	done := map[string]bool{} // many a name is the same in several languages
	for _, shown := range names {
		for code, name := range shown {
			if nth[code]%oneIn != 0 {
				continue
			}
			letters := []rune(fold(name))
			if key := code + string(letters); done[key] {
				continue
			} else {
				done[key] = true
			}
			if len(letters) < 5 || strings.ContainsFunc(name, unspaced) {
				continue
			}
			for i := 1; i < len(letters)-1; i++ {
				swapped := slices.Clone(letters)
				swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
				replaced := slices.Clone(letters)
				replaced[i] = 'w'
				for _, typo := range [][]rune{swapped, replaced, slices.Delete(slices.Clone(letters), i, i+1), slices.Insert(slices.Clone(letters), i, letters[i])} {
					tried++
					if !slices.ContainsFunc(x.Find(string(typo), 8), func(p Place) bool { return p.Code == code }) {
						missed++
						if missed < 60 {
							t.Logf("%q (%s) finds %v", string(typo), code, x.Find(string(typo), 3))
						}
					}
				}
			}
		}
	}
	if missed*200 > tried {
		t.Errorf("%d of %d typos were not understood", missed, tried)
	}
	t.Logf("%d typos, %d not understood", tried, missed)
}
