package esim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// What becomes of a payment that no order explains is staff's decision alone.

// Ref names the payment in a few letters, always the same: a charge id is too long for a button.
func (u UnexplainedPayment) Ref() string {
	sum := sha256.Sum256([]byte(u.ID))
	return hex.EncodeToString(sum[:6])
}

// An UnexplainedDecision is what staff decided about an unexplained payment, and all that is written down.
type UnexplainedDecision struct {
	ID string // of the payment
	// Payment goes into the books, due to go back; nil: it is kept, and in no book.
	Payment     *OrderPayment
	Transaction Transaction
	Audit       AuditEntry
}

// AsCredit reports whether the payment becomes store credit if it is sent back: money of a card does not go
// back through the messenger.
func (u UnexplainedPayment) AsCredit() bool {
	method, err := InvoicedIn(u.Amount.Currency)
	if err != nil {
		return false
	}
	spec, err := method.Spec()
	return err == nil && spec.RefundRoute == RefundAsCredit
}

// UnexplainedTotals are the sums of some of them, one for each currency, the currency of the oldest first.
func UnexplainedTotals(all []UnexplainedPayment) (sums []Money) {
	for _, u := range all {
		i := slices.IndexFunc(sums, func(m Money) bool { return m.Currency == u.Amount.Currency })
		if i < 0 {
			i, sums = len(sums), append(sums, Money{0, u.Amount.Currency})
		}
		sums[i].Minor += u.Amount.Minor
	}
	return sums
}

// DecideUnexplained says what sending an unexplained payment back, or keeping it, writes down. What goes
// back goes the way of every refund: tried until it is confirmed, and told to the customer.
func DecideUnexplained(u UnexplainedPayment, back bool, entry AuditEntry) (UnexplainedDecision, error) {
	entry.Customer, entry.Amount = u.Customer, u.Amount
	d := UnexplainedDecision{ID: u.ID, Audit: entry}
	if !back {
		return d, nil
	}
	p := u.Payment
	var err error
	if p.Method, err = InvoicedIn(p.Amount.Currency); err != nil {
		return UnexplainedDecision{}, err
	}
	t, err := PaymentTransaction(p)
	if err != nil {
		return UnexplainedDecision{}, err
	}
	d.Transaction = t
	d.Payment = &OrderPayment{Payment: p, Status: PaymentRefundDue, Surplus: true, Reason: "sent back by staff: no order explains it"}
	return d, nil
}

// UnexplainedDecisionStore keeps unexplained payments for staff.
type UnexplainedDecisionStore interface {
	UnexplainedStore
	// SettleUnexplained closes one and writes down what was decided, in one transaction.
	// ErrConflict if it is not open any more.
	SettleUnexplained(ctx context.Context, d UnexplainedDecision, at time.Time) error
}

// UnexplainedPayment finds an open unexplained payment by its Ref; ErrNotFound if there is none.
func (d *OrderAdmin) UnexplainedPayment(ctx context.Context, ref string) (UnexplainedPayment, error) {
	open, err := d.Store.UnexplainedPayments(ctx)
	if err != nil {
		return UnexplainedPayment{}, err
	}
	for _, u := range open {
		if u.Ref() == ref {
			return u, nil
		}
	}
	return UnexplainedPayment{}, fmt.Errorf("unexplained payment %q: %w", ref, ErrNotFound)
}

// UnexplainedPayments lists the open unexplained payments, oldest first.
func (d *OrderAdmin) UnexplainedPayments(ctx context.Context) ([]UnexplainedPayment, error) {
	return d.Store.UnexplainedPayments(ctx)
}

// SendBack gives an unexplained payment back; ErrNotFound or ErrConflict if somebody was faster.
func (d *OrderAdmin) SendBack(ctx context.Context, ref string, entry AuditEntry) error {
	return d.settleHeld(ctx, ref, true, entry)
}

// DismissUnexplained closes an unexplained payment without moving money, with the errors of SendBack.
func (d *OrderAdmin) DismissUnexplained(ctx context.Context, ref string, entry AuditEntry) error {
	return d.settleHeld(ctx, ref, false, entry)
}

func (d *OrderAdmin) settleHeld(ctx context.Context, ref string, back bool, entry AuditEntry) error {
	u, err := d.UnexplainedPayment(ctx, ref)
	if err != nil {
		return err
	}
	decided, err := DecideUnexplained(u, back, entry)
	if err != nil {
		return err
	}
	return d.Store.SettleUnexplained(ctx, decided, d.Now())
}
