package esim

import (
	"context"
	"fmt"
)

// Of an order that was delivered staff can give an amount back, as store credit: a kindness that is less than all of it.
// The eSIMs stay with the customer. Whatever else goes back of the order later is less by that.

// An AmountRefund is one such amount.
type AmountRefund struct {
	Order  OrderID
	ESIM   ESIMID // whose share it is; "": of none in particular
	Amount Money  // USD
	// Seen is what was left of the order when it was decided: pressed twice, or by two at once, it is done once.
	Seen Money
}

// AmountFacts are what only the transaction sees that gives an amount back.
type AmountFacts struct {
	Order    Order // as it is now
	Payments []OrderPayment
	Sold     bool // the order is in the books as delivered
}

// RefundableAsCredit is what of an order's price can still become store credit (USD); zero if its money does not go back,
// is about to, or did.
func (o Order) RefundableAsCredit() Money {
	left := USDCents(0)
	spec, err := o.Method.Spec()
	if err != nil || o.State != StateDelivered || o.Customer.Forgotten() || o.Price.Minor == 0 || spec.RefundRoute == RefundNothing {
		return left
	}
	for _, m := range o.inCredit() {
		left.Minor += o.rest(m).Minor
	}
	return left
}

// Decide says what an amount that goes back brings: the transaction and the notifications. ErrConflict: something went
// back since it was decided. ErrWrongState: it is more than there is to give, or nothing.
// The store calls it inside its transaction.
func (a AmountRefund) Decide(f AmountFacts) (Transaction, []Notification, error) {
	o := f.Order
	left := o.RefundableAsCredit()
	switch {
	case left != a.Seen:
		return Transaction{}, nil, fmt.Errorf("%s of order %s was left, now %s: %w", a.Seen, o.ID, left, ErrConflict)
	case a.Amount.Currency != USD, a.Amount.Minor <= 0, a.Amount.Minor > left.Minor, !f.Sold:
		return Transaction{}, nil, fmt.Errorf("%s of the %s left of order %s: %w", a.Amount, left, o.ID, ErrWrongState)
	}
	toReturn := false
	for _, p := range f.Payments {
		if p.Surplus {
			continue
		}
		if p.Status != PaymentSettled { // somebody else sent it back
			return Transaction{}, nil, fmt.Errorf("payment of order %s is %s: %w", o.ID, p.Status, ErrWrongState)
		}
		if spec, err := p.Method.Spec(); err == nil {
			toReturn = toReturn || spec.StaffReturn
		}
	}
	t := Transaction{
		Key: fmt.Sprintf("amount-back:%s:%d", string(o.ID), o.AmountBack.Minor), Order: o.ID, Why: "amount given back",
		Postings: posting(AccountCredit(o.Customer), AccountRefunds, a.Amount),
	}
	if a.ESIM != "" { // the share of one eSIM goes back once
		t.Key = "amount-back:" + string(o.ID) + ":" + string(a.ESIM)
	}
	return t, []Notification{NewAmountBack(o, t.Key, a.Amount), NewStaffPart(o, t.Key, a.ESIM, a.Amount, toReturn)}, nil
}

// AmountRefundStore gives amounts back.
type AmountRefundStore interface {
	// RefundAmount does what AmountRefund.Decide says, with the audit entry. ErrConflict: it was done before.
	RefundAmount(ctx context.Context, a AmountRefund, entry AuditEntry) error
}

// RefundAmount gives a part of an order's price back as store credit; its eSIMs stay. Errors: those of AmountRefund.Decide.
func (d *OrderAdmin) RefundAmount(ctx context.Context, a AmountRefund, entry AuditEntry) error {
	entry.Order, entry.ESIM, entry.Amount = a.Order, a.ESIM, a.Amount
	return d.Store.RefundAmount(ctx, a, entry)
}

// CancelOne gives one unused eSIM of an order back to the vendor, and then its share to the customer. The others stay; the
// last one that is left takes the rest of the order with it.
func (d *OrderAdmin) CancelOne(ctx context.Context, e ESIM, entry AuditEntry) error {
	entry.Order, entry.ESIM = e.Order, e.ID
	return d.Canceller.begin(ctx, e.Order, e, "cancelled by staff: "+entry.Why, &entry, "")
}
