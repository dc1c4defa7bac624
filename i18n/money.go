package i18n

import "strings"

// symbols are used where they are unmistakable in a shop for travellers; every
// other currency is written with its code. The dollar's is the language's: where pesos and reais have it in their
// sign too, it is "US$".
var symbols = map[string]string{
	"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "RUB": "₽", "UAH": "₴", "INR": "₹", "KRW": "₩",
	"TRY": "₺", "ILS": "₪", "VND": "₫", "THB": "฿", "KZT": "₸", "GEL": "₾", "AMD": "֏", "NGN": "₦", "PHP": "₱",
}

// Money writes an amount given in minor units, of which the last exponent digits are the
// fraction: "⭐ 450" for 450 XTR (0), "$5.85" for 585 USD (2), "1 200 ¥" for 1200 JPY (0).
// Ten-thousandths (4) are rounded half away from zero to hundredths unless the amount is
// below one. Which currency has which exponent is the caller's knowledge.
func (p Printer) Money(minor int64, exponent int, currency string) string {
	if exponent == 4 {
		minor, exponent = cents(minor)
	}
	return p.signed(minor, exponent, strings.ToUpper(currency))
}

// cents turns ten-thousandths into hundredths, but keeps four places for what
// would otherwise read as nothing.
func cents(tenThousandths int64) (minor int64, places int) {
	if tenThousandths > -50 && tenThousandths < 50 && tenThousandths != 0 {
		return tenThousandths, 4
	}
	whole, rest := tenThousandths/100, tenThousandths%100
	switch {
	case rest >= 50:
		whole++
	case rest <= -50:
		whole--
	}
	return whole, 2
}

// signed writes the minus before the symbol: "-$5.85", never "$-5.85".
func (p Printer) signed(minor int64, places int, currency string) string {
	amount, negative := strings.CutPrefix(p.decimals(minor, places), p.v.signs().minus)
	symbol, short := symbols[currency]
	if currency == "USD" {
		symbol = p.Plain("format.dollar", nil)
	}
	var out string
	switch {
	case currency == "XTR":
		out = p.Plain("format.stars", Args{"amount": amount})
	case short:
		out = p.Plain("format.money", Args{"amount": amount, "symbol": symbol})
	case currency == "":
		out = amount
	default:
		out = p.Plain("format.money_code", Args{"amount": amount, "symbol": currency})
	}
	if negative {
		return p.v.signs().minus + out
	}
	return out
}
