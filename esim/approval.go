package esim

import (
	"context"
	"fmt"
	"time"
)

// Between the approval of a payment and its booking lie seconds in which more can be approved:
// approvals count towards the limits, and one that no payment follows is told to staff. For
// cards there is no account in which a lost payment would show.

// ApprovalLasts is how long an approved payment is waited for.
const ApprovalLasts = 10 * time.Minute

// ApprovalStore remembers which payments were approved.
type ApprovalStore interface {
	// ApproveOrder asks Limits.Allow about an order, with what its customer paid for since a
	// time and what else of theirs is approved and unpaid, and notes the approval, in one
	// transaction.
	ApproveOrder(ctx context.Context, id OrderID, limits Limits, since time.Time) error
	// EndApprovals forgets approvals from before a time, and stores what UnpaidApproval says of
	// their orders.
	EndApprovals(ctx context.Context, before time.Time) error
}

// Allow reports whether a customer may buy for a price (USD) on top of what they bought:
// ErrBlocked, ErrOverLimit.
func (l Limits) Allow(u CustomerUsage, retail Money) error {
	switch {
	case u.Blocked:
		return ErrBlocked
	case l.Orders > 0 && u.Orders >= l.Orders, l.Spent.Minor > 0 && u.Spent.Minor+retail.Minor > l.Spent.Minor:
		return fmt.Errorf("%d orders for %s within a day: %w", u.Orders, u.Spent, ErrOverLimit)
	}
	return nil
}

// UnpaidApproval tells staff of an order whose payment was approved and did not come.
func UnpaidApproval(o Order) []Notification {
	spec, err := o.Method.Spec()
	if err != nil || !spec.Invoiced() || o.State != AwaitingPayment && o.State != Expired {
		return nil
	}
	return []Notification{NewStaffUnpaidApproval(o)}
}
