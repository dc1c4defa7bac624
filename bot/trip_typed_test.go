package bot_test

import (
	"testing"

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
		if trip := s.tripOf(annID); trip.Told() {
			t.Fatalf("%s became the trip of %v", place, trip.Day)
		}
	}
	s.Send(ann, "March 5")
	if !s.tripOf(annID).Told() {
		t.Errorf("the day is not understood any more: %q", ann.Last().Text)
	}
}

// tripOf is the trip that is known of a customer's newest eSIM.
func (s *shop) tripOf(customer esim.CustomerID) esim.Trip {
	s.Helper()
	esims, err := s.DB.ESIMsOf(s.Context(), customer)
	s.Must(err)
	return esims[0].Trip
}
