package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/storage"
)

// checkAffiliates says whether a Telegram affiliate program runs, as far as the account of Stars showed it, and what of the
// shop then leads customers away from Stars: Telegram forbids that while one runs.
func checkAffiliates(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "affiliates", found: "no payment showed an affiliate program"}
	if _, err := os.Stat(cfg.Database); errors.Is(err, os.ErrNotExist) {
		return f
	}
	stored, err := storage.ReadSetting(ctx, cfg.Database, esim.AffiliateSettingKey)
	if err != nil {
		f.warn, f.found, f.advice = true, err.Error(), "see the database"
		return f
	}
	return affiliatesFound(cfg, esim.ParseAffiliateProgram(stored), time.Now())
}

func affiliatesFound(cfg shop.Config, p esim.AffiliateProgram, now time.Time) finding {
	f := finding{what: "affiliates", found: "no payment showed an affiliate program"}
	if p.Running(now) == 0 {
		return f
	}
	f.found = esim.PerMilleText(p.PerMille) + " of payments in Stars went to affiliates, last on " + p.Seen.UTC().Format(time.DateOnly)
	if left := awayFromStars(cfg); len(left) > 0 {
		f.warn = true
		f.found += "; customers are led away from Stars by " + strings.Join(left, ", ")
		f.advice = "Telegram forbids that while an affiliate program runs: take Stars alone (PAYMENTS=stars), or end the program"
	}
	return f
}

// awayFromStars names what of the configuration leads customers to other ways to pay.
func awayFromStars(cfg shop.Config) (by []string) {
	if esim.TakesOtherThanStars(cfg.Payments) {
		by = append(by, "PAYMENTS")
	}
	for _, own := range []struct {
		name string
		text i18n.OperatorText
	}{{"MANUAL_PAYMENT_TEXT", cfg.ManualText}, {"TERMS", cfg.LegalTexts.Terms}, {"PRIVACY", cfg.LegalTexts.Privacy}, {"PAYSUPPORT", cfg.LegalTexts.PaySupport}} {
		if own.name == "MANUAL_PAYMENT_TEXT" && !slices.Contains(cfg.Payments, esim.MethodManual) {
			continue
		}
		for _, text := range own.text {
			if mentionsOtherMoney(text) {
				by = append(by, own.name)
				break
			}
		}
	}
	return by
}

// otherMoney are words by which a text of the operator speaks of paying in other ways, in any language: names of payment
// services are the same in all.
var otherMoney = []string{"paypal", "stripe", "visa", "mastercard", "iban", "usdt", "bitcoin", "crypto", "revolut", "wise", "pix"}

func mentionsOtherMoney(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(otherMoney, func(word string) bool { return strings.Contains(text, word) })
}
