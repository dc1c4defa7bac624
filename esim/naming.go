package esim

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestESIMName in characters: with what stands beside it, it has room on a button.
const LongestESIMName = 24

// A NamingStore keeps what customers call their eSIMs.
type NamingStore interface {
	// SetESIMName gives an eSIM of a customer a name, "" takes it away. It is ErrNotFound also when the eSIM is
	// somebody else's.
	SetESIMName(ctx context.Context, customer CustomerID, esimID ESIMID, name string) error
}

// ESIMName is what a customer typed as the name of an eSIM, on one line and without what would not be seen or would
// turn the text around it. It is not ok where nothing is left, or more than LongestESIMName.
func ESIMName(typed string) (name string, ok bool) {
	const joiner = '\u200d' // within an emoji of several
	seen := false
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r) && r != joiner, unicode.Is(unicode.Co, r):
			return -1
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		}
		seen = seen || unicode.IsGraphic(r) && !unicode.IsMark(r) && r != joiner
		return r
	}, typed)), " ")
	return name, seen && name != "" && utf8.RuneCountInString(name) <= LongestESIMName
}
