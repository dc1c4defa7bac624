package bot_test

import (
	"errors"
	"strings"
	"testing"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whoever is forgotten is not known again by the press that asked for it: pressed twice, or handled again since the
// program died before it had noted that it was done.
func TestThePressThatForgetsDoesNotMeetAStranger(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, k := s.staffed(), s.zoe()
	k.buys()
	k.says("/forget")
	message, data := s.button(k.user, "forgetnow|")
	for range 3 {
		s.pressesOn(k.user, message, data)
	}
	s.Work()
	if who, err := s.DB.Customer(t.Context(), zoeID); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("she is known: %+v, %v", who, err)
	}
	if last := k.user.Last(); !strings.Contains(last.Text, "You are forgotten") {
		t.Errorf("she reads %q", last.Text)
	}
	if n := says(olga, "asked to be forgotten"); n != 1 {
		t.Errorf("staff were told %d times", n)
	}
}
