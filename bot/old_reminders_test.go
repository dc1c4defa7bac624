package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What reminded of an eSIM says that it was given back, and leads to no installation any more.
func TestRemindersOfAnESIMThatWasGivenBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.fulfils()
	s.Vendor.Advance(7*24*time.Hour + time.Hour)
	s.Must(s.Watcher.Remind(t.Context()))
	s.Deliver()
	reminder := ann.Last()
	if !strings.Contains(reminder.Text, "waits for you") {
		t.Fatalf("Ann is told: %s", reminder.Text)
	}
	s.Send(ann, "/esims")
	s.presses(ann, "esim|")
	s.presses(ann, "cancel|")
	s.presses(ann, "cancelnow|")
	s.fulfils()
	if got := s.state(o.ID); got != esim.StateRefunded {
		t.Fatalf("the order is %s", got)
	}
	for _, m := range ann.Chat() {
		if m.ID != reminder.ID {
			continue
		}
		if !strings.Contains(m.Text, "given back") || len(m.Keyboard) != 1 || !strings.HasPrefix(m.Keyboard[0][0].Data, "esim|") {
			t.Errorf("the reminder still says: %s, %v", m.Text, m.Keyboard)
		}
	}
}
