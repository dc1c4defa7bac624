package esim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A promo code lowers the retail price of a purchase before anything is asked for: what is paid, booked and given back is
// what was asked for, so a discount is revenue that never was, and no refund returns more than came. A code never
// lowers a price so far that the order would lose more than the operator bears (Checkout.MaxLoss). It is used when the
// order is paid; one that went back did not use it.

// A PromoCode is what is typed: capital letters, digits and dashes.
type PromoCode string

// QuestionPromo is the Question.Kind of a promo code: About is the card it was asked on.
const QuestionPromo = "promo"

// The lengths a code may have. A longer one fits no start parameter and no button.
const (
	shortestPromo = 3
	longestPromo  = 20
)

// ParsePromoCode reads a code in any case; false for what can be none.
func ParsePromoCode(s string) (PromoCode, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	ok := len(s) >= shortestPromo && len(s) <= longestPromo && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
	return PromoCode(s), ok
}

// A Promo is what a code gives, and to whom.
type Promo struct {
	Code      PromoCode
	Percent   int       // of the retail price; 0: Amount is given
	Amount    Money     // USD, off an order
	Places    []string  // whose plans it is for; none: all
	FirstOnly bool      // for who has bought nothing yet
	Uses      int       // how many orders it is for, of each customer one; 0: any number
	Ends      time.Time // zero: when staff end it
	Made      time.Time
	Ended     time.Time // by staff; zero: it was not
}

// Check reports a promo that gives nothing, or more than there is: ErrBadPromo.
func (p Promo) Check() error {
	code, ok := ParsePromoCode(string(p.Code))
	switch {
	case !ok || code != p.Code, p.Percent < 0, p.Percent > 100, p.Uses < 0,
		(p.Percent > 0) == (p.Amount.Minor > 0), p.Amount.Minor < 0, p.Amount.Minor > 0 && p.Amount.Currency != USD:
		return fmt.Errorf("promo code %q: %w", string(p.Code), ErrBadPromo)
	}
	return nil
}

// For reports whether the code is for a plan: ErrPromoPlace.
func (p Promo) For(plan Plan) error {
	if len(p.Places) == 0 || slices.ContainsFunc(p.Places, func(place string) bool {
		return place == plan.Location || len(plan.Places) == 1 && plan.Places[0] == place
	}) {
		return nil
	}
	return fmt.Errorf("promo code %s for %s: %w", p.Code, plan.Location, ErrPromoPlace)
}

// PromoFacts are what only the transaction sees that lets a customer have a promo.
type PromoFacts struct {
	Promo Promo // the zero value: no such code
	// Uses counts the other orders that use it, Mine those of them that are this customer's.
	Uses, Mine int
	// Bought: the customer has bought something already, or staff wait for the money of what they ordered as their first.
	Bought bool
}

// Allow says whether a customer may have the promo now: ErrNoPromo for a code that is none, has ended, or is used up;
// ErrPromoUsed, ErrPromoFirst for this customer.
func (f PromoFacts) Allow(now time.Time) error {
	p := f.Promo
	var why error
	switch {
	case p.Code == "", !p.Ended.IsZero(), !p.Ends.IsZero() && !now.Before(p.Ends):
		why = ErrNoPromo
	case f.Mine > 0:
		why = ErrPromoUsed
	case p.Uses > 0 && f.Uses >= p.Uses:
		why = ErrNoPromo
	case p.FirstOnly && f.Bought:
		why = ErrPromoFirst
	default:
		return nil
	}
	return fmt.Errorf("promo code %s: %w", p.Code, why)
}

// PaidLate tells staff of an order that is paid when its code was used up without it: it had expired, or its payment came long
// after it was let through. What was agreed is kept, and the order counts.
func (f PromoFacts) PaidLate(o Order) []Notification {
	if f.Promo.Code == "" || f.Mine == 0 && (f.Promo.Uses == 0 || f.Uses < f.Promo.Uses) {
		return nil
	}
	return []Notification{NewStaffPromoOver(o, f)}
}

// withPromo lowers the price of a quote. ErrPromoPlace where the code is not for its plan; ErrNoDiscount where the price
// can go no lower, or the method takes none.
func (p Pricing) withPromo(q Quote, promo Promo, maxLoss Money, perMille int64) (Quote, error) {
	if err := promo.For(q.Plan); err != nil {
		return q, err
	}
	spec, err := q.Method.Spec()
	if err != nil {
		return q, err
	}
	off := min(promo.Amount.Minor, q.Retail.Minor)
	if promo.Percent > 0 {
		off = q.Retail.Minor * int64(promo.Percent) / 100
	}
	least := max(1, USDTenThousandths(beforeCommission(q.Wholesale.Minor-maxLoss.fine().Minor, q.Method, perMille)).Cents().Minor)
	retail := USDCents(max(q.Retail.Minor-off, least))
	if retail.Minor >= q.Retail.Minor || spec.RefundRoute == RefundNothing {
		return q, fmt.Errorf("promo code %s on %s: %w", promo.Code, q.Retail, ErrNoDiscount)
	}
	whole := q
	whole.Quantity, whole.Retail = 1, retail // a discount is of all of it together
	if q.Price, err = spec.price(p, whole); err != nil {
		return q, fmt.Errorf("plan %s for %s: %w", q.Plan.Code, retail, err)
	}
	q.Promo, q.Discount, q.Retail = promo.Code, USDCents(q.Retail.Minor-retail.Minor), retail
	return q, nil
}

// Discounted is a price with a promo: what gives no discount is priced as if there was none. The zero value is no promo.
func (c *Checkout) Discounted(promo Promo, price func(PaymentMethod) (Quote, error)) func(PaymentMethod) (Quote, error) {
	if promo.Code == "" {
		return price
	}
	return func(m PaymentMethod) (Quote, error) {
		q, err := price(m)
		if err != nil {
			return q, err
		}
		if lower, err := c.Pricing.withPromo(q, promo, c.maxLoss(), c.Affiliates.PerMille(c.Now())); err == nil {
			return lower, nil
		}
		return q, nil
	}
}

// promised is the promo of a code that was shown with a price; one that is over gives nothing, and the price has moved.
func (c *Checkout) promised(ctx context.Context, code PromoCode) (Promo, error) {
	if code == "" {
		return Promo{}, nil
	}
	p, err := c.Store.Promo(ctx, code)
	if err != nil {
		return Promo{}, fmt.Errorf("promo of an order: %w", err)
	}
	if (PromoFacts{Promo: p}).Allow(c.Now()) != nil || !c.TakesPromos() {
		return Promo{}, nil
	}
	return p, nil
}

// promoOfPress is the promo of an unpaid order that a press repeats. The code counts as used by that order, so the customer has
// it for nothing else, and the second press leads to the first one's order at its price.
func (c *Checkout) promoOfPress(ctx context.Context, w PurchaseRequest, method PaymentMethod) (Promo, error) {
	unpaid, err := c.Store.UnpaidOrdersOf(ctx, w.Customer)
	if err != nil {
		return Promo{}, fmt.Errorf("unpaid orders of a customer: %w", err)
	}
	for _, o := range unpaid {
		if o.Kind == Purchase && o.Replaces == "" && o.Plan.Code == w.PlanCode && o.Quantity == w.Quantity && o.Days == w.Days &&
			o.Method == method && o.Price == w.Seen && o.Credit.Minor == w.Credit.Minor {
			return c.promised(ctx, o.Promo)
		}
	}
	return Promo{}, nil
}

// mayUse reports whether the order may have its promo still: ErrPriceChanged, since without it the price is another.
func (o Order) mayUse(f PromoFacts, now time.Time) error {
	if o.Promo == "" {
		return nil
	}
	if err := f.Allow(now); err != nil {
		return fmt.Errorf("order %s: %w: %w", o.ID, err, ErrPriceChanged)
	}
	return nil
}

// PromoForOrder says whether a new order may have its promo. The store calls it inside its transaction.
func PromoForOrder(o Order, f PromoFacts, now time.Time) error { return o.mayUse(f, now) }

// PromoStore keeps promo codes.
type PromoStore interface {
	// Promo returns the promo of a code; the zero value if there is none.
	Promo(ctx context.Context, code PromoCode) (Promo, error)
}

// PromoUse is what came of a code.
type PromoUse struct {
	Promo
	Orders   int   // that use it
	Discount Money // USD, on them
	Retail   Money // USD, what they paid
}
