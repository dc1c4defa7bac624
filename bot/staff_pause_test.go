package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A shop that pauses sells nothing new and says so in words, with those of its staff; what is owed goes on; a restart
// changes nothing of it.
func TestAPausedShopSellsNothingNewAndOwesAllItOwes(t *testing.T) {
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
