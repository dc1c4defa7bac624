package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Stars given back by the messenger's support stop the eSIM that was bought with them.
func TestARefundMadeElsewhereStopsTheESIM(t *testing.T) {
	t.Parallel()
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
			want, status := esim.StateRefunded, "CANCEL"
			if used {
				want, status = esim.StateNeedsHuman, "SUSPENDED"
			}
			r.wantState(o.ID, want)
			if p, _ := r.Vendor.Profile(string(e.ID)); p.EsimStatus != status {
				t.Errorf("the vendor has it %s, want %s", p.EsimStatus, status)
			}
			if (r.alerted(esim.AlertSuspended) == 1) != used {
				t.Errorf("the customer was told %v", r.alerts())
			}
			if rep.Refunds != 1 || len(r.bank.returned) != 0 || r.told(esim.NotifyNotCancelled) != 0 || (r.told(esim.StaffNeedsHuman) == 1) != used {
				t.Errorf("%+v, returned %v, staff told %d times", rep, r.bank.returned, r.told(esim.StaffNeedsHuman))
			}
		})
	}
}

// An eSIM whose payment went back elsewhere, and which staff have resumed, is its customer's: more data
// can be bought for it, and is applied.
func TestAnESIMThatStaffResumedCanBeToppedUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, e := r.delivered()
	r.Must(r.Vendor.Install(string(e.ID)))
	r.Must(r.Vendor.Burn(string(e.ID), 50<<20))
	r.sweep()
	_, err := r.DB.PaymentRefundedElsewhere(t.Context(), "charge-"+string(o.ID), r.Vendor.Time(), nil)
	r.Must(err)
	r.cancelling(r.canceller())
	r.wantState(o.ID, esim.StateNeedsHuman)
	r.Must(r.admin().Resume(t.Context(), e.ID, act("resume")))
	r.wantState(o.ID, esim.StateRefunded)
	e, err = r.DB.ESIM(t.Context(), e.ID)
	r.Must(err)
	more := r.toppedUp(e)
	r.pass(20 * time.Minute)
	r.wantState(more.ID, esim.StateDelivered)
	if p, _ := r.Vendor.Profile(string(e.ID)); p.Total <= e.Total {
		t.Errorf("%d bytes, as before", p.Total)
	}
}

// Of two eSIMs one is in use, or lapsed unused, when the payment goes back elsewhere: the other is
// cancelled, and the books have what the vendor gave back for it.
func TestOfAnOrderPaidBackElsewhereTheUnusedIsBookedAsGivenBack(t *testing.T) {
	t.Parallel()
	t.Run("in use", func(t *testing.T) {
		unusedBesideIsBooked(t, func(r *rig, e esim.ESIM) {
			r.Must(r.Vendor.Install(string(e.ID)))
			r.Must(r.Vendor.Burn(string(e.ID), 50<<20))
		})
	})
	t.Run("lapsed", func(t *testing.T) {
		unusedBesideIsBooked(t, func(r *rig, e esim.ESIM) { r.Must(r.Vendor.Expire(string(e.ID))) })
	})
}

func unusedBesideIsBooked(t *testing.T, becomes func(*rig, esim.ESIM)) {
	t.Helper()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(2)
	becomes(r, esims[0])
	r.sweep()
	payments, err := r.DB.PaymentsOf(t.Context(), o.ID)
	r.Must(err)
	r.Vendor.Advance(time.Hour)
	r.reconcile(stars{
		{ID: payments[0].ID, Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: o.PaidAt},
		{ID: payments[0].ID, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()},
	})
	r.cancelling(r.canceller())
	r.wantState(o.ID, esim.StateNeedsHuman)
	balances, err := r.DB.Balances(t.Context())
	r.Must(err)
	if got, want := balances[esim.AccountVendor], -r.Vendor.Spent(""); len(got) != 1 || got[0].Minor != want || want != -o.Wholesale.Minor/2 {
		t.Errorf("the books have %v at the vendor, it has %d", got, want)
	}
	r.wantCredit(esim.USDCents(0))
	faults, err := r.DB.LedgerFaults(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("faults in the books: %v %v", faults, err)
	}
}
