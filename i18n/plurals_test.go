package i18n

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// checkPlurals: a counted sentence has exactly the forms whole numbers take in
// the language, and "other", to which go-i18n falls back; and a form that stands
// for several numbers (Russian "one" is 1, 21, 31…) says which one it is.
func checkPlurals(sheets map[string]sheet) []string {
	var problems []string
	counted := map[string]bool{}
	for _, s := range sheets {
		for key, forms := range s {
			if _, plain := forms[""]; !plain {
				counted[key] = true
			}
		}
	}
	for lang, s := range sheets {
		numbers := formsOf(lang)
		for key := range counted {
			forms := s[key]
			if forms == nil {
				continue // checkKeys says so
			}
			have := slices.Sorted(maps.Keys(forms))
			if want := slices.Sorted(maps.Keys(numbers)); !slices.Equal(have, want) {
				problems = append(problems, fmt.Sprintf("%s: %s has the forms %q, needs %q", lang, key, have, want))
				continue
			}
			names, _ := placeholders(forms)
			for form, text := range forms {
				if slices.Contains(names, "n") && numbers[form] > 1 && !strings.Contains(text, "{{.n}}") {
					problems = append(problems, fmt.Sprintf("%s: %s: %q stands for several numbers and must hold {{.n}}", lang, key, form))
				}
			}
		}
	}
	return problems
}

// formsOf counts, for each plural form of a language, the numbers from 0 to 199 in it.
func formsOf(lang string) map[string]int {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	forms := map[string]int{"other": 0}
	for n := range 200 {
		forms[names[plural.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0)]]++
	}
	return forms
}
