package shop

import (
	"testing"
	"time"
)

// A shop whose sweep comes once a day, as its operator wants, is not ill all day but for three hours.
func TestASweepIsLateWhenTwoWereDue(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for spec, want := range map[string]time.Duration{
		"@every 30m": sweepLate, "*/5 * * * *": sweepLate, "": sweepLate, "@every 4h": 8 * time.Hour, "@daily": 36 * time.Hour,
	} {
		a := &App{cfg: Config{UsagePoll: spec}, Started: noon}
		for _, last := range []time.Time{{}, noon} { // since the start there was none, or one
			if got := a.sweepLate(last); got != want {
				t.Errorf("%q: late after %s, want %s", spec, got, want)
			}
		}
	}
}
