package esim

import (
	"context"
	"errors"
	"fmt"
)

// A refund made elsewhere (the messenger's support, Apple, Google) stops the eSIM: unused it is
// cancelled at the vendor, in use it is suspended until staff decide.

// paidBack reports whether all that an order was paid with went back.
func paidBack(payments []OrderPayment) bool {
	for _, p := range payments {
		if p.Status != PaymentRefunded {
			return false
		}
	}
	return len(payments) > 0
}

// suspend stops the data of an order's eSIMs that are still alive, and brings the order before
// staff. The vendor refuses one that is suspended already; that does no harm.
func (c *Canceller) suspend(ctx context.Context, o Order) error {
	esims, err := c.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("eSIMs of order %s: %w", o.ID, err)
	}
	for _, e := range esims {
		if e.Status.Final() || e.Status == SuspendedNow {
			continue
		}
		if err := c.Vendor.Suspend(ctx, e.ID); err != nil && ActionFor(err) != NotAllowed {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return c.reschedule(ctx, o, fmt.Errorf("suspend an eSIM that was paid back: %w", err))
		}
	}
	if _, err := c.look(ctx, o); err != nil {
		return c.reschedule(ctx, o, errors.Join(errors.New("look at a suspended eSIM"), err))
	}
	return c.escalate(ctx, o, "its payment was refunded elsewhere and it is in use: suspended")
}
