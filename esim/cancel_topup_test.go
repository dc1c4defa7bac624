package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// A top-up and a cancellation of one eSIM never both go through: whoever pays for more
// data on an eSIM that is given back would lose that money.
func TestATopUpAndACancellationNeverMeet(t *testing.T) {
	t.Parallel()
	t.Run("a paid top-up keeps the order from being cancelled", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		base, e := r.delivered()
		more := r.toppedUp(e) // paid, not yet bought
		if err := r.canceller().Begin(t.Context(), base.ID, nil); !errors.Is(err, esim.ErrWrongState) {
			t.Errorf("cancelling with a top-up under way: %v", err)
		}
		r.pass(time.Minute)
		r.wantState(more.ID, esim.StateDelivered)
		r.wantState(base.ID, esim.StateDelivered)
	})
	t.Run("a top-up paid while the order is being cancelled goes back", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		base, e := r.delivered()
		more := r.toppedUp(e)
		r.Must(r.DB.ApplyTransition(t.Context(), esim.Transition{Order: base.ID, From: esim.StateDelivered, To: esim.StateCancelling, Why: "test"}))
		r.pass(time.Minute)
		r.Must(r.Refunder.Run(t.Context()))
		r.wantState(more.ID, esim.StateRefunded)
		if n := r.Vendor.Charged(more.IdempotencyKey); n != 0 {
			t.Errorf("the top-up was bought %d times", n)
		}
	})
	t.Run("a cancellation that meets a top-up on its way is dropped", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		base, e := r.delivered()
		mend := r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.LoseAnswer})
		more := r.toppedUp(e)
		r.pass(0) // applied, and nobody knows
		mend()
		r.Must(r.DB.ApplyTransition(t.Context(), esim.Transition{Order: base.ID, From: esim.StateDelivered, To: esim.StateCancelling, Why: "test"}))
		r.cancelling(r.canceller())
		r.wantState(base.ID, esim.StateDelivered)
		r.pass(time.Minute)
		r.wantState(more.ID, esim.StateDelivered)
		if p, _ := r.Vendor.Profile(string(e.ID)); p.EsimStatus == "CANCEL" {
			t.Error("an eSIM that was topped up is cancelled")
		}
	})
	t.Run("nor is one cancelled that was topped up just before", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		base, e := r.delivered()
		more := r.toppedUp(e)
		r.pass(time.Minute)
		r.wantState(more.ID, esim.StateDelivered)
		r.Must(r.DB.ApplyTransition(t.Context(), esim.Transition{Order: base.ID, From: esim.StateDelivered, To: esim.StateCancelling, Why: "test"}))
		r.cancelling(r.canceller())
		r.wantState(base.ID, esim.StateDelivered)
	})
}

// Staff never send the money of a top-up back while the vendor may be applying it, nor that
// of an order whose eSIM is being topped up.
func TestStaffRefundATopUpOnlyWhenItWasNotApplied(t *testing.T) {
	t.Parallel()
	t.Run("under way", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		base, e := r.delivered()
		mend := r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.LoseAnswer})
		more := r.toppedUp(e)
		r.pass(0) // applied, and nobody knows
		mend()
		for _, id := range []esim.OrderID{more.ID, base.ID} {
			if err := r.admin().Refund(t.Context(), id, act("refund")); !errors.Is(err, esim.ErrWrongState) {
				t.Errorf("refunding order %s: %v", id, err)
			}
		}
		r.pass(time.Minute)
		r.wantState(more.ID, esim.StateDelivered)
	})
	for _, applied := range []bool{false, true} {
		t.Run(map[bool]string{true: "before a human, and applied", false: "before a human, and not applied"}[applied], func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			_, e := r.delivered()
			more := r.toppedUp(e)
			kind := sandbox.LoseRequest
			if applied {
				kind = sandbox.LoseAnswer
			}
			mend := r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: kind})
			r.pass(0)
			mend()
			r.Must(r.DB.ApplyTransition(t.Context(), esim.Transition{Order: more.ID, From: esim.StateOrdering, To: esim.StateNeedsHuman, Why: "test"}))
			if err := r.admin().Refund(t.Context(), more.ID, act("refund")); !errors.Is(err, esim.ErrWrongState) {
				t.Errorf("refunding at once: %v", err)
			}
			r.Vendor.Advance(time.Hour)
			if err := r.admin().Refund(t.Context(), more.ID, act("refund")); errors.Is(err, esim.ErrWrongState) != applied {
				t.Errorf("refunding after a look: %v", err)
			}
		})
	}
}

// An eSIM that is leaving is not topped up: neither begun nor, with an invoice in hand, paid.
func TestAnESIMThatLeavesIsNotToppedUp(t *testing.T) {
	t.Parallel()
	leave := map[string]func(r *rig, base esim.Order, e esim.ESIM){
		"its order is being cancelled": func(r *rig, base esim.Order, _ esim.ESIM) { r.Must(r.canceller().Begin(r.Context(), base.ID, nil)) },
		"its order is refunded": func(r *rig, base esim.Order, _ esim.ESIM) {
			r.Must(r.admin().Refund(r.Context(), base.ID, act("refund")))
		},
		"deleted from the phone": func(r *rig, _ esim.Order, e esim.ESIM) {
			r.Must(r.Vendor.Install(string(e.ID)))
			r.Must(r.Vendor.Delete(string(e.ID)))
			r.Must(r.Watcher.Refresh(r.Context(), e.ID))
		},
		"cancelled at the vendor": func(r *rig, _ esim.Order, e esim.ESIM) {
			r.Must(r.Vendor.Cancel(string(e.ID)))
			r.Must(r.Watcher.Refresh(r.Context(), e.ID))
		},
	}
	for name, go_ := range leave {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			base, e := r.delivered()
			offers, err := r.topUps().Offers(t.Context(), e, 0)
			r.Must(err)
			q := offers[0]
			request := esim.PurchaseRequest{Customer: ann, PlanCode: q.Plan.Code, Quantity: 1, Days: q.Days, Seen: q.Price}
			o, err := r.topUps().Begin(t.Context(), e, request)
			r.Must(err)
			r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
			go_(r, base, e)
			if err := r.Checkout.Approve(t.Context(), o.ID, ann, o.Price); !errors.Is(err, esim.ErrNoTopUp) {
				t.Errorf("pre-checkout: %v", err)
			}
			if _, err := r.topUps().Begin(t.Context(), e, request); !errors.Is(err, esim.ErrNoTopUp) {
				t.Errorf("beginning: %v", err)
			}
		})
	}
}
