package main

import (
	"context"
	"slices"
	"strings"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

const (
	receiptOf   = "Receipt: your withdrawal"
	personLooks = "A person looks at your withdrawal"
	staffDecide = "Withdrawal from contract" // says the shop to staff
	forgotten   = "You are forgotten"
)

// askedToWithdraw is a customer with an unused eSIM, before withdrawing from its contract.
func askedToWithdraw(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	w.ann.presses("Withdraw from contract")
	w.ann.untilButton("Confirm withdrawal")
}

// withdraws has the eSIM cancelled and the money back, and a receipt.
func withdraws(w *crashTown) {
	w.t.Helper()
	w.states()
	w.getsMoneyBack()
}

// withdrawsInVain withdraws from what is on a phone meanwhile: a person decides.
func withdrawsInVain(w *crashTown) {
	w.t.Helper()
	w.states()
	w.eventually(w.ann, "word that a person looks at it", reads(personLooks))
	w.eventually(w.staff, "statement before staff", reads(staffDecide))
}

func (w *crashTown) states() {
	w.t.Helper()
	w.insists(w.ann, "Confirm withdrawal", "receipt", reads(receiptOf))
}

// statedOnce holds that there is one statement, with what came of it, and that nobody was told more often than the
// shop was killed and had to say again what it did not know to be said.
func statedOnce(outcome esim.WithdrawalOutcome) func(*crashTown, *audit) {
	return func(w *crashTown, a *audit) {
		w.t.Helper()
		db := w.books()
		defer db.Close()
		orders, err := db.OrdersOf(w.ctx, esim.CustomerID(w.ann.ID()), 10)
		if err != nil || len(orders) != 1 {
			a.fault("%d orders, %v", len(orders), err)
			return
		}
		made, err := db.WithdrawalOf(w.ctx, orders[0].ID, "")
		if made.ID == 0 { // the eSIM's card leads to its own statement
			esims, err2 := db.ESIMsOfOrder(w.ctx, orders[0].ID)
			if err2 != nil || len(esims) != 1 {
				a.fault("%d eSIMs, %v", len(esims), err2)
				return
			}
			made, err = db.WithdrawalOf(w.ctx, orders[0].ID, esims[0].ID)
		}
		// That it came back is noted within the next minute.
		if err != nil || made.Outcome != outcome && (outcome != esim.WithdrawalCancelled || made.Outcome != esim.WithdrawalOpen) {
			a.fault("the statement: %+v, %v", made, err)
		}
		texts := map[string]bool{}
		for _, m := range w.ann.Chat() {
			if reads(receiptOf)([]tgsandbox.Message{m}) {
				texts[m.HTML()] = true
			}
		}
		told := func(v visitor, words string) int {
			return count(v.Chat(), func(m tgsandbox.Message) bool { return m.From.IsBot && strings.Contains(plain(m), words) })
		}
		most := 1 + w.killed()
		if n := told(w.ann, receiptOf); n < 1 || n > most || len(texts) != 1 {
			a.fault("%d receipts of %d texts, with %d kills", n, len(texts), w.killed())
		}
		least := 0
		if outcome == esim.WithdrawalToPerson {
			least = 1
		}
		if n, s := told(w.ann, personLooks), told(w.staff, staffDecide); n < least || n > most*least || s < least {
			a.fault("Ann was told %d times of a person, and staff %d times, with %d kills", n, s, w.killed())
		}
	}
}

// askedToForget is a customer with an eSIM, before they are forgotten.
func askedToForget(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	w.ann.says("/forget", "Erase everything about you?")
	w.ann.untilButton("🧹 Erase me")
}

// isForgotten presses what stands there until the shop says that it is done: who pressed in the moment of a crash is
// a stranger by then, and asked as one.
func isForgotten(w *crashTown) {
	w.t.Helper()
	for {
		message, data := w.ann.button("", "🧹 Erase me")
		w.ann.forges(message, data)
		ctx, cancel := context.WithTimeout(w.ctx, stepAfter)
		_, err := w.ann.Wait(ctx, reads(forgotten))
		cancel()
		if err == nil {
			return
		}
		if w.ctx.Err() != nil {
			w.t.Fatalf("never forgotten; the chat:\n%s\nthe log of the last run:\n%s", transcript(w.ann.Chat()), w.process().log)
		}
	}
}

// nobodyIsLeft holds that nothing of Ann is in the books but that somebody bought.
func nobodyIsLeft(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	ann := esim.CustomerID(w.ann.ID())
	orders, err := db.OrdersOf(w.ctx, ann, 10)
	esims, err2 := db.ESIMsOf(w.ctx, ann)
	if err != nil || err2 != nil || len(orders)+len(esims) > 0 {
		a.fault("Ann still has %d orders and %d eSIMs, %v %v", len(orders), len(esims), err, err2)
	}
	if who, err := db.Customer(w.ctx, ann); err == nil {
		a.fault("Ann is known: %+v", who)
	}
	all, err := db.RecentOrders(w.ctx, nil, 10)
	if err != nil || len(all) != 1 || slices.ContainsFunc(all, func(o esim.Order) bool { return !o.Customer.Forgotten() }) {
		a.fault("orders of somebody: %+v, %v", all, err)
	}
	if n := count(w.ann.Chat(), func(m tgsandbox.Message) bool { return reads(forgotten)([]tgsandbox.Message{m}) }); n > 1+w.killed() {
		a.fault("told %d times that it is done, with %d kills", n, w.killed())
	}
}
