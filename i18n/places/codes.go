package places

import (
	"regexp"
	"strings"
)

// installCode is what a QR picture holds, as it is copied or read from one: no name of a place is in it.
var installCode = regexp.MustCompile(`(?i)(^|[^0-9a-z])LPA:1\$`)

// partOfOrder is a text that is the beginning of an order's number: "BGED-4X8".
var partOfOrder = regexp.MustCompile(`(?i)^[\s#№]*([0-9a-hjkmnp-tv-z]{4})-([0-9a-hjkmnp-tv-z]{1,3})[\s.?!]*$`)

// readPart notes the beginning of an order's number, where the text is nothing else. A name and a size may look alike:
// "peru-10", "wifi-5g".
func (r *reading) readPart(text string) {
	part := partOfOrder.FindStringSubmatch(text)
	if part == nil || !hasDigit.MatchString(part[0]) || sizeLike.MatchString(part[2]) && !hasDigit.MatchString(part[1]) {
		return
	}
	first := fold(part[1])
	if _, named := r.x.exact[first]; named || r.x.words.known[first] || r.x.words.numbers[first] > 0 {
		return
	}
	r.Topic, r.OrderPart = OwnESIM, part[1]+part[2]
}

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
