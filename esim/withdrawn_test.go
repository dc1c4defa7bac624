package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// alerted counts the alerts of a kind that customers got.
func (r *rig) alerted(k esim.AlertKind) int {
	n := 0
	for _, s := range r.sent {
		if s.Kind == esim.NotifyAlert && s.Alert == k {
			n++
		}
	}
	return n
}

// ending lets refunds and messages out.
func (r *rig) ending() {
	r.Helper()
	r.Must(r.Refunder.Run(r.Context()))
	r.deliver()
}

// What the vendor takes back before it was used, we give back, and say so.
func TestWhatTheVendorTakesBackWeGiveBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		take func(r *rig, o esim.Order)
		paid bool // taken before the vendor's eSIM was collected
		qr   int
		told esim.AlertKind // "": it was never the customer's
	}{
		{name: "cancelled after acceptance", paid: true, take: func(r *rig, o esim.Order) { r.each(o, r.Vendor.Cancel) }},
		{name: "revoked after acceptance", paid: true, take: func(r *rig, o esim.Order) { r.Vendor.Advance(time.Minute); r.each(o, r.Vendor.Revoke) }},
		{name: "cancelled before the QR was out", told: esim.AlertTakenBack, take: func(r *rig, o esim.Order) { r.each(o, r.Vendor.Cancel) }},
		{name: "cancelled when delivered", qr: 1, told: esim.AlertTakenBack, take: func(r *rig, o esim.Order) { r.deliver(); r.each(o, r.Vendor.Cancel) }},
		{name: "revoked when delivered", qr: 1, told: esim.AlertTakenBack, take: func(r *rig, o esim.Order) { r.deliver(); r.each(o, r.Vendor.Revoke) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			o := r.paid(r.plan(), 1, 0)
			if tt.paid {
				r.pass(0) // accepted
			} else {
				r.pass(time.Minute)
			}
			tt.take(r, o)
			r.pass(time.Hour)
			r.sweep()
			r.ending()
			r.wantState(o.ID, esim.StateRefunded)
			if len(r.bank.returned) != 1 || r.told(esim.NotifyQR) != tt.qr || r.told(esim.StaffWithdrawn) != 1 {
				t.Errorf("returned %v, %d QR, staff told %d times", r.bank.returned, r.told(esim.NotifyQR), r.told(esim.StaffWithdrawn))
			}
			if tt.told != "" && r.alerted(tt.told) != 1 {
				t.Errorf("the customer was told %d times", r.alerted(tt.told))
			}
		})
	}
}

// each does something to all eSIMs that the vendor has of an order.
func (r *rig) each(o esim.Order, do func(string) error) {
	r.Helper()
	n := 0
	for _, v := range r.Vendor.Profiles() {
		if v.TransactionID == o.IdempotencyKey {
			r.Must(do(v.EsimTranNo))
			n++
		}
	}
	if n == 0 {
		r.Fatalf("the vendor has nothing of order %s", o.ID)
	}
}

// One of several unused becomes store credit; of one in use staff decide. The customer has a word of it.
func TestWhatTheVendorTakesInPartComesBeforeStaff(t *testing.T) {
	t.Parallel()
	t.Run("one of two", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o := r.paid(r.plan(), 2, 0)
		r.pass(time.Minute)
		r.deliver()
		esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
		r.Must(err)
		r.Must(r.Vendor.Cancel(string(esims[0].ID)))
		r.sweep()
		r.ending()
		r.wantState(o.ID, esim.StateDelivered)
		if r.told(esim.StaffWithdrawn) != 1 || r.alerted(esim.AlertTakenBack) != 1 || len(r.bank.returned) != 0 {
			t.Errorf("staff told %d times, the customer %d, returned %v", r.told(esim.StaffWithdrawn), r.alerted(esim.AlertTakenBack), r.bank.returned)
		}
		r.wantCredit(o.PartCredit())
		r.Must(r.Vendor.Cancel(string(esims[1].ID))) // and then the other
		r.sweep()
		r.ending()
		r.wantState(o.ID, esim.StateRefunded)
		r.wantCredit(o.Retail)
	})
	t.Run("both at once go back the way the money came", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o := r.paid(r.plan(), 2, 0)
		r.pass(time.Minute)
		r.deliver()
		r.each(o, r.Vendor.Cancel)
		r.sweep()
		r.ending()
		r.wantState(o.ID, esim.StateRefunded)
		r.wantCredit(esim.USDCents(0))
		if len(r.bank.returned) != 1 {
			t.Errorf("returned %v", r.bank.returned)
		}
	})
	t.Run("in use and revoked", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o, e := r.delivered()
		r.Must(r.Vendor.Install(string(e.ID)))
		r.Must(r.Vendor.Burn(string(e.ID), 50<<20))
		r.sweep()
		r.Must(r.Vendor.Revoke(string(e.ID)))
		r.sweep()
		r.ending()
		r.wantState(o.ID, esim.StateDelivered)
		if r.told(esim.StaffWithdrawn) != 1 || r.alerted(esim.AlertWithdrawn) != 1 {
			t.Errorf("staff told %d times, the customer %d", r.told(esim.StaffWithdrawn), r.alerted(esim.AlertWithdrawn))
		}
	})
	t.Run("revoked by staff", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o, e := r.delivered()
		r.Must(r.admin().Revoke(t.Context(), e.ID, act("revoke")))
		r.ending()
		r.wantState(o.ID, esim.StateDelivered)
		if len(r.bank.returned) != 0 || r.alerted(esim.AlertWithdrawn) != 1 {
			t.Errorf("returned %v, the customer told %d times", r.bank.returned, r.alerted(esim.AlertWithdrawn))
		}
	})
	t.Run("suspended", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		_, e := r.delivered()
		r.Must(r.Vendor.Install(string(e.ID)))
		r.Must(r.Vendor.Burn(string(e.ID), 1<<20))
		r.Must(r.Vendor.Suspend(string(e.ID)))
		r.sweep()
		r.sweep()
		r.ending()
		if r.alerted(esim.AlertSuspended) != 1 {
			t.Errorf("the customer was told %d times", r.alerted(esim.AlertSuspended))
		}
	})
}
