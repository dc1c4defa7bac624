package esim

import (
	"strings"
	"testing"
)

// TestASealedKeySaysWhoPaidHowMuch: only to whoever knows the secret, and no other key is taken for one.
func TestASealedKeySaysWhoPaidHowMuch(t *testing.T) {
	t.Parallel()
	seal := NewCreditSeal("token")
	o := Order{ID: "K7M2XQ4P", Customer: 7_123_456_789, Method: MethodCredit, Price: USDCents(12_34), Quantity: 10, Plan: Plan{Code: "JP1"}}
	key := seal.key(o, invoicedSale(o))
	want := CreditSale{Order: o.ID, Customer: o.Customer, Amount: o.Price, Quantity: 10}
	if got, ok := seal.Open(key); !ok || got != want || len(key) != len(IdempotencyKeyOf(invoicedSale(o))) || key != seal.key(o, invoicedSale(o)) {
		t.Errorf("%q is read as %+v, %t", key, got, ok)
	}
	if id, named := OrderOfIdempotencyKey(key); !named || id != o.ID || swappedByKey(key) != "" {
		t.Errorf("%q does not name its order", key)
	}
	other := o
	other.ID = "K7M2XQ4R"
	for what, k := range map[string]string{
		"of before it was sealed": IdempotencyKeyOf(invoicedSale(o)), "of a swap": IdempotencyKeyOf(InvoicedSale{Order: o.ID, PlanCode: "JP1", Quantity: 1, Swaps: "K7M2XQ4R"}),
		"another order's": strings.Replace(key, string(o.ID), "K7M2XQ4R", 1), "cut": key[:len(key)-1], "nobody's": "", "of another program": "abc-def-ghi",
		"of another bot": NewCreditSeal("other").key(o, invoicedSale(o)), "unsealed": (*CreditSeal)(nil).key(o, invoicedSale(o)),
	} {
		if got, ok := seal.Open(k); ok {
			t.Errorf("a key %s is read as %+v", what, got)
		}
	}
	for what, stars := range map[string]Order{
		"Stars": {ID: o.ID, Method: MethodStars, Price: Stars(100), Quantity: 1}, "too much": {ID: o.ID, Method: MethodCredit, Price: USDCents(1 << 28), Quantity: 1},
	} {
		if k := seal.key(stars, invoicedSale(stars)); k != IdempotencyKeyOf(invoicedSale(stars)) {
			t.Errorf("the key of an order for %s is sealed", what)
		}
	}
}
