package esim

import (
	"fmt"
	"slices"
)

// A PaymentMethod is a way to pay.
type PaymentMethod string

// The payment methods an operator can switch on (PAYMENTS).
const (
	// MethodStars is Telegram Stars, refunded in Stars.
	MethodStars PaymentMethod = "stars"
	// MethodProvider is a payment provider behind Telegram Payments (cards and more). The
	// Bot API cannot refund it, so the money comes back as store credit.
	MethodProvider PaymentMethod = "provider"
	// MethodCredit is store credit: the whole price or nothing.
	MethodCredit PaymentMethod = "credit"
	// MethodManual is by hand: the order waits until staff confirm the money. It comes
	// back as store credit.
	MethodManual PaymentMethod = "manual"
	// MethodFree costs nothing, for private fleets.
	MethodFree PaymentMethod = "free"
)

// PaymentMethods lists all payment methods.
func PaymentMethods() []PaymentMethod {
	return []PaymentMethod{MethodStars, MethodProvider, MethodCredit, MethodManual, MethodFree}
}

// Known reports whether r is one of PaymentMethods.
func (r PaymentMethod) Known() bool { return slices.Contains(PaymentMethods(), r) }

// Invoiced reports whether the messenger takes the money, and asks before it does.
func (r PaymentMethod) Invoiced() bool { return r == MethodStars || r == MethodProvider }

// Internal reports whether the shop itself says that it was paid, so that a payment
// too many never moved any money.
func (r PaymentMethod) Internal() bool {
	return r == MethodCredit || r == MethodManual || r == MethodFree
}

// BackAsCredit reports whether a refund of money from this payment method becomes store credit.
func (r PaymentMethod) BackAsCredit() bool {
	return r == MethodProvider || r == MethodManual || r == MethodCredit
}

// on prices a quote in a payment method's money. It fails with ErrTooDear.
func (p Pricing) on(q Quote, method PaymentMethod) (Quote, error) {
	q.Method = method
	switch method {
	case MethodProvider:
		q.Price = p.provider(q.Retail)
	case MethodCredit, MethodManual:
		q.Price = q.Retail
	case MethodFree:
		q.Price = Dollars(0)
	default: // Stars are priced per eSIM, so that two cost twice as much as one
		n := max(q.Quantity, 1)
		q.Price = p.Stars(Dollars(q.Retail.Minor / int64(n))).Times(n)
		if p.MaxStars > 0 && q.Price.Minor > p.MaxStars {
			return Quote{}, fmt.Errorf("plan %s at %s: %w", q.Plan.Code, q.Price, ErrTooDear)
		}
	}
	return q, nil
}

// provider is a retail price in the currency of the payment provider, rounded up to
// its smallest unit.
func (p Pricing) provider(retail Money) Money {
	currency, rate := p.ProviderCurrency, p.ProviderRate
	if currency == "" || currency == USD {
		return retail
	}
	// cents × rate(10^-4) = minor units of a currency with two decimals
	minor := mulDivCeil(retail.Minor, rate, 10_000)
	for range max(0, 2-currency.Exponent()) {
		minor = divCeil(minor, 10)
	}
	for range max(0, currency.Exponent()-2) {
		minor *= 10
	}
	return Money{minor, currency}
}
