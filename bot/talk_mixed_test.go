package bot_test

import (
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Whoever has too little store credit pays a part with it and the rest with Stars, by card or by
// hand; given back, each part comes the way it went.
func TestTalkMixedPayment(t *testing.T) {
	t.Parallel()
	talks(t, "mixed", func(k *talk) {
		k.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
		k.says("/start")
		k.credits(100)
		k.note("a dollar of store credit, and three eSIMs")
		k.many(3)
		k.asksWays()
		k.tapsBeside(esim.MethodStars)
		k.note("back to the card, and the same once more")
		k.taps("plan|")
		k.asksWays()
		k.tapsBeside(esim.MethodStars)
		k.pays()
		k.says("/credit")
		k.arrives()
		k.note("all of it is given back")
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("cancelnow|")
		k.works()
		k.says("/credit")
		k.note("bought again, and one of three is given back")
		k.many(3)
		k.asksWays()
		k.tapsBeside(esim.MethodStars)
		k.pays()
		k.arrives()
		k.says("/esims")
		k.taps("esim|" + k.bought(0))
		k.taps("cancel|")
		k.taps("cancelone|")
		k.works()
		k.says("/credit")
		k.note("the rest by hand: the part is set aside until then")
		k.many(4)
		k.asksWays()
		k.tapsBeside(esim.MethodManual)
		k.works()
		k.says("/credit")
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		_, err = k.Checkout.PaidByHand(k.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
		k.Must(err)
		k.arrives()
	})
}

// many shows the plan's card for so many eSIMs.
func (k *talk) many(n int) {
	k.Helper()
	k.says("JP")
	k.taps("plan|")
	for i := 2; i <= n; i++ {
		k.taps("plan|" + k.vendorPlan() + "|JP.m|0|" + string(rune('0'+i)))
	}
}

// tapsBeside presses the newest button that pays by a method beside store credit.
func (k *talk) tapsBeside(method esim.PaymentMethod) {
	k.Helper()
	for _, m := range slices.Backward(k.user.Chat()) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				d, err := ui.ParseCallbackData(b.Data)
				if how := argument(d, 5); err == nil && d.Route == "buy" && strings.Trim(how, "0123456789") == string(method[:1]) {
					k.tapped(m.ID, b.Text, b.Data)
					return
				}
			}
		}
	}
	k.Fatalf("no button pays by %s beside credit in\n%s", method, k.text.String())
}
