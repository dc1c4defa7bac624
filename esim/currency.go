package esim

import (
	"fmt"
	"maps"
	"slices"
)

// A Currency names what Money.Minor counts.
type Currency string

// The currencies the shop itself reckons in. Others (for provider tokens) are
// ISO 4217 codes.
const (
	// USD counts cents.
	USD Currency = "USD"
	// USD4 counts ten-thousandths of a US dollar, the unit of the vendor's account
	// and of all wholesale prices (esim-access-api.md, section 1).
	USD4 Currency = "USD4"
	// XTR counts Telegram Stars; it has no minor unit.
	XTR Currency = "XTR"
	// XTR9 counts billionths of a Star, the unit of what affiliates get of a payment.
	XTR9 Currency = "XTR9"
)

// exponents is how many of the last digits of an amount are its fraction. Besides our own
// units these are the currencies that Telegram takes through a payment provider, and no
// others: the Central African franc and the Kuwaiti dinar, say, cannot be paid with. Ugandan
// shillings have no fraction.
//
// Source: "exp" in https://core.telegram.org/bots/payments/currencies.json as two bot
// libraries carry it (state of 2019); BYN and ETB came later. The limits in the same file
// agree with every exponent: the largest amount is worth 10,000 US dollars.
var exponents = map[Currency]int{
	XTR: 0, XTR9: 9, starHundredths: 2, USD4: 4,

	"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "PYG": 0, "UGX": 0, "VND": 0,

	"AED": 2, "AFN": 2, "ALL": 2, "AMD": 2, "ARS": 2, "AUD": 2, "AZN": 2, "BAM": 2, "BDT": 2, "BGN": 2, "BND": 2,
	"BOB": 2, "BRL": 2, "BYN": 2, "CAD": 2, "CHF": 2, "CNY": 2, "COP": 2, "CRC": 2, "CZK": 2, "DKK": 2, "DOP": 2,
	"DZD": 2, "EGP": 2, "ETB": 2, "EUR": 2, "GBP": 2, "GEL": 2, "GTQ": 2, "HKD": 2, "HNL": 2, "HRK": 2, "HUF": 2,
	"IDR": 2, "ILS": 2, "INR": 2, "JMD": 2, "KES": 2, "KGS": 2, "KZT": 2, "LBP": 2, "LKR": 2, "MAD": 2, "MDL": 2,
	"MNT": 2, "MUR": 2, "MVR": 2, "MXN": 2, "MYR": 2, "MZN": 2, "NGN": 2, "NIO": 2, "NOK": 2, "NPR": 2, "NZD": 2,
	"PAB": 2, "PEN": 2, "PHP": 2, "PKR": 2, "PLN": 2, "QAR": 2, "RON": 2, "RSD": 2, "RUB": 2, "SAR": 2, "SEK": 2,
	"SGD": 2, "THB": 2, "TJS": 2, "TRY": 2, "TTD": 2, "TWD": 2, "TZS": 2, "UAH": 2, USD: 2, "UYU": 2, "UZS": 2,
	"YER": 2, "ZAR": 2,
}

// Exponent is the number of decimal places that Money.Minor has in this currency. An
// unknown currency is ErrUnknownCurrency: a guess would be wrong a hundredfold.
func (c Currency) Exponent() (int, error) {
	places, known := exponents[c]
	if !known {
		return 0, fmt.Errorf("decimal places of %q: %w", string(c), ErrUnknownCurrency)
	}
	return places, nil
}

// Code is what the currency is called: wholesale amounts are US dollars too, and parts of Stars are Stars.
func (c Currency) Code() string {
	switch c {
	case USD4:
		return string(USD)
	case XTR9, starHundredths:
		return string(XTR)
	}
	return string(c)
}

// ForProvider reports whether Telegram takes the currency through a payment provider.
func (c Currency) ForProvider() bool {
	_, known := exponents[c]
	return known && c != XTR && c != XTR9 && c != starHundredths && c != USD4
}

// ProviderCurrencies lists the currencies that Telegram takes through a payment provider,
// by code.
func ProviderCurrencies() []Currency {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(exponents)), func(c Currency) bool { return !c.ForProvider() })
}
