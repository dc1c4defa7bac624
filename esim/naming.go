package esim

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxESIMNameLength in characters: with what stands beside it, it has room on a button.
const MaxESIMNameLength = 24

// A NamingStore keeps what customers call their eSIMs.
type NamingStore interface {
	// SetESIMName gives an eSIM of a customer a name, "" takes it away. It is ErrNotFound also when the eSIM is
	// somebody else's.
	SetESIMName(ctx context.Context, customer CustomerID, esimID ESIMID, name string) error
}

// ParseESIMName is what a customer typed as the name of an eSIM, on one line and without what would not be seen or would
// turn the text around it. Nothing of it is "": signs alone are no name either. It is not ok where nothing is left,
// or more than MaxESIMNameLength.
func ParseESIMName(typed string) (name string, ok bool) {
	seen, tagged := false, false
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		tag := 0xE0020 <= r && r <= 0xE007F // letters of the flag before them
		tagged = r == blackFlag || tagged && tag
		switch {
		case r == joiner, r == nonJoiner, tag && tagged:
			return r
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), blank[r]:
			return -1
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		}
		seen = seen || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
		return r
	}, typed)), " ")
	if !seen {
		return "", false
	}
	return name, utf8.RuneCountInString(name) <= MaxESIMNameLength
}

const (
	joiner    = '\u200d' // within an emoji of several
	nonJoiner = '\u200c' // within words of Persian
	blackFlag = '\U0001f3f4'
)

// blank characters are letters and signs by their kind, and nothing on a screen.
var blank = map[rune]bool{'\u115f': true, '\u1160': true, '\u2800': true, '\u3164': true, '\uffa0': true}
