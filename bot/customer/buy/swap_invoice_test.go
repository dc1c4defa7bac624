package buy

import (
	"strings"
	"testing"
	"unicode/utf8"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// The invoice of a swap says in every language that the old eSIM goes back first, whatever the plan is called: with the consent
// behind it that was left out.
func TestSwapInvoicesSayWhatGoesBack(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	plan := esim.Plan{Code: "EU1", Location: "EU-42", Name: "Europe (40+ areas) & Northern Africa 100GB 180Days", Places: []string{"DE", "FR"}, Data: 100 << 30, Days: 180}
	o := esim.Order{ID: "K7M2XQ4P", Plan: plan, Kind: esim.Purchase, Quantity: 1, Replaces: "T1", Method: esim.MethodStars, Price: esim.Stars(100)}
	f := &paymentFlow{contracts: &esim.Contracts{Days: 14}}
	for _, l := range texts.Languages() {
		r := &ui.Request{Printer: texts.Printer(l.Code)}
		spec, err := o.Method.Spec()
		if err != nil {
			t.Fatal(err)
		}
		got := f.invoice(r, o, spec, "x").Description
		words := func(key string) string { // that stand behind the order
			_, after, _ := strings.Cut(r.Plain(key, i18n.Args{"plan": "", "id": "K7M2-XQ4P"}), "K7M2-XQ4P")
			return strings.Trim(after, " .。।")
		}
		if !strings.Contains(got, words("swap.invoice_text")) && !strings.Contains(got, words("swap.invoice_short")) {
			t.Errorf("%s: %q", l.Code, got)
		}
		if n := utf8.RuneCountInString(got); n > telegram.MaxInvoiceDescription || strings.HasSuffix(got, "…") {
			t.Errorf("%s: %d characters: %q", l.Code, n, got)
		}
	}
}
