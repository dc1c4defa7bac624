package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// shownOn is the data of a message's button that begins so.
func shownOn(m tgsandbox.Message, data string) (string, bool) {
	for _, b := range slices.Concat(m.Keyboard...) {
		if strings.HasPrefix(b.Data, data) {
			return b.Data, true
		}
	}
	return "", false
}

// A shop that pauses sells nothing new and says so in words, with those of its staff; what is owed goes on; a restart
// changes nothing of it.
func TestAPausedShopSellsNothingNewAndOwesAllItOwes(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "JP")
	s.presses(ann, "plan|")
	card := ann.Last().ID
	_, buy := s.button(ann, "buy|")
	s.presses(ann, "buy|") // an invoice that is open when the shop pauses
	paid := s.buy(s.Messenger.User(bertID))

	s.Send(olga, "/pause back on <Monday>")
	s.sees(olga, "Olga", "back on <Monday>")
	if a := s.audit(); len(a) != 1 || a[0].What != "pause" || a[0].Who != staffID || a[0].Before != "{}" || a[0].After != `{"paused":"back on <Monday>"}` {
		t.Errorf("audit: %+v", a)
	}
	s.Reopen(nil)

	var declined *tgsandbox.DeclinedError
	if err := s.Pay(ann); !errors.As(err, &declined) || !strings.Contains(declined.Text, "taking a break") || !strings.Contains(declined.Text, "back on <Monday>") {
		t.Errorf("an open invoice of a shop that pauses: %v", err)
	}
	if toast := s.pressesOn(ann, card, buy); !toast.Alert || !strings.Contains(toast.Text, "taking a break") || !strings.Contains(toast.Text, "back on <Monday>") {
		t.Errorf("a press on Buy: %+v", toast)
	}
	s.Send(ann, "/start")
	s.sees(ann, "taking a break", "back on <Monday>")
	s.Send(ann, "JP")
	s.sees(ann, "taking a break", "back on <Monday>")
	for _, shows := range []string{"plan|", "details|"} { // nobody is offered what would be refused
		s.presses(ann, shows)
		s.sees(ann, "taking a break", "back on <Monday>")
		if data, ok := shownOn(ann.Last(), "buy|"); ok {
			t.Errorf("%s of a shop that pauses has a button that buys: %s", shows, data)
		}
	}
	s.Send(olga, "/status")
	s.sees(olga, "Paused", "back on <Monday>")

	s.Work()
	s.Vendor.Advance(10 * time.Second)
	s.Work()
	if st := s.state(paid.ID); st != esim.StateDelivered {
		t.Errorf("an order paid before the pause is %s", st)
	}

	s.Send(olga, "/pause back on <Monday>")
	s.sees(olga, "paused already")
	s.presses(olga, "s_resume")
	s.sees(olga, "Olga", "opened the shop again")
	s.Send(olga, "/resume")
	s.sees(olga, "is open")
	if a := s.audit(); len(a) != 2 || a[1].What != "resume" || a[1].After != "{}" {
		t.Errorf("audit: %+v", a)
	}
	s.Send(ann, "JP")
	s.presses(ann, "plan|")
	s.presses(ann, "buy|")
	s.Must(s.Pay(ann))
}
