package esim

import (
	"errors"
	"testing"
)

func TestDecimalPlaces(t *testing.T) {
	t.Parallel()
	for c, want := range map[Currency]int{
		"UGX": 0, "JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "PYG": 0, "VND": 0, // the only ones without a fraction
		"EUR": 2, "IDR": 2, "HUF": 2, "TZS": 2, "RUB": 2, USD: 2, USD4: 4, XTR: 0,
	} {
		if got, err := c.Exponent(); got != want || err != nil {
			t.Errorf("%s has %d decimal places, %v; want %d", c, got, err, want)
		}
	}
	without := 0
	for _, c := range ProviderCurrencies() {
		switch exponent, err := c.Exponent(); {
		case err != nil || exponent != 0 && exponent != 2:
			t.Errorf("%s: %d, %v; Telegram has no currency of other than 0 and 2 decimal places", c, exponent, err)
		case exponent == 0:
			without++
		}
	}
	if without != 7 || len(ProviderCurrencies()) != 86 {
		t.Errorf("%d of %d currencies have no fraction, want 7 of 86", without, len(ProviderCurrencies()))
	}
}

func TestUnknownCurrenciesAreNoHundredths(t *testing.T) {
	t.Parallel()
	for _, c := range []Currency{"KWD", "XAF", "ZZZ", "eur", ""} {
		if n, err := c.Exponent(); !errors.Is(err, ErrUnknownCurrency) {
			t.Errorf("%q has %d decimal places, %v", c, n, err)
		}
		p := pricing()
		p.ProviderCurrency, p.ProviderRate = c, 10_000
		if c == "" {
			continue // US dollars
		}
		if q, err := p.on(Quote{Quantity: 1, Retail: USDCents(420)}, MethodProvider); !errors.Is(err, ErrUnknownCurrency) {
			t.Errorf("priced in %s at %s, %v", c, q.Price, err)
		}
		if m, err := InvoicedIn(c); !errors.Is(err, ErrNoPaymentMethod) {
			t.Errorf("a payment in %s is taken for %q, %v", c, m, err)
		}
	}
	if got := (Money{585, "ZZZ"}).String(); got != "585 minor units of ZZZ" {
		t.Errorf("written as %q", got)
	}
	for _, ours := range []Currency{XTR, USD4} {
		if ours.ForProvider() {
			t.Errorf("%s is paid by card", ours)
		}
		p := pricing()
		p.ProviderCurrency, p.ProviderRate = ours, 10_000
		if q, err := p.on(Quote{Quantity: 1, Retail: USDCents(420)}, MethodProvider); !errors.Is(err, ErrUnknownCurrency) {
			t.Errorf("priced by card in %s at %s, %v", ours, q.Price, err)
		}
	}
}

// TestPricesOfAProviderAreInItsSmallestUnit prices $4.20. A wrong number of decimal places
// is a price wrong a hundredfold.
func TestPricesOfAProviderAreInItsSmallestUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		currency Currency
		rate     int64 // ten-thousandths
		want     int64
		written  string
	}{
		{"", 0, 420, "4.20 USD"},
		{USD, 10_000, 420, "4.20 USD"},
		{"EUR", 9_200, 387, "3.87 EUR"},                 // 3.864 rounded up
		{"UGX", 37_001_000, 15_541, "15541 UGX"},        // 15,540.42 rounded up
		{"JPY", 1_550_000, 651, "651 JPY"},              // 651 exactly
		{"VND", 254_000_000, 106_680, "106680 VND"},     // 106,680 exactly
		{"IDR", 163_000_000, 6_846_000, "68460.00 IDR"}, // with hundredths, whatever one pays with
		{"TZS", 26_000_000, 1_092_000, "10920.00 TZS"},  // shillings with hundredths
		{"HUF", 3_300_001, 138_601, "1386.01 HUF"},      // 1,386.00042 rounded up
	} {
		p := pricing()
		p.ProviderCurrency, p.ProviderRate = tt.currency, tt.rate
		q, err := p.on(Quote{Quantity: 1, Retail: USDCents(420)}, MethodProvider)
		if err != nil || q.Price.Minor != tt.want || q.Price.String() != tt.written {
			t.Errorf("%s: %d, %s, %v; want %d, %s", tt.currency, q.Price.Minor, q.Price, err, tt.want, tt.written)
		}
	}
}
