package esim

import (
	"fmt"
	"slices"
)

// A Rail is a way to pay.
type Rail string

// The rails an operator can switch on (PAYMENTS).
const (
	// RailStars is Telegram Stars, refunded in Stars.
	RailStars Rail = "stars"
	// RailProvider is a payment provider behind Telegram Payments (cards and more). The
	// Bot API cannot refund it, so the money comes back as store credit.
	RailProvider Rail = "provider"
	// RailCredit is store credit: the whole price or nothing.
	RailCredit Rail = "credit"
	// RailManual is by hand: the order waits until staff confirm the money. It comes
	// back as store credit.
	RailManual Rail = "manual"
	// RailFree costs nothing, for private fleets.
	RailFree Rail = "free"
)

// Rails lists all rails.
func Rails() []Rail { return []Rail{RailStars, RailProvider, RailCredit, RailManual, RailFree} }

// Known reports whether r is one of Rails.
func (r Rail) Known() bool { return slices.Contains(Rails(), r) }

// Invoiced reports whether the messenger takes the money, and asks before it does.
func (r Rail) Invoiced() bool { return r == RailStars || r == RailProvider }

// Internal reports whether the shop itself says that it was paid, so that a payment
// too many never moved any money.
func (r Rail) Internal() bool { return r == RailCredit || r == RailManual || r == RailFree }

// BackAsCredit reports whether a refund of money from this rail becomes store credit.
func (r Rail) BackAsCredit() bool {
	return r == RailProvider || r == RailManual || r == RailCredit
}

// on prices a quote in a rail's money. It fails with ErrTooDear.
func (p Pricing) on(q Quote, rail Rail) (Quote, error) {
	q.Rail = rail
	switch rail {
	case RailProvider:
		q.Price = p.provider(q.Retail)
	case RailCredit, RailManual:
		q.Price = q.Retail
	case RailFree:
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
