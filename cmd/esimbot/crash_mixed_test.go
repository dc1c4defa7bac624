package main

import (
	"fmt"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	"esimbot/storage"
)

// askedHowToPay is a customer with a dollar of store credit, which covers a part of the plan.
func askedHowToPay(w *crashTown) {
	w.t.Helper()
	w.ann.says("/start", "Where are you going")
	w.staff.says(fmt.Sprintf("/credit %d 1.00 a gift", w.ann.ID()), "who has")
	w.staff.presses("✓")
	w.eventually(w.ann, "credit", reads("$1.00"))
	shownPlan(aPack)(w)
	w.ann.untilButton("👛 $")
}

// paysRest pays what a dollar of store credit leaves.
func (w *crashTown) paysRest() {
	w.t.Helper()
	w.pays("👛 $1.00 + ")
	// Telegram's own note of a payment stays; the invoice itself may be tidied away by now.
	payments := count(w.ann.Chat(), func(m tgsandbox.Message) bool { return m.Payment != nil && m.Payment.Kind == "successful" })
	if payments != 1 {
		w.t.Errorf("%d payments were made", payments)
	}
}

func paysInPart(w *crashTown) {
	w.t.Helper()
	w.paysRest()
	w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= 1 })
}

func paysInPartAndIsRefunded(w *crashTown) {
	w.t.Helper()
	w.paysRest()
	w.getsMoneyBack()
}

// bothParts holds that each of the two payments of an order is where the order is: with us if it is
// delivered, back the way it came if it is refunded.
func (w *crashTown) bothParts(a *audit, db *storage.DB, o esim.Order) {
	if o.Credit.Minor == 0 {
		return
	}
	want := esim.PaymentSettled
	if o.State == esim.StateRefunded {
		want = esim.PaymentRefunded
	}
	payments, err := db.PaymentsOf(w.ctx, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range payments {
		if p.Status != want {
			a.fault("order %s is %s and %s of it is %s", o.ID, o.State, p.Amount, p.Status)
		}
	}
	credit, err := db.Credit(w.ctx, o.Customer)
	if err != nil {
		w.t.Fatal(err)
	}
	if back := o.State == esim.StateRefunded; len(payments) != 2 || (credit == o.Credit) != back {
		a.fault("order %s is %s with %d payments, and its customer has %s", o.ID, o.State, len(payments), credit)
	}
}
