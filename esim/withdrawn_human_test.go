package esim_test

import (
	"testing"

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
