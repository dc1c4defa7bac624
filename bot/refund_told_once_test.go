package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestARefundIsToldOnce: in the order's own message, with how much, how and when; the messenger tells of Stars
// itself.
func TestARefundIsToldOnce(t *testing.T) {
	t.Parallel()
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

// Nor does it matter what an order was paid with: one message tells of the money, and where it became store
// credit says how much there is now.
func TestARefundIsToldOnceByEveryMethod(t *testing.T) {
	t.Parallel()
	for _, method := range []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit, esim.MethodManual, "mixed"} {
		t.Run(string(method), func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			s.staffed()
			k := s.talk(s.Messenger.User(annID))
			k.says("/start")
			switch method {
			case esim.MethodManual:
				k.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
			case esim.MethodCredit:
				k.credits(100000)
				k.Checkout.Methods = []esim.PaymentMethod{esim.MethodCredit}
			case "mixed":
				k.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
				k.credits(50)
			}
			k.says("JP")
			k.taps("plan|")
			if method == "mixed" {
				k.asksWays()
				k.tapsBeside(esim.MethodStars)
			} else {
				k.taps("buy|")
			}
			k.works()
			orders, err := k.DB.OrdersOf(t.Context(), annID, 1)
			s.Must(err)
			k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
			switch method {
			case esim.MethodManual:
				_, err = k.Checkout.PaidByHand(t.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
				s.Must(err)
			case esim.MethodCredit:
				k.taps("paycredit|")
			default:
				k.pays()
			}
			k.works()
			k.later(10 * time.Second)
			k.works()
			if st := s.state(orders[0].ID); st != esim.StateRefunded {
				t.Fatalf("it is %s", st)
			}
			var told []string
			for _, m := range k.user.Chat() {
				for _, words := range []string{"back with you", "money is back", "is now your store credit", "came back to you", "on their way back"} {
					if strings.Contains(m.Text, words) {
						told = append(told, m.Text)
						break
					}
				}
			}
			if len(told) != 1 {
				t.Fatalf("told %d times: %q", len(told), told)
			}
			if credited := method != esim.MethodStars; credited != strings.Contains(told[0], "Your store credit: ") {
				t.Errorf("it is told as %q", told[0])
			}
			if last := k.user.Last(); method != esim.MethodStars && method != "mixed" && last.Text != told[0] {
				t.Errorf("below it stands %q", last.Text)
			}
		})
	}
}
