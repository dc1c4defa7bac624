package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A refund made elsewhere (the messenger's support, Apple, Google) stops the eSIM: unused it is
// cancelled at the vendor, in use it is suspended until staff decide.

// AllRefunded reports whether all that an order was paid with went back. A payment too many is not
// what it was paid with, and the part from store credit beside another payment nobody else can send
// back.
func AllRefunded(payments []OrderPayment) bool {
	outside := slices.ContainsFunc(payments, func(p OrderPayment) bool { return !p.Extra && p.Method != creditMethod() })
	back := false
	for _, p := range payments {
		switch {
		case p.Extra, outside && p.Method == creditMethod():
		case p.Status != PaymentRefunded:
			return false
		default:
			back = true
		}
	}
	return back
}

// WorthRetrying reports whether to try an order again can do any good. One whose money is back is not
// bought for any more; only what was never used can still be taken back.
func WorthRetrying(o Order, esims []ESIM, paidBack bool) bool {
	if o.State == StateNeedsHuman && paidBack {
		return o.Kind == Purchase && slices.ContainsFunc(esims, func(e ESIM) bool { return !e.Returned && e.unusedYet() })
	}
	return o.State.Open()
}

// CaseCanClose reports whether an order waits only for staff's word on what was paid back elsewhere.
func CaseCanClose(o Order, paidBack bool) bool { return o.State == StateNeedsHuman && paidBack }

// paidBackClosed ends the case of an order whose money went back elsewhere: no money moves, but the
// part that was store credit.
func (o Order) paidBackClosed(why string, now time.Time) Transition {
	return o.TransitionTo(StateRefunding, "its payment was refunded elsewhere; "+why, now)
}

// CloseCase closes the case of an order whose payment was refunded elsewhere: what is suspended stays
// so, and its customer is told. ErrWrongState if the order does not wait for that.
func (d *OrderAdmin) CloseCase(ctx context.Context, id OrderID, entry AuditEntry) error {
	o, esims, back, err := d.paidBackCase(ctx, id)
	if err != nil {
		return err
	}
	if !CaseCanClose(o, back) {
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	m := o.paidBackClosed("left as it is by staff", d.Now())
	m.Audit = &entry
	for _, e := range esims {
		if o.Kind == Purchase && e.Status == ProfileSuspended {
			m.Notifications = append(m.Notifications, NewAlert(e, AlertStaysSuspended))
		}
	}
	return d.Store.ApplyTransition(ctx, m)
}

// decided closes the case of an order whose payment was refunded elsewhere once staff have resumed
// or revoked all of its eSIMs that were suspended.
func (d *OrderAdmin) decided(ctx context.Context, id OrderID, what string) error {
	o, esims, back, err := d.paidBackCase(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !CaseCanClose(o, back) || slices.ContainsFunc(esims, func(e ESIM) bool { return e.Status == ProfileSuspended }) {
		return nil
	}
	err = d.Store.ApplyTransition(ctx, o.paidBackClosed("decided by staff: "+what, d.Now()))
	if errors.Is(err, ErrConflict) { // another press closed it
		return nil
	}
	return err
}

func (d *OrderAdmin) paidBackCase(ctx context.Context, id OrderID) (Order, []ESIM, bool, error) {
	o, err := d.Store.Order(ctx, id)
	if err != nil {
		return Order{}, nil, false, fmt.Errorf("order to decide on: %w", err)
	}
	esims, err := d.Store.ESIMsOfOrder(ctx, id)
	if err != nil {
		return Order{}, nil, false, fmt.Errorf("eSIMs of order %s: %w", id, err)
	}
	payments, err := d.Store.PaymentsOf(ctx, id)
	if err != nil {
		return Order{}, nil, false, fmt.Errorf("payments of order %s: %w", id, err)
	}
	return o, esims, AllRefunded(payments), nil
}

// suspend stops the data of an order's eSIMs that are still alive, and brings the order before
// staff. The vendor refuses one that is suspended already; that does no harm.
func (c *Canceller) suspend(ctx context.Context, o Order) error {
	esims, err := c.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("eSIMs of order %s: %w", o.ID, err)
	}
	for _, e := range esims {
		if e.Status.Final() || e.Status == ProfileSuspended {
			continue
		}
		if err := c.Vendor.Suspend(ctx, e.ID); err != nil && ActionFor(err) != ActionNotAllowed {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return c.reschedule(ctx, o, fmt.Errorf("suspend an eSIM that was paid back: %w", err))
		}
	}
	if esims, err = c.look(ctx, o); err != nil {
		return c.reschedule(ctx, o, errors.Join(errors.New("look at a suspended eSIM"), err))
	}
	return c.escalateBeside(ctx, o, esims, "its payment was refunded elsewhere and it is in use: suspended")
}
