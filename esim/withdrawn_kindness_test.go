package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Staff give the money back as a kindness, and the vendor takes the eSIM back afterwards: what it gives
// back for it is booked, once.
func TestWhatTheVendorTakesBackAfterAKindnessIsBooked(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.bought(r.plan(), 1, 0)
	r.Must(r.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{Who: 1, What: "refund", Order: o.ID, Why: "a kindness"}))
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateRefunded)
	r.Must(r.Vendor.Cancel(string(esims[0].ID)))
	for range 2 {
		r.Must(r.Watcher.Refresh(t.Context(), esims[0].ID))
	}
	balances, err := r.DB.Balances(t.Context())
	r.Must(err)
	if booked := balances[esim.AccountVendor]; len(booked) > 0 || r.Vendor.Spent("") != 0 {
		t.Errorf("the books say that the vendor has %v, it has %d", booked, r.Vendor.Spent(""))
	}
}
