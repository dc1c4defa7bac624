package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

func TestStaffHearOfTheSupplyOnceEachTime(t *testing.T) {
	r := newRig(t, sandbox.Options{})
	var mend func()
	check := func(times int) {
		for range times {
			_ = r.Monitor.Check(t.Context())
			r.Vendor.Advance(time.Minute)
		}
		r.deliver()
	}
	steps := []struct {
		name            string
		do              func()
		times           int
		low, down, back int
		sells           bool
	}{
		{"all is well", func() {}, 3, 0, 0, 0, true},
		{"the balance comes near the floor", func() { r.Vendor.SetBalance(399_999) }, 3, 1, 0, 0, true},
		{"somebody pays in", func() { r.Vendor.SetBalance(400_000) }, 3, 1, 0, 0, true},
		{"it falls again", func() { r.Vendor.SetBalance(200_000) }, 3, 2, 0, 0, true},
		{"one failure is an accident", func() {
			mend = r.Vendor.Break(sandbox.Fault{Endpoint: "balance/query", Kind: sandbox.Refuse, Code: "401001"})
		}, 1, 2, 0, 0, true},
		{"two are not", func() {}, 5, 2, 1, 0, false},
		{"it is back", func() { mend() }, 3, 2, 1, 1, true},
		{"and down again", func() { r.Vendor.Break(sandbox.Fault{Endpoint: "balance/query", Kind: sandbox.Refuse, Code: "401001"}) }, 5, 2, 2, 1, false},
	}
	for _, step := range steps {
		step.do()
		check(step.times)
		low, down, back := r.told(esim.StaffBalanceLow), r.told(esim.StaffVendorDown), r.told(esim.StaffVendorBack)
		if low != step.low || down != step.down || back != step.back {
			t.Errorf("%s: told of low %d, down %d, back %d; want %d, %d, %d", step.name, low, down, back, step.low, step.down, step.back)
		}
		err := r.Monitor.CanSell(t.Context(), esim.USDTenThousandths(1_000))
		if (err == nil) != step.sells || !step.sells && !errors.Is(err, esim.ErrVendorDown) {
			t.Errorf("%s: can sell: %v", step.name, err)
		}
	}
}

func TestNothingIsSoldThatTheBalanceDoesNotCover(t *testing.T) {
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	r.Monitor.Floor = esim.USDTenThousandths(0)
	unasked := &esim.VendorMonitor{Source: r.Client, Committed: r.DB, Notifications: r.DB, Now: r.Vendor.Time}
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
