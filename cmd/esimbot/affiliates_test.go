package main

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
)

// A lost database is found again with what affiliates got and gave back.
func TestRecoverKnowsAffiliates(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	s.Must(s.Messenger.RunAffiliateProgram(tgsandbox.AffiliateProgram{PerMille: 33}))
	h := s.customer(1)
	back, kept := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.Must(s.Canceller.Begin(t.Context(), back.ID, nil))
	s.settles()
	s.recovers()
	balances, err := s.DB.Balances(t.Context())
	s.Must(err)
	if c := balances[esim.AccountCommission]; len(c) != 1 || c[0].Minor != kept.Price.Minor*33_000_000 {
		t.Errorf("affiliates got %v of %s", c, kept.Price)
	}
	booked, err := s.DB.StarsBooked(t.Context())
	s.Must(err)
	if booked.Minor != s.Messenger.BotStars() {
		t.Errorf("the books have %s, the bot %d", booked, s.Messenger.BotStars())
	}
	faults, err := s.DB.LedgerFaults(t.Context())
	if s.Must(err); len(faults) > 0 {
		t.Errorf("faults in the books: %+v", faults)
	}
}

// doctor knows of an affiliate program what the shop saw of it, and warns where customers are led away from Stars.
func TestDoctorWarnsOfWaysAroundStars(t *testing.T) {
	s := shoptest.Open(t, sandbox.Options{}, nil)
	cfg := s.Settings()
	cfg.Database, cfg.Payments = s.Database(), []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	if f := checkAffiliates(t.Context(), cfg); f.warn || !strings.HasPrefix(f.found, "no payment showed") {
		t.Errorf("none runs: %+v", f)
	}
	p := esim.AffiliateProgram{PerMille: 125, Seen: time.Now()}
	s.Must(s.DB.SetSetting(t.Context(), esim.AffiliateSettingKey, p.String()))
	if f := checkAffiliates(t.Context(), cfg); !f.warn || !strings.Contains(f.found, "12.5 %") || !strings.Contains(f.found, "by PAYMENTS") {
		t.Errorf("another way is taken: %+v", f)
	}
	cfg.Payments = []esim.PaymentMethod{esim.MethodStars}
	if f := checkAffiliates(t.Context(), cfg); f.warn || f.advice != "" {
		t.Errorf("Stars alone: %+v", f)
	}
	cfg.LegalTexts.PaySupport = i18n.OperatorText{"de": "Billiger mit PayPal: fragt uns."}
	if f := checkAffiliates(t.Context(), cfg); !f.warn || !strings.Contains(f.found, "by PAYSUPPORT") {
		t.Errorf("a text of the operator: %+v", f)
	}
	p.Seen = p.Seen.AddDate(0, -4, 0)
	if f := affiliatesFound(cfg, p, time.Now()); f.warn {
		t.Errorf("long ago: %+v", f)
	}
}
