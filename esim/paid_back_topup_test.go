package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// topUpPaidBack is an eSIM in use with a top-up whose Stars somebody else sent back.
func topUpPaidBack(t *testing.T) (r *rig, base, more esim.Order, e esim.ESIM) {
	t.Helper()
	r = newRig(t, sandbox.Options{})
	base, e = r.delivered()
	r.Must(r.Vendor.Install(string(e.ID)))
	r.Must(r.Vendor.Burn(string(e.ID), 50<<20))
	r.sweep()
	more = r.toppedUp(e)
	r.pass(time.Minute)
	r.wantState(more.ID, esim.StateDelivered)
	r.sentBackElsewhere(more)
	return r, base, more, e
}

// sentBackElsewhere is what reconciliation finds once the messenger's support has sent the Stars of
// an order back.
func (r *rig) sentBackElsewhere(o esim.Order) {
	r.Helper()
	r.Vendor.Advance(time.Hour)
	o = r.order(o.ID)
	id := "charge-" + string(o.ID)
	r.reconcile(stars{
		{ID: id, Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: o.PaidAt},
		{ID: id, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()},
	})
	r.deliver()
}

// What a top-up added cannot be taken off an eSIM that was paid for: it stays on, and staff are told,
// each day, until they decide what becomes of it.
func TestATopUpPaidBackElsewhereWaitsForStaff(t *testing.T) {
	t.Parallel()
	r, base, more, e := topUpPaidBack(t)
	r.wantState(more.ID, esim.StateNeedsHuman)
	r.wantState(base.ID, esim.StateDelivered)
	r.wantProfile(e, "IN_USE")
	r.sentBackElsewhere(more) // found again
	r.restart()
	r.sentBackElsewhere(more)
	if n := r.told(esim.StaffNeedsHuman); n != 1 {
		t.Errorf("staff were told %d times", n)
	}
	for range 3 {
		r.Vendor.Advance(24 * time.Hour)
		r.Must(r.admin().Remind(t.Context()))
	}
	r.deliver()
	if n := r.told(esim.StaffOpenItems); n != 3 {
		t.Errorf("staff were reminded %d times in three days", n)
	}
	if len(r.bank.returned) > 0 {
		t.Errorf("returned %v", r.bank.returned)
	}
}

// Whatever staff decide on the eSIM closes the case, and no money moves.
func TestStaffDecideOnATopUpPaidBackElsewhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, vendor string
		do           func(*esim.OrderAdmin, *rig, esim.Order, esim.ESIM) error
		paused       int // how often its customer is told that it stays so
	}{
		{"left as it is", "IN_USE", func(d *esim.OrderAdmin, r *rig, o esim.Order, _ esim.ESIM) error {
			return d.CloseCase(r.Context(), o.ID, act("leave"))
		}, 0},
		{"revoked", "REVOKE", func(d *esim.OrderAdmin, r *rig, _ esim.Order, e esim.ESIM) error {
			return d.Revoke(r.Context(), e.ID, act("revoke"))
		}, 0},
		{"suspended, and left so", "SUSPENDED", func(d *esim.OrderAdmin, r *rig, o esim.Order, e esim.ESIM) error {
			r.Must(d.Suspend(r.Context(), e.ID, act("suspend")))
			r.wantState(o.ID, esim.StateNeedsHuman)
			return d.CloseCase(r.Context(), o.ID, act("leave"))
		}, 1},
		{"suspended, and resumed", "IN_USE", func(d *esim.OrderAdmin, r *rig, o esim.Order, e esim.ESIM) error {
			r.Must(d.Suspend(r.Context(), e.ID, act("suspend")))
			r.wantState(o.ID, esim.StateNeedsHuman)
			return d.Resume(r.Context(), e.ID, act("resume"))
		}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, base, more, e := topUpPaidBack(t)
			r.Must(tt.do(r.admin(), r, more, e))
			r.settle(time.Hour)
			r.deliver()
			r.wantState(more.ID, esim.StateRefunded)
			r.wantState(base.ID, esim.StateDelivered)
			r.wantProfile(e, tt.vendor)
			r.wantSoundBooks()
			if n := r.alerted(esim.AlertStaysSuspended); n != tt.paused {
				t.Errorf("the customer was told %d times that it stays paused", n)
			}
			if open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time()); err != nil || open.Count() > 0 || len(r.bank.returned) > 0 {
				t.Errorf("%d still open, %v; returned %v", open.Count(), err, r.bank.returned)
			}
		})
	}
}

// The vendor's answer to a top-up is awaited when its Stars go back elsewhere: it shows that it was
// applied, and staff decide; it was not, and nothing is left to do.
func TestATopUpUnderWayIsPaidBackElsewhere(t *testing.T) {
	t.Parallel()
	for kind, want := range map[sandbox.FaultKind]esim.State{sandbox.LoseAnswer: esim.StateNeedsHuman, sandbox.LoseRequest: esim.StateRefunded} {
		r := newRig(t, sandbox.Options{})
		_, e := r.delivered()
		more := r.toppedUp(e)
		r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: kind, Count: 1})
		_, err := r.Fulfiller.Run(t.Context())
		r.Must(err)
		r.Fulfiller.Wait()
		if o := r.order(more.ID); !o.OutcomeUnknown {
			t.Fatalf("%s, and what became of it is known", o.State)
		}
		_, err = r.DB.PaymentRefundedElsewhere(t.Context(), "charge-"+string(more.ID), r.Vendor.Time(), nil)
		r.Must(err)
		r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.Refuse, Code: "310242"})
		r.settle(2 * time.Hour)
		r.wantState(more.ID, want)
		r.wantSoundBooks()
		if len(r.bank.returned) > 0 {
			t.Errorf("returned %v", r.bank.returned)
		}
	}
}

// The Stars of both an eSIM and its top-up went back elsewhere: it is suspended, and one decision
// closes both.
func TestAnESIMAndItsTopUpArePaidBackElsewhere(t *testing.T) {
	t.Parallel()
	r, base, more, e := topUpPaidBack(t)
	r.sentBackElsewhere(base)
	r.cancelling(r.canceller())
	r.wantProfile(e, "SUSPENDED")
	r.wantState(base.ID, esim.StateNeedsHuman)
	r.wantState(more.ID, esim.StateNeedsHuman)
	r.Must(r.admin().Revoke(t.Context(), e.ID, act("revoke")))
	r.wantState(base.ID, esim.StateRefunded)
	r.wantState(more.ID, esim.StateRefunded)
	r.wantSoundBooks()
}

// A top-up that only waits for staff's word does not stand against what they do with its eSIM's order.
func TestWhatWasToppedUpCanBeRefundedWhileStaffDecide(t *testing.T) {
	t.Parallel()
	r, base, more, _ := topUpPaidBack(t)
	r.Must(r.admin().Refund(t.Context(), base.ID, act("kindness")))
	r.Must(r.admin().CloseCase(t.Context(), more.ID, act("leave")))
	r.settle(time.Hour)
	r.wantState(base.ID, esim.StateRefunded)
	r.wantState(more.ID, esim.StateRefunded)
	r.wantSoundBooks()
}

// Of a top-up that store credit paid in part only the Stars went back: the credit stays what it was
// until staff decide, and comes back with that.
func TestAMixedTopUpIsPaidBackElsewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	r.Must(r.Vendor.Install(string(e.ID)))
	r.Must(r.grant("start", 100))
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	offers, err := r.topUps().Offers(t.Context(), e, 0)
	r.Must(err)
	plan := offers[len(offers)-1].Plan
	quotes, err := r.Checkout.QuotesBeside(esim.USDCents(100), func(m esim.PaymentMethod) (esim.Quote, error) {
		return r.Checkout.Pricing.QuoteWith(m, plan, 1, 0)
	})
	r.Must(err)
	q := quotes[0]
	more, err := r.topUps().Begin(t.Context(), e, esim.PurchaseRequest{
		Customer: ann, PlanCode: plan.Code, Quantity: 1, Days: q.Days, Method: q.Method, Seen: q.Price, Credit: q.Credit,
	})
	r.Must(err)
	r.pay(more, "charge-"+string(more.ID))
	r.pass(time.Minute)
	r.wantState(more.ID, esim.StateDelivered)
	r.sentBackElsewhere(more)
	r.wantState(more.ID, esim.StateNeedsHuman)
	r.wantCredit(esim.USDCents(0))
	r.Must(r.admin().CloseCase(t.Context(), more.ID, act("leave")))
	r.settle(time.Hour)
	r.wantState(more.ID, esim.StateRefunded)
	r.wantCredit(esim.USDCents(100))
	r.wantSoundBooks()
}
