package ui

import (
	"fmt"
	"slices"
	"testing"
)

// Lists of names are sorted as a Collator of the language sorts them, whatever was sorted before, in
// whichever language.
func TestNamesAreSortedAsACollatorDoes(t *testing.T) {
	t.Parallel()
	names := []string{"Zypern", "Österreich", "Oman", "Åland", "Albania", "Эстония", "Ёлка", "Египет", "oman", "1", "", "Côte d’Ivoire", "Cuba", "Öland", "Zambia"}
	many := make([]string, 2*rememberedNames)
	for i := range many {
		many[i] = fmt.Sprint("Place ", (i*7919)%len(many))
	}
	for _, lang := range []string{"en", "de", "ru", "sv"} {
		s := &nameSorter{keys: map[string]string{}}
		for _, list := range [][]string{names[:5], names, many, names, nil} {
			got, want := slices.Clone(list), slices.Clone(list)
			s.sort(lang, got)
			Collator(lang).SortStrings(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", lang, got[:min(20, len(got))], want[:min(20, len(want))])
			}
		}
		if s.sort(lang, names[:2]); len(s.keys) > 2*rememberedNames {
			t.Errorf("%s: %d names are remembered", lang, len(s.keys))
		}
	}
}
