package esim

import (
	"strconv"
	"strings"
	"time"
)

// A Period is whole days of the shop's calendar: from the begin of the first to the begin of the day behind
// the last, both in the shop's time zone. The zero value is all there ever was.
type Period struct{ From, To time.Time }

// longestPeriod (days) is what figures are summed up of at once.
const longestPeriod = 731

// DayOf is the day of the shop's calendar that a moment lies in.
func DayOf(t time.Time, zone *time.Location) Period {
	y, m, d := t.In(zone).Date()
	return Period{time.Date(y, m, d, 0, 0, 0, 0, zone), time.Date(y, m, d+1, 0, 0, 0, 0, zone)}
}

// LastDays is today and the days before it, n in all.
func LastDays(n int, now time.Time, zone *time.Location) Period {
	p := DayOf(now, zone)
	p.From = p.From.AddDate(0, 0, 1-n)
	return p
}

// All reports whether the period has no bounds.
func (p Period) All() bool { return p.From.IsZero() && p.To.IsZero() }

// Days is how many days the period has; one on which the clocks change counts as one. 0: it has no bounds.
func (p Period) Days() int {
	if p.All() {
		return 0
	}
	return int(p.To.Sub(p.From).Hours()+12) / 24
}

// Day is the i-th day of the period, from 0.
func (p Period) Day(i int) Period {
	return Period{p.From.AddDate(0, 0, i), p.From.AddDate(0, 0, i+1)}
}

// Last is the begin of its last day.
func (p Period) Last() time.Time { return p.To.AddDate(0, 0, -1) }

// Before is as many days right before the period.
func (p Period) Before() Period { return Period{p.From.AddDate(0, 0, -p.Days()), p.From} }

// IndexOf says which day of the period a moment lies in; false if in none.
func (p Period) IndexOf(t time.Time) (int, bool) {
	if t.Before(p.From) || !t.Before(p.To) {
		return 0, false
	}
	return Period{p.From, DayOf(t, p.From.Location()).From}.Days(), true
}

// String is the period in figures, as file names and the audit log have it: "2026-10-01..2026-10-31", "all".
func (p Period) String() string {
	if p.All() {
		return "all"
	}
	from, to := p.From.Format(time.DateOnly), p.Last().Format(time.DateOnly)
	if from == to {
		return from
	}
	return from + ".." + to
}

// ParsePeriod reads "7", "30d", "today", "yesterday", "week", "month", "year", "all", "2026-10-05", "2026-10", "2026" and
// "2026-10-01..2026-10-15", where either end may be a month or a year too. A week is seven days with today, a month and a year
// are those of the calendar so far. It reports false for everything else, for what ends before it begins, for what begins after
// now, and for more than two years but "all".
func ParsePeriod(word string, now time.Time, zone *time.Location) (Period, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	today := DayOf(now, zone)
	y, m, _ := today.From.Date()
	switch word {
	case "all":
		return Period{}, true
	case "today":
		return today, true
	case "yesterday":
		return today.Before(), true
	case "week":
		return LastDays(7, now, zone), true
	case "month":
		return Period{time.Date(y, m, 1, 0, 0, 0, 0, zone), today.To}, true
	case "year":
		return Period{time.Date(y, 1, 1, 0, 0, 0, 0, zone), today.To}, true
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(word, "d")); err == nil && len(word) < 4 && n > 0 {
		return LastDays(min(n, longestPeriod), now, zone), true
	}
	first, last, isRange := strings.Cut(word, "..")
	p, ok := calendarPeriod(first, zone)
	if ok && isRange {
		var end Period
		end, ok = calendarPeriod(last, zone)
		p.To = end.To
	}
	if !ok || !p.To.After(p.From) || p.From.After(now) || p.Days() > longestPeriod {
		return Period{}, false
	}
	if p.To.After(today.To) { // the rest has not come
		p.To = today.To
	}
	return p, true
}

// calendarPeriod reads a day, a month or a year.
func calendarPeriod(word string, zone *time.Location) (Period, bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.ParseInLocation(form.layout, word, zone); err == nil && t.Year() >= 2000 {
			return Period{t, t.AddDate(form.years, form.months, form.days)}, true
		}
	}
	return Period{}, false
}
