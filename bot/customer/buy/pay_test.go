package buy

import (
	"errors"
	"testing"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// TestUnknownPaymentMethodsAreRefused is about what stands in an order.
func TestUnknownPaymentMethodsAreRefused(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &ui.Request{Printer: texts.Printer("en")}
	bad := esim.Order{ID: "K7M2XQ4P", Plan: esim.Plan{Location: "JP"}, State: esim.StateRefunded, Method: "gold", Price: esim.USDCents(5)}
	if _, err := progressText(r, bad, false); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("told how it went back: %v", err)
	}
	if screen, err := (&paymentFlow{}).ask(t.Context(), r, bad, refs.RouteHelp, "", ""); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("asked for it: %+v, %v", screen.Invoice, err)
	}
}
