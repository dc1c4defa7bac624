package i18n

import (
	"slices"
	"strings"
	"unicode"
)

// longestTrip in days: a longer one is no answer to how long a trip is.
const longestTrip = 366

// ParseLength reads how many days a text says: "10", "10 days", "for two weeks", "неделя". What
// points to a day, as "in 10 days" does, is no length.
func (b *Bundle) ParseLength(text string) (days int, ok bool) {
	words := b.dates
	number, unit := 0, 0
	for _, t := range dateTokens(plainDigits(strings.ToLower(text))) {
		of, counts := words.numbers[t.word]
		switch {
		case t.digits > 0 && number == 0 && unit == 0:
			number = t.number
		case t.digits > 0:
			return 0, false
		case counts && number == 0 && unit == 0:
			number = of + 1
		case unit == 0 && slices.Contains(words.days, t.word):
			unit = 1
		case unit == 0 && slices.Contains(words.weeks, t.word):
			unit = 7
		case unit == 0 && slices.Contains(words.monthLong, t.word):
			unit = 30
		case slices.Contains(words.lasting, t.word):
		default:
			return 0, false
		}
	}
	if number == 0 && unit > 0 && !strings.ContainsFunc(text, unicode.IsDigit) {
		number = 1 // "a week", "неделя"
	}
	days = min(number, longestTrip+1) * max(unit, 1)
	return days, days > 0 && days <= longestTrip
}
