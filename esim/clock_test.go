package esim

import (
	"testing"
	"time"
)

func TestClockSetBack(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		now  time.Time
		want time.Duration
	}{
		{"six hours", noon.Add(-6 * time.Hour), 6 * time.Hour},
		{"a leap second", noon.Add(-time.Second), time.Second},
		{"less than anybody minds", noon.Add(-time.Millisecond), 0},
		{"not at all", noon, 0},
		{"set forward", noon.Add(6 * time.Hour), 0},
	} {
		if got := ClockSetBack(noon, tt.now); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Whatever the clock did between the purchase and the search, the purchase is within the window:
// taken for not bought, it would be given back and paid for.
func TestAPurchaseIsSearchedWhereItIs(t *testing.T) {
	t.Parallel()
	bought := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // by the vendor's clock
	const hours = time.Hour
	for _, tt := range []struct {
		name            string
		ordered, search time.Duration // how far our clock was off then, and is now
	}{
		{"a true clock", 0, 0},
		{"set back six hours since", 0, -6 * hours},
		{"six hours slow all the time", -6 * hours, -6 * hours},
		{"was six hours slow", -6 * hours, 0},
		{"six hours fast all the time", 6 * hours, 6 * hours},
		{"six hours fast, and is set back a day", 6 * hours, -18 * hours},
		{"was six hours fast, and is right now", 6 * hours, 0},
		{"was six hours fast, and is six hours slow", 6 * hours, -6 * hours},
	} {
		o := Order{Created: bought.Add(tt.ordered - time.Minute), OutcomeUnknownAt: bought.Add(tt.ordered)}
		from, to := o.boughtBetween(bought.Add(10*time.Minute + tt.search))
		if bought.Before(from) || bought.After(to) {
			t.Errorf("%s: %s is not between %s and %s", tt.name, bought, from, to)
		}
	}
}
