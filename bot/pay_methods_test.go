package bot

import (
	"errors"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
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

// TestEveryPaymentMethodHasItsWords finds the sentences whose keys end in a payment method,
// in every language.
func TestEveryPaymentMethodHasItsWords(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	args := i18n.Args{"price": "$1", "credit": "$1", "plan": "Japan", "id": "K7M2-XQ4P"}
	eachLanguage(t, s, func(t *testing.T, lang string) {
		r := s.request(lang, Data{})
		for _, m := range esim.PaymentMethods() {
			spec, err := m.Spec()
			s.must(err)
			keys := []string{"pay.btn_by_" + string(m), "staff.rail_" + string(m)}
			if spec.ConfirmedBy == esim.ByCustomer {
				keys = append(keys, "pay.done_"+string(m))
			}
			route, err := refundRoute(esim.Order{Method: m, Price: esim.Dollars(5)})
			s.must(err)
			for _, key := range append(keys, "cancel.back_"+route) {
				if words := r.Plain(key, args); words == "" || words == key || leftOver.MatchString(words) {
					t.Errorf("%s is %q", key, words)
				}
			}
		}
	})
	if route, err := refundRoute(esim.Order{Method: "gold", Price: esim.Dollars(5)}); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("an unknown payment method goes back as %q, %v", route, err)
	}
}

// TestBotRefusesUnknownPaymentMethods presses buttons that name one, and books money of a
// currency that Telegram does not take.
func TestBotRefusesUnknownPaymentMethods(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	p := s.bot.cfg.Catalog.Current().Country("JP")[0]
	for _, m := range []string{"gold", "STARS", string(esim.MethodCredit)} { // the last is not offered here
		d := to(routeBuy, p.Code, "", 0, 100, 1, m)
		if _, err := s.bot.routes[d.Route](t.Context(), s.request("en", d)); !errors.Is(err, esim.ErrNoPaymentMethod) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	err := s.bot.paid(t.Context(), esim.Customer{ID: annID}, telegram.SuccessfulPayment{Currency: "KWD", Amount: 1_000, Payload: "K7M2XQ4P", ChargeID: "c"})
	if !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("paid in dinars: %v", err)
	}
	bad := esim.Order{ID: "K7M2XQ4P", Plan: p, State: esim.Refunded, Method: "gold", Price: esim.Dollars(5)}
	if _, err := s.request("en", Data{}).progressText(bad); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("told how it went back: %v", err)
	}
	if screen, err := (&paymentFlow{checkout: s.till}).ask(t.Context(), s.request("en", Data{}), bad, Data{}, ""); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("asked for it: %+v, %v", screen.Invoice, err)
	}
	if awaitsHandMoney(esim.Order{Method: "gold", State: esim.AwaitingPayment}, nil) {
		t.Error("staff may say that it was paid")
	}
}
