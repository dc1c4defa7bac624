package bot

import (
	"errors"
	"testing"

	"esimbot/esim"
)

// TestOnlyStarsGoBackThroughTelegram: nothing else may be sent to refundStarPayment.
func TestOnlyStarsGoBackThroughTelegram(t *testing.T) {
	for _, m := range append(esim.PaymentMethods(), "gold") {
		if m == esim.MethodStars {
			continue
		}
		err := StarsGateway{}.Refund(t.Context(), esim.Payment{ID: "charge", Amount: esim.Stars(5), Method: m})
		if !errors.Is(err, esim.ErrNoPaymentMethod) {
			t.Errorf("a payment by %s: %v", m, err)
		}
	}
}
