package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// cancelling lets the canceller work for a while.
func (r *rig) cancelling(c *esim.Canceller) {
	r.Helper()
	for range 5 {
		_, err := c.Run(r.Context())
		r.Must(err)
		r.Vendor.Advance(time.Minute)
	}
	r.Must(r.Refunder.Run(r.Context()))
	r.deliver()
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	const call = "esim/cancel"
	tests := []struct {
		name   string
		before func(r *rig, e esim.ESIM) // the press
		err    error
		after  func(r *rig, e esim.ESIM) // the press, before the worker comes
		want   esim.State
	}{
		{name: "unused", want: esim.StateRefunded},
		{name: "installed", before: func(r *rig, e esim.ESIM) { r.Must(r.Vendor.Install(string(e.ID))) }, err: esim.ErrInstalled, want: esim.StateDelivered},
		{name: "topped up", before: func(r *rig, e esim.ESIM) { r.toppedUp(e); r.pass(20 * time.Minute) }, err: esim.ErrInstalled, want: esim.StateDelivered},
		{name: "installed after the press", after: func(r *rig, e esim.ESIM) { r.Must(r.Vendor.Install(string(e.ID))) }, want: esim.StateDelivered},
		{name: "the answer is lost", after: func(r *rig, _ esim.ESIM) {
			r.Vendor.Break(sandbox.Fault{Endpoint: call, Kind: sandbox.LoseAnswer, Count: 1})
		}, want: esim.StateRefunded},
		{name: "the request is lost", after: func(r *rig, _ esim.ESIM) {
			r.Vendor.Break(sandbox.Fault{Endpoint: call, Kind: sandbox.LoseRequest, Count: 1})
		}, want: esim.StateRefunded},
		{name: "refused for a while", after: func(r *rig, _ esim.ESIM) {
			r.Vendor.Break(sandbox.Fault{Endpoint: call, Kind: sandbox.Refuse, Code: "000001", Count: 2})
		}, want: esim.StateRefunded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			balance := r.Vendor.Balance()
			o, e := r.delivered()
			c := r.canceller()
			if tt.before != nil {
				tt.before(r, e)
			}
			if err := c.Begin(t.Context(), o.ID, nil); !errors.Is(err, tt.err) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			if tt.after != nil {
				tt.after(r, e)
			}
			r.cancelling(c)
			r.wantState(o.ID, tt.want)
			back := tt.want == esim.StateRefunded
			if got := r.Vendor.Balance() == balance; got != back {
				t.Errorf("the vendor has %d of %d", r.Vendor.Balance(), balance)
			}
			if got := len(r.bank.returned) == 1; got != back {
				t.Errorf("returned %v", r.bank.returned)
			}
			if kept := tt.after != nil && !back; (r.told(esim.NotifyNotCancelled) == 1) != kept {
				t.Errorf("the customer was told %d times that it stays", r.told(esim.NotifyNotCancelled))
			}
			if cost := r.balance(esim.AccountCost, esim.USD4); (cost == 0) != back {
				t.Errorf("the books say that it cost %d", cost)
			}
		})
	}
}

// A button stays in the chat when its order has moved on. What is still on its way, and what
// waits for a human, is not the customer's to cancel; staff may.
func TestACustomerCancelsOnlyWhatWasDelivered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		move func(r *rig) esim.Order
	}{
		{"allocated, and the QR message is not out", func(r *rig) esim.Order {
			o := r.paid(r.plan(), 1, 0)
			r.pass(10 * time.Minute)
			return o
		}},
		{"before a human", func(r *rig) esim.Order {
			o, _ := r.delivered()
			r.Must(r.DB.ApplyTransition(r.Context(), esim.Transition{Order: o.ID, From: esim.StateDelivered, To: esim.StateCancelling}))
			r.Must(r.DB.ApplyTransition(r.Context(), esim.Transition{Order: o.ID, From: esim.StateCancelling, To: esim.StateNeedsHuman}))
			return o
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			o := tt.move(r)
			c, was := r.canceller(), r.order(o.ID).State
			if err := c.Begin(t.Context(), o.ID, nil); !errors.Is(err, esim.ErrWrongState) {
				t.Errorf("the customer: %v", err)
			}
			r.wantState(o.ID, was)
			a := act("cancel")
			r.Must(c.Begin(t.Context(), o.ID, &a))
			r.wantState(o.ID, esim.StateCancelling)
		})
	}
}
