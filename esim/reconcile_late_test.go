package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestALateESIMThatCannotBeCancelledHoldsNothingUp: eSIMs came after their orders were refunded, and the
// vendor never takes them back, whether it refuses or fails at each try. The comparison goes on past them,
// finds a stranger behind, and staff read of them each day until they are gone.
func TestALateESIMThatCannotBeCancelledHoldsNothingUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault sandbox.Fault
		stuck bool // told as something that keeps failing; else as nobody's
	}{
		{"it refuses", sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.Refuse, Code: "200002"}, false},
		{"it fails", sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.Refuse, Code: "000001"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{AllocationTime: 10 * time.Minute})
			_, err := r.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "a stranger's", Plan: r.plan(), Quantity: 1})
			r.Must(err)
			o := r.paid(r.plan(), 2, 0) // newer, so it stands before the stranger in the vendor's list
			r.pass(time.Minute)
			r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
			r.Must(r.Refunder.Run(t.Context()))
			r.Vendor.Advance(15 * time.Minute)
			r.Vendor.Break(tt.fault)
			stuck := 0
			for day := range 3 {
				for range 8 {
					rep, err := r.Reconciler.Run(t.Context(), true)
					if (err != nil) != tt.stuck || rep.Profiles != 3 || rep.Late != 0 {
						t.Fatalf("day %d: %+v, %v", day, rep, err)
					}
					r.Vendor.Advance(3 * time.Hour)
				}
				r.Must(r.admin().Remind(t.Context()))
				r.deliver()
				if open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time()); err != nil || (len(open.UnmatchedESIMs) == 3) == tt.stuck {
					t.Errorf("day %d: in the reminder %v, %v", day, open.UnmatchedESIMs, err)
				}
				if now := r.told(esim.StaffStuck); (now > stuck) != tt.stuck {
					t.Errorf("day %d: staff were told %d times that it keeps failing", day, now-stuck)
				} else {
					stuck = now
				}
			}
			if n := r.told(esim.StaffUnmatchedESIM); n != 3 && !tt.stuck || n != 1 && tt.stuck {
				t.Errorf("staff were told of %d eSIMs of nobody", n)
			}
			if n := r.told(esim.StaffOpenItems); n < 2 {
				t.Errorf("%d daily reminders", n)
			}
			r.Vendor.Mend()
			if rep := r.reconcile(nil); rep.Late != 2 {
				t.Errorf("mended: %+v", rep)
			}
		})
	}
}
