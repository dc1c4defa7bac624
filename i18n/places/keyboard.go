package places

import (
	"fmt"
	"strings"
	"unicode"
)

// latinKeys is what a keyboard types in Latin letters, and shifted what some of
// its keys type with the shift key held (all others: the capital letter).
const latinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"

var shifted = map[rune]rune{'{': '[', '}': ']', ':': ';', '"': '\'', '<': ',', '>': '.', '~': '`'}

// keyboard is another layout of the same keys.
type keyboard struct {
	typed map[rune]string // Latin key → what it types in the layout
	latin map[rune]rune   // what is typed in the layout → Latin key
}

// newKeyboard reads Language.Keyboard; nil for none, and for the Latin one itself.
func newKeyboard(keys string) (*keyboard, error) {
	own, base := strings.Fields(keys), []rune(latinKeys)
	if len(own) == 0 || strings.Join(own, "") == latinKeys {
		return nil, nil
	}
	if len(own) != len(base) {
		return nil, fmt.Errorf("the keyboard has %d keys, want %d", len(own), len(base))
	}
	k := &keyboard{map[rune]string{}, map[rune]rune{}}
	for i, key := range own {
		k.typed[base[i]] = key
		if letter := []rune(key); len(letter) == 1 {
			k.latin[letter[0]] = base[i]
		}
	}
	for upper, lower := range shifted {
		k.typed[upper] = k.typed[lower]
	}
	return k, nil
}

// other returns s as if typed with the other layout: "zgjybz" is "япония" on a
// Russian keyboard, "офзфт" on it is "japan". It returns "" when no key changes.
func (k *keyboard) other(s string) string {
	s = strings.ToLower(s)
	var out strings.Builder
	theirs := strings.ContainsFunc(s, k.own)
	for _, r := range s {
		l, isTheirs := k.latin[r]
		t, isLatin := k.typed[r]
		switch {
		case theirs && isTheirs:
			out.WriteRune(l)
		case !theirs && isLatin:
			out.WriteString(t)
		default:
			out.WriteRune(r)
		}
	}
	if out.String() == s {
		return ""
	}
	return out.String()
}

// own reports whether r is a letter that the Latin layout lacks.
func (k *keyboard) own(r rune) bool {
	_, typed := k.latin[r]
	return typed && unicode.IsLetter(r) && !strings.ContainsRune(latinKeys, r)
}
