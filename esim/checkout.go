package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A CustomerUsage is what a customer may still do.
type CustomerUsage struct {
	Blocked bool
	Orders  int   // paid for since the time asked about
	Spent   Money // USD, on those
}

// Limits guard against fraud: what one customer may buy in 24 hours. Zero is no limit.
type Limits struct {
	Orders int
	Spent  Money // USD
}

// Checkout takes an order from the purchase request to the money.
type Checkout struct {
	Catalog *CatalogCache
	Pricing Pricing   // as the environment has it; see Prices
	Rules   *RuleBook // what staff set of the shop; nil: nothing
	Monitor *VendorMonitor
	Store   CheckoutStore
	Methods []PaymentMethod // offered, in the order of the buttons; none is Stars
	Limits  Limits
	// MaxLoss (USD) bounds what a promo code takes off; see Fulfiller.MaxLoss.
	MaxLoss Money
	// Affiliates says what of a price in Stars affiliates may get; nil: nothing.
	Affiliates *Affiliates
	// Seal writes who pays from store credit into vendor keys; nil: nothing does.
	Seal *CreditSeal
	// RestoreDetector says when store credit rests; nil: never.
	RestoreDetector *RestoreDetector
	// NoPromos: promo codes lower no price.
	NoPromos bool
	// ProviderFeeBP is what the payment provider keeps, in hundredths of a percent.
	ProviderFeeBP int64
	Now           func() time.Time

	warned warnedOrders
}

// Offered lists the ways to pay, in the order of the buttons.
func (c *Checkout) Offered() []PaymentMethod {
	if len(c.Methods) == 0 {
		return []PaymentMethod{MethodStars}
	}
	return c.Methods
}

// OfferedTo is Offered to a customer with some store credit (USD): whoever has any can spend it,
// whatever else the operator takes.
func (c *Checkout) OfferedTo(credit Money) []PaymentMethod {
	offered := c.Offered()
	for _, m := range offered {
		if s, err := m.Spec(); err == nil && s.RefundRoute == RefundNothing {
			return offered // nobody pays for what is free
		}
	}
	for _, s := range methods {
		if s.FromCredit && credit.Minor > 0 && !slices.Contains(offered, s.Method) {
			offered = append(slices.Clone(offered), s.Method)
		}
	}
	return offered
}

// DefaultMethod is the way to pay in which prices are shown.
func (c *Checkout) DefaultMethod() PaymentMethod { return c.Offered()[0] }

func (c *Checkout) method(wanted PaymentMethod) (PaymentMethod, error) {
	if wanted == "" {
		return c.DefaultMethod(), nil
	}
	if spec, err := wanted.Spec(); err == nil && spec.FromCredit {
		return wanted, nil // that there is some is seen when it is booked
	}
	if !slices.Contains(c.Offered(), wanted) {
		return "", fmt.Errorf("payment method %q: %w", string(wanted), ErrNoPaymentMethod)
	}
	return wanted, nil
}

// Quote is today's price of a purchase on the main payment method. It fails with ErrPlanGone,
// ErrBadQuantity or ErrPriceTooHigh.
func (c *Checkout) Quote(code string, quantity, days int) (Quote, error) {
	return c.QuoteWith(c.DefaultMethod(), code, quantity, days)
}

// QuoteWith is Quote on another payment method.
func (c *Checkout) QuoteWith(method PaymentMethod, code string, quantity, days int) (Quote, error) {
	plan, err := c.Catalog.Plan(code)
	if err != nil {
		return Quote{}, err
	}
	return c.Prices().QuoteWith(method, plan, quantity, days)
}

// Prices are the prices of this moment: those of the environment, and in their place what staff set.
func (c *Checkout) Prices() Pricing {
	p := c.Pricing
	p.Rules = c.Rules.Current().prices
	return p
}

// LowestQuote is the price, on the main payment method, of the least one can buy of a plan.
func (c *Checkout) LowestQuote(plan Plan) (Quote, error) {
	return c.Prices().LowestQuoteWith(c.DefaultMethod(), plan)
}

// Begin makes an order that waits for its payment. If the price moved since the
// customer saw it, the error is ErrPriceChanged and nothing is made. Other errors: those
// of Quote, ErrShopPaused, ErrNoPaymentMethod, ErrVendorDown, ErrShopClosed, ErrBlocked, ErrOverLimit, ErrInsufficientCredit.
func (c *Checkout) Begin(ctx context.Context, w PurchaseRequest) (Order, error) {
	if err := c.Rules.Current().CheckOpen(); err != nil {
		return Order{}, err
	}
	method, err := c.method(w.Method)
	if err != nil {
		return Order{}, err
	}
	promo, err := c.promised(ctx, w.Promo)
	if err != nil {
		return Order{}, err
	}
	price := func(m PaymentMethod) (Quote, error) { return c.QuoteWith(m, w.PlanCode, w.Quantity, w.Days) }
	q, err := c.quoted(w, method, c.Discounted(promo, price))
	if err == nil && q.Price != w.Seen {
		if promo, err = c.promoOfPress(ctx, w, method); err == nil && promo.Code != "" {
			q, err = c.quoted(w, method, c.Discounted(promo, price))
		}
	}
	if err != nil {
		return Order{}, err
	}
	return c.begin(ctx, w, q, Order{Kind: Purchase}, "")
}

// begin makes an order of a kind for a quote. swaps is the order of whose eSIM it takes the place; "": none.
func (c *Checkout) begin(ctx context.Context, w PurchaseRequest, q Quote, o Order, swaps OrderID) (Order, error) {
	if err := c.Rules.Current().CheckOpen(); err != nil {
		return Order{}, err
	}
	if q.Price != w.Seen {
		return Order{}, fmt.Errorf("plan %s: %s shown, now %s: %w", w.PlanCode, w.Seen, q.Price, ErrPriceChanged)
	}
	if err := c.allowed(ctx, w.Customer, q, o); err != nil {
		return Order{}, err
	}
	o.Credit = q.Credit
	if err := c.paysWhatIsOwed(ctx, w.Customer, q.Method, o); err != nil {
		return Order{}, err
	}
	spec, err := q.Method.Spec()
	if err != nil {
		return Order{}, err
	}
	if spec.FromCredit {
		if credit, err := c.Store.Credit(ctx, w.Customer); err != nil {
			return Order{}, fmt.Errorf("store credit: %w", err)
		} else if credit.Minor += o.SwapWorth.Minor; !o.EmergencyTopUp && !slices.Contains(c.OfferedTo(credit), q.Method) {
			return Order{}, fmt.Errorf("%s to pay with no store credit: %w", q.Price, ErrInsufficientCredit)
		}
	}
	return c.add(ctx, w, q, o, swaps)
}

// add stores an order for a quote, which waits for its payment.
func (c *Checkout) add(ctx context.Context, w PurchaseRequest, q Quote, o Order, swaps OrderID) (Order, error) {
	spec, err := q.Method.Spec()
	if err != nil {
		return Order{}, err
	}
	now := c.Now()
	o.Customer, o.Plan, o.Quantity, o.Days = w.Customer, q.Plan.Snapshot(), q.Quantity, q.Days
	o.Wholesale, o.Retail, o.Price, o.Method, o.Credit = q.Wholesale, q.Retail, q.Price, q.Method, q.Credit
	o.Promo, o.Discount = q.Promo, q.Discount
	o.Phone = w.Phone
	if w.Consent != "" {
		o.Consent, o.Consented = w.Consent, now
	}
	o.State, o.Created, o.Changed, o.NextAt = StateAwaitingPayment, now, now, now.Add(spec.PayWithin)
	var made Order
	for range 3 { // an id of 40 random bits is taken once in a blue moon
		o.ID = NewOrderID()
		sale := invoicedSale(o)
		sale.Swaps = swaps
		o.IdempotencyKey = c.Seal.key(o, sale)
		var notifications []Notification
		if spec.ConfirmedBy == ConfirmedByStaff {
			notifications = []Notification{NewStaffManual(o)}
		}
		if made, err = c.Store.AddOrder(ctx, o, w.CallbackQueryID, notifications); !errors.Is(err, ErrConflict) {
			break
		}
	}
	switch {
	case err != nil:
		return Order{}, fmt.Errorf("store order: %w", err)
	case made.State != StateAwaitingPayment: // an update that came twice, and was paid meanwhile
		return Order{}, fmt.Errorf("order %s of this press is %s: %w", made.ID, made.State, ErrAlreadyPaid)
	}
	return made, nil
}

// allowed checks what a purchase needs besides its price: a customer who is not blocked and within the limits,
// and a vendor who can deliver.
func (c *Checkout) allowed(ctx context.Context, customer CustomerID, q Quote, o Order) error {
	st, err := c.Store.CustomerUsage(ctx, customer, c.Now().Add(-day))
	if err != nil {
		return fmt.Errorf("usage of the customer: %w", err)
	}
	o.Retail = q.Retail
	if err := c.limits().Allow(st, o); err != nil {
		return err
	}
	return c.Monitor.CanSell(ctx, q.Wholesale)
}

// Approve is the last look before money moves: the order is this customer's, unpaid
// and fresh, its amount is right, the plan is still sold at that price, and the
// vendor can deliver it. A nil error means: take the money. It asks nobody but the
// store, since the messenger waits ten seconds and no longer.
func (c *Checkout) Approve(ctx context.Context, id OrderID, customer CustomerID, amount Money) error {
	o, err := c.Store.Order(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound): // expired long ago, and forgotten since
		return fmt.Errorf("order %s: %w", id, ErrOrderExpired)
	case err != nil:
		return fmt.Errorf("order %s: %w", id, err)
	case o.Customer != customer:
		return fmt.Errorf("order %s of another customer: %w", id, ErrNotFound)
	case o.State == StateExpired, o.State == StateAwaitingPayment && !c.Now().Before(o.NextAt):
		return fmt.Errorf("order %s: %w", id, ErrOrderExpired)
	case o.State != StateAwaitingPayment:
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrAlreadyPaid)
	}
	if err := c.Rules.Current().CheckOpen(); err != nil {
		return err
	}
	if _, err := c.method(o.Method); err != nil {
		return err
	}
	if o.fromCredit().Minor > 0 && c.RestoreDetector.ListUnread() {
		return fmt.Errorf("order %s: what store credit paid since the last run was not looked for yet: %w", id, ErrVendorDown)
	}
	q, err := c.again(ctx, o)
	if err != nil {
		return err
	}
	if amount != o.Price || q.Price != o.Price && !o.agreedAt(q) {
		return fmt.Errorf("order %s: %s agreed, %s asked, now %s: %w", id, o.Price, amount, q.Price, ErrPriceChanged)
	}
	if o.Kind == TopUp {
		if err := c.staying(ctx, o.ESIM, customer); err != nil {
			return err
		}
	}
	if o.Replaces != "" {
		if err := c.swappableFor(ctx, o); err != nil {
			return err
		}
	}
	if err := c.paysWhatIsOwed(ctx, customer, o.Method, o); err != nil {
		return err
	}
	if err := c.allowed(ctx, customer, q, o); err != nil {
		return err
	}
	return c.Store.ApproveOrder(ctx, id, Approval{c.limits(), c.Monitor.Status().Balance}, c.Now().Add(-day))
}

// agreedAt reports whether the price of an order holds although today's quote is another: it costs us what it did, so that only
// our own rules are others, and they are for new offers. A promo that gives nothing any more is no rule of ours.
func (o Order) agreedAt(q Quote) bool {
	return q.Wholesale == o.Wholesale && q.Promo == o.Promo && q.Credit == o.Credit
}

// staying is ErrNoTopUp for an eSIM that is being given back or gone, or is another customer's by now.
func (c *Checkout) staying(ctx context.Context, esimID ESIMID, customer CustomerID) error {
	e, leaving, err := leavingNow(ctx, c.Store, esimID)
	if err == nil && (leaving || e.Customer != customer) {
		err = fmt.Errorf("eSIM %s is leaving: %w", esimID, ErrNoTopUp)
	}
	return err
}

// again is today's quote for an order. A top-up's price is not in the catalogue: it was
// asked for within the hour that the order can be paid, and the margin is looked at
// once more before the vendor is.
func (c *Checkout) again(ctx context.Context, o Order) (Quote, error) {
	agreed := Quote{
		Plan: o.Plan, Quantity: o.Quantity, Days: o.Days, Wholesale: o.Wholesale, Retail: o.Retail, Method: o.Method, Price: o.Price, Credit: o.Credit,
	}
	if o.Kind == TopUp {
		return agreed, nil
	}
	promo, err := c.promised(ctx, o.Promo)
	if err != nil {
		return Quote{}, err
	}
	w := PurchaseRequest{PlanCode: o.Plan.Code, Credit: o.Credit}
	q, err := c.quoted(w, o.Method, c.Discounted(promo, func(m PaymentMethod) (Quote, error) { return c.QuoteWith(m, o.Plan.Code, o.Quantity, o.Days) }))
	if errors.Is(err, ErrPriceTooHigh) { // by our own rules of today: see agreedAt
		if plan, gone := c.Catalog.Plan(o.Plan.Code); gone == nil {
			if cost, ok := o.costAt(plan); ok && cost == o.Wholesale {
				agreed.Promo, agreed.Discount = o.Promo, o.Discount
				return agreed, nil
			}
		}
	}
	return q, err
}

// Paid books a payment. It may be called any number of times for one payment. An unknown
// payment method is ErrNoPaymentMethod, and nothing is stored.
func (c *Checkout) Paid(ctx context.Context, p Payment) (Order, PaymentResult, error) {
	return c.book(ctx, p, nil)
}

func (c *Checkout) book(ctx context.Context, p Payment, entry *AuditEntry) (Order, PaymentResult, error) {
	spec, err := p.Method.Spec()
	if err != nil {
		return Order{}, 0, fmt.Errorf("book payment for order %s: %w", p.Order, err)
	}
	if spec.CardProcessor {
		p.Fee = Money{p.Amount.Minor * c.ProviderFeeBP / 10_000, p.Amount.Currency}
	}
	o, b, err := c.Store.BookPayment(ctx, p, entry, []Notification{NewProgress(p.Customer, p.Order, string(StatePaid))})
	if err != nil {
		return Order{}, 0, fmt.Errorf("book payment for order %s: %w", p.Order, err)
	}
	if b == PaymentUnexplained && !p.Found { // what is found in an account is held by who reads it
		if err := c.holdForeign(ctx, p); err != nil {
			return Order{}, 0, err
		}
	}
	return o, b, nil
}

// PayWithoutInvoice pays an order of a payment method that the customer confirms (store credit,
// free). However often it is called, the order is paid once. Errors: those of Approve, ErrInsufficientCredit, ErrNoPaymentMethod.
func (c *Checkout) PayWithoutInvoice(ctx context.Context, customer CustomerID, id OrderID) (Order, error) {
	o, err := c.Store.Order(ctx, id)
	if err != nil {
		return Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	if spec, err := o.Method.Spec(); err != nil || spec.ConfirmedBy != ConfirmedByCustomer {
		return Order{}, fmt.Errorf("order %s is paid by %s: %w", id, o.Method, ErrNoPaymentMethod)
	}
	if err := c.Approve(ctx, id, customer, o.Price); err != nil {
		return Order{}, err
	}
	if o.Replaces != "" {
		return c.swapOn(ctx, o)
	}
	return c.inside(ctx, o, nil)
}

// PaidByHand books the money that staff received for an order of a payment method that staff
// confirm. Errors: ErrNotFound, ErrNoPaymentMethod, ErrAlreadyPaid.
func (c *Checkout) PaidByHand(ctx context.Context, id OrderID, entry AuditEntry) (Order, error) {
	o, err := c.Store.Order(ctx, id)
	if err != nil {
		return Order{}, fmt.Errorf("order %s: %w", id, err)
	}
	if spec, err := o.Method.Spec(); err != nil || spec.ConfirmedBy != ConfirmedByStaff {
		return Order{}, fmt.Errorf("order %s is paid by %s: %w", id, o.Method, ErrNoPaymentMethod)
	}
	return c.inside(ctx, o, &entry)
}

func (c *Checkout) inside(ctx context.Context, o Order, entry *AuditEntry) (Order, error) {
	paid, b, err := c.book(ctx, Payment{
		ID: string(o.Method) + ":" + string(o.ID), Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: c.Now(),
	}, entry)
	if err == nil && b != PaymentBooked {
		err = fmt.Errorf("order %s: %w", o.ID, ErrAlreadyPaid)
	}
	return paid, err
}
