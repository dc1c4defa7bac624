package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestTheVendorsBalanceIsReconciled: sales, refunds and top-ups explain themselves; a deposit and
// a charge that no order explains are told once each, with their amounts.
func TestTheVendorsBalanceIsReconciled(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	quiet := func(what string, off int64) {
		t.Helper()
		for range 2 {
			r.pass(10 * time.Minute)
			if rep := r.reconcile(nil); rep.Off.Minor != off {
				t.Errorf("%s: off by %s, want %d", what, rep.Off, off)
			}
		}
		r.deliver()
	}
	quiet("at the start", 0)
	o, e := r.delivered()
	quiet("a sale", 0)
	r.toppedUp(e)
	quiet("a top-up", 0)
	other := r.paid(r.plan(), 1, 0)
	r.pass(time.Minute)
	r.deliver()
	r.Must(r.canceller().Begin(t.Context(), other.ID, nil))
	r.cancelling(r.canceller())
	quiet("an eSIM given back", 0)
	if r.told(esim.StaffDeposit)+r.told(esim.StaffBalanceOff) != 0 {
		t.Fatal("staff were told of what the books explain")
	}

	r.Vendor.Deposit(500_000)
	quiet("a deposit", 500_000)
	quiet("after it", 0)
	if r.told(esim.StaffDeposit) != 1 || r.told(esim.StaffBalanceOff) != 0 {
		t.Errorf("a deposit was told %d times, a charge %d", r.told(esim.StaffDeposit), r.told(esim.StaffBalanceOff))
	}
	r.Vendor.Withdraw(45_500)
	quiet("a charge", -45_500)
	quiet("after it", 0)
	if last := r.sent[len(r.sent)-1]; r.told(esim.StaffBalanceOff) != 1 || last.Amount != esim.USDTenThousandths(45_500) {
		t.Errorf("a charge was told %d times, last %+v", r.told(esim.StaffBalanceOff), last)
	}

	// While a purchase is under way nothing is compared: its charge is in no book yet.
	r.Vendor.Break(sandbox.Fault{Endpoint: "esim/order", Kind: sandbox.LoseAnswer, Count: 1})
	p := r.paid(r.plan(), 1, 0)
	_, err := r.Fulfiller.Run(t.Context())
	r.Must(err)
	r.Fulfiller.Wait()
	r.wantState(p.ID, esim.StateOrdering)
	if rep := r.reconcile(nil); rep.Off.Minor != 0 {
		t.Errorf("in the middle of a purchase the account is off by %s", rep.Off)
	}
	quiet("a purchase whose answer was lost", 0)
	r.wantState(o.ID, esim.StateDelivered)
}
