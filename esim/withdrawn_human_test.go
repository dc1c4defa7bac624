package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestWhatTheVendorTakesFromAnOrderBeforeStaffIsBooked: one of several eSIMs is cancelled at the vendor
// while staff have the order before them. Whatever they decide, what the vendor gave back for it stands
// in the books once, or its balance would never agree.
func TestWhatTheVendorTakesFromAnOrderBeforeStaffIsBooked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		taken  int
		decide func(r *rig, o esim.Order)
	}{
		{"one of three, refunded", 1, func(r *rig, o esim.Order) { r.Must(r.admin().Refund(t.Context(), o.ID, act("refund"))) }},
		{"two of three, refunded", 2, func(r *rig, o esim.Order) { r.Must(r.admin().Refund(t.Context(), o.ID, act("refund"))) }},
		{"one of three, refunded, and the others later", 1, func(r *rig, o esim.Order) {
			r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
			r.ending()
			for _, v := range r.Vendor.Profiles() {
				if v.EsimStatus != "CANCEL" {
					r.Must(r.Vendor.Cancel(v.EsimTranNo))
				}
			}
		}},
		{"one of three, cancelled", 1, func(r *rig, o esim.Order) {
			r.Must(r.admin().Cancel(t.Context(), o.ID, act("cancel")))
			r.cancelling(r.Canceller)
		}},
		{"all three, one after the other", 3, func(*rig, esim.Order) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			before := r.Vendor.Balance()
			o, esims := r.bought(r.plan(), 3, 0)
			o = r.order(o.ID)
			r.Must(r.DB.ApplyTransition(t.Context(), o.TransitionTo(esim.StateNeedsHuman, "test", r.Vendor.Time())))
			for _, e := range esims[:tt.taken] {
				r.Must(r.Vendor.Cancel(string(e.ID)))
				r.sweep()
			}
			tt.decide(r, o)
			r.sweep()
			r.ending()
			r.wantState(o.ID, esim.StateRefunded)
			books, err := r.DB.VendorBooks(t.Context())
			r.Must(err)
			if spent := before - r.Vendor.Balance(); books.Balance.Minor != -spent {
				t.Errorf("the vendor took %d in all, the books have %s", spent, books.Balance)
			}
			r.booksAgree()
		})
	}
}

// An eSIM that the vendor revokes while it is being given back was not installed: nobody has it, and its order comes before staff
// instead of ending as kept, with the money.
func TestARevokeWhileItIsGivenBackComesBeforeStaff(t *testing.T) {
	t.Parallel()
	for _, quantity := range []int{1, 2} {
		r := newRig(t, sandbox.Options{})
		o := r.paid(r.plan(), quantity, 0)
		r.pass(time.Minute)
		r.deliver()
		esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
		r.Must(err)
		r.Must(r.canceller().Begin(t.Context(), o.ID, nil))
		r.Must(r.Vendor.Revoke(string(esims[0].ID)))
		r.cancelling(r.canceller())
		r.deliver()
		r.wantState(o.ID, esim.StateNeedsHuman)
		if n := r.told(esim.StaffNeedsHuman); n != 1 {
			t.Errorf("of %d: staff are told %d times", quantity, n)
		}
		r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
		r.Must(r.Refunder.Run(t.Context()))
		r.wantState(o.ID, esim.StateRefunded)
		r.wantSoundBooks()
	}
}

// One that the vendor suspends meanwhile was not installed either: it is given back when the vendor lets it go, and staff hear of it.
func TestASuspensionWhileItIsGivenBackIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, ends := range []bool{true, false} {
		r := newRig(t, sandbox.Options{})
		o, e := r.delivered()
		r.Must(r.canceller().Begin(t.Context(), o.ID, nil))
		r.Must(r.Vendor.Suspend(string(e.ID)))
		for i := range 60 {
			_, err := r.canceller().Run(t.Context())
			r.Must(err)
			if i == 20 && ends {
				r.wantState(o.ID, esim.StateCancelling)
				r.Must(r.Vendor.Unsuspend(string(e.ID)))
			}
			r.Vendor.Advance(30 * time.Minute)
		}
		r.Must(r.Refunder.Run(t.Context()))
		r.deliver()
		if ends {
			r.wantState(o.ID, esim.StateRefunded)
		} else {
			r.wantState(o.ID, esim.StateNeedsHuman)
		}
		r.wantSoundBooks()
	}
}
