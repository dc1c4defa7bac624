package esim

import "time"

// A Transition takes an order from one state to another, with all that must happen in the same
// transaction. TransitionTo makes it; storage applies what it says and decides nothing.
type Transition struct {
	Order    OrderID
	From, To State
	Why      string
	NextAt   time.Time // when a worker looks at it; zero: at once

	VendorOrder    string    // set when not empty
	IdempotencyKey string    // set when not empty: the vendor has the order under another key
	PaidAt         time.Time // set when not zero
	// OutcomeKnown clears OutcomeUnknown.
	OutcomeKnown bool
	// RefundPayments makes what the order was paid with due to go back.
	RefundPayments bool
	// CancellingESIM is the one eSIM that a move to StateCancelling is about; "": all of the order.
	CancellingESIM ESIMID
	// Part of the order goes back while the others stay.
	Part PartialRefund
	// SwappedFor is the order that a move to StateCancelling is for, or that was paid from what goes back.
	SwappedFor OrderID
	// EndsSwap is the order that waited for what became of a cancellation: see DecideSwap.
	EndsSwap OrderID
	// PaysSwap: all that goes back becomes store credit at once, to pay that order.
	PaysSwap bool
	// SwapDone: the eSIM that the order takes the place of is back.
	SwapDone bool
	// Release: what is set aside for the order is the customer's again.
	Release bool
	// Undelivered: QR messages that were not sent are not to be.
	Undelivered bool
	// Guarded: the transaction gathers GuardFacts, and Guard may refuse the move.
	Guarded bool
	// Holder holds all that is to be given back, or the guarded move is off; 0: nobody in particular.
	Holder CustomerID
	// Resumed: it goes on with what it left for StateCancelling, and waits for that as long as it would have.
	Resumed bool
	// Wake rouses the worker of paid orders, which may be asleep.
	Wake bool

	Transactions  []Transaction
	Audit         *AuditEntry // who of the staff wanted it; nil: nobody did
	Notifications []Notification
}

// TransitionTo is the move of the order to another state, at once, with what that means for the
// books and for the order itself.
func (o Order) TransitionTo(to State, why string, now time.Time) Transition {
	m := Transition{Order: o.ID, From: o.State, To: to, Why: why, NextAt: now}
	switch {
	case to == StateAllocating && o.State != StateCancelling, o.State == StateOrdering && to == StateDelivered:
		m.Transactions = []Transaction{CostTransaction(o)}
	case o.State == StateCancelling && to == StateRefunding:
		m.Transactions = []Transaction{CostBackTransaction(o)}
	}
	if to == StateCancelling || to == StateNeedsHuman { // where a cancellation goes on, or can
		m.CancellingESIM = o.CancellingESIM
	}
	// The vendor's answer settles a call whose outcome was unknown, and money goes back
	// from StateOrdering only when nothing was bought.
	m.OutcomeKnown = to == StateAllocating || to == StateDelivered || o.State == StateOrdering && to == StateRefunding
	m.RefundPayments = to == StateRefunding
	m.Resumed = o.State == StateCancelling && to == StateAllocating
	m.Wake = to == StatePaid || o.State == StateNeedsHuman // staff sent it on
	if o.State == StateCancelling {
		m.EndsSwap = o.SwappedFor
	}
	if o.State.RefundOwed() {
		m.SwappedFor = o.SwappedFor
	}
	m.Release = o.State == StatePaid && o.Swapping()
	return m
}

// OrderFacts are what only the transaction sees that changes an order, its payments or its
// messages.
type OrderFacts struct {
	Order    Order // as it is now
	Payments []OrderPayment
	// Unsent: not every QR message of the order was accepted by the messenger.
	Unsent bool
}

// HasConsequences reports whether Consequences has anything to say about an order in a state; the
// facts about others need not be gathered.
func (s State) HasConsequences() bool {
	return s == StateAllocating || s == StateDelivered || s == StateRefunding
}

// Consequences says what an order's state brings with it by itself, since the facts are what they
// are: transactions for the books, each of them once, and a move; nil: it stays where it is.
// The store calls it inside its transaction, after each move, refund and delivered message.
func Consequences(f OrderFacts, now time.Time) ([]Transaction, *Transition) {
	o := f.Order
	switch o.State {
	case StateAllocating:
		if o.Allocated && o.Kind == Purchase && AllRefunded(f.Payments) { // somebody else did, while it was on its way
			m := o.TransitionTo(StateCancelling, whyElsewhere, now)
			m.Undelivered = true
			return nil, &m
		}
		if o.Allocated && !f.Unsent {
			m := o.TransitionTo(StateDelivered, "every QR message was accepted", now)
			return nil, &m
		}
	case StateDelivered:
		var paid []Money
		for _, p := range f.Payments {
			if !p.Surplus && p.Status != PaymentRefunded {
				paid = append(paid, o.rest(p.Amount))
			}
		}
		var sales []Transaction
		if len(paid) > 0 {
			sales = []Transaction{DeliveryTransaction(o.ID, paid...)}
		}
		return sales, o.toppedUpForNothing(f.Payments, now)
	case StateRefunding:
		for _, p := range f.Payments {
			if p.Status != PaymentRefunded {
				return nil, nil
			}
		}
		if len(f.Payments) > 0 || o.Replaces != "" { // a swap that never was may have had nothing to pay
			m := o.TransitionTo(StateRefunded, "the money went back", now)
			return nil, &m
		}
	}
	return nil, nil
}

// An OrderEvent is one change of an order's state.
type OrderEvent struct {
	At       time.Time
	From, To State // From is "" for the first
	Why      string
}
