package esim

import (
	"context"
	"fmt"
	"time"
)

// Between the approval of a payment and its booking lie seconds in which more can be approved:
// approvals count towards the limits, and one that no payment follows is told to staff. For
// cards there is no account in which a lost payment would show.

// ApprovalTTL is how long an approved payment is waited for.
const ApprovalTTL = 10 * time.Minute

// ApprovalStore remembers which payments were approved.
type ApprovalStore interface {
	// ApproveOrder asks Approval.Allow about an order, with what its customer paid for since a
	// time, and notes the approval and its transactions, in one transaction.
	ApproveOrder(ctx context.Context, id OrderID, a Approval, since time.Time) error
	// EndApprovals forgets approvals from before a time, and stores what UnpaidApproval says of
	// their orders.
	EndApprovals(ctx context.Context, before time.Time) error
}

// An Approval is what all approved payments together must keep to.
type Approval struct {
	Limits  Limits
	Balance Money // USD4; our account at the vendor
}

// ApprovalFacts are what only the transaction sees that notes an approval.
type ApprovalFacts struct {
	Order Order
	// Usage is what the customer paid for, and what else of theirs is approved and unpaid.
	Usage CustomerUsage
	// Committed (USD4) is what our account has to pay for the orders of everybody that are paid,
	// and for the others that are approved.
	Committed Money
	Credit    Money      // USD; the customer's store credit, without what is reserved
	Reserve   Reserve    // for the order
	Promo     PromoFacts // about the order's code, if it has one
}

// Allow reports whether one more payment may be approved: ErrBlocked, ErrOverLimit, ErrShopClosed,
// ErrInsufficientCredit, ErrPriceChanged. Its part from store credit is reserved by the transactions.
func (a Approval) Allow(f ApprovalFacts, now time.Time) ([]Transaction, error) {
	if err := a.Limits.Allow(f.Usage, f.Order); err != nil {
		return nil, err
	}
	if err := covers(a.Balance, f.Committed, f.Order.Wholesale); err != nil {
		return nil, err
	}
	if err := f.Order.mayUse(f.Promo, now); err != nil {
		return nil, err
	}
	if err := f.Order.canReserve(f.Credit, f.Reserve); err != nil {
		return nil, err
	}
	return f.Order.reserve(f.Reserve), nil
}

// Allow reports whether a customer may buy an order's worth (USD) on top of what they bought:
// ErrBlocked, ErrOverLimit. A swap is no second purchase: only what it costs more counts.
func (l Limits) Allow(u CustomerUsage, o Order) error {
	retail := o.Retail
	if o.Replaces != "" {
		retail.Minor = max(0, retail.Minor-o.SwapWorth.Minor)
		if !u.Blocked && retail.Minor == 0 {
			return nil
		}
		u.Orders = 0
	}
	switch {
	case u.Blocked:
		return ErrBlocked
	case l.Orders > 0 && u.Orders >= l.Orders, l.Spent.Minor > 0 && u.Spent.Minor+retail.Minor > l.Spent.Minor:
		return fmt.Errorf("%d orders for %s within a day: %w", u.Orders, u.Spent, ErrOverLimit)
	}
	return nil
}

// UnpaidApproval is what follows for an order whose payment was approved at a time and did not come: what
// was reserved for it is the customer's again, and staff are told.
func UnpaidApproval(o Order, approved time.Time, r Reserve) ([]Transaction, []Notification) {
	spec, err := o.Method.Spec()
	if err != nil || !spec.Invoiced() || o.State != StateAwaitingPayment && o.State != StateExpired {
		return nil, nil
	}
	return o.release(r), []Notification{NewStaffUnpaidApproval(o, approved)}
}

// approvedTwice is how far apart two approvals of one order are of two payments. One payment is approved
// anew after a crash, within seconds: Telegram waits ten for the answer.
const approvedTwice = time.Minute

// ApprovalTries are what was known of an order when one more payment of it was approved.
type ApprovalTries struct {
	Approved      time.Time // when one was approved before, and is waited for; zero: none
	InvoicedAgain time.Time // when an invoice was asked for though the order had one; zero: never
}

// ApprovedAgain tells staff that the payment of an order is approved while it waits for one by card that
// was approved before: if both come, there is one order for them, and if the message of the first was
// lost, nothing else would show it. An invoice is paid once: with no other one since, the first try was a
// card that was declined or a customer who thought again, and is not told.
func ApprovedAgain(o Order, a ApprovalTries, now time.Time) []Notification {
	spec, err := o.Method.Spec()
	if err != nil || !spec.CardProcessor || a.Approved.IsZero() || now.Sub(a.Approved) < approvedTwice || !a.InvoicedAgain.After(a.Approved) {
		return nil
	}
	return []Notification{NewStaffUnpaidApproval(o, a.Approved)}
}

// UnpaidApprovalReminderPeriod is how long an approval that no payment followed stays in the daily reminder unless
// staff close it: who paid and got nothing has written by then.
const UnpaidApprovalReminderPeriod = 14 * day

// CloseUnpaidApproval closes the matter of an order whose payment by card was approved and did not come:
// staff looked at the processor, and gave back there what came. ErrWrongState if there is none.
func (d *OrderAdmin) CloseUnpaidApproval(ctx context.Context, id OrderID, entry AuditEntry) error {
	open, err := d.Store.HasUnpaidApproval(ctx, id)
	if err != nil {
		return err
	}
	if !open {
		return fmt.Errorf("order %s has no approval that is open: %w", id, ErrWrongState)
	}
	return d.Store.AddAuditEntry(ctx, entry)
}

// AuditProcessorChecked is what the audit log calls a look at the processor: it closes all that was told before.
const AuditProcessorChecked = "looked"
