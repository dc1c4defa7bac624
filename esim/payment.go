package esim

import (
	"fmt"
	"time"
)

// A Payment is money that arrived.
type Payment struct {
	ID       string // the messenger's charge id, or our own for payment methods within the shop: unique
	Order    OrderID
	Customer CustomerID
	Amount   Money
	Fee      Money // of Amount, kept by a payment provider; zero: none
	Method   PaymentMethod
	At       time.Time
	// Dated is when the messenger says that it was made; zero: it does not say.
	Dated time.Time
	// Found: nobody told of it; it was found in the messenger's account. It may be that of a
	// sale which this database does not know.
	Found bool
}

// paysDebt reports whether it is the part of an order's price that paid what the customer owed: an amount of
// store credit below zero. Where it goes back, they owe it again.
func (p Payment) paysDebt() bool { return p.Amount.Minor < 0 }

// A PaymentStatus says where a payment is.
type PaymentStatus string

const (
	// PaymentSettled is with us.
	PaymentSettled PaymentStatus = "kept"
	// PaymentRefundDue has to go back.
	PaymentRefundDue PaymentStatus = "refund_due"
	// PaymentRefunded went back.
	PaymentRefunded PaymentStatus = "refunded"
)

// An OrderPayment is a payment and what became of it.
type OrderPayment struct {
	Payment
	Status   PaymentStatus
	Surplus  bool      // it never paid an order
	Refunded time.Time // zero: it did not go back
	Credited Money     // USD; the store credit it became, zero: none
	Reason   string    // why it is in its status, for staff
}

// A PaymentResult says what a payment was.
type PaymentResult int

const (
	// PaymentBooked: it pays the order.
	PaymentBooked PaymentResult = iota
	// PaymentKnown: the same payment was told of before.
	PaymentKnown
	// PaymentSurplus: the order was paid already, or is not this customer's, or the
	// amount is wrong; the payment is kept and goes back.
	PaymentSurplus
	// PaymentUnexplained: a payment that was Found, or names an order that is not here, and no
	// order says what it is; nothing is written down, and it is not sent back.
	PaymentUnexplained
)

// A PaymentDecision is what a new payment is, and all that is written down about it.
type PaymentDecision struct {
	Result PaymentResult
	// Payments are stored with their status: the payment, and the part of the order that store
	// credit pays beside it; none if it moved no money.
	Payments     []OrderPayment
	Transactions []Transaction
	Move         *Transition // of the order it pays; nil: none
}

// PaymentFacts are what only the transaction sees that books a payment.
type PaymentFacts struct {
	Order          *Order              // that it names; nil: it does not exist
	Credit         Money               // USD; the store credit of the order's customer, without what is reserved
	Reserve        Reserve             // for the order
	EmergencyTopUp EmergencyTopUpFacts // of an order on credit
}

// foreign reports whether a payment that the messenger took is for an order that another database of
// this bot made: none of ours is forgotten while it can be paid. Its eSIM may be delivered.
func (f PaymentFacts) foreign(p Payment) bool {
	spec, err := p.Method.Spec()
	return f.Order == nil && err == nil && spec.Invoiced() && validOrderID(string(p.Order))
}

// DecidePayment decides what a new payment is.
// The store calls it inside its transaction, if it does not know the payment yet. An unknown
// payment method is ErrNoPaymentMethod.
func DecidePayment(f PaymentFacts, p Payment, now time.Time) (PaymentDecision, error) {
	o := f.Order
	spec, err := p.Method.Spec()
	if err != nil {
		return PaymentDecision{}, err
	}
	if p.At.IsZero() {
		p.At = now
	}
	booking, why := f.book(p)
	if booking == PaymentSurplus && spec.ConfirmedHere() && o != nil && CanMove(o.State, StatePaid) {
		if err := o.canReserve(f.Credit, f.Reserve); err != nil {
			return PaymentDecision{}, err
		}
	}
	if booking == PaymentBooked && o.EmergencyTopUp {
		if err := DecideEmergencyTopUp(f.EmergencyTopUp, o.Customer, o.Price, now); err != nil {
			return PaymentDecision{}, err
		}
	}
	// What the order knows of, a payment made twice, goes back all the same.
	if booking == PaymentSurplus && (p.Found && !paidTwice(o, p) || f.foreign(p)) {
		return PaymentDecision{Result: PaymentUnexplained}, nil
	}
	r := PaymentDecision{Result: booking}
	if booking == PaymentSurplus && spec.ConfirmedHere() {
		return r, nil
	}
	r.Payments = []OrderPayment{{Payment: p, Status: PaymentSettled, Reason: why}}
	if booking == PaymentSurplus {
		r.Payments[0].Status, r.Payments[0].Surplus = PaymentRefundDue, true
	} else if o.Replaces != "" { // what store credit pays of it is paid when the old eSIM is back
		r.Transactions = o.reserve(f.Reserve)
	} else if o.Credit.Minor != 0 {
		r.Payments = append(r.Payments, o.creditPart(p))
		r.Transactions = o.release(f.Reserve)
	}
	for _, paid := range r.Payments {
		t, err := PaymentTransaction(paid.Payment)
		if err != nil {
			return PaymentDecision{}, err
		}
		t.Owing = booking == PaymentBooked && o.EmergencyTopUp
		r.Transactions = append(r.Transactions, t)
	}
	if booking == PaymentSurplus {
		return r, nil
	}
	m := o.TransitionTo(StatePaid, why, now)
	m.PaidAt = p.At
	r.Move = &m
	return r, nil
}

// paidTwice reports whether a payment is right for an order in everything but that it was paid.
func paidTwice(o *Order, p Payment) bool {
	return o != nil && o.Customer == p.Customer && o.Price == p.Amount && o.Method == p.Method
}

func (f PaymentFacts) book(p Payment) (PaymentResult, string) {
	o := f.Order
	switch {
	case o == nil:
		return PaymentSurplus, "payment for an unknown order"
	case o.Customer != p.Customer:
		return PaymentSurplus, "paid by another customer"
	case o.Price != p.Amount:
		return PaymentSurplus, fmt.Sprintf("paid %s instead of %s", p.Amount, o.Price)
	case o.Method != p.Method:
		return PaymentSurplus, fmt.Sprintf("paid by %s instead of %s", p.Method, o.Method)
	case !CanMove(o.State, StatePaid):
		return PaymentSurplus, "paid a second time"
	case o.canReserve(f.Credit, f.Reserve) != nil: // it came late
		return PaymentSurplus, fmt.Sprintf("%s of store credit that was to pay the rest is spent", o.Credit)
	}
	return PaymentBooked, "paid"
}

// RefundTransaction is how the books have a payment that went back. sold says that its order is in
// them as delivered; credited (USD) is the store credit the payment became, zero if none. o is the
// order it was meant for; the zero value: there is none.
// The store calls it inside its transaction. It fails with
// ErrCurrency, and with ErrNoPaymentMethod for an unknown payment method.
func (p OrderPayment) RefundTransaction(o Order, sold bool, credited Money) (Transaction, error) {
	if credited.Minor != 0 && credited.Currency != USD {
		return Transaction{}, fmt.Errorf("store credit of %s: %w", credited, ErrCurrency)
	}
	// A sale is given back from another account than money for which nothing was given.
	gone := Money{0, p.Amount.Currency}
	if !p.Surplus {
		gone = o.gone(p.Amount, o.Parts())
	}
	if credited == USDCents(0) && gone == p.Amount && gone.Minor > 0 { // nothing is left to give
		return Transaction{}, nil
	}
	return RefundTransaction(p.Payment, sold && !p.Surplus, credited, gone)
}

// A RefundElsewhere is what it means for a payment that somebody else sent it back.
type RefundElsewhere int

const (
	// ElsewhereKnown: nothing. It went back before, or a refund of ours is under way, of which this
	// may be the trace.
	ElsewhereKnown RefundElsewhere = iota
	// ElsewhereReturned: it is back now, and nothing more is to be given for it.
	ElsewhereReturned
	// ElsewhereTwice: it had become store credit before, so the customer has both.
	ElsewhereTwice
)

// Elsewhere says what it means that somebody else sent the payment back. o is its order; the zero
// value: there is none.
func (p OrderPayment) Elsewhere(o Order) RefundElsewhere {
	spec, err := p.Method.Spec()
	ours := err == nil && spec.RefundRoute == RefundSameWay && (p.Surplus || o.Parts() == 0 && o.AmountBack.Minor == 0)
	switch {
	case p.Status == PaymentSettled, p.Status == PaymentRefundDue && !ours:
		return ElsewhereReturned
	case p.Status == PaymentRefunded && p.Credited.Minor > 0:
		return ElsewhereTwice
	}
	return ElsewhereKnown
}

// RefundedTwiceTransaction is what somebody else sent back of a payment that had become store credit: a loss.
// It fails with ErrNoPaymentMethod for an unknown payment method.
func (p OrderPayment) RefundedTwiceTransaction() (Transaction, error) {
	account, err := held(p.Method, p.Customer)
	if err != nil {
		return Transaction{}, fmt.Errorf("post second refund of %s: %w", p.ID, err)
	}
	return Transaction{
		Key: "refund-twice:" + p.ID, Order: p.Order, Payment: p.ID, Why: "refunded elsewhere too",
		Postings: posting(account, AccountRefunds, p.Amount),
	}, nil
}

// RefundedElsewhere is the move of an order whose payment somebody else refunded; nil if it
// stays. An eSIM that was paid back must not live on at our cost:
// it is taken back (see Canceller). One for which the vendor may have been asked goes on: what was
// bought for it shows and is taken back then (see Consequences), or its own refund finds that
// nothing is left to give back. A top-up that was applied comes before staff (see Consequences, too).
func RefundedElsewhere(o Order, now time.Time) *Transition {
	switch {
	case o.State == StatePaid, o.State == StateOrdering && !o.OutcomeUnknown:
	case o.Kind == Purchase && (o.State == StateDelivered || o.State == StateAllocating && o.Allocated || o.doubted(DoubtRestoredBackup)): // this settles the doubt
		m := o.TransitionTo(StateCancelling, whyElsewhere, now)
		m.Undelivered = true
		return &m
	default:
		return nil
	}
	m := o.TransitionTo(StateRefunding, whyElsewhere, now)
	return &m
}

const whyElsewhere = "the payment was refunded by somebody else"

// Expiry is the move of an order that was not paid in time. What is reserved for one that staff
// waited for is the customer's again; of one that was approved, when the approval ends.
func Expiry(o Order, r Reserve, now time.Time) Transition { return o.expiry(reasonUnpaid, r, now) }

// Abandonment is the move of an order that its customer left.
func Abandonment(o Order, r Reserve, now time.Time) Transition {
	m := o.expiry(reasonLeft, r, now)
	m.Notifications = append(m.Notifications, NewStaffAbandoned(o))
	return m
}

func (o Order) expiry(why string, r Reserve, now time.Time) Transition {
	m := o.TransitionTo(StateExpired, why, now)
	if o.WaitsForStaff() {
		m.Notifications = []Notification{o.progress(StateExpired)}
		if why == reasonUnpaid {
			m.Notifications = append(m.Notifications, NewExpired(o))
		}
	}
	if spec, err := o.Method.Spec(); err != nil || !spec.Invoiced() {
		m.Transactions = o.release(r)
	}
	return m
}
