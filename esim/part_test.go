package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// wantCredit is Ann's store credit.
func (r *rig) wantCredit(want esim.Money) {
	r.Helper()
	got, err := r.DB.Credit(r.Context(), ann)
	r.Must(err)
	if got != want {
		r.Errorf("store credit %s, want %s", got, want)
	}
}

// several is a delivered order of some eSIMs.
func (r *rig) several(n int) (esim.Order, []esim.ESIM) {
	r.Helper()
	o := r.paid(r.plan(), n, 0)
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	r.Must(err)
	if len(esims) != n {
		r.Fatalf("%d eSIMs", len(esims))
	}
	return r.order(o.ID), esims
}

// withheld is a paid order of three, one of which never gets its code.
func (r *rig) withheld() esim.Order {
	r.Helper()
	o := r.paid(r.plan(), 3, 0)
	r.pass(0)
	r.Must(r.Vendor.Withhold(r.order(o.ID).VendorOrder, 3))
	return o
}

// Each eSIM of an order is delivered when it is ready.
func TestEachESIMOfAnOrderIsDeliveredWhenItIsReady(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateAllocating)
	if n := r.told(esim.NotifyQR); n != 2 {
		t.Fatalf("%d QR went out while one is awaited", n)
	}
	r.restart()
	r.Must(r.Vendor.Deliver(r.order(o.ID).VendorOrder))
	r.pass(10 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	if len(esims) != 3 || esims[0].Index != 1 || esims[1].Index != 2 || esims[2].Index != 3 || r.told(esim.NotifyQR) != 3 || r.told(esim.StaffSale) != 1 {
		t.Errorf("%d eSIMs, %d QR, %d sales", len(esims), r.told(esim.NotifyQR), r.told(esim.StaffSale))
	}
	r.wantCredit(esim.USDCents(0))
}

// What does not come is refunded for its part, and cancelled at the vendor if it comes later.
func TestWhatDoesNotComeIsRefundedForItsPart(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.withheld()
	r.pass(47 * time.Hour)
	r.deliver()
	r.wantState(o.ID, esim.StateAllocating)
	r.wantCredit(esim.USDCents(0))
	r.pass(2 * time.Hour)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.wantCredit(o.PartCredit())
	if r.told(esim.NotifyPartCredited) != 1 || len(r.bank.returned) != 0 || r.order(o.ID).Missing != 1 {
		t.Errorf("told %d times, returned %v", r.told(esim.NotifyPartCredited), r.bank.returned)
	}
	r.Must(r.Vendor.Deliver(r.order(o.ID).VendorOrder))
	balance := r.Vendor.Balance()
	_, err := r.Reconciler.Run(t.Context(), true)
	r.Must(err)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if got := r.Vendor.Balance() - balance; got != o.Wholesale.Minor/3 || r.told(esim.StaffLateESIM) != 1 {
		t.Errorf("the vendor gave %d back; staff told %d times", got, r.told(esim.StaffLateESIM))
	}
}

// One eSIM is given back alone, though another of the order is installed; the vendor's price of it
// comes back, and no part goes back twice.
func TestOneESIMOfSeveralIsGivenBackAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(3)
	r.Must(r.Vendor.Install(string(esims[0].ID)))
	balance := r.Vendor.Balance()
	c := r.canceller()
	if err := c.BeginOne(t.Context(), esims[0]); !errors.Is(err, esim.ErrInstalled) {
		t.Fatalf("the installed one: %v", err)
	}
	for range 3 { // a press comes more than once
		if err := c.BeginOne(t.Context(), esims[1]); err != nil && !errors.Is(err, esim.ErrWrongState) {
			t.Fatal(err)
		}
	}
	r.cancelling(c)
	r.wantState(o.ID, esim.StateDelivered)
	r.wantCredit(o.PartCredit())
	if err := c.BeginOne(t.Context(), esims[1]); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("given back again: %v", err)
	}
	r.sweep()
	r.ending()
	if got := r.Vendor.Balance() - balance; got != o.Wholesale.Minor/3 || len(r.bank.returned) != 0 || r.told(esim.NotifyPartCredited) != 1 {
		t.Errorf("the vendor gave %d back, returned %v, told %d times", got, r.bank.returned, r.told(esim.NotifyPartCredited))
	}
	if r.alerted(esim.AlertTakenBack)+r.alerted(esim.AlertWithdrawn) != 0 {
		t.Error("our own cancellation alarmed the customer")
	}
	// Staff give the rest back: as store credit, for part of it is credit already.
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.ending()
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(o.Retail)
	if len(r.bank.returned) != 0 {
		t.Errorf("returned %v", r.bank.returned)
	}
}

// One by one, all of an order is given back, and the customer has what was paid, to the cent.
func TestTheLastPartTakesTheRest(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(3)
	c := r.canceller()
	for _, e := range esims {
		r.Must(c.BeginOne(t.Context(), e))
		r.cancelling(c)
	}
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(o.Retail)
	if len(r.bank.returned) != 0 {
		t.Errorf("returned %v", r.bank.returned)
	}
	lines, err := r.DB.Balances(t.Context())
	r.Must(err)
	if len(lines[esim.AccountVendor]) != 0 || len(lines[esim.AccountDeferredRevenue]) != 0 {
		t.Errorf("left in the books: %v", lines)
	}
}

// All together, unused: the whole goes back the way it came.
func TestAllOfAnOrderGoesBackTheWayItCame(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, _ := r.several(3)
	c := r.canceller()
	r.Must(c.Begin(t.Context(), o.ID, nil))
	r.cancelling(c)
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(esim.USDCents(0))
	if len(r.bank.returned) != 1 || r.bank.returned[0].Amount != o.Price {
		t.Errorf("returned %v", r.bank.returned)
	}
}

// It was installed between the press and the cancellation: what went is credit, the rest stays.
func TestOfAWholeOrderTheInstalledStay(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(2)
	c := r.canceller()
	r.Must(c.Begin(t.Context(), o.ID, nil))
	r.Must(r.Vendor.Install(string(esims[1].ID)))
	r.cancelling(c)
	r.wantState(o.ID, esim.StateDelivered)
	r.wantCredit(o.PartCredit())
	if r.told(esim.NotifyNotCancelled) != 1 {
		t.Errorf("told %d times", r.told(esim.NotifyNotCancelled))
	}
}
