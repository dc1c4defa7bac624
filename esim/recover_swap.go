package esim

import (
	"cmp"
	"slices"
)

// What a customer swapped shows in both lists: the vendor key of the new order ends with the old one, and the
// invoice of what it cost more names it too. A swap that cost nothing more is in no account of Stars.

// sortSwaps notes which orders were swapped for which: the vendor has the new one, so the old one paid it.
func (j *join) sortSwaps() {
	j.swappedFor = map[OrderID]OrderID{}
	for id, lines := range j.bought {
		old := swappedByKey(lines[0].IdempotencyKey)
		if old == "" {
			continue
		}
		if j.swappedFor[old] == "" || id < j.swappedFor[old] { // of several eSIMs each may be swapped
			j.swappedFor[old] = id
		}
		if j.paid[id] == nil {
			j.unpaidSwaps = append(j.unpaidSwaps, id)
		}
	}
	slices.SortFunc(j.unpaidSwaps, func(a, b OrderID) int {
		return cmp.Or(j.bought[a][0].Bought.Compare(j.bought[b][0].Bought), cmp.Compare(a, b))
	})
}

// swappedOff gives what an order was paid with to its customer as store credit, which paid the order that took the place
// of its eSIM: that is what a swap does.
func (rec *RecoveredOrder) swappedOff(id OrderID, line VendorRecord) {
	o := &rec.Order
	o.State, o.SwappedFor = StateRefunded, id
	at := line.Bought
	if at.Before(o.PaidAt) { // zero: the line does not say
		at = o.PaidAt
	}
	for i, p := range rec.Payments {
		if p.Status == PaymentSettled && !p.Surplus {
			p.Status, p.Refunded, p.Credited = PaymentRefunded, at, o.AsCredit(p.Payment)
			rec.Payments[i] = p
		}
	}
	rec.Note = "swapped for order " + id.String() + "; what that left of it is store credit, or was spent since"
}

// unpaidSwap recovers a swap that nothing was paid for beside what the old eSIM became: its customer is that of the old
// order, and its price what the plan costs today, but no more than the old order was worth.
func (j *join) unpaidSwap(r *Recovery, id OrderID) {
	line := j.bought[id][0]
	i := slices.IndexFunc(r.Orders, func(o RecoveredOrder) bool { return o.Order.ID == swappedByKey(line.IdempotencyKey) })
	if i < 0 || line.TopUp {
		return // its eSIM is listed as nobody's
	}
	old := r.Orders[i].Order
	at := line.Bought
	if at.Before(old.PaidAt) {
		at = old.PaidAt
	}
	worth := old.AsCredit(Payment{Amount: old.Price})
	worth.Minor += old.Credit.Minor
	j.paid[id] = []StarTransaction{{Order: id, Customer: old.Customer, At: at, Invoiced: InvoicedSale{Order: id, PlanCode: line.Plan.Code, Quantity: 1, Days: line.Days}}}
	rec := RecoveredOrder{Order: Order{
		ID: id, Customer: old.Customer, Quantity: 1, Method: creditMethod(), Created: at, PaidAt: at, NextAt: j.Now, Changed: at,
		Price: worth, Retail: worth, IdempotencyKey: line.IdempotencyKey, Reason: "recovered",
	}}
	o := &rec.Order
	o.Kind = Purchase
	lines := j.eSIMsOf(id, o)
	j.describe(&rec, line)
	plan := o.Plan
	plan.Wholesale = Money{o.Wholesale.Minor / int64(max(o.Days, 1)), o.Wholesale.Currency}
	if q, err := j.Pricing.QuoteWith(o.Method, plan, 1, o.Days); err == nil && q.Price.Minor < worth.Minor {
		o.Price, o.Retail = q.Price, q.Retail
	}
	rec.Payments = []OrderPayment{{
		Payment: Payment{ID: string(o.Method) + ":" + string(id), Order: id, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: at},
		Status:  PaymentSettled, Reason: "recovered",
	}}
	j.addESIMs(r, rec, lines)
	made := &r.Orders[len(r.Orders)-1]
	if made.Note == "" {
		made.Note = "paid with what order " + old.ID.String() + " became; its price is reckoned, no list has it"
		made.Order.Reason = made.Note
	}
}
