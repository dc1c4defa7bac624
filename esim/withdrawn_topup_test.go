package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// wantVendorBooks checks that the books say of our account at the vendor what the vendor says.
func (r *rig) wantVendorBooks() {
	r.Helper()
	r.wantSoundBooks()
	balances, err := r.DB.Balances(r.Context())
	r.Must(err)
	var booked int64
	for _, m := range balances[esim.AccountVendor] {
		booked += m.Minor
	}
	if spent := r.Vendor.Spent(""); booked != -spent {
		r.Errorf("the books say that the vendor got %d, it has %d", -booked, spent)
	}
}

// unusedAndToppedUp is an order of eSIMs of which nobody used one, and a top-up of the first.
func unusedAndToppedUp(t *testing.T, quantity int) (r *rig, base, more esim.Order, esims []esim.ESIM) {
	t.Helper()
	r = newRig(t, sandbox.Options{})
	base, esims = r.bought(r.withTopUps(false), quantity, 0)
	more = r.toppedUp(esims[0])
	r.pass(time.Minute)
	r.deliver()
	r.wantState(more.ID, esim.StateDelivered)
	return r, base, more, esims
}

// lookedAt is what follows when a look finds out what the vendor did to an eSIM; a second one finds no
// more.
func (r *rig) lookedAt(e esim.ESIM) {
	r.Helper()
	for range 2 {
		r.Must(r.Watcher.Refresh(r.Context(), e.ID))
		r.settle(time.Hour)
		r.deliver()
	}
}

// The vendor takes back an eSIM that nobody used, though it was topped up: what was paid for both goes
// back by itself, and what the vendor gave back is booked.
func TestWhatWasToppedUpAndIsTakenBackGoesBackWithItsTopUps(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(*rig) func(string) error{
		"cancelled": func(r *rig) func(string) error { return r.Vendor.Cancel },
		"revoked":   func(r *rig) func(string) error { return r.Vendor.Revoke },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, base, more, esims := unusedAndToppedUp(t, 1)
			r.Must(take(r)(string(esims[0].ID)))
			r.lookedAt(esims[0])
			r.wantState(base.ID, esim.StateRefunded)
			r.wantState(more.ID, esim.StateRefunded)
			if len(r.bank.returned) != 2 || r.alerted(esim.AlertTakenBack) != 1 || r.told(esim.StaffWithdrawn) != 1 {
				t.Errorf("returned %v, the customer told %d times, staff %d", r.bank.returned, r.alerted(esim.AlertTakenBack), r.told(esim.StaffWithdrawn))
			}
			r.wantVendorBooks()
		})
	}
}

// Of two eSIMs the one that was topped up is taken back: its part becomes store credit, and its top-up
// goes back the way it came. The other stays.
func TestOneOfTwoThatWasToppedUpIsTakenBack(t *testing.T) {
	t.Parallel()
	r, base, more, esims := unusedAndToppedUp(t, 2)
	r.Must(r.Vendor.Cancel(string(esims[0].ID)))
	r.lookedAt(esims[0])
	r.wantState(base.ID, esim.StateDelivered)
	r.wantState(more.ID, esim.StateRefunded)
	r.wantCredit(base.PartCredit())
	if len(r.bank.returned) != 1 {
		t.Errorf("returned %v", r.bank.returned)
	}
	r.wantVendorBooks()
}

// What staff gave back, or the messenger's support, does not go back twice when the vendor takes the
// eSIM; what the vendor gives back for it is booked.
func TestATopUpWhoseMoneyIsBackIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(*rig, esim.Order){
		"by staff":  func(r *rig, o esim.Order) { r.Must(r.admin().Refund(r.Context(), o.ID, act("refund"))) },
		"elsewhere": func(r *rig, o esim.Order) { r.sentBackElsewhere(o) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, base, more, esims := unusedAndToppedUp(t, 1)
			back(r, more)
			r.settle(time.Hour)
			before := len(r.bank.returned)
			r.Must(r.Vendor.Cancel(string(esims[0].ID)))
			r.lookedAt(esims[0])
			r.wantState(base.ID, esim.StateRefunded)
			r.wantState(more.ID, esim.StateRefunded)
			if n := len(r.bank.returned) - before; n != 1 {
				t.Errorf("%d payments went back, want that of the eSIM", n)
			}
			r.wantVendorBooks()
		})
	}
}

// The answer to a top-up is lost, and the vendor takes the eSIM back before we ask again: whichever look
// finds that out first, both go back.
func TestATopUpUnderWayIsTakenBackWithItsESIM(t *testing.T) {
	t.Parallel()
	for name, seen := range map[string]bool{"seen by a look": true, "seen by the top-up": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			base, esims := r.bought(r.withTopUps(false), 1, 0)
			more := r.toppedUp(esims[0])
			r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.LoseAnswer, Count: 1})
			_, err := r.Fulfiller.Run(t.Context())
			r.Must(err)
			r.Fulfiller.Wait()
			r.Must(r.Vendor.Cancel(string(esims[0].ID)))
			if seen {
				r.Must(r.Watcher.Refresh(t.Context(), esims[0].ID))
			}
			r.settle(3 * time.Hour)
			r.lookedAt(esims[0])
			r.wantState(base.ID, esim.StateRefunded)
			r.wantState(more.ID, esim.StateRefunded)
			if len(r.bank.returned) != 2 {
				t.Errorf("returned %v", r.bank.returned)
			}
			r.wantVendorBooks()
		})
	}
}

// The vendor refused so often to take an eSIM back that its order waits for a human; then it does take
// it back: the money goes back, and nothing waits any more.
func TestWhatStaffWereToSeeToIsTakenBackAfterAll(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	base, esims := r.bought(r.plan(), 1, 0)
	r.Must(r.Canceller.Begin(t.Context(), base.ID, nil))
	r.Vendor.Break(sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.Refuse, Code: "200002"})
	r.settle(48 * time.Hour)
	r.wantState(base.ID, esim.StateNeedsHuman)
	r.Must(r.Vendor.Cancel(string(esims[0].ID)))
	r.lookedAt(esims[0])
	r.wantState(base.ID, esim.StateRefunded)
	if len(r.bank.returned) != 1 {
		t.Errorf("returned %v", r.bank.returned)
	}
	r.wantVendorBooks()
}
