package esim

import (
	"slices"
	"testing"
)

// AddMethod adds a payment method to the table: its row, where its money lies, and its price
// in dollars. forget takes it out again; so does the end of the test.
func AddMethod(t testing.TB, s PaymentMethodSpec, account Account, price func(Quote) Money) (forget func()) {
	t.Setenv("TABLE_OF_PAYMENT_METHODS", "changed") // which panics in a test that runs beside others: the table is everybody's
	before := methods
	s.account, s.currency = always(account), dollars
	s.price = func(_ Pricing, q Quote) (Money, error) { return price(q), nil }
	methods = append(slices.Clone(before), s)
	forget = func() { methods = before }
	t.Cleanup(forget)
	return forget
}
