package esim_test

import (
	"context"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

func TestNothingToReconcile(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, _ := r.delivered()
	r.Vendor.Advance(time.Minute)
	account := stars{{ID: "charge-" + string(o.ID), Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: o.PaidAt}}
	for range 3 {
		if rep := r.reconcile(account); rep.Mended() || rep.Stars != 1 || rep.Profiles != 1 {
			t.Errorf("%+v", rep)
		}
	}
}

func TestAPaymentNobodyToldOfIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.begin(r.plan(), 1, 0)
	account := stars{{ID: "charge", Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()}}
	r.Vendor.Advance(time.Minute)
	for i, want := range []int{1, 0} {
		if rep := r.reconcile(account); rep.Payments != want {
			t.Errorf("time %d: %+v", i+1, rep)
		}
	}
	r.pass(time.Minute)
	r.deliver()
	r.wantDelivered(o)
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.told(esim.StaffFoundPaid); n != 1 {
		t.Errorf("staff told %d times", n)
	}
}

func TestARefundMadeElsewhereIsNoticed(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	id := "charge-" + string(o.ID)
	r.Vendor.Advance(time.Minute)
	account := stars{
		{ID: id, Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: noon},
		{ID: id, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()},
	}
	for i, want := range []int{1, 0} {
		if rep := r.reconcile(account); rep.Refunds != want || rep.Payments != 0 {
			t.Errorf("time %d: %+v", i+1, rep)
		}
	}
	r.pass(time.Minute)
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	if r.Vendor.Charged("") != 0 || len(r.bank.returned) != 0 || r.told(esim.StaffRefundedElsewhere) != 1 {
		t.Errorf("charged %d, returned %v, staff told %d times", r.Vendor.Charged(""), r.bank.returned, r.told(esim.StaffRefundedElsewhere))
	}
}

func TestAnESIMThatComesAfterTheRefundGoesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{AllocationTime: 10 * time.Minute})
	balance := r.Vendor.Balance()
	o := r.paid(r.plan(), 1, 0)
	r.pass(time.Minute)
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.Must(r.Refunder.Run(t.Context()))
	r.wantState(o.ID, esim.StateRefunded)
	r.Vendor.Advance(15 * time.Minute)
	for i, want := range []int{1, 0} {
		if rep := r.reconcile(nil); rep.Late != want || rep.UnmatchedESIMs != 0 || rep.Faults != 0 {
			t.Errorf("time %d: %+v", i+1, rep)
		}
	}
	r.deliver()
	books, err := r.DB.Balances(t.Context())
	r.Must(err)
	for _, m := range books[esim.AccountCost] {
		if m.Minor != 0 {
			t.Errorf("the books say that it cost %s", m)
		}
	}
	if r.Vendor.Balance() != balance || r.told(esim.StaffLateESIM) != 1 || r.told(esim.NotifyQR) != 0 {
		t.Errorf("the vendor has %d of %d, staff told %d times", r.Vendor.Balance(), balance, r.told(esim.StaffLateESIM))
	}
	r.wantState(o.ID, esim.StateRefunded)
}

func TestAnESIMOfNobodyIsToldOfOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	_, err := r.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "eb-somebody-else", Plan: p, Quantity: 1})
	r.Must(err)
	r.Vendor.Advance(time.Minute)
	for i, want := range []int{1, 0} {
		if rep := r.reconcile(nil); rep.UnmatchedESIMs != want || rep.Late != 0 {
			t.Errorf("time %d: %+v", i+1, rep)
		}
	}
	r.deliver()
	if n := r.told(esim.StaffUnmatchedESIM); n != 1 || r.Vendor.Charged("") != 1 {
		t.Errorf("staff told %d times; charged %d", n, r.Vendor.Charged(""))
	}
}

// A copy from before an order was paid knows it as one that never was, though it was paid by card or by
// hand since, and its eSIM bought: no account tells of that, so staff must.
func TestAnESIMOfAnOrderThatTheCopyDoesNotKnowAsPaid(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"it waits for its money": time.Minute, "it has expired": 80 * time.Hour} {
		r := newRig(t, sandbox.Options{})
		o := r.beginBy(esim.MethodManual)
		_, err := r.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: o.IdempotencyKey, Plan: o.Plan, Quantity: 1})
		r.Must(err)
		r.Vendor.Advance(wait)
		r.Must(r.Checkout.Expire(t.Context()))
		rep := r.reconcile(nil)
		open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time())
		r.Must(err)
		if rep.UnmatchedESIMs != 1 || len(open.UnmatchedESIMs) != 1 {
			t.Errorf("%s: %+v, reminded of %v", name, rep, open.UnmatchedESIMs)
		}
	}
}

func TestAPaymentOfThisMomentIsBookedAndNotCalledLost(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.begin(r.plan(), 1, 0)
	account := stars{{ID: "charge", Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()}}
	for range 2 {
		r.reconcile(account)
		r.Vendor.Advance(time.Minute)
	}
	r.deliver()
	if b := r.pay(o, "charge"); b != esim.PaymentKnown || r.told(esim.StaffFoundPaid) != 0 {
		t.Errorf("its update then is %d; staff told %d times", b, r.told(esim.StaffFoundPaid))
	}
	r.wantState(o.ID, esim.StatePaid)
}

// walks counts how often the whole books were walked.
type walks struct {
	esim.ReconcileStore
	n int
}

func (w *walks) LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error) {
	w.n++
	return w.ReconcileStore.LedgerFaults(ctx)
}

// The books are walked once a day and when staff ask, whatever is known of them; every few minutes what is known is enough.
func TestTheWholeBooksAreWalkedWithTheWholeAccount(t *testing.T) {
	r := newRig(t, sandbox.Options{})
	w := &walks{ReconcileStore: r.Reconciler.Store}
	r.Reconciler.Store = w
	for i, whole := range []bool{false, true, true, false} {
		if _, err := r.Reconciler.Run(t.Context(), whole); err != nil {
			t.Fatal(err)
		}
		if want := []int{0, 1, 2, 2}[i]; w.n != want {
			t.Errorf("run %d, whole: %t: the books were walked %d times, want %d", i, whole, w.n, want)
		}
	}
}
