package own

import (
	"testing"
	"time"
)

func TestDayNearMidnight(t *testing.T) {
	for _, c := range []struct{ zone, utc, want string }{
		{"Asia/Tokyo", "2026-11-29T14:59:00Z", "2026-11-29"},
		{"Asia/Tokyo", "2026-11-29T15:00:00Z", "2026-11-30"},
		{"America/Los_Angeles", "2026-11-30T07:59:00Z", "2026-11-29"},
		{"America/Los_Angeles", "2026-11-30T08:00:00Z", "2026-11-30"},
		{"UTC", "2026-11-29T23:59:00Z", "2026-11-29"},
	} {
		at, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayIn(now, at).Format(time.RFC3339); got != c.want+"T00:00:00Z" {
			t.Errorf("%s in %s: %s, want %s", c.utc, c.zone, got, c.want)
		}
	}
}
