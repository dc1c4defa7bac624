package places

import (
	"slices"
	"testing"
)

// TestFoldByRune: letter by letter a text folds to the same as in whole: all names and words of the tables, and
// every letter of the scripts with spaces before, behind and between others.
func TestFoldByRune(t *testing.T) {
	same := func(s string) {
		if got, ok := foldByRune(s); ok && got != foldWhole(s) {
			t.Errorf("%q folds to %q, in whole to %q", s, got, foldWhole(s))
		}
	}
	for _, row := range index(t).rows {
		for _, name := range row.names {
			same(name)
		}
	}
	for _, a := range slices.Concat(corpus(t), queries(t, "testdata/travellers.tsv")) {
		same(a.query)
	}
	for r := range rune(firstUnspaced) {
		for _, s := range []string{"%", "a%", "%a", "a%b", "日%本", " %", "a %", "и%%"} {
			text := []rune{}
			for _, c := range s {
				if c == '%' {
					c = r
				}
				text = append(text, c)
			}
			same(string(text))
		}
	}
}
