package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Orders on one eSIM know of each other: whoever pays for more data on an eSIM that is
// given back would lose that money.

// leaving reports whether an eSIM is on its way back, or gone, so that nothing more may be
// bought for it. base is the order that brought it; nil if there is none.
func (e ESIM) leaving(base *Order) bool {
	if e.Returned || e.Status.gone() || e.Status == ProfileRevoke || e.Status == ProfileRevoked || e.SMDPStatus == SMDPDeleted {
		return true
	}
	return base != nil && base.TakesBack(e.ID)
}

// TakesBack reports whether an eSIM of the order is about to be given back. One that lives on though
// the money of its order is back does so because staff said so, and more may be bought for it.
func (o Order) TakesBack(e ESIMID) bool {
	return o.State == StateRefunding || o.State == StateCancelling && (o.CancellingESIM == "" || o.CancellingESIM == e)
}

// Installable reports whether the eSIM of an order may be put on a phone as far as we know: not what
// was given back or is on its way back, what ended, and what was deleted from a phone.
func (e ESIM) Installable(base Order) bool {
	return !e.Returned && !e.Status.Final() && e.SMDPStatus != SMDPDeleted && !base.TakesBack(e.ID)
}

// Returnable reports whether the eSIM of an order looks as if it could be given back (by whom: MayReturn): it is
// here, was never on a phone, was not topped up, and whoever bought it was not forgotten. The vendor is asked before it is.
func (e ESIM) Returnable(base Order) bool {
	here := base.State == StateDelivered || base.State == StateAllocating && !base.Allocated && base.Remaining() > 1
	return base.ID != "" && !base.Customer.Forgotten() && base.Kind == Purchase && here && e.unusedYet() && !e.Returned
}

// leavingStore is what it takes to know whether an eSIM is leaving.
type leavingStore interface {
	ESIM(ctx context.Context, esimID ESIMID) (ESIM, error)
	Order(ctx context.Context, id OrderID) (Order, error)
}

// leavingNow loads an eSIM and reports whether it is leaving.
func leavingNow(ctx context.Context, s leavingStore, esimID ESIMID) (ESIM, bool, error) {
	e, err := s.ESIM(ctx, esimID)
	if err != nil {
		return ESIM{}, false, fmt.Errorf("eSIM of a top-up: %w", err)
	}
	if e.Order == "" {
		return e, e.leaving(nil), nil
	}
	base, err := s.Order(ctx, e.Order)
	switch {
	case errors.Is(err, ErrNotFound):
		return e, e.leaving(nil), nil
	case err != nil:
		return ESIM{}, false, fmt.Errorf("order of an eSIM: %w", err)
	}
	return e, e.leaving(&base), nil
}

// Why the money of a top-up goes back.
var (
	errLeaving   = errors.New("the eSIM is being given back")
	errGivenAway = errors.New("the eSIM was given away")
)

// topUpOff says why a paid top-up is not bought: its eSIM is leaving, or was given away after its payment was let through.
// Once it is paid nobody can take the eSIM (GiftFacts), so this stays true until the vendor is asked.
func topUpOff(o Order, e ESIM, leaving bool) error {
	switch {
	case leaving:
		return errLeaving
	case e.Customer != o.Customer:
		return errGivenAway
	}
	return nil
}

// GuardFacts are what only the transaction of a guarded Transition sees.
type GuardFacts struct {
	Order Order // as it is now
	// OpenTopUps are paid top-ups under way on the order's eSIMs.
	OpenTopUps []Order
	// ESIMs are those of the order, where the move asks who holds them.
	ESIMs []ESIM
	// Swap is the order that a cancellation is for, as it is now; the zero value: none.
	Swap Order
}

// CheckGuard says what stands against a guarded move, ErrWrongState, or nil. The store calls it
// inside the move's transaction.
func CheckGuard(m Transition, f GuardFacts) error {
	if m.To != StateCancelling && m.To != StateRefunding {
		return nil
	}
	if m.To == StateCancelling && m.SwappedFor != "" && !(f.Swap.State == StatePaid && f.Swap.Swapping()) {
		return fmt.Errorf("order %s, which was to take the place of an eSIM of %s, is %s: %w", m.SwappedFor, m.Order, f.Swap.State, ErrWrongState)
	}
	if f.Order.Kind == TopUp {
		if m.From == StateOrdering && f.Order.OutcomeUnknown {
			return fmt.Errorf("the vendor may be applying top-up %s: %w", m.Order, ErrWrongState)
		}
		return nil
	}
	for _, e := range f.ESIMs {
		if m.Holder != 0 && e.Customer != m.Holder && !e.Returned && (m.CancellingESIM == "" || m.CancellingESIM == e.ID) {
			return fmt.Errorf("eSIM %d of order %s is somebody else's by now: %w", e.Index, m.Order, ErrWrongState)
		}
	}
	if open := topUpsOf(f.OpenTopUps, m.CancellingESIM); len(open) > 0 {
		return fmt.Errorf("top-up %s of an eSIM of order %s is under way: %w", open[0].ID, m.Order, ErrWrongState)
	}
	return nil
}

// topUpsOf are the top-ups of one eSIM that are under way; "" stands for all eSIMs.
func topUpsOf(open []Order, esimID ESIMID) []Order {
	return slices.DeleteFunc(slices.Clone(open), func(o Order) bool {
		return esimID != "" && o.ESIM != esimID || o.topUpCase()
	})
}

// A topUpTrouble is what open top-ups mean for a cancellation under way.
type topUpTrouble int

const (
	noTopUps topUpTrouble = iota
	// topUpWaits: it is paid and not bought, and is going to be given back.
	topUpWaits
	// topUpMayBeOn: the vendor may have applied it; the eSIM stays.
	topUpMayBeOn
)

func troubleOf(open []Order) topUpTrouble {
	worst := noTopUps
	for _, o := range open {
		switch {
		case o.OutcomeUnknown, o.State == StateNeedsHuman:
			return topUpMayBeOn
		case o.State != StateRefunding: // one that goes back changes nothing at the vendor
			worst = topUpWaits
		}
	}
	return worst
}

// lookUpTopUp finds out whether a top-up that staff want to give back was applied after all:
// ErrWrongState if it was, or if that cannot be known yet.
func lookUpTopUp(ctx context.Context, v TopUpVendor, o Order, now time.Time) error {
	if o.Kind != TopUp || !o.OutcomeUnknown {
		return nil
	}
	if v == nil || now.Sub(o.OutcomeUnknownAt) < settleAfter {
		return fmt.Errorf("the vendor may have applied top-up %s a moment ago: %w", o.ID, ErrWrongState)
	}
	from, to := o.boughtBetween(now)
	switch _, found, err := v.FindTopUp(ctx, o.IdempotencyKey, from, to); {
	case err != nil:
		return fmt.Errorf("look a top-up up before its refund: %w", err)
	case found:
		return fmt.Errorf("the vendor has applied top-up %s: %w", o.ID, ErrWrongState)
	}
	return nil
}
