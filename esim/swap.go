package esim

import (
	"context"
	"fmt"
	"time"
)

// A swap gives an unused eSIM back and buys another plan for its worth. It is an order of its own
// (Order.Replaces), paid in this order of events: what it costs more, if anything, by a payment
// method; then, when the vendor has confirmed that the old eSIM is cancelled, the rest from the store
// credit that this eSIM became, in the same transaction. Until then it is Paid and buys nothing: if
// the old eSIM turns out to be used, it stays, and what was paid goes back. Afterwards it is an order
// like any other, which brings an eSIM or goes back, each part the way it came.

// SwapStore knows the swaps under way.
type SwapStore interface {
	// SwapOf is the order that waits for an eSIM to be given back for it, of several the first that
	// was paid; false: there is none.
	SwapOf(ctx context.Context, esimID ESIMID) (o Order, found bool, err error)
	// ESIM returns an eSIM, or ErrNotFound.
	ESIM(ctx context.Context, esimID ESIMID) (ESIM, error)
}

// Swapping reports whether the order waits for the eSIM that it takes the place of to be back.
func (o Order) Swapping() bool { return o.Replaces != "" && !o.SwapDone }

// SwapWorthOfOne is the store credit (USD) that one eSIM of an order becomes if it is given back for a
// swap: its part, or, of the last one, all that is left.
func (o Order) SwapWorthOfOne() Money {
	if o.Remaining() > 1 {
		return o.PartCredit()
	}
	sum := USDCents(0)
	for _, m := range o.inCredit() {
		sum.Minor += o.rest(m).Minor
	}
	return sum
}

// ReleaseTransactions gives the customer back what is set aside for the order.
func (o Order) ReleaseTransactions(r Reserve) []Transaction { return o.release(r) }

// AsCredit is the store credit (USD) that a payment for the order becomes now, whatever its method.
func (o Order) AsCredit(p Payment) Money { return o.rest(o.worth(p)) }

// Swappable reports whether an eSIM of an order looks as if it could be swapped: one that cost
// nothing is worth nothing where plans cost something, and what a given one is worth is not its holder's. def is the payment method that is offered first.
func (e ESIM) Swappable(base Order, def PaymentMethod) bool {
	spec, err := def.Spec()
	return err == nil && e.Returnable(base) && e.Customer == base.Customer && (base.SwapWorthOfOne().Minor > 0 || spec.RefundRoute == RefundNothing)
}

// swappable loads an eSIM of a customer that is to be swapped: ErrNotFound, ErrNoSwap.
func (c *Checkout) swappable(ctx context.Context, customer CustomerID, esimID ESIMID) (ESIM, Order, error) {
	e, err := c.Store.ESIM(ctx, esimID)
	if err == nil && e.Customer != customer {
		err = ErrNotFound
	}
	if err != nil {
		return ESIM{}, Order{}, fmt.Errorf("eSIM to swap: %w", err)
	}
	base, err := c.Store.Order(ctx, e.Order)
	if err != nil {
		return ESIM{}, Order{}, fmt.Errorf("order of an eSIM to swap: %w", err)
	}
	if !e.Swappable(base, c.DefaultMethod()) {
		return ESIM{}, Order{}, fmt.Errorf("eSIM %d of order %s: %w", e.Index, base.ID, ErrNoSwap)
	}
	return e, base, nil
}

// swappableFor is swappable for an order that is about to be paid: another one may have been first.
func (c *Checkout) swappableFor(ctx context.Context, o Order) error {
	if other, found, err := c.Store.SwapOf(ctx, o.Replaces); err != nil {
		return err
	} else if found {
		return fmt.Errorf("its eSIM is being swapped for order %s: %w", other.ID, ErrNoSwap)
	}
	_, _, err := c.swappable(ctx, o.Customer, o.Replaces)
	return err
}

// SwapQuotes are the ways to pay for one eSIM of a plan that takes the place of one worth some store
// credit (USD): that worth pays first, then the store credit there is, and each method the rest. The
// first of them is in the order of the buttons. ErrPriceTooHigh: no method takes the rest.
func (c *Checkout) SwapQuotes(worth, credit Money, price func(PaymentMethod) (Quote, error)) ([]Quote, error) {
	if spec, err := c.DefaultMethod().Spec(); err != nil {
		return nil, err
	} else if spec.RefundRoute == RefundNothing {
		q, err := price(c.DefaultMethod())
		return []Quote{q}, err
	}
	all := USDCents(worth.Minor + credit.Minor)
	whole, err := price(creditMethod())
	if err != nil {
		return nil, err
	}
	if all.Minor >= whole.Retail.Minor {
		return []Quote{whole}, nil
	}
	quotes, err := c.QuotesBeside(all, price)
	if err == nil && len(quotes) == 0 {
		err = ErrPriceTooHigh
	}
	return quotes, err
}

// BeginSwap makes the order that takes the place of an eSIM. If nothing is to be paid from outside it
// is on its way at once, else it waits for its payment. One that is under way is returned as it is. Errors: those of Begin, ErrNotFound, ErrNoSwap.
func (c *Checkout) BeginSwap(ctx context.Context, w PurchaseRequest, esimID ESIMID) (Order, error) {
	method, err := c.method(w.Method)
	if err != nil {
		return Order{}, err
	}
	if o, found, err := c.Store.SwapOf(ctx, esimID); err != nil || found && o.Customer == w.Customer {
		return o, err // it was pressed before
	}
	_, base, err := c.swappable(ctx, w.Customer, esimID)
	if err != nil {
		return Order{}, err
	}
	w.Quantity = 1
	q, err := c.quoted(w, method, func(m PaymentMethod) (Quote, error) { return c.QuoteWith(m, w.PlanCode, w.Quantity, w.Days) })
	if err != nil {
		return Order{}, err
	}
	o, err := c.begin(ctx, w, q, Order{Kind: Purchase, Replaces: esimID, SwapWorth: base.SwapWorthOfOne()}, base.ID)
	if err != nil {
		return Order{}, err
	}
	if spec, err := o.Method.Spec(); err != nil || spec.ConfirmedBy != ConfirmedByCustomer {
		return o, err
	}
	return c.PayWithoutInvoice(ctx, w.Customer, o.ID)
}

// swapOn sets a swap going that needs no payment from outside.
func (c *Checkout) swapOn(ctx context.Context, o Order) (Order, error) {
	m := o.TransitionTo(StatePaid, "the eSIM that it takes the place of is to pay it", c.Now())
	m.PaidAt = c.Now()
	m.Notifications = []Notification{o.progress(StatePaid)}
	if err := c.Store.ApplyTransition(ctx, m); err != nil {
		return Order{}, fmt.Errorf("swap for order %s: %w", o.ID, err)
	}
	o.State, o.PaidAt = StatePaid, m.PaidAt
	return o, nil
}

// SwapFacts are what only the transaction sees in which it is known what became of an eSIM that was
// to be swapped.
type SwapFacts struct {
	Old     Order   // that the eSIM is of
	ID      OrderID // of the order that is to take its place
	Order   Order   // as it is now; the zero value: there is none
	Reserve Reserve // for Order
	// Back: the vendor took the eSIM back, and its money became store credit.
	Back bool
	// Worth (USD) is that store credit.
	Worth Money
}

// A SwapDecision is what follows, in this order.
type SwapDecision struct {
	Move          *Transition // of the order that takes its place; nil: it stays
	Payments      []OrderPayment
	Transactions  []Transaction
	Notifications []Notification
}

// DecideSwap says what becomes of a swap. If the old eSIM is back, what it became pays the new order;
// else, or if that does not pay it any more, what was paid of the new one goes back.
// The store calls it inside the transaction that ends the cancellation.
func DecideSwap(f SwapFacts, now time.Time) (SwapDecision, error) {
	o := f.Order
	waits := o.ID != "" && o.State == StatePaid && o.Swapping()
	part := o.fromCredit()
	if waits && f.Back && f.Worth.Minor+f.Reserve.Amount.Minor >= part.Minor {
		return swapped(f, part, now)
	}
	var end SwapDecision
	if waits {
		m := o.swapOff("the eSIM that it was to take the place of stays", now)
		if f.Back {
			m.Why = fmt.Sprintf("the eSIM that it was to take the place of became %s", f.Worth)
			m.Notifications = []Notification{o.progress(StateRefunding)}
		}
		end.Move = &m
	}
	if f.Worth.Minor > 0 {
		end.Notifications = []Notification{NewSwapCredit(f.Old.Customer, f.ID, f.Worth)}
	}
	return end, nil
}

// swapped pays the order that takes the place of an eSIM which is back.
func swapped(f SwapFacts, part Money, now time.Time) (SwapDecision, error) {
	o := f.Order
	m := o.TransitionTo(StateOrdering, fmt.Sprintf("the eSIM of order %s that it takes the place of is back", f.Old.ID), now)
	m.SwapDone, m.PaidAt, m.Wake = true, now, true
	m.Notifications = []Notification{NewProgress(o.Customer, o.ID, stepSwapped)}
	end := SwapDecision{Move: &m}
	rest := Payment{ID: string(o.Method) + ":" + string(o.ID), Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: now}
	if spec, err := o.Method.Spec(); err != nil {
		return SwapDecision{}, err
	} else if spec.ConfirmedBy == ConfirmedByCustomer { // else it was paid before
		end.Payments = []OrderPayment{{Payment: rest, Status: PaymentSettled, Reason: "paid"}}
	}
	if o.Credit.Minor != 0 {
		end.Payments = append(end.Payments, o.creditPart(rest))
	}
	for _, p := range end.Payments {
		t, err := PaymentTransaction(p.Payment)
		if err != nil {
			return SwapDecision{}, err
		}
		end.Transactions = append(end.Transactions, t)
	}
	if left := f.Worth.Minor + f.Reserve.Amount.Minor - part.Minor; left > 0 {
		end.Notifications = []Notification{NewSwapCredit(o.Customer, o.ID, USDCents(left))}
	}
	return end, nil
}

// swapOff is the move of an order whose old eSIM stays: what was paid goes back.
func (o Order) swapOff(why string, now time.Time) Transition {
	m := o.TransitionTo(StateRefunding, why, now)
	m.Notifications = []Notification{o.progress(StateRefunding), NewSwapFailed(o)}
	return m
}
