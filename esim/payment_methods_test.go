package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// beginBy begins an order on a payment method.
func (r *rig) beginBy(method esim.PaymentMethod) esim.Order {
	r.Helper()
	r.Checkout.Methods = esim.PaymentMethods()
	p := r.plan()
	q, err := r.Checkout.QuoteWith(method, p.Code, 1, 0)
	r.Must(err)
	o, err := r.Checkout.Begin(r.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Method: method, Seen: q.Price})
	r.Must(err)
	return o
}

func (r *rig) grant(key string, cents int64) error {
	a := act("grant")
	a.Customer, a.Amount = ann, esim.USDCents(cents)
	return r.admin().Grant(r.Context(), key, a)
}

func (r *rig) credit() int64 {
	r.Helper()
	m, err := r.DB.Credit(r.Context(), ann)
	r.Must(err)
	return m.Minor
}

func TestStoreCreditPaysTheWholePriceOrNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.beginBy(esim.MethodCredit)
	r.Must(r.grant("a", o.Price.Minor-1))
	if err := r.grant("a", 100); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same grant pressed again: %v", err)
	}
	if _, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); !errors.Is(err, esim.ErrInsufficientCredit) {
		t.Errorf("a cent too little: %v", err)
	}
	r.wantState(o.ID, esim.StateAwaitingPayment)
	r.Must(r.grant("b", 1))
	if _, err := r.Checkout.PayWithoutInvoice(t.Context(), bob, o.ID); err == nil {
		t.Error("bob paid ann's order")
	}
	_, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
	r.Must(err)
	if _, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("pressed again: %v", err)
	}
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if r.credit() != 0 {
		t.Errorf("%d cents left", r.credit())
	}
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	if r.credit() != o.Price.Minor || r.told(esim.NotifyCredited) != 0 || r.told(esim.StaffToReturn) != 0 || len(r.bank.returned) != 0 {
		t.Errorf("%d cents, told %d, returned %v", r.credit(), r.told(esim.NotifyCredited), r.bank.returned)
	}
}

func TestMoneyByHandIsBookedOnceAndComesBackAsCredit(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.beginBy(esim.MethodManual)
	if _, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("the customer confirms their own money: %v", err)
	}
	_, err := r.Checkout.PaidByHand(t.Context(), o.ID, act("paid"))
	r.Must(err)
	if _, err := r.Checkout.PaidByHand(t.Context(), o.ID, act("paid")); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("confirmed twice: %v", err)
	}
	if n := r.balance(esim.AccountCash, esim.USD); n != o.Price.Minor {
		t.Errorf("%d in cash", n)
	}
	r.Vendor.Break(refuse("310241", 0))
	r.pass(time.Minute)
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	if r.credit() != o.Price.Minor || r.told(esim.StaffToReturn) != 1 || r.told(esim.StaffManual) != 1 {
		t.Errorf("%d cents of credit, staff told %d times", r.credit(), r.told(esim.StaffToReturn))
	}
	if entries, err := r.DB.AuditEntries(t.Context(), o.ID, 10); err != nil || len(entries) != 1 {
		t.Errorf("acts %v, %v", entries, err)
	}
}

func TestMoneyByHandMayTakeThreeDays(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, quick := r.beginBy(esim.MethodManual), r.beginBy(esim.MethodStars)
	r.Vendor.Advance(71 * time.Hour)
	r.Must(r.Checkout.Expire(t.Context()))
	r.wantState(o.ID, esim.StateAwaitingPayment)
	r.wantState(quick.ID, esim.StateExpired)
	r.Vendor.Advance(2 * time.Hour)
	r.Must(r.Checkout.Expire(t.Context()))
	r.wantState(o.ID, esim.StateExpired)
	_, err := r.Checkout.PaidByHand(t.Context(), o.ID, act("paid")) // the money came all the same
	r.Must(err)
	r.wantState(o.ID, esim.StatePaid)
}

func TestFreeOrdersCostNothingAndGiveNothingBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.beginBy(esim.MethodFree)
	_, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
	r.Must(err)
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	if r.credit() != 0 || r.told(esim.NotifyRefunded)+r.told(esim.NotifyCredited)+r.told(esim.StaffRefunded) != 0 {
		t.Errorf("%d cents of credit; told %d times of money", r.credit(), r.told(esim.NotifyRefunded)+r.told(esim.NotifyCredited))
	}
}

func TestLimitsAndBlocks(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Limits = esim.Limits{Orders: 2}
	p := r.plan()
	r.paid(p, 1, 0)
	begin := func() error {
		q, err := r.Checkout.Quote(p.Code, 1, 0)
		r.Must(err)
		_, err = r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Seen: q.Price})
		return err
	}
	r.Must(begin()) // unpaid ones do not count
	second := r.paid(p, 1, 0)
	if err := begin(); !errors.Is(err, esim.ErrOverLimit) {
		t.Errorf("a third order: %v", err)
	}
	r.Must(r.admin().Refund(t.Context(), second.ID, act("refund")))
	r.Must(begin()) // a refund makes room
	r.Must(r.DB.SetBlocked(t.Context(), ann, true, act("block")))
	if err := begin(); !errors.Is(err, esim.ErrBlocked) {
		t.Errorf("blocked: %v", err)
	}
	r.Must(r.DB.SetBlocked(t.Context(), ann, false, act("unblock")))
	r.Must(begin())
}
