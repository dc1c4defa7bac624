package esim

import (
	"fmt"
	"time"
)

// Each eSIM of an order stands for itself: it is delivered when it is ready and can be given back
// alone. Stars and cards cannot be sent back in part, so a part becomes store credit. Every part
// is the same share of what was paid; what is left when the rest goes back takes the rounding.

// Parts counts the eSIMs of an order whose share went back as store credit.
func (o Order) Parts() int { return o.Returned + o.Missing }

// Remaining counts the eSIMs of an order that are the customer's, or on their way.
func (o Order) Remaining() int { return max(o.Quantity-o.Parts(), 0) }

// share is what n of the order's eSIMs are of an amount for all of them.
func (o Order) share(m Money, n int) Money {
	return Money{m.Minor / int64(max(o.Quantity, 1)) * int64(n), m.Currency}
}

// rest is what went back has left of an amount for all of an order's eSIMs: its parts, and what staff gave back beside
// them.
func (o Order) rest(m Money) Money {
	return Money{m.Minor - o.gone(m, o.Parts()).Minor, m.Currency}
}

// gone is what is back of an amount for all of an order's eSIMs once so many of its parts are. What staff gave back
// comes off what is left at the end: never is more gone than there was.
func (o Order) gone(m Money, parts int) Money {
	part := o.share(m, parts).Minor
	if o.AmountBack.Minor > 0 && o.Retail.Minor > 0 && m.Minor > 0 {
		part = min(m.Minor, part+mulDivCeil(m.Minor, min(o.AmountBack.Minor, o.Retail.Minor), o.Retail.Minor))
	}
	return Money{part, m.Currency}
}

// partOf is what n more parts are of an amount for all of an order's eSIMs, after so many.
func (o Order) partOf(m Money, after, n int) Money {
	return Money{o.gone(m, after+n).Minor - o.gone(m, after).Minor, m.Currency}
}

// inCredit is what an order cost, as store credit (USD): what was paid by its method, and the part
// that was credit before.
func (o Order) inCredit() []Money {
	return []Money{o.worth(Payment{Amount: o.Price}), USDCents(o.Credit.Minor)}
}

// PartCredit is the store credit (USD) that one of several eSIMs becomes.
func (o Order) PartCredit() Money {
	sum := USDCents(0)
	for _, m := range o.inCredit() {
		sum.Minor += o.partOf(m, o.Parts(), 1).Minor
	}
	return sum
}

// Refundable says how the money of an order goes back, with the part that is left of it as it was paid,
// and what becomes store credit (USD): all of it, or, where paid goes back the same way, what was
// store credit before. After a part or an amount became store credit, the rest does too.
func (o Order) Refundable() (back RefundRoute, paid, credit Money, err error) {
	spec, err := o.Method.Spec()
	if err != nil {
		return 0, Money{}, Money{}, err
	}
	back, credit = spec.RefundRoute, o.rest(USDCents(o.Credit.Minor))
	if (o.Parts() > 0 || o.AmountBack.Minor > 0 || o.SwappedFor != "") && back == RefundSameWay {
		back = RefundAsCredit
	}
	switch {
	case o.Swapping() && spec.ConfirmedBy == ConfirmedByCustomer: // the old eSIM was to pay it
		return RefundNothing, USDCents(0), USDCents(0), nil
	case o.Swapping():
		credit = USDCents(0)
	}
	switch {
	case o.Price.Minor == 0:
		back = RefundNothing
	case back == RefundAsCredit:
		credit.Minor += o.rest(o.worth(Payment{Amount: o.Price})).Minor
	}
	return back, o.rest(o.Price), credit, nil
}

// A PartialRefund is a part of an order that goes back while others stay: eSIMs that were given back,
// and how many never came. The zero value is nothing.
type PartialRefund struct {
	ESIMs   []ESIMID
	Missing int
}

// Empty reports whether nothing goes back.
func (p PartialRefund) Empty() bool { return len(p.ESIMs) == 0 && p.Missing == 0 }

// PartFacts are what only the transaction sees that gives a part of an order back.
type PartFacts struct {
	Order    Order // as it is now, without this part
	Payments []OrderPayment
	Sold     bool // the order is in the books as delivered
	// Swap: it pays another order, and what became of it is told with that one.
	Swap bool
}

// Consequences says what a part that goes back brings: the transactions, each of them once, and the
// notifications. It is ErrWrongState if nothing of the order would stay: then the whole goes back.
// The store calls it inside its transaction, where no eSIM goes back twice.
func (p PartialRefund) Consequences(f PartFacts) ([]Transaction, []Notification, error) {
	o := f.Order
	if n := len(p.ESIMs) + p.Missing; n >= o.Remaining() {
		return nil, nil, fmt.Errorf("%d of the %d eSIMs left of order %s: %w", n, o.Remaining(), o.ID, ErrWrongState)
	}
	var paid []Payment // none: somebody else sent it back already
	toReturn := false
	for _, q := range f.Payments {
		if q.Surplus || q.Status != PaymentSettled {
			continue
		}
		spec, err := q.Method.Spec()
		if err != nil {
			return nil, nil, err
		}
		if spec.RefundRoute != RefundNothing {
			paid, toReturn = append(paid, q.Payment), toReturn || spec.StaffReturn
		}
	}
	var transactions []Transaction
	var told []Notification
	before := o.Parts()
	give := func(name string, esimID ESIMID, n int) {
		sum, key := USDCents(0), ""
		defer func() { before += n }()
		for _, p := range paid {
			amount, credit := o.partOf(p.Amount, before, n), o.partOf(o.worth(p), before, n)
			if amount.Minor == 0 || credit.Minor == 0 {
				continue
			}
			t := PartTransaction(p, name, f.Sold, amount, credit)
			if key == "" {
				key = t.Key
			} else { // the part that was store credit before
				t.Key += ":" + string(p.Method)
			}
			transactions, sum.Minor = append(transactions, t), sum.Minor+credit.Minor
		}
		if key != "" {
			if !f.Swap {
				told = append(told, NewPartCredited(o, key, esimID, sum))
			}
			told = append(told, NewStaffPart(o, key, esimID, sum, toReturn && !f.Swap))
		}
	}
	for _, id := range p.ESIMs {
		give(string(id), id, 1)
	}
	if p.Missing > 0 {
		give("missing", "", p.Missing)
	}
	return transactions, told, nil
}

// afterCancel is where an order goes on after one of its eSIMs was, or was not, given back.
func (o Order) afterCancel() State {
	if !o.Allocated && o.CancellingESIM != "" {
		return StateAllocating
	}
	return StateDelivered
}

// givenBack moves an order back to where it was after some of its eSIMs were given back; the
// others stay with the customer. The vendor gave back what it took for them.
func (o Order) givenBack(esims []ESIMID, why string, now time.Time) Transition {
	m := o.TransitionTo(o.afterCancel(), why, now)
	m.Part = PartialRefund{ESIMs: esims}
	for _, id := range esims {
		m.Transactions = append(m.Transactions, LateReturnTransaction(o, id))
	}
	m.Notifications = []Notification{NewProgressAgain(o.Customer, o.ID, stepPart, now)}
	return m
}
