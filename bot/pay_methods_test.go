package bot_test

import (
	"errors"
	"testing"

	"esimbot/bot"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestOnlyStarsGoBackThroughTelegram: nothing else may be sent to refundStarPayment.
func TestOnlyStarsGoBackThroughTelegram(t *testing.T) {
	t.Parallel()
	for _, m := range append(esim.PaymentMethods(), "gold") {
		if m == esim.MethodStars {
			continue
		}
		err := bot.StarsGateway{}.Refund(t.Context(), esim.Payment{ID: "charge", Amount: esim.Stars(5), Method: m})
		if !errors.Is(err, esim.ErrNoPaymentMethod) {
			t.Errorf("a payment by %s: %v", m, err)
		}
	}
}

// TestBotRefusesUnknownPaymentMethods presses buttons that name one, and books money of a
// currency that Telegram does not take.
func TestBotRefusesUnknownPaymentMethods(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	p := s.Catalog.Current().Country("JP")[0]
	for _, m := range []string{"gold", "STARS", string(esim.MethodManual)} { // the last is not offered here
		d := ui.NewCallbackData("buy", p.Code, "", 0, 100, 1, m)
		if _, err := s.screen(t, s.request("en", d)); !errors.Is(err, esim.ErrNoPaymentMethod) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	// Money of a currency that Telegram does not take is neither booked nor forgotten.
	u := telegram.Update{ID: 1, Message: &telegram.Message{
		Chat: telegram.Chat{ID: annID, Type: "private"}, From: &telegram.User{ID: annID, FirstName: "Ann"},
		Payment: &telegram.SuccessfulPayment{Currency: "KWD", Amount: 1_000, Payload: "K7M2XQ4P", ChargeID: "c"},
	}}
	if err := s.App.Bot.Handle(t.Context(), u); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("paid in dinars: %v", err)
	}
}
