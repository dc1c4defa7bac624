package places

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldedRune is what fold makes of a letter that stands alone.
type foldedRune struct {
	text  string
	class runeClass
}

type runeClass uint8

const (
	foldsInText runeClass = iota // what it becomes is known with the text around it only
	foldsToLetter
	foldsToMark // belongs to the letter before it
	foldsToGap
	foldsToNothing
)

// firstUnspaced begins the part of Unicode that scripts without spaces are in: see unspaced.
const firstUnspaced = 0x0E00

// runeFolds is foldedRune by letter, of all scripts with spaces. Names and words are folded by the ten thousand when the
// index is built, and to look each of their letters up in Unicode's tables took a third of that.
var runeFolds = sync.OnceValue(func() *[firstUnspaced]foldedRune {
	var all [firstUnspaced]foldedRune
	for r := range rune(firstUnspaced) {
		text, first := foldWhole(string(r)), unicode.ToLower([]rune(norm.NFKD.String(string(r)))[0])
		switch {
		case text != "" && foldWhole("a"+string(r)+"a") != "a"+text+"a" || unicode.IsMark(first) != unicode.IsMark(r):
		case text == "" && dropped(first):
			all[r].class = foldsToNothing
		case text == "" && len(norm.NFKD.String(string(r))) == len(string(r)):
			all[r].class = foldsToGap
		case text == "":
		case unicode.IsMark(r):
			all[r] = foldedRune{text, foldsToMark}
		case unicode.IsLetter(first) || unicode.IsDigit(first):
			all[r] = foldedRune{text, foldsToLetter}
		}
	}
	return &all
})

// foldByRune folds a text letter by letter; ok is false if some of it does not fold so.
func foldByRune(s string) (folded string, ok bool) {
	if isFolded(s) {
		return s, true
	}
	folds := runeFolds()
	var out strings.Builder
	out.Grow(len(s))
	gap, unspaced := false, false
	for _, r := range s {
		f := foldedRune{class: foldsToLetter}
		han := r >= firstHan && r <= lastHan
		if r < firstUnspaced {
			f = folds[r]
		} else if !han {
			return "", false
		}
		switch f.class {
		case foldsInText:
			return "", false
		case foldsToNothing:
			continue
		case foldsToGap:
			gap = true
			continue
		}
		mark := f.class == foldsToMark
		if out.Len() > 0 && (gap || !mark && unspaced != han) {
			out.WriteByte(' ')
		}
		if gap = false; !mark {
			unspaced = han
		}
		if han {
			out.WriteRune(r)
		} else {
			out.WriteString(f.text)
		}
	}
	return out.String(), true
}

// isFolded reports whether fold leaves a text as it is because it is of plain letters, as most words of the tables are.
func isFolded(s string) bool {
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			space = false
		default:
			return false
		}
	}
	return !space || s == ""
}
