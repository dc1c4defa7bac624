package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestTripTodayWhereTheCustomerIs: "today" is the day there, which near midnight is not that of UTC; where
// nobody knows where they are it is, and either way the day is said and stands on the card.
func TestTripTodayWhereTheCustomerIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, country string
		inUse         bool
		hour          int // of the day in UTC
		off           int // days from UTC's day
	}{
		{"Tokyo, 23:00", "JP", true, 14, 0},
		{"Tokyo, 01:00", "JP", true, 16, 1},
		{"Los Angeles, 20:00 the day before", "US", true, 4, -1},
		{"Los Angeles, 04:00", "US", true, 12, 0},
		{"not yet in Tokyo", "JP", false, 16, 0},
		{"not yet in Los Angeles", "US", false, 4, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, vendorsandbox.Options{})
			ann := s.Messenger.User(annID)
			s.Send(ann, "/start")
			s.owns(c.country, 1, false)
			tran := s.Vendor.Profiles()[0].EsimTranNo
			if c.inUse {
				s.Must(s.Vendor.Burn(tran, 1<<20))
			}
			now := s.Vendor.Time().UTC()
			at := time.Date(now.Year(), now.Month(), now.Day()+1, c.hour, 0, 0, 0, time.UTC)
			s.Vendor.Advance(at.Sub(now))
			if c.inUse {
				s.Must(s.Watcher.Refresh(s.Context(), esim.ESIMID(tran)))
			}
			day := func(n int) string { return at.AddDate(0, 0, c.off+n).Format(time.DateOnly) }
			s.Send(ann, "/esims")
			s.presses(ann, "esim|"+tran)
			s.presses(ann, "trip|"+tran)
			for _, n := range []int{0, 1, 3, 30} {
				s.button(ann, "trip|"+tran+"|"+day(n))
			}
			for words, n := range map[string]int{"tomorrow": 1, "in 3 days": 3, "today": 0} {
				s.Send(ann, words)
				if got := s.tripOf(annID).Day.Format(time.DateOnly); got != day(n) {
					t.Errorf("%q is %s, want %s; read %q", words, got, day(n), ann.Last().Text)
				}
			}
			s.Send(ann, "today")
			s.Send(ann, "/esims")
			s.presses(ann, "esim|"+tran)
			if want := "Trip: " + at.AddDate(0, 0, c.off).Format("2 January 2006, Monday"); !strings.Contains(strings.ReplaceAll(ann.Last().Text, "\u00a0", " "), want) {
				t.Errorf("the card does not say %q:\n%s", want, ann.Last().Text)
			}
		})
	}
}
