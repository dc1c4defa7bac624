package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// One eSIM of several that is here is given back while the others are still to come; these are
// awaited as before.
func TestAReadyESIMIsGivenBackWhileOthersAreToCome(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	if len(esims) != 2 {
		t.Fatalf("%d eSIMs are here", len(esims))
	}
	if err := r.Canceller.Begin(t.Context(), o.ID, nil); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("all of it, of which one is to come: %v", err)
	}
	r.Must(r.Canceller.BeginOne(t.Context(), esims[0]))
	r.cancelling(r.Canceller)
	r.wantState(o.ID, esim.StateAllocating)
	r.wantCredit(o.PartCredit())
	r.Must(r.Vendor.Deliver(r.order(o.ID).VendorOrder))
	r.pass(10 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	now := r.order(o.ID)
	if now.Returned != 1 || now.Missing != 0 || r.told(esim.NotifyQR) != 3 {
		t.Errorf("%d returned, %d missing, %d QR", now.Returned, now.Missing, r.told(esim.NotifyQR))
	}
	r.wantCredit(o.PartCredit())
	if faults, err := r.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
}

// Giving one back while others are to come does not make their buyer wait any longer for these.
func TestGivingOneBackDoesNotRestartTheWaitForOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	for _, e := range esims[:2] {
		r.Vendor.Advance(20 * time.Hour)
		r.Must(r.Canceller.BeginOne(t.Context(), e))
		r.cancelling(r.Canceller)
		r.wantState(o.ID, esim.StateAllocating)
	}
	r.pass(7 * time.Hour)
	r.wantState(o.ID, esim.StateAllocating)
	r.pass(3 * time.Hour)
	r.deliver()
	r.Must(r.Refunder.Run(t.Context()))
	if now := r.order(o.ID); now.State == esim.StateAllocating {
		t.Errorf("after 50 hours it still waits: %s", now.Reason)
	}
}

// A vendor that refuses to take it back keeps nobody from the others.
func TestARefusedCancelKeepsNobodyFromTheOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.pass(time.Minute)
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	r.Must(r.Canceller.BeginOne(t.Context(), esims[0]))
	r.Vendor.Break(sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.Refuse, Code: "000001"})
	for range 30 {
		r.cancelling(r.Canceller)
		r.Vendor.Advance(time.Hour)
	}
	r.wantState(o.ID, esim.StateAllocating)
	r.Must(r.Vendor.Deliver(r.order(o.ID).VendorOrder))
	r.pass(10 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if r.told(esim.NotifyQR) != 3 || r.told(esim.StaffNeedsHuman) != 1 {
		t.Errorf("%d QR, staff told %d times", r.told(esim.NotifyQR), r.told(esim.StaffNeedsHuman))
	}
}

// What is about to lapse is given back also where the messenger took none of its messages.
func TestUnusedThatWasNeverDeliveredGoesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	r.pass(time.Minute)
	r.wantState(o.ID, esim.StateAllocating)
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	r.lapsesIn(esims[0], 11*time.Hour)
	r.Must(r.Canceller.CancelUnused(t.Context()))
	r.cancelling(r.Canceller)
	r.wantState(o.ID, esim.StateRefunded)
	if len(r.bank.returned) != 1 {
		t.Errorf("returned %v", r.bank.returned)
	}
}

// Where money stays here though nobody used what it bought, staff hear of it, once.
func TestStaffHearOfUnusedThatDoesNotGoBack(t *testing.T) {
	t.Parallel()
	t.Run("topped up", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, sandbox.Options{})
		o, e := r.delivered()
		r.toppedUp(e)
		r.pass(20 * time.Minute)
		r.lapsesIn(e, 11*time.Hour)
		for range 3 {
			r.Must(r.Canceller.CancelUnused(t.Context()))
		}
		r.deliver()
		r.wantState(o.ID, esim.StateDelivered)
		if n := r.told(esim.StaffToppedUpUnused); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
	t.Run("lapsed while the shop was off", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, sandbox.Options{})
		_, e := r.delivered()
		r.lapsesIn(e, -time.Hour)
		for range 3 {
			r.Must(r.Watcher.Remind(t.Context()))
			r.sweep()
		}
		r.deliver()
		if n, customer := r.told(esim.StaffLapsed), r.alerted(esim.AlertLapsed); n != 1 || customer != 1 {
			t.Errorf("staff told %d times, the customer %d", n, customer)
		}
	})
	t.Run("given back in time", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, sandbox.Options{})
		_, e := r.delivered()
		r.lapsesIn(e, 11*time.Hour)
		r.Must(r.Canceller.CancelUnused(t.Context()))
		r.cancelling(r.Canceller)
		r.lapsesIn(e, -time.Hour)
		r.Must(r.Watcher.Remind(t.Context()))
		r.sweep()
		r.deliver()
		if n := r.told(esim.StaffLapsed); n != 0 {
			t.Errorf("told %d times of what was given back", n)
		}
	})
}
