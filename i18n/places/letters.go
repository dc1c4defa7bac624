package places

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed letters.tsv
var lettersFile string

// longestLetters in runes are looked up together: "港澳台".
const longestLetters = 3

func (g *Gazetteer) addLetters(row []string) error {
	codes := strings.Fields(row[1])
	for _, code := range codes {
		if !g.known[code] {
			return fmt.Errorf("no place %q", code)
		}
	}
	g.letters[row[0]] = codes
	return nil
}

// byLetters reads a journey written with a character for each country, as Chinese and Japanese do: "新马泰", "日韩".
// One character alone is a word, and so is the row when anything else stands in it.
func (r *reading) byLetters(i int) []span {
	t := r.tokens[i]
	text := t.text
	for _, w := range r.x.words.kinds["noise"].glued {
		if utf8.RuneCountInString(w) > 1 || len(r.x.letters[w]) == 0 {
			text = strings.TrimSuffix(strings.TrimPrefix(text, w), w)
		}
	}
	var found []span
	var codes []string
	for runes := []rune(text); len(runes) > 0; {
		n := min(longestLetters, len(runes))
		for ; n > 0 && len(r.x.letters[string(runes[:n])]) == 0; n-- {
		}
		if n == 0 {
			return nil
		}
		for _, code := range r.x.letters[string(runes[:n])] {
			if slices.Contains(codes, code) {
				return nil
			}
			codes = append(codes, code)
			found = append(found, span{from: i, to: i + 1, at: len(found), hits: []hit{{code: code, at: r.x.at[code]}}})
		}
		runes = runes[n:]
	}
	if len(found) < 2 {
		return nil
	}
	return found
}
