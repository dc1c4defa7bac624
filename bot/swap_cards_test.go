package bot_test

import (
	"strings"
	"testing"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Two cards of one swap, both pressed: one swap, and of the two messages only the later one is left to
// tell how it ends.
func TestASwapPressedOnTwoCardsIsToldInOneMessage(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	k := s.talk(s.Messenger.User(annID))
	ann := k.user
	s.Send(ann, "/start")
	k.says("JP")
	var plans []string
	for _, row := range ann.Last().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "plan|") {
				plans = append(plans, b.Data)
			}
		}
	}
	k.taps(plans[2]) // one that others are cheaper than
	k.asksWays()
	k.taps("buy|")
	k.pays()
	k.arrives()
	open := func() (int, string) {
		k.says("/esims")
		k.taps("esim|")
		k.taps("swap|")
		k.tapsSwap("−")
		return s.button(ann, "swbuy|")
	}
	first, press := open()
	second, again := open()
	s.pressesOn(ann, first, press)
	s.pressesOn(ann, second, again)
	s.pressesOn(ann, first, press)
	k.arrives()
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "under way") {
			t.Errorf("stays for ever: %d %q", m.ID, m.Text)
		}
	}
}
