package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// lets gives Ann store credit, as staff do.
func (s *shop) credits(cents int64) {
	s.Helper()
	s.Must(s.DB.Grant(s.Context(), esim.GrantTransaction("test", annID, esim.USDCents(cents), "test"), esim.AuditEntry{Who: staffID, What: "credit", Customer: annID}, nil))
}

// arrives lets what was paid for arrive.
func (k *talk) arrives() {
	k.Helper()
	k.works()
	k.later(10 * time.Second)
	k.works()
}

func TestTalkTopUp(t *testing.T) {
	t.Parallel()
	talks(t, "topup", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		tran := k.Vendor.Profiles()[0].EsimTranNo
		k.note("nine tenths of it used")
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total*92/100))
		k.later(12 * time.Hour) // it is morning in Japan
		_, err := k.Watcher.Sweep(k.Context())
		k.Must(err)
		k.works()
		k.taps("topup|")
		k.taps("tcard|")
		k.taps("tbuy|")
		k.pays()
		k.works()
		k.taps("esim|")
		k.note("the vendor is down")
		k.Vendor.Down(true)
		k.taps("topup|")
		k.Vendor.Down(false)
		k.note("a day pass gets more days")
		k.says("JP")
		k.taps("country|JP|f")
		k.taps("country|JP|d")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.says("/esims")
		k.taps("esim|")
		k.taps("topup|")
		k.taps("tcard|")
		k.taps("tbuy|")
		k.pays()
		k.works()
	})
}

func TestTalkCancel(t *testing.T) {
	t.Parallel()
	talks(t, "cancel", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.note("three of them")
		k.taps("plan|" + k.vendorPlan() + "|JP.m|0|2")
		k.taps("plan|" + k.vendorPlan() + "|JP.m|0|3")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("cancelone|")
		k.works()
		k.says("/esims")
		k.taps("esim|" + k.bought(1))
		k.note("of the rest nothing goes back as Stars any more")
		k.taps("cancel|")
		k.taps("cancelnow|")
		k.works()
		k.says("/esims")
		k.taps("esim|")
		k.note("another one is installed before it is cancelled")
		k.says("JP")
		k.taps("plan|")
		k.asksWays()
		k.tapsMethod(esim.MethodStars)
		k.pays()
		k.arrives()
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.Must(k.Vendor.Install(k.newest()))
		k.taps("cancelnow|")
		k.works()
		k.note("and a third one after the question, before the vendor is asked")
		k.says("JP")
		k.taps("plan|")
		k.asksWays()
		k.tapsMethod(esim.MethodStars)
		k.pays()
		k.arrives()
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("cancelnow|")
		k.taps("esim|")
		k.Must(k.Vendor.Install(k.newest()))
		k.works()
	})
}

// newest is the esimTranNo of the eSIM bought last.
func (k *talk) newest() string { return k.bought(0) }

// bought is the n-th of the eSIMs, the newest first.
func (k *talk) bought(n int) string {
	k.Helper()
	esims, err := k.DB.ESIMsOf(k.Context(), annID)
	k.Must(err)
	return string(esims[n].ID)
}

func TestTalkPaymentMethods(t *testing.T) {
	t.Parallel()
	talks(t, "methods", func(k *talk) {
		k.Checkout.Methods = []esim.PaymentMethod{esim.MethodProvider, esim.MethodStars, esim.MethodCredit, esim.MethodManual}
		k.Checkout.Pricing.ProviderCurrency, k.Checkout.Pricing.ProviderRate = "EUR", 9_200
		k.says("JP")
		k.taps("plan|")
		k.note("no credit yet; and too little for a card")
		k.asksWays()
		k.taps("buy|")
		k.says("JP")
		k.taps("plan|")
		k.taps("plan|" + k.vendorPlan() + "|JP.m|0|2")
		k.asksWays()
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.note("it is given back: the card's money becomes store credit")
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("cancelnow|")
		k.works()
		k.says("/credit")
		k.says("/esims")
		k.note("the credit pays")
		k.says("JP")
		k.taps("plan|")
		k.asksWays()
		k.tapsMethod(esim.MethodCredit)
		k.taps("paycredit|")
		k.note("the same button once more")
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		k.tapped(k.user.Last().ID, "…", "paycredit|"+string(orders[0].ID))
		k.arrives()
		k.note("by hand")
		k.says("JP")
		k.taps("plan|")
		k.asksWays()
		k.tapsMethod(esim.MethodManual)
		k.works()
		orders, err = k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		_, err = k.Checkout.PaidByHand(k.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
		k.Must(err)
		k.arrives()
		k.note("free of charge")
		k.Checkout.Methods = []esim.PaymentMethod{esim.MethodFree}
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.taps("paycredit|")
		k.arrives()
	})
}

// tapsMethod presses the newest button that pays by a payment method.
func (k *talk) tapsMethod(method esim.PaymentMethod) {
	k.Helper()
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			if d, err := ui.ParseCallbackData(b.Data); err == nil && d.Route == "buy" && esim.PaymentMethod(argument(d, 5)) == method {
				k.taps(b.Data)
				return
			}
		}
	}
	k.Fatalf("no button pays by %s in\n%s", method, k.text.String())
}

// asksWays goes on to the choice of ways to pay, where the card has no room for all of them.
func (k *talk) asksWays() {
	k.Helper()
	for _, row := range k.user.Last().Keyboard {
		if strings.HasPrefix(row[0].Data, "ways|") {
			k.taps("ways|")
			return
		}
	}
}

// Whoever never uses an eSIM is reminded, and has the money back before it lapses.
func TestTalkUnused(t *testing.T) {
	t.Parallel()
	talks(t, "unused", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		for _, days := range []int{151, 22} {
			k.note("%d days later", days)
			k.later(time.Duration(days) * 24 * time.Hour)
			k.Must(k.Watcher.Remind(k.Context()))
			k.works()
		}
		k.taps("install|")
		k.note("on the last day")
		k.later(6*24*time.Hour + 12*time.Hour)
		k.Must(k.Watcher.Remind(k.Context()))
		k.works()
		k.Must(k.Canceller.CancelUnused(k.Context()))
		k.works()
	})
}
