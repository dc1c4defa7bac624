package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// dearest lists the currencies of payments through a provider, each with the largest total of an
// invoice in its smallest unit: what 10,000 US dollars were worth when the list was made. The
// smallest total is the ten-thousandth part of it. Telegram moves the limits with the rates, so
// they are right about the number of digits, and exact for the dollar.
//
// Source: https://core.telegram.org/bots/payments/currencies.json, as of 2019; BYN and ETB came later.
var dearest = parseCurrencies(`
AED 3673200    AFN 75540495   ALL 109085036   AMD 483984962  ARS 37202998   AUD 1392750
AZN 1702500    BAM 1715550    BDT 83367500    BGN 1716850    BND 1349850    BOB 6877150
BRL 3775397    BYN 2100000    CAD 1321950     CHF 993220     CLP 6665199    CNY 6747298
COP 3155950000 CRC 601130282  CZK 22510978    DKK 6545403    DOP 50329504   DZD 118729869
EGP 17912012   ETB 28500000   EUR 877155      GBP 757605     GEL 2663750    GTQ 7689850
HKD 7845505    HNL 24277502   HRK 6506302     HUF 278440341  IDR 14065550000 ILS 3668230
INR 70900503   ISK 1195599    JMD 131539958   JPY 1095549    KES 100322011  KGS 69820300
KRW 11190001   KZT 377674954  LBP 1500802255  LKR 180789638  MAD 9554850    MDL 17038967
MNT 2617500000 MUR 34384499   MVR 15501063    MXN 18988704   MYR 4124501    MZN 61889913
NGN 361749532  NIO 32415503   NOK 8510100     NPR 112995016  NZD 1461850    PAB 995290
PEN 3331250    PHP 52602981   PKR 139214990   PLN 3764026    PYG 60134502   QAR 3641101
RON 4172003    RSD 103910127  RUB 65986027    SAR 3732650    SEK 9047896    SGD 1353897
THB 31563499   TJS 9389950    TRY 5267200     TTD 6757850    TWD 30722993   TZS 2302000188
UAH 27648991   UGX 36575502   USD 1000000     UYU 32469503   UZS 8327599915 VND 230840500
YER 250301249  ZAR 13620106
`)

// noMinorUnit lists currencies whose smallest unit is the whole; all others have hundredths.
const noMinorUnit = " CLP ISK JPY KRW PYG UGX VND "

// Currencies lists the currencies that a payment provider is paid in, each with the number of
// digits of an amount that are its fraction. A bot's own list must agree with it.
func Currencies() map[string]int {
	out := make(map[string]int, len(dearest))
	for code := range dearest {
		out[code] = 2
		if strings.Contains(noMinorUnit, " "+code+" ") {
			out[code] = 0
		}
	}
	return out
}

func parseCurrencies(table string) map[string]int64 {
	out := map[string]int64{}
	words := strings.Fields(table)
	for i := 0; i < len(words); i += 2 {
		most, err := strconv.ParseInt(words[i+1], 10, 64)
		if err != nil {
			panic(err) // the table is above
		}
		out[words[i]] = most
	}
	return out
}

// payable knows the limits of a total: Stars from 1 to Options.MaxStars, other currencies as listed.
func (s *Server) payable(inv *invoice) bool {
	if inv.currency == "XTR" {
		return inv.total >= 1 && inv.total <= s.opt.MaxStars
	}
	most := dearest[inv.currency]
	return inv.total >= most/10_000 && inv.total <= most
}

// sum writes an amount for people: "⭐450", "USD 5.00", "JPY 500".
func sum(currency string, total int64) string {
	switch {
	case currency == "XTR":
		return fmt.Sprintf("⭐%d", total)
	case strings.Contains(noMinorUnit, " "+currency+" "):
		return fmt.Sprintf("%s %d", currency, total)
	}
	return fmt.Sprintf("%s %d.%02d", currency, total/100, total%100)
}
