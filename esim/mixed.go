package esim

import "fmt"

// An order can be paid in part with store credit and the rest by another method. Order.Price is
// the rest, Order.Credit the part. The part is reserved where money from outside is about to move:
// when the messenger is told to take it, or when staff begin to wait for it. It is a payment of its
// own once the rest is paid, so that each goes back the way it came.

// AccountReserved is store credit set aside for orders whose rest is about to be paid.
const AccountReserved Account = "reserved"

// A Reserve is what is set aside for one order.
type Reserve struct {
	Amount Money // USD
	// Lines counts the transactions about it: each has a key of its own.
	Lines int
}

// withCredit is a quote of which a method takes the rest that store credit (USD) leaves, or, of credit below zero, what the
// customer owes with it. Less of it is used where the method takes no rest so small. It fails with ErrInsufficientCredit where nothing would be
// left of one of the two, or the method is not taken beside credit, and with ErrPriceTooHigh.
func (p Pricing) withCredit(q Quote, method PaymentMethod, credit Money) (Quote, error) {
	spec, err := method.Spec()
	if err != nil {
		return Quote{}, err
	}
	used := credit.Minor
	if used > 0 {
		used = max(0, min(used, q.Retail.Minor-spec.leastRest))
	}
	if spec.leastRest == 0 || credit.Currency != USD || used == 0 || q.Retail.Minor-used < spec.leastRest {
		return Quote{}, fmt.Errorf("%s beside %s of store credit by %s: %w", q.Retail, credit, method, ErrInsufficientCredit)
	}
	q.Method, q.Credit = method, USDCents(used)
	rest := q
	rest.Quantity, rest.Retail = 1, USDCents(q.Retail.Minor-used) // the rest is of all of it together
	if q.Price, err = spec.price(p, rest); err != nil {
		return Quote{}, fmt.Errorf("plan %s, the rest of %s: %w", q.Plan.Code, q.Retail, err)
	}
	return q, nil
}

// QuotesBeside are the quotes in which a customer's store credit (USD) pays a part and another
// method the rest, in the order of the buttons; none where there is no credit, where it covers the
// whole, or where it cannot be spent. Where it is below zero each method takes what is owed, too. price is that of the whole on a method.
func (c *Checkout) QuotesBeside(credit Money, price func(PaymentMethod) (Quote, error)) ([]Quote, error) {
	if credit.Minor < 0 {
		return c.quotesWithDebt(credit, price)
	}
	var quotes []Quote
	offered := c.OfferedTo(credit)
	for _, m := range offered {
		if s, err := m.Spec(); err != nil || !s.FromCredit {
			continue
		}
		whole, err := price(m)
		if err != nil {
			return nil, err
		}
		if credit.Minor >= whole.Retail.Minor {
			continue
		}
		for _, other := range offered {
			if q, err := c.Pricing.withCredit(whole, other, credit); err == nil {
				quotes = append(quotes, q)
			}
		}
	}
	return quotes, nil
}

// quoted is the quote for what somebody is about to buy: a part of it from store credit if that
// was shown to them. price is that of the whole on a method. It fails with ErrPriceChanged if less
// credit would be used than was shown.
func (c *Checkout) quoted(w PurchaseRequest, method PaymentMethod, price func(PaymentMethod) (Quote, error)) (Quote, error) {
	if w.Credit.Minor == 0 {
		return price(method)
	}
	whole, err := price(creditMethod())
	if err != nil {
		return Quote{}, err
	}
	q, err := c.Pricing.withCredit(whole, method, w.Credit)
	if err == nil && q.Credit != w.Credit {
		err = fmt.Errorf("plan %s: %s of store credit shown, now %s: %w", w.PlanCode, w.Credit, q.Credit, ErrPriceChanged)
	}
	return q, err
}

// fromCredit is what store credit pays of an order (USD).
func (o Order) fromCredit() Money {
	if spec, err := o.Method.Spec(); err == nil && spec.FromCredit {
		return o.Price
	}
	return USDCents(o.Credit.Minor)
}

// ToReserve is what is set aside for an order (USD): its part from store credit; for a swap, what
// the eSIM that is given back does not pay of it.
func (o Order) ToReserve() Money {
	if o.Replaces == "" {
		return USDCents(max(0, o.Credit.Minor))
	}
	return USDCents(max(0, o.fromCredit().Minor-o.SwapWorth.Minor))
}

// canReserve reports whether an order's part is reserved or can be: ErrInsufficientCredit.
func (o Order) canReserve(credit Money, r Reserve) error {
	if part := o.ToReserve(); credit.Minor+r.Amount.Minor < part.Minor {
		return fmt.Errorf("order %s: %s of %s of store credit is there: %w", o.ID, credit, part, ErrInsufficientCredit)
	}
	return nil
}

// reserve sets aside what is not reserved yet of an order's part.
func (o Order) reserve(r Reserve) []Transaction {
	return o.reserved("reserve", r, posting(AccountReserved, AccountCredit(o.Customer), USDCents(o.ToReserve().Minor-r.Amount.Minor)))
}

// release gives the customer back what is reserved for an order.
func (o Order) release(r Reserve) []Transaction {
	return o.reserved("release", r, posting(AccountCredit(o.Customer), AccountReserved, r.Amount))
}

func (o Order) reserved(why string, r Reserve, postings []Posting) []Transaction {
	if len(postings) == 0 {
		return nil
	}
	return []Transaction{{Key: fmt.Sprintf("%s:%s:%d", why, string(o.ID), r.Lines), Order: o.ID, Why: why, Postings: postings}}
}

// ReserveFor is what a new order sets aside at once: nobody asks again before staff book what they
// received. It is ErrInsufficientCredit where the store credit (USD) does not cover its part.
// The store calls it inside its transaction.
func ReserveFor(o Order, credit Money) ([]Transaction, error) {
	if err := o.canReserve(credit, Reserve{}); err != nil {
		return nil, err
	}
	if spec, err := o.Method.Spec(); err != nil || spec.ConfirmedBy != ConfirmedByStaff {
		return nil, err
	}
	return o.reserve(Reserve{}), nil
}

// creditPart is the payment of an order's part from store credit, beside that of its rest.
func (o Order) creditPart(rest Payment) OrderPayment {
	method := creditMethod()
	return OrderPayment{
		Payment: Payment{
			ID: string(method) + ":" + string(o.ID), Order: o.ID, Customer: o.Customer, Amount: o.Credit, Method: method, At: rest.At, Dated: rest.Dated,
		},
		Status: PaymentSettled, Reason: "paid beside " + rest.Amount.String(),
	}
}

// worth is what a payment for the order is worth as store credit (USD).
func (o Order) worth(p Payment) Money {
	if p.Amount.Currency == USD {
		return p.Amount
	}
	return USDCents(o.Retail.Minor - o.Credit.Minor)
}
