package esim

import (
	"testing"
	"time"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	berlin := mustZone(t, "Europe/Berlin")
	now := time.Date(2026, 10, 25, 23, 30, 0, 0, time.UTC) // 26 October there: the clocks went back the night before
	for word, want := range map[string]string{
		"today": "2026-10-26", "yesterday": "2026-10-25", "1": "2026-10-26", "7": "2026-10-20..2026-10-26", "30d": "2026-09-27..2026-10-26",
		"week": "2026-10-20..2026-10-26", "month": "2026-10-01..2026-10-26", "year": "2026-01-01..2026-10-26", "all": "all",
		"2026-10-05": "2026-10-05", "2026-09": "2026-09-01..2026-09-30", "2025": "2025-01-01..2025-12-31", "2026": "2026-01-01..2026-10-26",
		"2026-10-01..2026-10-15": "2026-10-01..2026-10-15", "2026-08..2026-09": "2026-08-01..2026-09-30", "2026-10-20..2027": "2026-10-20..2026-10-26",
		" Month ": "2026-10-01..2026-10-26",
	} {
		p, ok := ParsePeriod(word, now, berlin)
		if !ok || p.String() != want {
			t.Errorf("%q is %s, %t; want %s", word, p, ok, want)
		}
	}
	for _, word := range []string{"", "0", "-3", "1000", "x", "2026-13", "2026-10-32", "2026-10-15..2026-10-01", "2027", "2026-11-01", "2020..2026", "..", "2026-10-01.."} {
		if p, ok := ParsePeriod(word, now, berlin); ok {
			t.Errorf("%q is taken as %s", word, p)
		}
	}
}

// The day on which the clocks go back has 25 hours and is one day.
func TestDaysOfAPeriodWhenTheClocksChange(t *testing.T) {
	t.Parallel()
	berlin := mustZone(t, "Europe/Berlin")
	p, _ := ParsePeriod("2026-10-24..2026-10-27", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), berlin)
	if p.Days() != 4 || p.Before().String() != "2026-10-20..2026-10-23" || p.Day(1).To.Sub(p.Day(1).From) != 25*time.Hour {
		t.Errorf("%s has %d days, before it %s", p, p.Days(), p.Before())
	}
	for at, want := range map[time.Time]int{p.From: 0, p.Day(1).To.Add(-time.Minute): 1, p.Day(2).From: 2, p.To.Add(-1): 3} {
		if i, ok := p.IndexOf(at); !ok || i != want {
			t.Errorf("%s lies in day %d, want %d", at, i, want)
		}
	}
	if _, ok := p.IndexOf(p.To); ok {
		t.Error("its end is in it")
	}
	spring, _ := ParsePeriod("2026-03-29", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), berlin)
	if spring.Days() != 1 {
		t.Errorf("a day of 23 hours is %d days", spring.Days())
	}
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
