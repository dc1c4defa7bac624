package i18n

import "strings"

// exponents lists the currencies whose minor unit is not a hundredth: how many
// of the last digits are the fraction. Telegram's own table agrees:
// https://core.telegram.org/bots/payments/currencies.json
var exponents = map[string]int{
	"XTR": 0, // Telegram Stars
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
	"PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// symbols are used where they are unmistakable in a shop for travellers; every
// other currency is written with its code.
var symbols = map[string]string{
	"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "RUB": "₽", "UAH": "₴", "INR": "₹", "KRW": "₩",
	"TRY": "₺", "ILS": "₪", "VND": "₫", "THB": "฿", "KZT": "₸", "GEL": "₾", "AMD": "֏", "NGN": "₦", "PHP": "₱",
}

// wholesaleUSD is the vendor's unit: US dollars in ten-thousandths.
const wholesaleUSD = "USD4"

// Money writes an amount given in minor units: "⭐ 450" for XTR, "$5.85",
// "1 200 ¥". USD4 is US dollars in ten-thousandths, rounded half away from zero
// to cents unless the amount is below a cent.
func (p Printer) Money(minor int64, currency string) string {
	currency = strings.ToUpper(currency)
	places, known := exponents[currency]
	if !known {
		places = 2
	}
	if currency == wholesaleUSD {
		currency = "USD"
		if minor, places = cents(minor); places == 4 {
			return p.signed(minor, places, currency)
		}
	}
	return p.signed(minor, places, currency)
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
	amount, negative := strings.CutPrefix(p.decimals(minor, places), p.v.minus)
	symbol, short := symbols[currency]
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
		return p.v.minus + out
	}
	return out
}
