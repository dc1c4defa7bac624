package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A refund made elsewhere (the messenger's support, Apple, Google) stops the eSIM: unused it is
// cancelled at the vendor, in use it is suspended until staff decide. That of a top-up stops nothing by
// itself: what it added cannot be taken off again, and the eSIM under it was paid for. Staff decide.

// RefundedElsewhere takes in that somebody else sent a payment back, as the messenger's message says at
// once, or its account at the next comparison. Nothing happens if that was known, if the refund is ours,
// or if the payment is not booked yet: the comparison books it, and then reads of its refund. mended reports
// whether it was new.
func (c *Checkout) RefundedElsewhere(ctx context.Context, m StarTransaction) (mended bool, err error) {
	told := []Notification{NewStaffRefundedElsewhere(m), NewRefundedElsewhere(m)}
	if mended, err = c.Store.PaymentRefundedElsewhere(ctx, m.ID, m.At, told); err == nil {
		err = c.Store.CloseUnexplained(ctx, m.ID, m.At)
	}
	if err != nil {
		return mended, fmt.Errorf("note a refund made elsewhere: %w", err)
	}
	return mended, nil
}

// AllRefunded reports whether all that an order was paid with went back. A payment too many is not
// what it was paid with, and the part from store credit beside another payment nobody else can send
// back.
func AllRefunded(payments []OrderPayment) bool {
	outside := slices.ContainsFunc(payments, func(p OrderPayment) bool { return !p.Surplus && p.Method != creditMethod() })
	back := false
	for _, p := range payments {
		switch {
		case p.Surplus, outside && p.Method == creditMethod():
		case p.Status != PaymentRefunded:
			return false
		default:
			back = true
		}
	}
	return back
}

// toppedUpForNothing is the move of a delivered top-up whose payment was refunded elsewhere; nil for
// any other order.
func (o Order) toppedUpForNothing(payments []OrderPayment, now time.Time) *Transition {
	if o.Kind != TopUp || !AllRefunded(payments) {
		return nil
	}
	m := o.TransitionTo(StateNeedsHuman, "its payment was refunded elsewhere; what it added stays on the eSIM, which was paid for", now)
	m.Notifications = []Notification{NewStaffNeedsHuman(o, m.Why, now)}
	return &m
}

// topUpCase reports whether the order is a top-up that was applied and then paid back
// elsewhere, and waits for staff's word: nothing else brings one so far before them.
func (o Order) topUpCase() bool {
	return o.Kind == TopUp && o.State == StateNeedsHuman && o.Allocated
}

// WorthRetrying reports whether to try an order again can do any good. One whose money is back is not
// bought for any more; only what was never used can still be taken back.
func WorthRetrying(o Order, esims []ESIM, paidBack bool) bool {
	if o.State == StateNeedsHuman && paidBack {
		return o.Kind == Purchase && slices.ContainsFunc(esims, func(e ESIM) bool { return !e.Returned && e.unusedYet() })
	}
	if WithdrawnCase(o, esims, paidBack) { // what was revoked nobody gives back
		return slices.ContainsFunc(esims, func(e ESIM) bool { return !e.Returned && (e.Status.gone() || e.unusedYet()) })
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
	if o.Kind == TopUp {
		e, err := d.Store.ESIM(ctx, o.ESIM)
		if err != nil {
			return fmt.Errorf("eSIM that was topped up: %w", err)
		}
		esims = []ESIM{e}
	}
	for _, e := range esims {
		if e.Status == ProfileSuspended {
			m.Notifications = append(m.Notifications, NewAlert(e, AlertStaysSuspended))
		}
	}
	return d.Store.ApplyTransition(ctx, m)
}

// decided closes the cases of payments refunded elsewhere that staff's word on an eSIM settles: those
// of its top-ups, and that of its order.
func (d *OrderAdmin) decided(ctx context.Context, e ESIM, what string) error {
	open, err := d.Store.OpenTopUps(ctx, e.Order)
	if err != nil {
		return fmt.Errorf("top-ups of an eSIM that was %s: %w", what, err)
	}
	for _, o := range open {
		if o.ESIM == e.ID && o.topUpCase() {
			err := d.Store.ApplyTransition(ctx, o.paidBackClosed("decided by staff: "+what, d.Now()))
			if err != nil && !errors.Is(err, ErrConflict) { // another press closed it
				return err
			}
		}
	}
	return d.decidedAll(ctx, e.Order, what)
}

// decidedAll closes the case of an order once staff have resumed or revoked all of its eSIMs that were
// suspended.
func (d *OrderAdmin) decidedAll(ctx context.Context, id OrderID, what string) error {
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
