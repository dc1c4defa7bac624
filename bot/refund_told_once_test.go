package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestARefundIsToldOnce: in the order's own message, with how much, how and when; the messenger tells of Stars
// itself.
func TestARefundIsToldOnce(t *testing.T) {
	for name, refund := range map[string]func(k *talk){
		"it could not be delivered": func(k *talk) {
			k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
			k.pays()
			k.works()
		},
		"it was cancelled": func(k *talk) {
			k.pays()
			k.works()
			k.later(10 * time.Second)
			k.works()
			k.says("/esims")
			k.taps("esim|")
			k.taps("cancel|")
			k.taps("cancelnow|")
			k.App.Bot.Screens().Wait()
			k.works()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			k := s.talk(s.Messenger.User(annID))
			k.says("JP")
			k.taps("plan|")
			k.taps("buy|")
			refund(k)
			k.works()
			told, service := 0, 0
			for _, m := range k.user.Chat() {
				switch {
				case m.Payment != nil && m.Payment.Kind == "refunded":
					service++
				case strings.Contains(m.Text, "back with you") || strings.Contains(m.Text, "money is back"):
					told++
					if !strings.Contains(m.Text, "⭐\u00a0106 are back with you; you see Stars in your balance at once") {
						t.Errorf("it is told as %q", m.Text)
					}
				}
			}
			if told != 1 || service != 1 {
				t.Errorf("the refund is told %d times, and %d times by the messenger", told, service)
			}
		})
	}
}
