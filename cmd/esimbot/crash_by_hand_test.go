package main

import (
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// byHand are the settings of a shop whose staff wait for the money.
var byHand = []string{"PAYMENTS=manual"}

// ordersByHand orders with a part of it from store credit, which is set aside, and the rest through staff.
func (w *crashTown) ordersByHand() {
	w.t.Helper()
	w.insists(w.ann, "👛 $", "receipt", reads("Waits for your payment"))
	w.staff.untilText("Waits for money by hand")
}

func leavesByHand(w *crashTown) {
	w.t.Helper()
	w.ordersByHand()
	w.insists(w.ann, "✖️ Leave this order", "question", reads("Leave this order?"))
	w.insists(w.ann, "✖️ Yes, leave it", "end", reads("You left this order"))
	w.staff.untilText("Left by the customer")
}

func paysByHand(w *crashTown) {
	w.t.Helper()
	w.ordersByHand()
	w.insists(w.staff, "💵 Received", "question", func(chat []tgsandbox.Message) bool {
		return count(chat, func(m tgsandbox.Message) bool { return offersLabel(m, "✓ Yes") }) > 0
	})
	w.insists(w.staff, "✓ Yes", "note", reads("received the money for", "changed meanwhile"))
	w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= 1 })
}

// leftFree holds that nothing is left of an order that its customer left: neither a sale nor a payment, and the
// store credit that was set aside is theirs again.
func leftFree(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	orders, err := db.RecentOrders(w.ctx, nil, 10)
	if err != nil || len(orders) == 0 {
		w.t.Fatalf("%d orders, %v", len(orders), err)
	}
	for _, o := range orders {
		payments, err := db.PaymentsOf(w.ctx, o.ID)
		if o.State != esim.StateExpired || len(payments) > 0 || err != nil {
			a.fault("order %s was left and is %s with %d payments (%v)", o.ID, o.State, len(payments), err)
		}
	}
	if credit, err := db.Credit(w.ctx, esim.CustomerID(w.ann.ID())); err != nil || credit != esim.USDCents(100) {
		a.fault("the customer has %s of store credit (%v), want the dollar", credit, err)
	}
}
