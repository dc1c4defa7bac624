package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

func TestOneFailureIsAnAccident(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	mend := r.Vendor.Break(sandbox.Fault{Endpoint: "balance/query", Kind: sandbox.Refuse, Code: "401001"})
	for failures, want := range []error{nil, esim.ErrVendorDown, esim.ErrVendorDown} {
		if r.Monitor.Check(t.Context()) == nil {
			t.Fatal("the vendor answered")
		}
		if err := r.Monitor.CanSell(t.Context(), esim.USDTenThousandths(1_000)); !errors.Is(err, want) {
			t.Errorf("after %d failures: can sell: %v", failures+1, err)
		}
	}
	if st := r.Monitor.Status(); !st.Down || st.Why == "" {
		t.Errorf("%+v", st)
	}
	mend()
	r.Must(r.Monitor.Check(t.Context()))
	if st := r.Monitor.Status(); st.Down || st.Why != "" {
		t.Errorf("it is back, and %+v", st)
	}
}

// What staff hear of the vendor, in the whole: the facts of a real shop.
func TestStaffHearOfTheSupplyOnceEachTime(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	pass := func(minutes int) {
		for range minutes {
			_ = r.Monitor.Check(t.Context())
			r.Must(r.Watch.Check(t.Context()))
			r.Vendor.Advance(time.Minute)
		}
		r.deliver()
	}
	told := func(what string, began, over int) {
		t.Helper()
		if b, o := r.told(esim.StaffConcern), r.told(esim.StaffConcernOver); b != began || o != over {
			t.Errorf("%s: %d began, %d are over; want %d, %d", what, b, o, began, over)
		}
	}
	pass(3)
	told("all is well", 0, 0)
	r.Vendor.SetBalance(399_999)
	pass(3)
	told("the balance comes near the floor", 1, 0)
	r.Vendor.SetBalance(199_999)
	pass(3)
	told("it is below: the shop is closed", 2, 0)
	r.Vendor.SetBalance(1_000_000)
	pass(8)
	told("somebody paid in", 2, 2)
	mend := r.Vendor.Break(sandbox.Fault{Endpoint: "balance/query", Kind: sandbox.Refuse, Code: "401001"})
	pass(5)
	told("the vendor does not answer", 3, 2)
	mend()
	pass(8)
	told("it is back", 3, 3)
}

func TestNothingIsSoldThatTheBalanceDoesNotCover(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	r.Monitor.Floor = esim.USDTenThousandths(0)
	unasked := &esim.VendorMonitor{Source: r.Client, Committed: r.DB, Now: r.Vendor.Time}
	if err := unasked.CanSell(t.Context(), p.Wholesale); !errors.Is(err, esim.ErrVendorDown) {
		t.Errorf("before the balance is known: %v", err)
	}
	r.Vendor.SetBalance(2 * p.Wholesale.Minor)
	r.Must(r.Monitor.Check(t.Context()))
	canSell := func(times int, want error) {
		t.Helper()
		if err := r.Monitor.CanSell(t.Context(), p.Wholesale.Times(times)); !errors.Is(err, want) {
			t.Errorf("%d more: %v, want %v", times, err, want)
		}
	}
	canSell(2, nil)
	canSell(3, esim.ErrShopClosed)
	first := r.begin(p, 1, 0)
	canSell(2, nil) // an unpaid order promises nothing
	r.pay(first, "1")
	canSell(1, nil)
	canSell(2, esim.ErrShopClosed)
	r.paid(p, 1, 0)
	canSell(1, esim.ErrShopClosed)
	r.pass(time.Minute) // both are bought: the balance fell and nothing is promised
	canSell(2, nil)     // as far as is known until it is asked for again
	r.Must(r.Monitor.Check(t.Context()))
	canSell(1, esim.ErrShopClosed)
	if st := r.Monitor.Status(); st.Balance.Minor != 0 || st.Down || st.AsOf.IsZero() {
		t.Errorf("status %+v", st)
	}
}

func TestBelowTheFloorTheShopIsClosed(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	for _, tt := range []struct {
		balance int64
		want    error
	}{{200_000, nil}, {199_999, esim.ErrShopClosed}, {200_000, nil}} {
		r.Vendor.SetBalance(tt.balance)
		r.Must(r.Monitor.Check(t.Context()))
		if err := r.Monitor.CanSell(t.Context(), esim.USDTenThousandths(1_000)); !errors.Is(err, tt.want) {
			t.Errorf("balance %s, floor %s: %v, want %v", esim.USDTenThousandths(tt.balance), r.Monitor.Floor, err, tt.want)
		}
	}
}
