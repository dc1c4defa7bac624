package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

const topUpCall = "esim/topup"

// toppedUp orders and pays the cheapest top-up of an eSIM.
func (r *rig) toppedUp(e esim.ESIM) esim.Order {
	r.Helper()
	s := r.topUps()
	offers, err := s.Offers(r.Context(), e, 0)
	r.Must(err)
	q := offers[0]
	for _, o := range offers { // the one whose price moves with that of the eSIM's own plan
		if o.Plan.Slug == e.Plan.Slug {
			q = o
		}
	}
	o, err := s.Begin(r.Context(), e, esim.PurchaseRequest{Customer: ann, PlanCode: q.Plan.Code, Quantity: 1, Days: q.Days, Seen: q.Price})
	r.Must(err)
	if b := r.pay(o, "charge-"+string(o.ID)); b != esim.PaymentBooked {
		r.Fatalf("booking %d", b)
	}
	return o
}

func TestTopUp(t *testing.T) {
	t.Parallel()
	fault := func(k sandbox.FaultKind, code string, count int) *sandbox.Fault {
		return &sandbox.Fault{Endpoint: topUpCall, Kind: k, Code: code, Count: count}
	}
	tests := []struct {
		name    string
		options sandbox.Options
		fault   *sandbox.Fault
		dearer  int64 // times the price, after the payment
		maxLoss esim.Money
		refund  bool
	}{
		{name: "no fault"},
		{name: "refused: no such top-up", fault: fault(sandbox.Refuse, "310242", 0), refund: true},
		{name: "the answer is lost after the work", fault: fault(sandbox.LoseAnswer, "", 1)},
		{name: "the answer is lost and the key then refused", options: sandbox.Options{RepeatedOrder: sandbox.Refuse310402}, fault: fault(sandbox.LoseAnswer, "", 1)},
		{name: "the request is lost", fault: fault(sandbox.LoseRequest, "", 1)},
		{name: "dearer than the retail price", dearer: 5, refund: true},
		{name: "dearer, and the operator bears it", dearer: 5, maxLoss: esim.USDCents(1_000_000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.options)
			r.Fulfiller.MaxLoss = tt.maxLoss
			_, e := r.delivered()
			o := r.toppedUp(e)
			if tt.fault != nil {
				r.Vendor.Break(*tt.fault)
			}
			if tt.dearer > 0 {
				r.Must(r.Vendor.SetPrice(e.Plan.Code, tt.dearer*o.Wholesale.Minor))
			}
			r.pass(20 * time.Minute)
			r.Must(r.Refunder.Run(t.Context()))
			r.deliver()
			now, err := r.DB.ESIM(t.Context(), e.ID)
			r.Must(err)
			if tt.refund {
				r.wantState(o.ID, esim.StateRefunded)
				if r.Vendor.Charged(o.IdempotencyKey) != 0 || len(r.bank.returned) != 1 || now.Epoch != 0 || now.Total != e.Total {
					t.Errorf("charged %d times, returned %v, eSIM in epoch %d", r.Vendor.Charged(o.IdempotencyKey), r.bank.returned, now.Epoch)
				}
				return
			}
			r.wantState(o.ID, esim.StateDelivered)
			if r.Vendor.Charged(o.IdempotencyKey) != 1 || len(r.bank.returned) != 0 || now.Epoch != 1 || now.Total <= e.Total {
				t.Errorf("charged %d times, returned %v, eSIM in epoch %d with %d bytes, had %d",
					r.Vendor.Charged(o.IdempotencyKey), r.bank.returned, now.Epoch, now.Total, e.Total)
			}
			if n := r.told(esim.NotifyToppedUp); n != 1 || r.told(esim.StaffTopUp) != 1 {
				t.Errorf("the customer was told %d times, staff %d", n, r.told(esim.StaffTopUp))
			}
			cost := r.order(o.ID).Wholesale.Minor + r.order(e.Order).Wholesale.Minor
			if got := r.balance(esim.AccountCost, esim.USD4); got != cost {
				t.Errorf("the books say that it cost %d, want %d", got, cost)
			}
			if rep := r.reconcile(nil); rep.Mended() {
				t.Errorf("reconciliation mends a shop that is whole: %+v", rep)
			}
		})
	}
}

// A top-up that was applied is looked for until the eSIM shows it.
func TestTopUpThatCannotBeLookedAtIsNotBoughtAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{RepeatedOrder: sandbox.Refuse310402})
	_, e := r.delivered()
	o := r.toppedUp(e)
	r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.LoseAnswer, Count: 1})
	r.Vendor.Break(sandbox.Fault{Endpoint: "esim/query", Kind: sandbox.Refuse, Code: "000001", Count: 4})
	r.pass(20 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.Vendor.Charged(o.IdempotencyKey); n != 1 {
		t.Errorf("charged %d times", n)
	}
}

// The vendor says that the key was used and shows nothing: neither bought again nor given up.
func TestTopUpThatNobodyFindsComesBeforeAHuman(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	o := r.toppedUp(e)
	mend := r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.Refuse, Code: "310402"})
	r.pass(40 * time.Minute)
	mend()
	r.deliver()
	r.wantState(o.ID, esim.StateNeedsHuman)
	if n := r.told(esim.StaffNeedsHuman); n != 1 || len(r.bank.returned) != 0 {
		t.Errorf("staff told %d times, returned %v", n, r.bank.returned)
	}
	r.Must(r.admin().Retry(t.Context(), o.ID, act("retry")))
	r.pass(time.Minute)
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.Vendor.Charged(o.IdempotencyKey); n != 1 {
		t.Errorf("charged %d times", n)
	}
}

// A purchase whose key the vendor calls used, and shows nothing for, comes before a
// human too, and goes on when they send it back.
func TestAPurchaseThatNobodyFindsComesBeforeAHuman(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	mend := r.Vendor.Break(refuse("310402", 0))
	r.pass(40 * time.Minute)
	mend()
	r.deliver()
	r.wantState(o.ID, esim.StateNeedsHuman)
	if n := r.told(esim.StaffNeedsHuman); n != 1 || len(r.bank.returned) != 0 {
		t.Errorf("staff told %d times, returned %v", n, r.bank.returned)
	}
	r.Must(r.admin().Retry(t.Context(), o.ID, act("retry")))
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.Vendor.Charged(o.IdempotencyKey); n != 1 {
		t.Errorf("charged %d times", n)
	}
}
