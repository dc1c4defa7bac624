package esim_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Ten approvals before the first booking passed a daily limit of two.
func TestApprovalsBeforeTheFirstBookingHoldTheLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	var orders []esim.Order
	for _, p := range r.Catalog.Current().Country("JP") {
		if !p.DayPass() && len(orders) < 10 {
			orders = append(orders, r.begin(p, 1, 0))
		}
	}
	if len(orders) < 3 {
		t.Fatalf("%d orders", len(orders))
	}
	r.Checkout.Limits = esim.Limits{Orders: 2}
	var wg sync.WaitGroup
	errs := make([]error, len(orders))
	for i, o := range orders {
		wg.Go(func() { errs[i] = r.Checkout.Approve(t.Context(), o.ID, ann, o.Price) })
	}
	wg.Wait()
	approved := 0
	for i, err := range errs {
		if err == nil {
			approved++
			r.Must(r.Checkout.Approve(t.Context(), orders[i].ID, ann, orders[i].Price)) // asked again: the same approval
		} else if !errors.Is(err, esim.ErrOverLimit) {
			t.Error(err)
		}
	}
	if approved != 2 {
		t.Errorf("%d approved", approved)
	}
	r.Vendor.Advance(esim.ApprovalTTL + time.Second) // none was paid: they count no more
	r.Must(r.Monitor.Check(t.Context()))
	for i, err := range errs {
		if err != nil {
			r.Must(r.Checkout.Approve(t.Context(), orders[i].ID, ann, orders[i].Price))
			return
		}
	}
}

// The same holds for our account at the vendor, over all customers: it covers two of five.
func TestApprovalsBeforeTheFirstBookingHoldTheVendorsBalance(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	var orders []esim.Order
	for quantity := range 5 {
		orders = append(orders, r.begin(p, 1+quantity, 0))
	}
	r.Monitor.Floor = esim.USDTenThousandths(0)
	r.Vendor.SetBalance(orders[0].Wholesale.Minor + orders[1].Wholesale.Minor)
	r.Must(r.Monitor.Check(t.Context()))
	var wg sync.WaitGroup
	errs := make([]error, len(orders))
	for i, o := range orders {
		wg.Go(func() { errs[i] = r.Checkout.Approve(t.Context(), o.ID, ann, o.Price) })
	}
	wg.Wait()
	var cost int64
	for i, err := range errs {
		if err == nil {
			cost += orders[i].Wholesale.Minor
			r.Must(r.Checkout.Approve(t.Context(), orders[i].ID, ann, orders[i].Price)) // asked again: the same approval
		} else if !errors.Is(err, esim.ErrShopClosed) {
			t.Error(err)
		}
	}
	if cost == 0 || cost > r.Vendor.Balance() {
		t.Errorf("approved for %d, there are %d", cost, r.Vendor.Balance())
	}
}

// A card payment has no account in which it would show.
func TestAnApprovalThatNoPaymentFollowsIsToldOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	paid, left := r.begin(r.plan(), 1, 0), r.begin(r.plan(), 2, 0)
	for _, o := range []esim.Order{paid, left} {
		r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
	}
	r.pay(paid, "charge")
	for _, want := range []int{0, 1, 1} {
		r.Must(r.Checkout.Expire(t.Context()))
		r.deliver()
		if n := r.told(esim.StaffUnpaidApproval); n != want {
			t.Errorf("staff told %d times, want %d", n, want)
		}
		r.Vendor.Advance(esim.ApprovalTTL + time.Second)
	}
}
