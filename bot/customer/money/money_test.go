package money

import (
	"errors"
	"strings"
	"testing"

	"esimbot/esim"
	"esimbot/i18n"
)

// TestEveryPaymentMethodHasItsWords finds the sentences whose keys end in a payment method,
// in every language.
func TestEveryPaymentMethodHasItsWords(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	args := i18n.Args{"price": "$1", "credit": "$1", "plan": "Japan", "id": "K7M2-XQ4P"}
	for _, l := range texts.Languages() {
		r := texts.Printer(l.Code)
		for _, m := range esim.PaymentMethods() {
			spec, err := m.Spec()
			if err != nil {
				t.Fatal(err)
			}
			keys := []string{"pay.btn_by_" + string(m), "pay.name_" + string(m), "staff.method_" + string(m)}
			if spec.RefundRoute == esim.RefundSameWay {
				keys = append(keys, "pay.return_"+string(m))
			}
			if spec.ConfirmedBy == esim.ConfirmedByCustomer {
				keys = append(keys, "pay.done_"+string(m))
			}
			route, err := RefundKey(esim.Order{Method: m, Price: esim.USDCents(5)})
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range append(keys, "cancel.back_"+route) {
				if words := r.Plain(key, args); words == "" || words == key || strings.Contains(words, "{") {
					t.Errorf("%s is %q", key, words)
				}
			}
		}
	}
	if route, err := RefundKey(esim.Order{Method: "gold", Price: esim.USDCents(5)}); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("an unknown payment method goes back as %q, %v", route, err)
	}
}
