package places

import (
	"regexp"
	"strings"
)

// installCode is what a QR picture holds, as it is copied or read from one: no name of a place is in it.
var installCode = regexp.MustCompile(`(?i)(^|[^0-9a-z])LPA:1\$`)

// readSpacedOrders notes what may be the number of an order that was typed with a space in place of its dash. It
// takes nothing out: "5gbs 10da" is read as what else it may be, if it is the number of no order of theirs.
func (q *Query) readSpacedOrders(text string) {
	words := strings.Fields(text)
	for i := 1; i < len(words); i++ {
		first, second := strings.TrimLeft(words[i-1], "#№("), strings.TrimRight(words[i], ".,;:?!)")
		word := first + second
		if len(first) == 4 && len(second) == 4 && undashed.MatchString(word) && turns.MatchString(word) && !sizeLike.MatchString(word) {
			q.Orders = append(q.Orders, word)
		}
	}
}
