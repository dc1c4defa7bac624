package staff

import (
	"testing"

	"esimbot/esim"
)

func TestMoneyByHandIsOfAKnownMethod(t *testing.T) {
	for method, want := range map[esim.PaymentMethod]bool{"gold": false, esim.MethodManual: true} {
		if got := awaitsHandMoney(orderDetails{Order: esim.Order{Method: method, State: esim.StateAwaitingPayment}}); got != want {
			t.Errorf("staff may say that an order by %q was paid: %t", method, got)
		}
	}
}
