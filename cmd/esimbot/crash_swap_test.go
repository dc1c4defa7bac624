package main

import (
	"slices"
	"strings"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	"esimbot/storage"
)

// shownSwap is a customer with an unused eSIM, looking at a plan to swap it for: one whose difference
// has such a sign.
func shownSwap(sign string) func(*crashTown) {
	return func(w *crashTown) {
		w.t.Helper()
		shownESIM(w)
		w.ann.presses("🔁 Swap for")
		w.ann.untilButton("🔎 Another place")
		for _, m := range slices.Backward(w.ann.Chat()) {
			for _, row := range slices.Backward(m.Keyboard) {
				for _, b := range row {
					if strings.HasPrefix(b.Data, "swapcard|") && strings.Contains(b.Text, sign) {
						w.ann.forges(m.ID, b.Data)
						w.ann.untilButton("🔁 Swap and pay")
						return
					}
				}
			}
		}
		w.t.Fatalf("no plan for %q in the chat:\n%s", sign, transcript(w.ann.Chat()))
	}
}

// shownCheaperSwap swaps for a dearer plan first, and looks at a cheaper one then.
func shownCheaperSwap(w *crashTown) {
	w.t.Helper()
	shownSwap("+")(w)
	swapsFor(2)(w)
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	w.ann.says("/esims", "Your eSIMs")
	w.ann.presses("🆕")
	w.ann.untilButton("🔁 Swap for")
	w.ann.presses("🔁 Swap for")
	w.ann.until("cheaper plans", func(m tgsandbox.Message) bool {
		return slices.ContainsFunc(m.Labels(), func(l string) bool { return strings.Contains(l, "−") })
	})
	for _, m := range slices.Backward(w.ann.Chat()) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.HasPrefix(b.Data, "swapcard|") && strings.Contains(b.Text, "−") {
					w.ann.forges(m.ID, b.Data)
					w.ann.untilButton("🔁 Swap now")
					return
				}
			}
		}
	}
}

// swapsFor pays the difference, and gets another picture.
func swapsFor(pictures int) func(*crashTown) {
	return func(w *crashTown) {
		w.t.Helper()
		w.pays("🔁 Swap and pay")
		w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= pictures })
	}
}

func swapsAtOnce(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "🔁 Swap now", "swap", reads("swap is under way", "is left (order", "cannot be swapped"))
	w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= 3 })
}

// installsIt puts the eSIM on a phone in the moment of the press.
func installsIt(w *crashTown) {
	w.t.Helper()
	if err := w.vendor.Install(w.vendor.Profiles()[0].EsimTranNo); err != nil {
		w.t.Fatal(err)
	}
}

func swapIsOff(w *crashTown) {
	w.t.Helper()
	w.pays("🔁 Swap and pay")
	w.eventually(w.ann, "word that it stays", reads("Your eSIM stays yours"))
	w.getsMoneyBack()
}

func swapIsRefunded(w *crashTown) {
	w.t.Helper()
	w.pays("🔁 Swap and pay")
	w.eventually(w.ann, "refund", reads("The new eSIM could not be delivered"))
	w.eventually(w.ann, "Stars", reads("are back with you"))
}

// swapped holds of orders of which some are swaps that the customer's store credit is what the old
// eSIMs became, less what pays the new ones. It reports whether there were any.
func (w *crashTown) swapped(a *audit, db *storage.DB, orders []esim.Order) bool {
	is := false
	credit := map[esim.CustomerID]int64{}
	for _, o := range orders {
		is = is || o.Replaces != ""
		payments, err := db.PaymentsOf(w.ctx, o.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, p := range payments {
			credit[o.Customer] += p.Credited.Minor
			if p.Method == esim.MethodCredit {
				credit[o.Customer] -= p.Amount.Minor
			}
		}
	}
	for customer, want := range credit {
		got, err := db.Credit(w.ctx, customer)
		if err != nil || is && got.Minor != want {
			a.fault("customer %d has %s of store credit, want %d cents, %v", customer, got, want, err)
		}
	}
	return is
}
