package esim

import (
	"context"
	"errors"
	"fmt"
)

// A restored older copy of the database does not know the sales since. Their payments are held,
// since no order explains them; their eSIMs show in the vendor's list under a key that names the
// order. Where both are there the order is made again, and its eSIM is its owner's: it is neither
// bought again nor paid back.

// AdoptStore is what adopting needs from storage.
type AdoptStore interface {
	// AdoptRecovered stores an order that was held as unexplained payments, with the customer if
	// they are unknown, closes these payments, and adds the notifications. ErrConflict if the
	// order exists, or if a payment of it is not open any more.
	AdoptRecovered(ctx context.Context, c Customer, o RecoveredOrder, notifications []Notification) error
}

// named keeps a profile for adopt whose key names an order with a held payment.
func (r *Reconciler) named(ctx context.Context, p Profile, w *walk) (bool, error) {
	id, ok := OrderOfTxID(p.TxID)
	if !ok {
		return false, nil
	}
	if w.held == nil {
		open, err := r.Store.UnexplainedPayments(ctx)
		if err != nil {
			return false, err
		}
		w.held = map[OrderID]bool{}
		for _, u := range open {
			w.held[u.Order] = true
		}
	}
	if w.held[id] {
		w.found = append(w.found, VendorRecord{Profile: p})
	}
	return w.held[id], nil
}

// A walk is what one walk through the vendor's list found of orders that are not ours yet.
type walk struct {
	held  map[OrderID]bool // orders named by held payments; nil: not asked yet
	found []VendorRecord
}

// adopt makes the orders again whose payment is held and whose eSIMs were found.
func (r *Reconciler) adopt(ctx context.Context, w *walk, rep *ReconcileReport) error {
	if len(w.found) == 0 || r.Stars == nil {
		return nil
	}
	orders := map[OrderID]bool{}
	for _, v := range w.found {
		id, _ := OrderOfTxID(v.TxID)
		orders[id] = true
	}
	s := RecoverySources{Bot: r.Bot, Records: w.found, Plan: r.Checkout.Catalog.Plan, Pricing: r.Checkout.Pricing, Now: r.Now()}
	for line, err := range r.Stars.StarTransactions(ctx, 0) { // the invoices say what was bought
		if err != nil {
			return fmt.Errorf("read the Stars account for what is held: %w", err)
		}
		if m := line.StarTransaction; orders[m.Order] || !m.Incoming {
			s.Stars = append(s.Stars, m)
		}
	}
	recovered := Recover(s)
	for _, o := range recovered.Orders {
		i := 0
		for recovered.Customers[i].ID != o.Order.Customer {
			i++
		}
		p := o.Payments[0].Payment
		told := []Notification{NewStaffFoundPaid(StarTransaction{ID: p.ID, Amount: p.Amount}, o.Order.ID)}
		if o.Order.State == NeedsHuman {
			told = append(told, NewStaffHuman(o.Order, o.Note, r.Now()))
		}
		err := r.Store.AdoptRecovered(ctx, recovered.Customers[i], o, told)
		if errors.Is(err, ErrConflict) {
			continue // staff decided meanwhile
		} else if err != nil {
			return fmt.Errorf("adopt order %s: %w", o.Order.ID, err)
		}
		rep.Payments++
	}
	return nil
}
