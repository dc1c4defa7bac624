package bot_test

import (
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// An unused eSIM is swapped for a dearer plan, for a cheaper one, and for one of another place; one that
// gets used meanwhile stays; one whose new plan fails is money back; and by hand.
func TestTalkSwap(t *testing.T) {
	t.Parallel()
	talks(t, "swap", func(k *talk) {
		k.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
		k.Checkout.Pricing.StarCost = esim.USDTenThousandths(200)
		k.bringsOne()
		k.note("a dearer plan: the difference is paid first")
		k.says("/esims")
		k.taps("esim|")
		k.taps("swap|")
		k.tapsSwap("+")
		k.taps("swbuy|")
		k.pays()
		k.arrives()
		k.note("a cheaper one: the rest is store credit")
		k.taps("esim|" + k.newest())
		k.taps("swap|")
		k.tapsSwap("−")
		k.taps("swbuy|")
		k.arrives()
		k.note("for another place: any plan's card offers it")
		k.taps("esim|" + k.newest())
		k.taps("swap|")
		k.taps("swapfind|")
		k.says("Turkey")
		k.taps("plan|")
		k.taps("swapcard|")
		k.note("it is put on a phone before the press")
		k.Must(k.Vendor.Install(k.newest()))
		k.taps("swbuy|")
		k.arrives()
		k.note("bought again, and the new plan fails after the old one is back")
		k.bringsOne()
		k.says("/esims")
		k.taps("esim|" + k.newest())
		k.taps("swap|")
		k.tapsSwap("+")
		k.refusesOrders()
		k.taps("swbuy|")
		k.pays()
		k.arrives()
		k.Vendor.Mend()
		k.note("by hand, and what staff see")
		k.bringsOne()
		k.says("/esims")
		k.taps("esim|" + k.newest())
		k.taps("swap|")
		k.tapsSwap("+")
		k.swapsBy("swbuy|", esim.MethodManual)
		k.works()
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		_, err = k.Checkout.PaidByHand(k.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
		k.Must(err)
		k.arrives()
		k.user = k.Messenger.User(staffID).In(groupID)
		k.says("/order " + orders[0].ID.String())
		k.note("it was one of them")
		old, err := k.DB.ESIM(k.Context(), orders[0].Replaces)
		k.Must(err)
		k.says("/order " + old.Order.String())
	})
}

// bringsOne buys an eSIM of a gigabyte for Japan, by Stars.
func (k *talk) bringsOne() {
	k.Helper()
	k.says("JP")
	k.taps("plan|")
	k.asksWays()
	k.taps("buy|")
	k.pays()
	k.arrives()
}

// tapsSwap presses the last plan whose difference has such a sign.
func (k *talk) tapsSwap(sign string) {
	k.Helper()
	for _, row := range slices.Backward(k.user.Last().Keyboard) {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "swapcard|") && strings.Contains(b.Text, sign+" ") {
				k.tapped(k.user.Last().ID, b.Text, b.Data)
				return
			}
		}
	}
	k.Fatalf("no plan for %q in\n%s", sign, k.text.String())
}

// swapsBy presses the newest button of a route that pays by a method.
func (k *talk) swapsBy(route string, method esim.PaymentMethod) {
	k.Helper()
	for _, m := range slices.Backward(k.user.Chat()) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				d, err := ui.ParseCallbackData(b.Data)
				if err == nil && strings.HasPrefix(b.Data, route) && strings.HasPrefix(d.Args[len(d.Args)-1], string(method[:1])) {
					k.tapped(m.ID, b.Text, b.Data)
					return
				}
			}
		}
	}
	k.Fatalf("no button pays by %s in\n%s", method, k.text.String())
}

// refusesOrders has the vendor sell nothing any more.
func (k *talk) refusesOrders() {
	k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "310241", Count: 9})
}
