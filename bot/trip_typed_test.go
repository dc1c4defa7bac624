package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestTripDayIsNoPlace: with the trip's day asked for, a country whose name begins like a weekday or
// a month is still a country.
func TestTripDayIsNoPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.buy(ann)
	s.fulfils()
	s.presses(ann, "trip|o")
	for _, place := range []string{"Montenegro", "Mongolia", "Monaco", "Sunday island", "Martinique 5", "Марокко 5", "Santiago", "Satellite", "Mayotte 3"} {
		s.Send(ann, place)
		if trip := s.tripOf(annID); trip.Known() {
			t.Fatalf("%s became the trip of %v", place, trip.Day)
		}
	}
	s.Send(ann, "March 5")
	if !s.tripOf(annID).Known() {
		t.Errorf("the day is not understood any more: %q", ann.Last().Text)
	}
}

// TestTripLengthTyped: "How long is the trip?" is answered by typing too, and so is another day after it.
func TestTripLengthTyped(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.buy(ann)
	s.fulfils()
	s.presses(ann, "trip|o")
	for _, step := range []struct {
		words, day string
		days       int
	}{
		{"10.12", "2026-12-10", 0},
		{"10 days", "2026-12-10", 10},
		{"2 weeks", "2026-12-10", 14},
		{"10", "2026-12-10", 10},
		{"неделя", "2026-12-10", 7},
		{"12.12", "2026-12-12", 0},
		{"31.02", "2026-12-12", 0},
		{"12–14 dec", "2026-12-12", 3},
		{"in 20 days", s.Vendor.Time().UTC().AddDate(0, 0, 20).Format(time.DateOnly), 0},
	} {
		s.Send(ann, step.words)
		if trip := s.tripOf(annID); trip.Day.Format(time.DateOnly) != step.day || trip.Days != step.days {
			t.Errorf("after %q the trip is %v of %d days; read %q", step.words, trip.Day, trip.Days, ann.Last().Text)
		}
	}
}

// TestALengthTypedToAKnownTripIsItsLength: also where the question was opened anew, which asks for the day first.
func TestALengthTypedToAKnownTripIsItsLength(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	o := s.buy(ann)
	s.fulfils()
	s.presses(ann, "trip|o")
	s.Send(ann, "10.12")
	again := func() {
		_, err := ann.PressData(ann.Last().ID, mustEncode(refs.TripOfOrder(o.ID).Data()))
		s.Must(err)
		s.Pump()
	}
	again()
	if text := ann.Last().Text; !strings.Contains(text, "✈️ Trip:") || !strings.Contains(text, "How long") {
		t.Errorf("the trip that is known is not told: %q", text)
	}
	s.Send(ann, "10 days")
	if trip := s.tripOf(annID); trip.Day.Format(time.DateOnly) != "2026-12-10" || trip.Days != 10 {
		t.Errorf("10 days made it a trip of %v for %d days", trip.Day, trip.Days)
	}
	again()
	if text := ann.Last().Text; !strings.Contains(text, "for 10\u00a0days") {
		t.Errorf("its length is not told: %q", text)
	}
}

// TestTripDayTypedInAnOpenThread: the day that the bot asked for last is no word to staff, and what is
// said after staff spoke is.
func TestTripDayTypedInAnOpenThread(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "hello")
	s.delivers()
	s.owns("JP", 1, false)
	s.delivers()
	s.presses(ann, "trip|o")
	s.Send(ann, "10.12")
	s.Send(ann, "10 days")
	s.delivers()
	if trip := s.tripOf(annID); trip.Day.Format(time.DateOnly) != "2026-12-10" || trip.Days != 10 {
		t.Errorf("the day that the screen asked to type went to staff: %q", olga.Last().Text)
	}
	s.Send(ann, "And how do I install it?")
	s.delivers()
	s.Send(ann, "12.12")
	s.delivers()
	if trip := s.tripOf(annID); trip.Day.Day() != 10 || olga.Last().Text != "12.12" {
		t.Errorf("a word to staff became the trip of %v; staff read %q", trip.Day, olga.Last().Text)
	}
}

// tripOf is the trip that is known of a customer's newest eSIM.
func (s *shop) tripOf(customer esim.CustomerID) esim.Trip {
	s.Helper()
	esims, err := s.DB.ESIMsOf(s.Context(), customer)
	s.Must(err)
	return esims[0].Trip
}
