package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What announced an order that takes long shows where it is as it moves, with what can be done then, after a restart too.
func TestAnAnnouncedOrderIsShownWhereItIs(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, ann := s.staffed(), s.Messenger.User(annID)
	o := s.buy(ann)
	s.Vendor.Down(true)
	for range 12 {
		s.Work()
		s.Vendor.Advance(time.Minute)
	}
	message, _ := s.button(olga, "s_ask|retry|"+o.ID.String())
	card := func() tgsandbox.Message {
		chat := olga.Chat()
		return chat[slices.IndexFunc(chat, func(m tgsandbox.Message) bool { return m.ID == message })]
	}
	if !strings.Contains(card().Text, "Takes long") || strings.Contains(card().Text, "Now:") {
		t.Fatalf("the announcement: %s", card().Text)
	}
	s.Vendor.Down(false)
	s.Reopen(nil)
	for range 6 {
		s.fulfils()
		s.Vendor.Advance(10 * time.Minute)
	}
	if s.state(o.ID) != esim.StateDelivered {
		t.Fatalf("the order is %s", s.state(o.ID))
	}
	if got := card(); !strings.Contains(got.Text, "Takes long") || !strings.Contains(got.Text, "Now: 🟢 delivered") {
		t.Errorf("the announcement is still:\n%s", got.Text)
	}
	for _, row := range card().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "s_ask|retry|") {
				t.Error("it still offers to retry")
			}
		}
	}
	s.Send(olga, "/refund "+string(o.ID)+" kindness")
	s.presses(olga, "s_yes|refund|")
	s.Work()
	s.Work()
	if got := card(); !strings.Contains(got.Text, "Now: ↩️ refunded") {
		t.Errorf("after the refund:\n%s", got.Text)
	}
}
