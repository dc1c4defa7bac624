package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Payment is money that arrived.
type Payment struct {
	ID     string // the messenger's charge id: unique
	Order  OrderID
	Person PersonID
	Amount Money
	Rail   Rail
	At     time.Time
}

// A Booking says what a payment was.
type Booking int

const (
	// Booked: it pays the order.
	Booked Booking = iota
	// BookedBefore: the same payment was told of before.
	BookedBefore
	// OneTooMany: the order was paid already, or is not this person's, or the
	// amount is wrong; the payment is kept and goes back.
	OneTooMany
)

// Book decides what a new payment is to an order; nil is an order that does not
// exist. The store calls it inside its transaction.
func Book(o *Order, p Payment) (Booking, string) {
	switch {
	case o == nil:
		return OneTooMany, "payment for an unknown order"
	case o.Person != p.Person:
		return OneTooMany, "paid by another person"
	case o.Price != p.Amount:
		return OneTooMany, fmt.Sprintf("paid %s instead of %s", p.Amount, o.Price)
	case !CanMove(o.State, Paid):
		return OneTooMany, "paid a second time"
	}
	return Booked, "paid"
}

// CheckoutStore keeps orders until they are paid.
type CheckoutStore interface {
	// AddOrder stores a new order; ErrConflict if its id exists.
	AddOrder(ctx context.Context, o Order) error
	// Order returns an order, or ErrNotFound.
	Order(ctx context.Context, id OrderID) (Order, error)
	// BookPayment stores the payment once and, if Book says so, moves the order to
	// Paid with the notices, all in one transaction. A payment OneTooMany is
	// stored as due to go back. The order is the one after the booking.
	BookPayment(ctx context.Context, p Payment, notices []Notice) (Order, Booking, error)
	// ExpireOrders moves orders that wait for payment since before the given time
	// to Expired, and returns how many.
	ExpireOrders(ctx context.Context, before time.Time) (int, error)
}

// payWithin is how long an invoice can be paid.
const payWithin = time.Hour

// Checkout takes an order from the wish to the money.
type Checkout struct {
	Shelf   *Shelf
	Pricing Pricing
	Supply  *Supply
	Store   CheckoutStore
	Now     func() time.Time
}

// Quote is today's price of a purchase. It fails with ErrPlanGone, ErrBadQuantity or ErrTooDear.
func (c *Checkout) Quote(code string, quantity, days int) (Quote, error) {
	plan, err := c.Shelf.Plan(code)
	if err != nil {
		return Quote{}, err
	}
	return c.Pricing.Quote(plan, quantity, days)
}

// Begin makes an order that waits for its payment. seen is the price the person
// was shown: if it moved since, the error is ErrPriceMoved and nothing is made.
// Other errors: those of Quote, ErrSupplierDown, ErrShopClosed.
func (c *Checkout) Begin(ctx context.Context, person PersonID, code string, quantity, days int, seen Money) (Order, error) {
	q, err := c.Quote(code, quantity, days)
	if err != nil {
		return Order{}, err
	}
	if q.Price != seen {
		return Order{}, fmt.Errorf("plan %s: %s shown, now %s: %w", code, seen, q.Price, ErrPriceMoved)
	}
	if err := c.Supply.CanSell(ctx, q.Wholesale); err != nil {
		return Order{}, err
	}
	now := c.Now()
	o := Order{
		Person: person, Kind: Purchase, Plan: q.Plan.Snapshot(), Quantity: quantity, Days: days,
		TxID: NewTxID(), Wholesale: q.Wholesale, Retail: q.Retail, Price: q.Price, Rail: RailStars,
		State: AwaitingPayment, Created: now, Changed: now, NextAt: now,
	}
	for range 3 { // an id of 40 random bits is taken once in a blue moon
		o.ID = NewOrderID()
		if err = c.Store.AddOrder(ctx, o); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return Order{}, fmt.Errorf("store order: %w", err)
	}
	return o, nil
}

// Approve is the last look before money moves: the order is this person's, unpaid
// and fresh, its amount is right, the plan is still sold at that price, and the
// supplier can deliver it. A nil error means: take the money.
func (c *Checkout) Approve(ctx context.Context, id OrderID, person PersonID, amount Money) error {
	o, err := c.Store.Order(ctx, id)
	switch {
	case err != nil:
		return fmt.Errorf("order %s: %w", id, err)
	case o.Person != person:
		return fmt.Errorf("order %s of another person: %w", id, ErrNotFound)
	case o.State == Expired, o.State == AwaitingPayment && c.Now().Sub(o.Created) > payWithin:
		return fmt.Errorf("order %s: %w", id, ErrOrderExpired)
	case o.State != AwaitingPayment:
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrAlreadyPaid)
	}
	q, err := c.Quote(o.Plan.Code, o.Quantity, o.Days)
	if err != nil {
		return err
	}
	if q.Price != o.Price || amount != o.Price {
		return fmt.Errorf("order %s: %s agreed, %s asked, now %s: %w", id, o.Price, amount, q.Price, ErrPriceMoved)
	}
	return c.Supply.CanSell(ctx, q.Wholesale)
}

// Paid books a payment. It may be called any number of times for one payment.
func (c *Checkout) Paid(ctx context.Context, p Payment) (Order, Booking, error) {
	o, b, err := c.Store.BookPayment(ctx, p, []Notice{{
		Kind: NoticeProgress, Key: fmt.Sprintf("progress:%s:%s", p.Order, Paid), Person: p.Person, Order: p.Order,
	}})
	if err != nil {
		return Order{}, 0, fmt.Errorf("book payment for order %s: %w", p.Order, err)
	}
	return o, b, nil
}

// Expire closes orders that were not paid in time.
func (c *Checkout) Expire(ctx context.Context) error {
	if _, err := c.Store.ExpireOrders(ctx, c.Now().Add(-payWithin)); err != nil {
		return fmt.Errorf("expire unpaid orders: %w", err)
	}
	return nil
}
