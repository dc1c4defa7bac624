package esim

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// An order whose money staff confirm waits for days. Its customer can leave it, and hears before its
// time is over, and when it is.

// warnBefore is how long before an order that waits for staff expires its customer hears of it.
const warnBefore = 12 * time.Hour

// Why an order expired.
const (
	reasonUnpaid = "not paid in time"
	reasonLeft   = "left by its customer"
)

// Abandoned reports whether the customer left the order before it was paid.
func (o Order) Abandoned() bool { return o.State == StateExpired && o.Reason == reasonLeft }

// WaitsForStaff reports whether the order waits for money that staff confirm.
func (o Order) WaitsForStaff() bool {
	spec, err := o.Method.Spec()
	return err == nil && o.State == StateAwaitingPayment && spec.ConfirmedBy == ConfirmedByStaff
}

// Abandon ends an order that waits for staff: what it set aside of the store credit is the customer's
// again. Left twice is left once. Errors: ErrNotFound, ErrAlreadyPaid, ErrNoPaymentMethod for an
// order whose money no staff confirm.
func (c *Checkout) Abandon(ctx context.Context, customer CustomerID, id OrderID) (Order, error) {
	o, err := c.Store.Order(ctx, id)
	switch {
	case err != nil:
		return Order{}, fmt.Errorf("order %s: %w", id, err)
	case o.Customer != customer:
		return Order{}, fmt.Errorf("order %s of another customer: %w", id, ErrNotFound)
	case o.State == StateExpired:
		return o, nil
	case o.State != StateAwaitingPayment:
		return Order{}, fmt.Errorf("order %s is %s: %w", id, o.State, ErrAlreadyPaid)
	case !o.WaitsForStaff():
		return Order{}, fmt.Errorf("order %s is paid by %s: %w", id, o.Method, ErrNoPaymentMethod)
	}
	left, err := c.Store.AbandonOrder(ctx, id)
	if errors.Is(err, ErrConflict) { // staff confirmed it, or it expired, in this moment
		return c.Abandon(ctx, customer, id)
	}
	if err != nil {
		return Order{}, fmt.Errorf("leave order %s: %w", id, err)
	}
	return left, nil
}

// Expire closes orders that were not paid in time, tells customers of those that soon will be, and
// staff of approved payments that did not come.
func (c *Checkout) Expire(ctx context.Context) error {
	if err := c.warn(ctx); err != nil {
		return err
	}
	if _, err := c.Store.ExpireOrders(ctx, c.Now()); err != nil {
		return fmt.Errorf("expire unpaid orders: %w", err)
	}
	if err := c.Store.EndApprovals(ctx, c.Now().Add(-ApprovalTTL)); err != nil {
		return fmt.Errorf("approved payments that did not come: %w", err)
	}
	return nil
}

// warn tells the customers of orders that wait for staff and expire soon.
func (c *Checkout) warn(ctx context.Context) error {
	var byStaff []PaymentMethod
	for _, s := range methods {
		if s.ConfirmedBy == ConfirmedByStaff {
			byStaff = append(byStaff, s.Method)
		}
	}
	soon, err := c.Store.UnpaidOrders(ctx, byStaff, c.Now().Add(warnBefore))
	if err != nil {
		return fmt.Errorf("orders that expire soon: %w", err)
	}
	var told []Notification
	for _, o := range soon {
		if o.NextAt.After(c.Now()) && !c.warned.has(o) {
			told = append(told, NewExpiring(o))
		}
	}
	if len(told) == 0 {
		return nil
	}
	if err := c.Store.AddNotifications(ctx, told); err != nil {
		return fmt.Errorf("tell of orders that expire soon: %w", err)
	}
	c.warned.keep(soon)
	return nil
}

// A warnedOrders remembers of which orders the outbox has been told, so that a shop in which nothing
// happens writes nothing. A new run asks the outbox once more, which knows.
type warnedOrders struct {
	mu    sync.Mutex
	until map[OrderID]time.Time
}

func (w *warnedOrders) has(o Order) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.until[o.ID].Equal(o.NextAt)
}

func (w *warnedOrders) keep(orders []Order) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = make(map[OrderID]time.Time, len(orders))
	for _, o := range orders {
		w.until[o.ID] = o.NextAt
	}
}
