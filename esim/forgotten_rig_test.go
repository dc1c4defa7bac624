package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestAGiftWhoseHolderWasForgottenGoesBackToItsBuyer: who paid for it is there, and nobody used it: on its last day it is given
// back as every unused eSIM is. One that was put on a phone meanwhile stays.
func TestAGiftWhoseHolderWasForgottenGoesBackToItsBuyer(t *testing.T) {
	t.Parallel()
	for name, used := range map[string]bool{"unused": false, "on a phone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o, e := r.delivered()
			lapses := e.Expires
			r.give(e)
			r.Must(r.DB.Forget(t.Context(), bob))
			if used {
				r.Must(r.Vendor.Install(string(e.ID)))
			}
			r.Vendor.Advance(lapses.Sub(r.Vendor.Time()) - 48*time.Hour)
			r.Must(r.Canceller.CancelUnused(t.Context()))
			r.wantState(o.ID, esim.StateDelivered)
			r.Vendor.Advance(37 * time.Hour)
			for range 2 {
				r.Must(r.Canceller.CancelUnused(t.Context()))
				_, err := r.Canceller.Run(t.Context())
				r.Must(err)
				r.ending()
			}
			want, back := esim.StateRefunded, 1
			if used {
				want, back = esim.StateDelivered, 0
			}
			r.wantState(o.ID, want)
			if len(r.bank.returned) != back {
				t.Errorf("sent back: %v", r.bank.returned)
			}
			r.wantSoundBooks()
		})
	}
}

// TestWhatTheVendorTakesOfWhoWasForgottenIsBooked: there is nobody whose money it was; ours is back, once for each eSIM, and
// staff read of it.
func TestWhatTheVendorTakesOfWhoWasForgottenIsBooked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		eSIMs         int
		before, after int // cancelled at the vendor, before the customer was forgotten and after
	}{
		"one":                                {1, 0, 1},
		"one of two":                         {2, 0, 1},
		"both, one by one":                   {2, 0, 2},
		"one of two before":                  {2, 1, 0},
		"one of three before, and one since": {3, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o := r.paid(r.plan(), tt.eSIMs, 0)
			r.pass(time.Minute)
			r.deliver()
			r.wantState(o.ID, esim.StateDelivered)
			esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
			r.Must(err)
			compares := func() {
				r.Vendor.Advance(24 * time.Hour)
				rep, err := r.Reconciler.Run(t.Context(), true)
				r.Must(err)
				if rep.Off.Minor != 0 {
					t.Errorf("our account is off by %s", rep.Off)
				}
				r.deliver()
			}
			compares()
			for _, e := range esims[:tt.before] {
				r.Must(r.Vendor.Cancel(string(e.ID)))
				r.Must(r.Watcher.Refresh(t.Context(), e.ID))
				r.ending()
				compares()
			}
			told := r.told(esim.StaffWithdrawn)
			r.Must(r.DB.Forget(t.Context(), ann))
			for _, e := range esims[tt.before : tt.before+tt.after] {
				r.Must(r.Vendor.Cancel(string(e.ID)))
				compares()
				compares()
			}
			compares()
			if n := r.told(esim.StaffWithdrawn) - told; n != tt.after || len(r.bank.returned) != 0 {
				t.Errorf("staff were told %d times, sent back: %v", n, r.bank.returned)
			}
			if n, whole, err := r.DB.CostsCameBack(t.Context(), o.ID); err != nil || n != tt.before+tt.after && !whole {
				t.Errorf("the cost of %d came back, of all %t, %v", n, whole, err)
			}
			r.wantSoundBooks()
		})
	}
}

// TestADebtIsForgottenWithItsCustomer: what they owed is written off, not left in the books under nobody, and they begin without
// it if they come back.
func TestADebtIsForgottenWithItsCustomer(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	o, err := r.rescued(ann, e, "a")
	r.Must(err)
	if err := r.DB.Forget(t.Context(), ann); !errors.Is(err, esim.ErrStillOpen) {
		t.Errorf("forgotten while the data is on its way: %v", err)
	}
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.wantCredit(esim.USDCents(-o.Price.Minor))
	r.Must(r.DB.Forget(t.Context(), ann))
	r.wantSoundBooks()
	r.wantCredit(esim.USDCents(0))
	kept, err := r.DB.Order(t.Context(), o.ID)
	if err != nil || !kept.Customer.Forgotten() {
		t.Errorf("the order is %d's, %v", kept.Customer, err)
	}
	if owed, err := r.DB.Credit(t.Context(), kept.Customer); err != nil || owed.Minor != 0 {
		t.Errorf("nobody owes %s, %v", owed, err)
	}
}
