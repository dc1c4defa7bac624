package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// An order before a human whose purchase stands at the vendor under a key of before its database was
// lost is not bought a second time by Retry: the list is looked at first.
func TestRetryFindsWhatWasBoughtUnderAnEarlierKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	r.Must(r.DB.ApplyTransition(t.Context(), r.order(o.ID).TransitionTo(esim.StateNeedsHuman, "the vendor lists no eSIM for it", r.Vendor.Time())))
	_, err := r.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "eb-" + string(o.ID) + "-OFTHELOSTDATABASE", Plan: o.Plan, Quantity: 1})
	r.Must(err)
	r.Vendor.Advance(time.Minute)
	r.Must(r.Admin.Retry(t.Context(), o.ID, act("retry")))
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.Vendor.Charged(""); n != 1 {
		t.Errorf("the vendor charged %d times", n)
	}
}
