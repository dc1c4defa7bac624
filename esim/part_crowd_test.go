package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestAWaitEndsWhileTheVendorIsCrowded: two days are over and no look-up comes through, so nobody knows
// what may be live there. Nothing is refunded unseen and nothing waits for ever: the order comes before
// staff, and their Retry collects what came and takes nothing away that is here.
func TestAWaitEndsWhileTheVendorIsCrowded(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.Vendor.Advance(46 * time.Hour) // looked at all that time: TestWhatDoesNotComeIsRefundedForItsPart
	r.pass(time.Hour)
	r.deliver()
	r.Vendor.Down(true)
	r.pass(80 * time.Minute)
	r.wantState(o.ID, esim.StateAllocating)
	r.pass(20 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateNeedsHuman)
	r.wantCredit(esim.USDCents(0))
	if r.told(esim.StaffNeedsHuman) != 1 || len(r.bank.returned) != 0 {
		t.Errorf("staff told %d times, returned %v", r.told(esim.StaffNeedsHuman), r.bank.returned)
	}
	open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time())
	r.Must(err)
	if len(open.Human) != 1 {
		t.Errorf("in the daily reminder: %+v", open)
	}

	r.Vendor.Down(false)
	r.Must(r.Vendor.Deliver(r.order(o.ID).VendorOrder))
	r.Must(r.admin().Retry(t.Context(), o.ID, act("retry")))
	r.settle(10 * time.Minute)
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.told(esim.NotifyQR); n != 3 {
		t.Errorf("%d of 3 QR came", n)
	}
	r.booksAgree()
}
