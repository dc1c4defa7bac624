package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Payment is money that arrived.
type Payment struct {
	ID     string // the messenger's charge id, or our own for rails within the shop: unique
	Order  OrderID
	Person PersonID
	Amount Money
	Fee    Money // of Amount, kept by a payment provider; zero: none
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
	case o.Rail != p.Rail:
		return OneTooMany, fmt.Sprintf("paid by %s instead of %s", p.Rail, o.Rail)
	case !CanMove(o.State, Paid):
		return OneTooMany, "paid a second time"
	}
	return Booked, "paid"
}

// A Standing is what a person may still do.
type Standing struct {
	Blocked bool
	Orders  int   // paid for since the time asked about
	Spent   Money // USD, on those
}

// CheckoutStore keeps orders until they are paid.
type CheckoutStore interface {
	// AddOrder stores a new order with the notices; ErrConflict if its id exists.
	AddOrder(ctx context.Context, o Order, notices []Notice) error
	// Order returns an order, or ErrNotFound.
	Order(ctx context.Context, id OrderID) (Order, error)
	// BookPayment stores the payment once and, if Book says so, moves the order to
	// Paid with the notices and posts it in the ledger, all in one transaction. A
	// payment OneTooMany is stored as due to go back; one of an Internal rail moved no
	// money and is not stored. Store credit that does not cover the amount is
	// ErrNoCredit. act, if there is one, is written down. The order is the one after
	// the booking.
	BookPayment(ctx context.Context, p Payment, act *Act, notices []Notice) (Order, Booking, error)
	// ExpireOrders moves orders that wait for payment and whose NextAt has passed to
	// Expired, and returns how many.
	ExpireOrders(ctx context.Context, now time.Time) (int, error)
	// Standing sums up what a person bought since a time; refunded orders do not count.
	Standing(ctx context.Context, person PersonID, since time.Time) (Standing, error)
	// Credit is a person's store credit (USD).
	Credit(ctx context.Context, person PersonID) (Money, error)
}

// How long an order can be paid.
const (
	payWithin       = time.Hour
	payByHandWithin = 72 * time.Hour
)

// Limits guard against fraud: what one person may buy in 24 hours. Zero is no limit.
type Limits struct {
	Orders int
	Spent  Money // USD
}

// Checkout takes an order from the wish to the money.
type Checkout struct {
	Shelf   *Shelf
	Pricing Pricing
	Supply  *Supply
	Store   CheckoutStore
	Rails   []Rail // offered, in the order of the buttons; none is Stars
	Limits  Limits
	// ProviderFeeBP is what the payment provider keeps, in hundredths of a percent.
	ProviderFeeBP int64
	Now           func() time.Time
}

// A Wish is what somebody is about to buy.
type Wish struct {
	Person   PersonID
	Code     string // of the plan
	Quantity int
	Days     int   // of a day pass, else 0
	Rail     Rail  // "" is the first offered
	Seen     Money // the price that was shown
}

// Offered lists the ways to pay, in the order of the buttons.
func (c *Checkout) Offered() []Rail {
	if len(c.Rails) == 0 {
		return []Rail{RailStars}
	}
	return c.Rails
}

// Main is the way to pay in which prices are shown.
func (c *Checkout) Main() Rail { return c.Offered()[0] }

func (c *Checkout) rail(wanted Rail) (Rail, error) {
	if wanted == "" {
		return c.Main(), nil
	}
	if !slices.Contains(c.Offered(), wanted) {
		return "", fmt.Errorf("rail %q: %w", wanted, ErrNoRail)
	}
	return wanted, nil
}

// Quote is today's price of a purchase on the main rail. It fails with ErrPlanGone,
// ErrBadQuantity or ErrTooDear.
func (c *Checkout) Quote(code string, quantity, days int) (Quote, error) {
	return c.QuoteOn(c.Main(), code, quantity, days)
}

// QuoteOn is Quote on another rail.
func (c *Checkout) QuoteOn(rail Rail, code string, quantity, days int) (Quote, error) {
	plan, err := c.Shelf.Plan(code)
	if err != nil {
		return Quote{}, err
	}
	return c.Pricing.QuoteOn(rail, plan, quantity, days)
}

// From is the price, on the main rail, of the least one can buy of a plan.
func (c *Checkout) From(plan Plan) (Quote, error) { return c.Pricing.FromOn(c.Main(), plan) }

// Begin makes an order that waits for its payment. If the price moved since the
// person saw it, the error is ErrPriceMoved and nothing is made. Other errors: those
// of Quote, ErrNoRail, ErrSupplierDown, ErrShopClosed, ErrBlocked, ErrOverLimit.
func (c *Checkout) Begin(ctx context.Context, w Wish) (Order, error) {
	rail, err := c.rail(w.Rail)
	if err != nil {
		return Order{}, err
	}
	q, err := c.QuoteOn(rail, w.Code, w.Quantity, w.Days)
	if err != nil {
		return Order{}, err
	}
	return c.begin(ctx, w, q, Order{Kind: Purchase})
}

// begin makes an order of a kind for a quote.
func (c *Checkout) begin(ctx context.Context, w Wish, q Quote, o Order) (Order, error) {
	if q.Price != w.Seen {
		return Order{}, fmt.Errorf("plan %s: %s shown, now %s: %w", w.Code, w.Seen, q.Price, ErrPriceMoved)
	}
	if err := c.allowed(ctx, w.Person, q); err != nil {
		return Order{}, err
	}
	now := c.Now()
	o.Person, o.Plan, o.Quantity, o.Days = w.Person, q.Plan.Snapshot(), q.Quantity, q.Days
	o.TxID, o.Wholesale, o.Retail, o.Price, o.Rail = NewTxID(), q.Wholesale, q.Retail, q.Price, q.Rail
	o.State, o.Created, o.Changed, o.NextAt = AwaitingPayment, now, now, now.Add(open(q.Rail))
	var err error
	for range 3 { // an id of 40 random bits is taken once in a blue moon
		o.ID = NewOrderID()
		var notices []Notice
		if o.Rail == RailManual {
			notices = []Notice{
				{Kind: NoticeProgress, Key: fmt.Sprintf("progress:%s:%s", o.ID, AwaitingPayment), Person: o.Person, Order: o.ID},
				{Kind: StaffManual, Key: "manual:" + string(o.ID), Order: o.ID, Amount: o.Price},
			}
		}
		if err = c.Store.AddOrder(ctx, o, notices); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return Order{}, fmt.Errorf("store order: %w", err)
	}
	return o, nil
}

// open is how long an order of a rail waits for its money.
func open(r Rail) time.Duration {
	if r == RailManual {
		return payByHandWithin
	}
	return payWithin
}

// allowed checks what a purchase needs besides its price: a person in good standing,
// and a supplier who can deliver.
func (c *Checkout) allowed(ctx context.Context, person PersonID, q Quote) error {
	st, err := c.Store.Standing(ctx, person, c.Now().Add(-day))
	switch {
	case err != nil:
		return fmt.Errorf("standing of the person: %w", err)
	case st.Blocked:
		return ErrBlocked
	case c.Limits.Orders > 0 && st.Orders >= c.Limits.Orders,
		c.Limits.Spent.Minor > 0 && st.Spent.Minor+q.Retail.Minor > c.Limits.Spent.Minor:
		return fmt.Errorf("%d orders for %s within a day: %w", st.Orders, st.Spent, ErrOverLimit)
	}
	return c.Supply.CanSell(ctx, q.Wholesale)
}

// Approve is the last look before money moves: the order is this person's, unpaid
// and fresh, its amount is right, the plan is still sold at that price, and the
// supplier can deliver it. A nil error means: take the money. It asks nobody but the
// store, since the messenger waits ten seconds and no longer.
func (c *Checkout) Approve(ctx context.Context, id OrderID, person PersonID, amount Money) error {
	o, err := c.Store.Order(ctx, id)
	switch {
	case err != nil:
		return fmt.Errorf("order %s: %w", id, err)
	case o.Person != person:
		return fmt.Errorf("order %s of another person: %w", id, ErrNotFound)
	case o.State == Expired, o.State == AwaitingPayment && !c.Now().Before(o.NextAt):
		return fmt.Errorf("order %s: %w", id, ErrOrderExpired)
	case o.State != AwaitingPayment:
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrAlreadyPaid)
	}
	if _, err := c.rail(o.Rail); err != nil {
		return err
	}
	q, err := c.again(o)
	if err != nil {
		return err
	}
	if q.Price != o.Price || amount != o.Price {
		return fmt.Errorf("order %s: %s agreed, %s asked, now %s: %w", id, o.Price, amount, q.Price, ErrPriceMoved)
	}
	return c.allowed(ctx, person, q)
}

// again is today's quote for an order. A top-up's price is not in the catalogue: it was
// asked for within the hour that the order can be paid, and the margin is looked at
// once more before the vendor is.
func (c *Checkout) again(o Order) (Quote, error) {
	if o.Kind == TopUp {
		return Quote{
			Plan: o.Plan, Quantity: o.Quantity, Days: o.Days, Wholesale: o.Wholesale, Retail: o.Retail, Rail: o.Rail, Price: o.Price,
		}, nil
	}
	return c.QuoteOn(o.Rail, o.Plan.Code, o.Quantity, o.Days)
}

// Paid books a payment. It may be called any number of times for one payment.
func (c *Checkout) Paid(ctx context.Context, p Payment) (Order, Booking, error) {
	return c.book(ctx, p, nil)
}

func (c *Checkout) book(ctx context.Context, p Payment, act *Act) (Order, Booking, error) {
	if p.Rail == RailProvider {
		p.Fee = Money{p.Amount.Minor * c.ProviderFeeBP / 10_000, p.Amount.Currency}
	}
	o, b, err := c.Store.BookPayment(ctx, p, act, []Notice{{
		Kind: NoticeProgress, Key: fmt.Sprintf("progress:%s:%s", p.Order, Paid), Person: p.Person, Order: p.Order,
	}})
	if err != nil {
		return Order{}, 0, fmt.Errorf("book payment for order %s: %w", p.Order, err)
	}
	return o, b, nil
}

// PayInside pays an order of the rails credit and free. However often it is called, the
// order is paid once. Errors: those of Approve, ErrNoCredit, ErrNoRail.
func (c *Checkout) PayInside(ctx context.Context, person PersonID, id OrderID) (Order, error) {
	o, err := c.Store.Order(ctx, id)
	if err != nil {
		return Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	if o.Rail != RailCredit && o.Rail != RailFree {
		return Order{}, fmt.Errorf("order %s is paid by %s: %w", id, o.Rail, ErrNoRail)
	}
	if err := c.Approve(ctx, id, person, o.Price); err != nil {
		return Order{}, err
	}
	return c.inside(ctx, o, nil)
}

// PaidByHand books the money that staff received for an order of the rail manual.
// Errors: ErrNotFound, ErrNoRail, ErrAlreadyPaid.
func (c *Checkout) PaidByHand(ctx context.Context, id OrderID, act Act) (Order, error) {
	o, err := c.Store.Order(ctx, id)
	if err != nil {
		return Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	if o.Rail != RailManual {
		return Order{}, fmt.Errorf("order %s is paid by %s: %w", id, o.Rail, ErrNoRail)
	}
	return c.inside(ctx, o, &act)
}

func (c *Checkout) inside(ctx context.Context, o Order, act *Act) (Order, error) {
	paid, b, err := c.book(ctx, Payment{
		ID: string(o.Rail) + ":" + string(o.ID), Order: o.ID, Person: o.Person, Amount: o.Price, Rail: o.Rail, At: c.Now(),
	}, act)
	if err == nil && b != Booked {
		err = fmt.Errorf("order %s: %w", o.ID, ErrAlreadyPaid)
	}
	return paid, err
}

// Expire closes orders that were not paid in time.
func (c *Checkout) Expire(ctx context.Context) error {
	if _, err := c.Store.ExpireOrders(ctx, c.Now()); err != nil {
		return fmt.Errorf("expire unpaid orders: %w", err)
	}
	return nil
}
