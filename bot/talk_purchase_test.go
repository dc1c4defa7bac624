package bot_test

import (
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/i18n"
)

// TestTalkAgain: what was bought is bought once more from the receipt and from the eSIM's card, as
// many of it; where its plan is not sold any more, the nearest one is shown with a word.
func TestTalkAgain(t *testing.T) {
	t.Parallel()
	talks(t, "again", func(k *talk) {
		k.many(2)
		code := k.vendorPlan()
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.note("from the receipt, which stays")
		k.taps("again|")
		k.note("from the eSIM's card")
		k.says("/esims")
		k.taps("esim|")
		k.taps("again|")
		k.note("the plan is not sold any more")
		k.Catalog.Hide(code, k.Vendor.Time().Add(24*time.Hour))
		k.says("/esims")
		k.taps("esim|")
		k.taps("again|")
		k.taps("buy|")
		k.note("a restart later the invoice is paid all the same")
		k.Reopen(nil)
		k.pays()
		k.arrives()
	})
}

// TestTalkByHand: how to pay is said in the operator's words; the order can be found again and left,
// and expires with a word before and after. What it set aside of the store credit comes back.
func TestTalkByHand(t *testing.T) {
	t.Parallel()
	talks(t, "by_hand", func(k *talk) {
		k.Reopen(func(cfg *wiring.Config) {
			cfg.Payments = []esim.PaymentMethod{esim.MethodManual}
			cfg.ManualText = i18n.OperatorText{
				"en": "Transfer {amount} to IBAN DE00 1234 (R&D Travel).\nPurpose: {reference}",
				"ru": "Переведите {amount} по номеру +7 900 000-00-00.\nВ сообщении укажите {reference}",
			}
		})
		k.says("/start")
		k.credits(100)
		k.note("a part from store credit, the rest by hand; a restart later it is found again")
		k.many(4)
		k.asksWays()
		k.tapsBeside(esim.MethodManual)
		k.Reopen(nil)
		k.says("/esims")
		k.taps("order|")
		k.note("left, after a second thought")
		k.taps("leave|")
		k.taps("order|")
		k.taps("leave|")
		k.Reopen(nil)
		k.taps("leavenow|")
		k.works()
		k.says("/credit")
		k.note("once more, and nobody pays")
		k.many(4)
		k.asksWays()
		k.tapsBeside(esim.MethodManual)
		for _, hours := range []int{61, 12} {
			k.later(time.Duration(hours) * time.Hour)
			k.Must(k.Checkout.Expire(k.Context()))
			k.works()
		}
		k.note("the money was only late: staff book it")
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		_, err = k.Checkout.PaidByHand(k.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
		k.Must(err)
		k.arrives()
	})
}
