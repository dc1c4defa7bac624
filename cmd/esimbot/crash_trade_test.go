package main

import (
	"slices"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	"esimbot/storage"
)

// shownPromoted is a customer with a promo code, before a plan that it lowers.
func shownPromoted(w *crashTown) {
	w.t.Helper()
	w.staff.says("/promo SUMMER 20%", "Make the promo code")
	w.insists(w.staff, "✓ Yes", "promo code", reads("made the promo code"))
	w.ann.says("/start promo_SUMMER", "is entered")
	w.ann.says("/start p_"+w.plan(aPack).Code, "with SUMMER")
}

// usedOnce holds that the order has the price of its code, which counts it once.
func usedOnce(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	uses, err := db.PromoUses(w.ctx, 10)
	if err != nil || len(uses) != 1 || uses[0].Orders != 1 || uses[0].Discount.Minor == 0 {
		a.fault("the promo codes say %+v, %v", uses, err)
	}
	orders, err := db.OrdersOf(w.ctx, esim.CustomerID(w.ann.ID()), 10)
	if err != nil || len(orders) == 0 || orders[0].Promo != "SUMMER" || orders[0].Discount.Minor == 0 {
		a.fault("the newest of %d orders has no code, %v", len(orders), err)
	}
}

// toppedUpPaidBack is a customer whose top-up was applied, and whose Stars for it Telegram's support gave back
// while the shop was closed.
func toppedUpPaidBack(w *crashTown) {
	w.t.Helper()
	shownTopUp(w)
	topsUp(w)
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	if code := w.process().stop(); code != 0 {
		w.t.Fatalf("exit code %d\n%s", code, w.process().log)
	}
	if err := w.telegram.RefundElsewhere(w.lastCharge()); err != nil {
		w.t.Fatal(err)
	}
	w.later(time.Minute)
}

// lastCharge is the number of the newest payment of a shop that has stopped.
func (w *crashTown) lastCharge() string {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	orders, err := db.OrdersOf(w.ctx, esim.CustomerID(w.ann.ID()), 1)
	if err != nil || len(orders) != 1 {
		w.t.Fatalf("%d orders, %v", len(orders), err)
	}
	payments, err := db.PaymentsOf(w.ctx, orders[0].ID)
	if err != nil || len(payments) != 1 || orders[0].Kind != esim.TopUp {
		w.t.Fatalf("%d payments of a %s, %v", len(payments), orders[0].Kind, err)
	}
	return payments[0].ID
}

// leavesWhatWasPaidBack has staff leave the top-up with its customer: it was applied and cannot be taken back.
func leavesWhatWasPaidBack(w *crashTown) {
	w.t.Helper()
	button := func(label string) func([]tgsandbox.Message) bool {
		return func(chat []tgsandbox.Message) bool {
			return slices.ContainsFunc(chat, func(m tgsandbox.Message) bool { return offersLabel(m, label) })
		}
	}
	w.opens()
	w.eventually(w.staff, "case", button("✓ Leave as it is"))
	w.insists(w.staff, "✓ Leave as it is", "question", reads("as it is and close it?"))
	w.insists(w.staff, "✓ Yes", "end of the case", reads("The case is closed", "changed meanwhile", "not possible"))
	w.eventually(w.ann, "word of the refund", reads("It was for a top-up"))
}

// paidBackElsewhere reports whether an order's money went back by somebody else and staff left what it was for.
func (w *crashTown) paidBackElsewhere(db *storage.DB, o esim.Order) bool {
	events, err := db.OrderEvents(w.ctx, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(events, func(e esim.OrderEvent) bool {
		return e.To == esim.StateRefunding && strings.HasPrefix(e.Why, "its payment was refunded elsewhere")
	})
}
