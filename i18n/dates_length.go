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
	words := b.dates()
	if days, ok := b.search().Length(bare(text, words.lasting)); ok {
		return days, true
	}
	return words.length(plainDigits(strings.ToLower(text)))
}

// length reads a number, and what it counts.
func (words dateWords) length(text string) (days int, ok bool) {
	number, unit := 0, 0
	for t := range dateTokens(text) {
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

// bare is a text without these words before and behind it. Of a script without spaces nothing parts them from the rest.
func bare(text string, words []string) string { return strip(strip(text, words, true), words, false) }

// strip takes these words away at one end of a text, all but the last that is left.
func strip(text string, words []string, before bool) string {
	text = strings.ToLower(strings.TrimSpace(text))
	for {
		rest := text
		for _, w := range words {
			if w == "" || len(w) >= len(text) {
				continue
			}
			cut, ok := strings.CutSuffix(text, w)
			apart := strings.HasSuffix(cut, " ")
			if before {
				cut, ok = strings.CutPrefix(text, w)
				apart = strings.HasPrefix(cut, " ")
			}
			if ok && (apart || unspaced(w)) {
				rest = strings.TrimSpace(cut)
				break
			}
		}
		if rest == text {
			return text
		}
		text = rest
	}
}

// unspaced reports whether a word is of a script that is written without spaces.
func unspaced(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
