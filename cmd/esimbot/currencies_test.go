package main

import (
	"maps"
	"testing"

	"esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// TestTheShopAndTelegramAgreeOnCurrencies holds the shop's table equal to the simulator's,
// which plays Telegram and borrows nothing from the shop it judges.
func TestTheShopAndTelegramAgreeOnCurrencies(t *testing.T) {
	ours, theirs := map[string]int{}, sandbox.Currencies()
	for _, c := range esim.ProviderCurrencies() {
		exponent, err := c.Exponent()
		if err != nil {
			t.Errorf("%s: %v", c, err)
		}
		ours[string(c)] = exponent
	}
	if len(theirs) == 0 {
		t.Fatal("Telegram takes no currency: the test tests nothing")
	}
	for code, exponent := range theirs {
		if got, known := ours[code]; !known || got != exponent {
			t.Errorf("Telegram takes %s with %d decimal places; the shop has %d, known: %t", code, exponent, got, known)
		}
		cfg, err := LoadConfig(environ(map[string]string{"PROVIDER_CURRENCY": code}))
		if err != nil || string(cfg.ProviderCurrency) != code {
			t.Errorf("PROVIDER_CURRENCY=%s: %q, %v", code, cfg.ProviderCurrency, err)
		}
	}
	maps.DeleteFunc(ours, func(code string, _ int) bool { _, taken := theirs[code]; return taken })
	if len(ours) > 0 {
		t.Errorf("the shop has %v, which Telegram does not take", ours)
	}
}
