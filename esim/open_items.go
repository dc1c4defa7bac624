package esim

import (
	"context"
	"fmt"
	"time"
)

// Told once is not done: whatever needs staff is in one reminder a day until it is closed.

// OpenItems is what staff have to see to: each is in the daily reminder until it is closed.
type OpenItems struct {
	Human          []Order // nothing goes on without staff
	Late           []Order // paid, and it takes long
	Manual         []Order // awaits money that staff confirm
	Refunds        []DueRefund
	UnmatchedESIMs []ESIMID // live at the vendor and no order's
	Unexplained    []UnexplainedPayment
	Messages       []OutboxMessage      // that cannot be sent, and staff were told so
	Unpaid         []Order              // whose payment by card was approved and did not come
	Withdrawals    []ContractWithdrawal // that staff decide on
}

// Count is how many items are open.
func (p OpenItems) Count() int {
	return len(p.Human) + len(p.Late) + len(p.Manual) + len(p.Refunds) + len(p.UnmatchedESIMs) + len(p.Unexplained) + len(p.Messages) + len(p.Unpaid) + len(p.Withdrawals)
}

// OpenItemStore is where open items are found.
type OpenItemStore interface {
	OpenOrders
	OpenMoney
	UnmatchedStore
}

// OpenOrders finds orders that wait for somebody.
type OpenOrders interface {
	// RecentOrders lists orders in some states, newest first.
	RecentOrders(ctx context.Context, states []State, limit int) ([]Order, error)
	// UnpaidApprovals lists orders made since a time of which staff were told that their payment by card
	// was approved and did not come, and have not looked for it, oldest first.
	UnpaidApprovals(ctx context.Context, since time.Time, limit int) ([]Order, error)
	// HasUnpaidApproval reports whether an order is such a one, whenever it was made.
	HasUnpaidApproval(ctx context.Context, id OrderID) (bool, error)
	// UndecidedWithdrawals lists the statements made since a time that staff decide on and did nothing about:
	// neither to the order nor, in a thread, to its customer. Oldest first.
	UndecidedWithdrawals(ctx context.Context, since time.Time, limit int) ([]ContractWithdrawal, error)
}

// OpenMoney finds payments that have to go back, or that nothing explains.
type OpenMoney interface {
	// RefundsDue lists payments that have to go back and are due for a try by then.
	RefundsDue(ctx context.Context, by time.Time, limit int) ([]DueRefund, error)
	// UnexplainedPayments lists those that are open, oldest first.
	UnexplainedPayments(ctx context.Context) ([]UnexplainedPayment, error)
}

// UnmatchedStore finds eSIMs of no order, and messages that cannot be sent.
type UnmatchedStore interface {
	// UnmatchedESIMs lists eSIMs of no order that the vendor still had at a time.
	UnmatchedESIMs(ctx context.Context, since time.Time) ([]ESIMID, error)
	// StuckMessages lists messages that wait to be sent and of which staff were told that they
	// cannot be (Notification.AboutMessage), oldest first.
	StuckMessages(ctx context.Context, limit int) ([]OutboxMessage, error)
}

const (
	// openMost bounds each list of a reminder.
	openMost = 500
	// orphanSeen is how long after a whole comparison, which is daily, an orphan counts as there.
	orphanSeen = 2 * day
	// remindAfter is how long something is open before it is reminded of: staff were told when it
	// began.
	remindAfter = 20 * time.Hour
)

// NewOpenItems sorts what may be open: orders that wait for nobody but the customer or a worker are not,
// nor are refunds that did not fail often.
func NewOpenItems(orders []Order, refunds []DueRefund, now time.Time) OpenItems {
	var p OpenItems
	for _, o := range orders {
		spec, err := o.Method.Spec()
		switch {
		case o.State == StateNeedsHuman:
			p.Human = append(p.Human, o)
		case o.State == StateAwaitingPayment && err == nil && spec.ConfirmedBy == ConfirmedByStaff && o.NextAt.After(now):
			p.Manual = append(p.Manual, o)
		case o.WaitsFor() == WaitingForWorker && o.StaffTold, o.State == StateAllocating && now.Sub(o.Changed) >= day:
			p.Late = append(p.Late, o)
		}
	}
	for _, d := range refunds {
		if d.Attempts >= staffAfterTries {
			p.Refunds = append(p.Refunds, d)
		}
	}
	return p
}

// since reports whether something has been open since a time or longer.
func (p OpenItems) since(t time.Time) bool {
	for _, orders := range [][]Order{p.Human, p.Late, p.Manual, p.Unpaid} {
		for _, o := range orders {
			if !o.Changed.After(t) {
				return true
			}
		}
	}
	for _, w := range p.Withdrawals {
		if !w.At.After(t) {
			return true
		}
	}
	return len(p.Refunds)+len(p.UnmatchedESIMs)+len(p.Unexplained)+len(p.Messages) > 0
}

// lateStates are those in which an order can be late: a worker has it, or the vendor.
var lateStates = []State{StatePaid, StateOrdering, StateAllocating, StateCancelling}

// LateOrders lists the orders of which OpenItems says that they are late.
func LateOrders(ctx context.Context, s OpenOrders, now time.Time) ([]Order, error) {
	orders, err := s.RecentOrders(ctx, lateStates, openMost)
	if err != nil {
		return nil, fmt.Errorf("list what is late: %w", err)
	}
	return NewOpenItems(orders, nil, now).Late, nil
}

// FindOpenItems lists what staff have to see to.
func FindOpenItems(ctx context.Context, s OpenItemStore, now time.Time) (OpenItems, error) {
	orders, err := s.RecentOrders(ctx, append([]State{StateNeedsHuman, StateAwaitingPayment}, lateStates...), openMost)
	if err != nil {
		return OpenItems{}, err
	}
	refunds, err := s.RefundsDue(ctx, now.Add(2*refundPatience), openMost)
	if err != nil {
		return OpenItems{}, fmt.Errorf("refunds that fail: %w", err)
	}
	p := NewOpenItems(orders, refunds, now)
	if p.Unexplained, err = s.UnexplainedPayments(ctx); err != nil {
		return OpenItems{}, err
	}
	if p.Messages, err = s.StuckMessages(ctx, openMost); err != nil {
		return OpenItems{}, err
	}
	if p.Unpaid, err = s.UnpaidApprovals(ctx, now.Add(-UnpaidApprovalReminderPeriod), openMost); err != nil {
		return OpenItems{}, err
	}
	if p.Withdrawals, err = s.UndecidedWithdrawals(ctx, now.Add(-WithdrawalDecisionPeriod), openMost); err != nil {
		return OpenItems{}, err
	}
	p.UnmatchedESIMs, err = s.UnmatchedESIMs(ctx, now.Add(-orphanSeen))
	return p, err
}

// Remind has staff told, once a day, of all that is open. They were told of each when it began.
func (d *OrderAdmin) Remind(ctx context.Context) error {
	open, err := FindOpenItems(ctx, d.Store, d.Now())
	if err != nil {
		return fmt.Errorf("list what is open: %w", err)
	}
	if !open.since(d.Now().Add(-remindAfter)) {
		return nil
	}
	return d.Store.AddNotifications(ctx, []Notification{NewStaffOpenItems(d.Now())})
}
