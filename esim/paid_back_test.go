package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Stars given back by the messenger's support stop the eSIM that was bought with them.
func TestARefundMadeElsewhereStopsTheESIM(t *testing.T) {
	for _, used := range []bool{false, true} {
		t.Run(map[bool]string{false: "unused", true: "in use"}[used], func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			o, e := r.delivered()
			if used {
				r.Must(r.Vendor.Install(string(e.ID)))
				r.Must(r.Vendor.Burn(string(e.ID), 50<<20))
				r.sweep()
			}
			id := "charge-" + string(o.ID)
			r.Vendor.Advance(time.Hour)
			rep := r.reconcile(stars{
				{ID: id, Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: o.PaidAt},
				{ID: id, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()},
			})
			r.cancelling(r.canceller())
			want, status := esim.Refunded, "CANCEL"
			if used {
				want, status = esim.NeedsHuman, "SUSPENDED"
			}
			r.wantState(o.ID, want)
			if p, _ := r.Vendor.Profile(string(e.ID)); p.EsimStatus != status {
				t.Errorf("the vendor has it %s, want %s", p.EsimStatus, status)
			}
			if (r.alerted(esim.AlertSuspended) == 1) != used {
				t.Errorf("the customer was told %v", r.alerts())
			}
			if rep.Refunds != 1 || len(r.bank.returned) != 0 || r.told(esim.NotifyNotCancelled) != 0 || (r.told(esim.StaffHuman) == 1) != used {
				t.Errorf("%+v, returned %v, staff told %d times", rep, r.bank.returned, r.told(esim.StaffHuman))
			}
		})
	}
}
