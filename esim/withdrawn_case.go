package esim

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// WithdrawnCase reports whether an order waits for staff's word with an eSIM that the vendor has taken and whose money did
// not go back here: it may have been settled by a shop of which this database is an older copy.
func WithdrawnCase(o Order, esims []ESIM, paidBack bool) bool {
	return o.Kind == Purchase && o.State == StateNeedsHuman && !paidBack &&
		slices.ContainsFunc(esims, func(e ESIM) bool { return e.Status.Withdrawn() && !e.Returned })
}

// withdrawnSettled ends the case of an order of which nothing is to go back any more. What the vendor gave back is booked.
func (o Order) withdrawnSettled(esims []ESIM, now time.Time) Transition {
	m := o.TransitionTo(StateDelivered, "left as it is by staff: what the vendor took was settled before", now)
	for _, e := range esims {
		if e.Status.gone() && !e.Returned {
			m.Transactions = append(m.Transactions, LateReturnTransaction(o, e.ID))
		}
	}
	return m
}

// CloseSettledCase closes the case of an order of which the vendor took an eSIM, without money: its customer has had something
// for it. ErrWrongState if the order does not wait for that.
func (d *OrderAdmin) CloseSettledCase(ctx context.Context, id OrderID, entry AuditEntry) error {
	o, esims, back, err := d.paidBackCase(ctx, id)
	if err != nil {
		return err
	}
	if !WithdrawnCase(o, esims, back) {
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	m := o.withdrawnSettled(esims, d.Now())
	m.Audit = &entry
	return d.Store.ApplyTransition(ctx, m)
}
