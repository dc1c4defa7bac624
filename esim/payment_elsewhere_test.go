package esim

import "testing"

// Somebody else sends a payment back, whatever it is by then.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	whole, part := Order{Quantity: 2}, Order{Quantity: 2, Returned: 1}
	for _, tt := range []struct {
		name string
		p    OrderPayment
		o    Order
		want RefundElsewhere
	}{
		{"kept", OrderPayment{Status: PaymentSettled}, whole, ElsewhereReturned},
		{"kept, for no order", OrderPayment{Status: PaymentSettled, Surplus: true}, Order{}, ElsewhereReturned},
		{"on its way back: this is its trace", OrderPayment{Status: PaymentRefundDue}, whole, ElsewhereKnown},
		{"the rest is about to become store credit", OrderPayment{Status: PaymentRefundDue}, part, ElsewhereReturned},
		{"a surplus payment is sent back by itself", OrderPayment{Status: PaymentRefundDue, Surplus: true}, part, ElsewhereKnown},
		{"back", OrderPayment{Status: PaymentRefunded}, whole, ElsewhereKnown},
		{"the rest became store credit", OrderPayment{Status: PaymentRefunded, Credited: USDCents(60)}, part, ElsewhereTwice},
	} {
		tt.p.Method = MethodStars
		if got := tt.p.Elsewhere(tt.o); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
