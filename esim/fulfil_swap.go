package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Before an order that takes the place of an eSIM is bought, that eSIM is given back. Nothing is
// begun unless the new plan can be had at its price by then; from there on the cancellation decides
// (DecideSwap).

// swapAsked is what asking to give an eSIM back for another came to: nil: it is on its way.
type swapAsked struct {
	off string // why it is off; "": it is not
	err error  // why it could not be begun yet
}

func (swapAsked) isAnswer() {}

// swapLook is when a swap under way is looked at again: its end wakes it sooner.
const swapLook = time.Minute

// swap begins to give the eSIM back that an order takes the place of.
func (f *Fulfiller) swap(ctx context.Context, o Order) (answer, error) {
	e, err := f.Store.ESIM(ctx, o.Replaces)
	if err != nil {
		return nil, fmt.Errorf("eSIM to swap: %w", err)
	}
	base, err := f.Store.Order(ctx, e.Order)
	switch {
	case err != nil:
		return nil, fmt.Errorf("order of an eSIM to swap: %w", err)
	case base.State == StateCancelling && base.SwappedFor == o.ID:
		return swapAsked{}, nil
	case base.State == StateCancelling && base.CancellingESIM != "" && base.CancellingESIM != e.ID && !e.Returned:
		return swapAsked{}, nil // another eSIM of its order is on its way back: this one's turn comes
	case !e.Returnable(base), e.Customer != o.Customer:
		return swapAsked{off: "its eSIM cannot be given back any more"}, nil
	}
	if first, found, err := f.Store.SwapOf(ctx, e.ID); err != nil {
		return nil, err
	} else if found && first.ID != o.ID { // two invoices for one eSIM were paid
		return swapAsked{}, nil
	}
	a, err := f.price(ctx, o)
	if err != nil {
		return nil, err
	}
	switch a := a.(type) {
	case unpriced:
		return swapAsked{err: a.err}, nil
	case priced:
		if a.gone {
			return swapAsked{off: "the new plan is not offered any more"}, nil
		}
		if !f.rules().bearable(o, a.price) {
			return swapAsked{off: fmt.Sprintf("the new plan now costs %s, %s was charged", a.price, o.Retail)}, nil
		}
	}
	err = f.Swaps.BeginSwap(ctx, base, e, o.ID)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrInstalled):
		return swapAsked{off: err.Error()}, nil
	}
	return swapAsked{err: err}, nil // of a state that changed meanwhile the next look tells more
}

// decideSwap waits for a cancellation that was begun; until one was, the old eSIM is as it was.
func decideSwap(o Order, a swapAsked, now time.Time) decision {
	cause := a.err
	switch {
	case a.off == "" && cause == nil:
		d := rescheduled(o, errors.New("the eSIM that it takes the place of is being given back"), false, now)
		d.order.NextAt = now.Add(swapLook)
		return d
	case a.off == "" && now.Sub(o.PaidAt) < holdFor:
		o.Attempts++
		return rescheduled(o, fmt.Errorf("give an eSIM back for another: %w", cause), false, now)
	case a.off == "":
		a.off = cause.Error()
	}
	return decision{do: doGiveUp, order: o, move: o.swapOff(a.off, now)}
}

// A SwapCanceller gives eSIMs back for another.
type SwapCanceller interface {
	// BeginSwap begins to give an eSIM of an order back, to pay for another order.
	// ErrInstalled, ErrWrongState: it stays.
	BeginSwap(ctx context.Context, base Order, e ESIM, swap OrderID) error
}

// BeginSwap asks the vendor about an eSIM and, if it was never used, moves its order to Cancelling
// for a swap. Errors: those of Begin.
func (c *Canceller) BeginSwap(ctx context.Context, base Order, e ESIM, swap OrderID) error {
	return c.begin(ctx, base.ID, e, "swapped for order "+swap.String(), nil, swap)
}
