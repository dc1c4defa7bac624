package i18n

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A dateToken is a number, or a word.
type dateToken struct {
	word           string
	number, digits int // digits 0: a word
}

// dateTokens cuts a text at everything that is no letter and no digit, as far as it is read: most of what is typed
// is no date, and says so with its first word.
func dateTokens(s string) iter.Seq[dateToken] {
	return func(yield func(dateToken) bool) {
		for s := s; s != ""; {
			digits := 0
			for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
				digits++
			}
			if digits > 0 {
				n, err := strconv.Atoi(s[:min(digits, 9)])
				if err != nil || !yield(dateToken{number: n, digits: digits}) {
					return
				}
				s = s[digits:]
				continue
			}
			end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			switch {
			case end < 0:
				end = len(s)
			case end == 0:
				_, size := utf8.DecodeRuneInString(s)
				s = s[size:]
				continue
			}
			if !yield(dateToken{word: s[:end]}) {
				return
			}
			s = s[end:]
		}
	}
}

// one reads one date.
func (d dateReader) one(text string) (time.Time, bool) {
	for _, relative := range []struct {
		words []string
		days  int
	}{{d.words.dayAfter, 2}, {d.words.tomorrow, 1}, {d.words.today, 0}} {
		if slices.Contains(relative.words, strings.TrimSpace(text)) {
			return d.today.AddDate(0, 0, relative.days), true
		}
	}
	p, ok := d.parts(text)
	if !ok {
		return d.lengthFromNow(text)
	}
	switch {
	case p.unit > 0 && p.month == 0 && p.weekday < 0 && len(p.numbers) <= 1:
		n := 1
		if len(p.numbers) == 1 {
			n = p.numbers[0].number
		}
		return d.ahead(d.today.AddDate(0, 0, min(n, 10_000)*p.unit))
	case p.unit > 0:
		return time.Time{}, false
	case p.month > 0:
		return d.named(p.numbers, p.month)
	case p.weekday >= 0 && len(p.numbers) == 0:
		days := (p.weekday - int(d.today.Weekday()) + 7) % 7
		if days == 0 {
			days = 7
		}
		return d.today.AddDate(0, 0, days), true
	}
	return d.numeric(p.numbers)
}

// lengthFromNow reads a length of time and what says from when on: "in two weeks", "two weeks from now". What is
// noise in one language is a number in another: "on beş gün" are fifteen days.
func (d dateReader) lengthFromNow(text string) (time.Time, bool) {
	behind := strip(text, d.words.noise, false)
	for _, rest := range []string{text, behind, strip(text, d.words.noise, true), strip(behind, d.words.noise, true)} {
		if days, ok := d.length(rest); ok {
			return d.ahead(d.today.AddDate(0, 0, days))
		}
	}
	return time.Time{}, false
}

// dateParts are what a date was written with.
type dateParts struct {
	numbers              []dateToken
	month, weekday, unit int // month 0, weekday -1, unit (in days) 0: none
}

// parts sorts the words and numbers of a date; false if one of them has no place in a date, or is there twice.
func (d dateReader) parts(text string) (dateParts, bool) {
	p := dateParts{weekday: -1}
	for t := range dateTokens(text) {
		switch {
		case t.digits > 0:
			p.numbers = append(p.numbers, t)
		case slices.Contains(d.words.noise, t.word):
		case slices.Contains(d.words.days, t.word):
			p.unit = 1
		case slices.Contains(d.words.weeks, t.word):
			p.unit = 7
		default:
			ofYear, isMonth := d.words.months[t.word]
			ofWeek, isWeekday := d.words.weekdays[t.word]
			switch {
			case isMonth && p.month == 0:
				p.month = ofYear + 1
			case isWeekday && p.weekday < 0:
				p.weekday = ofWeek
			default:
				return dateParts{}, false
			}
		}
	}
	return p, true
}

// named is a day of a month that was named: "10 December", "December 10, 2026".
func (d dateReader) named(numbers []dateToken, month int) (time.Time, bool) {
	day, year := 0, 0
	for _, n := range numbers {
		switch {
		case n.digits == 4 && year == 0:
			year = n.number
		case n.digits <= 2 && day == 0:
			day = n.number
		default:
			return time.Time{}, false
		}
	}
	return d.day(year, month, day)
}

// numeric is a date of numbers alone. The day comes before the month, unless that is no date.
func (d dateReader) numeric(n []dateToken) (time.Time, bool) {
	switch {
	case len(n) == 3 && n[0].digits == 4:
		return d.day(n[0].number, n[1].number, n[2].number)
	case len(n) == 3 && (n[2].digits == 4 || n[2].digits == 2):
		year := n[2].number
		if n[2].digits == 2 {
			year += 2000
		}
		if at, ok := d.day(year, n[1].number, n[0].number); ok {
			return at, true
		}
		return d.day(year, n[0].number, n[1].number)
	case len(n) == 2 && n[0].digits <= 2 && n[1].digits <= 2:
		if at, ok := d.day(0, n[1].number, n[0].number); ok {
			return at, true
		}
		return d.day(0, n[0].number, n[1].number)
	case len(n) == 1 && n[0].digits <= 2:
		for months := range 3 { // the next month that has such a day
			month := time.Date(d.today.Year(), d.today.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
			if at, ok := d.day(month.Year(), int(month.Month()), n[0].number); ok {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// day is a day that exists and has not passed; year 0 is the next that has it.
func (d dateReader) day(year, month, day int) (time.Time, bool) {
	if month < 1 || month > 12 || day < 1 {
		return time.Time{}, false
	}
	if year != 0 {
		at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if at.Day() != day {
			return time.Time{}, false
		}
		return d.ahead(at)
	}
	for year := d.today.Year(); year <= d.today.Year()+farthest; year++ {
		if at, ok := d.day(year, month, day); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// ahead is a date that is today or later, and not too far.
func (d dateReader) ahead(at time.Time) (time.Time, bool) {
	return at, !at.Before(d.today) && at.Before(d.today.AddDate(farthest, 0, 1))
}
