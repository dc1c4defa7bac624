package esim

import "fmt"

// Pricing is the rule that makes retail prices from wholesale prices.
type Pricing struct {
	MarkupBP  int64 // on top of the wholesale price, in hundredths of a percent: 4000 = 40 %
	MinProfit Money // USD; earned at least, which matters on cheap plans
	MinPrice  Money // USD; what one eSIM costs at least, whatever it costs us
	Rounding  Rounding
	// Rules are the prices that staff set of the shop, of places and plans, in place of those four; nil: none.
	Rules     *PriceRules
	StarValue Money // USD4; what one Star is worth to the operator, 130 = $0.013
	// StarCost (USD4) is what a customer pays for one Star in the app, about $0.02 (200):
	// what a price in Stars is to them. Zero: not said.
	StarCost Money
	MaxStars int64 // the dearest invoice; Telegram's own limit is not documented
	// ProviderCurrency is what a payment provider takes; "" is US dollars.
	ProviderCurrency Currency
	// ProviderRate is how much of it one US dollar is, in ten-thousandths; not needed for US dollars.
	ProviderRate int64
}

// Retail is the price in US cents of something that costs us the given amount:
// the largest of the three rules, rounded up.
func (p Pricing) Retail(wholesale Money) Money {
	byPercent := wholesale.Minor + mulDivCeil(wholesale.Minor, p.MarkupBP, 10_000)
	byProfit := wholesale.Minor + p.MinProfit.fine().Minor
	cents := USDTenThousandths(max(byPercent, byProfit)).Cents().Minor
	return USDCents(p.Rounding.up(max(cents, p.MinPrice.Minor), p.StarValue))
}

// ForPlan is the pricing of one plan: with what staff set of it, of its place and of the shop in it.
func (p Pricing) ForPlan(plan Plan) Pricing { return p.Rules.of(p, &plan) }

// Stars is how many Stars bring the operator at least the given price in US dollars.
func (p Pricing) Stars(retail Money) Money {
	return Stars(divCeil(retail.fine().Minor, p.StarValue.Minor))
}

// InDollars is what a price in Stars costs whoever buys the Stars in the app, to be said beside it;
// false for other money, which says it by itself.
func (p Pricing) InDollars(price Money) (Money, bool) {
	if price.Currency != XTR || price.Minor <= 0 || p.StarCost.Minor <= 0 {
		return Money{}, false
	}
	return USDTenThousandths(price.Minor * p.StarCost.Minor).Cents(), true
}

// on prices a quote in a payment method's money. It fails with ErrPriceTooHigh,
// ErrNoPaymentMethod or ErrUnknownCurrency.
func (p Pricing) on(q Quote, method PaymentMethod) (Quote, error) {
	spec, err := method.Spec()
	if err != nil {
		return Quote{}, err
	}
	q.Method = method
	if q.Price, err = spec.price(p, q); err != nil {
		return Quote{}, fmt.Errorf("plan %s at %s: %w", q.Plan.Code, q.Retail, err)
	}
	return q, nil
}

// Amount is a number of minor units in the money of a payment method.
func (p Pricing) Amount(method PaymentMethod, minor int64) (Money, error) {
	spec, err := method.Spec()
	if err != nil {
		return Money{}, err
	}
	return Money{minor, spec.currency(p)}, nil
}

// inStars prices a quote per eSIM, so that two cost twice as much as one.
func (p Pricing) inStars(q Quote) (Money, error) {
	n := max(q.Quantity, 1)
	price := p.Stars(USDCents(q.Retail.Minor / int64(n))).Times(n)
	if p.MaxStars > 0 && price.Minor > p.MaxStars {
		return Money{}, fmt.Errorf("%s: %w", price, ErrPriceTooHigh)
	}
	return price, nil
}

func (Pricing) inDollars(q Quote) (Money, error) { return q.Retail, nil }

func (Pricing) forNothing(Quote) (Money, error) { return USDCents(0), nil }

func (p Pricing) providerCurrency() Currency {
	if p.ProviderCurrency == "" {
		return USD
	}
	return p.ProviderCurrency
}

// byProvider is a retail price in the currency of the payment provider, rounded up to
// its smallest unit.
func (p Pricing) byProvider(q Quote) (Money, error) {
	currency := p.providerCurrency()
	exponent, err := currency.Exponent()
	switch {
	case err != nil:
		return Money{}, err
	case !currency.ForProvider():
		return Money{}, fmt.Errorf("a price in %s by card: %w", currency, ErrUnknownCurrency)
	case currency == USD:
		return q.Retail, nil
	}
	// cents × rate(10^-4) = minor units of a currency with two decimals
	minor := mulDivCeil(q.Retail.Minor, p.ProviderRate, 10_000)
	for range max(0, 2-exponent) {
		minor = divCeil(minor, 10)
	}
	for range max(0, exponent-2) {
		minor *= 10
	}
	return Money{minor, currency}, nil
}

// A Quote is what a purchase would cost at one moment.
type Quote struct {
	Plan      Plan
	Quantity  int   // eSIMs
	Days      int   // of a day pass; 0 for fixed plans
	Wholesale Money // USD4, for everything
	Retail    Money // USD, for everything
	Method    PaymentMethod
	Price     Money // what the customer is asked for, in the payment method's money
	Credit    Money // USD; the part of Retail that store credit pays beside Price; zero: none
	// Promo is the code that lowered Retail, by Discount (USD); "": none did.
	Promo    PromoCode
	Discount Money
}

// The largest amounts one order may have.
const (
	// MaxQuantity is how many eSIMs are sold at once (the vendor takes up to 30).
	MaxQuantity = 10
	// MaxDays is the vendor's limit for periodNum.
	MaxDays = 365
	// maxWholesale (USD4) is $100,000 for one eSIM or day: no plan costs a hundredth of it,
	// and up to it no price overflows, whatever markup, rate and quantity.
	maxWholesale = 1_000_000_000
)

// Quote prices quantity eSIMs of a plan in Stars. days is for day passes only and must
// be zero for fixed plans. It fails with ErrBadQuantity or ErrPriceTooHigh.
func (p Pricing) Quote(plan Plan, quantity, days int) (Quote, error) {
	return p.QuoteWith(MethodStars, plan, quantity, days)
}

// QuoteWith is Quote in the money of another payment method. An unknown one is
// ErrNoPaymentMethod.
func (p Pricing) QuoteWith(method PaymentMethod, plan Plan, quantity, days int) (Quote, error) {
	if quantity < 1 || quantity > MaxQuantity {
		return Quote{}, fmt.Errorf("quantity %d: %w", quantity, ErrBadQuantity)
	}
	times := 1
	switch {
	case plan.DayPass() && (days < 1 || days > MaxDays):
		return Quote{}, fmt.Errorf("%d days of a day pass: %w", days, ErrBadQuantity)
	case plan.DayPass():
		times = days
	case days != 0:
		return Quote{}, fmt.Errorf("days of a fixed plan: %w", ErrBadQuantity)
	}
	if plan.Wholesale.Minor < 0 || plan.Wholesale.Minor > maxWholesale {
		return Quote{}, fmt.Errorf("plan %s costs %s: %w", plan.Code, plan.Wholesale, ErrPriceTooHigh)
	}
	// Priced per eSIM, so that two cost twice as much as one.
	one := plan.Wholesale.Times(times)
	return p.on(Quote{
		Plan: plan, Quantity: quantity, Days: days,
		Wholesale: one.Times(quantity), Retail: p.Rules.of(p, &plan).Retail(one).Times(quantity),
	}, method)
}

// LowestQuote is the quote in Stars for the least one can buy of a plan: one eSIM, and one day
// of a day pass.
func (p Pricing) LowestQuote(plan Plan) (Quote, error) { return p.LowestQuoteWith(MethodStars, plan) }

// LowestQuoteWith is From in the money of another payment method.
func (p Pricing) LowestQuoteWith(method PaymentMethod, plan Plan) (Quote, error) {
	days := 0
	if plan.DayPass() {
		days = 1
	}
	return p.QuoteWith(method, plan, 1, days)
}
