package shop

import (
	"context"
	"fmt"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

// A RecoveryResult is what the two neighbours told for a recovery, and how much that was.
type RecoveryResult struct {
	esim.Recovery
	Records, Plans int
}

// Recover reads Telegram's account of Stars and the vendor's list, and joins them. It only
// reads: nothing is sent, bought or paid back.
func Recover(ctx context.Context, cfg Config, o Options) (RecoveryResult, error) {
	t, v := o.Telegram, o.Vendor
	t.Token, t.BaseURL, t.Log, t.Now = string(cfg.TelegramToken), cfg.TelegramAPI, o.Log, o.Now
	v.AccessCode, v.Secret, v.BaseURL, v.Now = string(cfg.AccessCode), string(cfg.AccessSecret), cfg.VendorAPI, o.Now
	tg, err := telegram.New(t)
	if err != nil {
		return RecoveryResult{}, fmt.Errorf("telegram client: %w", err)
	}
	vendor, err := esimaccess.New(v)
	if err != nil {
		return RecoveryResult{}, fmt.Errorf("vendor client: %w", err)
	}
	s := esim.RecoverySources{Bot: botOf(string(cfg.TelegramToken)), Pricing: cfg.Pricing, Now: o.Now()}
	// Payments first: what is bought meanwhile has its payment in the next reading, not in none.
	for line, err := range (starAccount{tg}).StarTransactions(ctx, 0) {
		if err != nil {
			return RecoveryResult{}, fmt.Errorf("read Telegram's account of Stars: %w", err)
		}
		s.Stars, s.Read = append(s.Stars, line.StarTransaction), line.Read
	}
	for page, err := range vendor.AllRecords(ctx) {
		if err != nil {
			return RecoveryResult{}, fmt.Errorf("read the vendor's list: %w", err)
		}
		s.Records = append(s.Records, page...)
	}
	plans, err := vendor.Plans(ctx)
	if err != nil {
		return RecoveryResult{}, fmt.Errorf("read the vendor's price list: %w", err)
	}
	byCode := make(map[string]esim.Plan, len(plans))
	for _, p := range plans {
		byCode[p.Code] = p
	}
	s.Plan = func(code string) (esim.Plan, error) {
		p, sold := byCode[code]
		if !sold {
			return p, esim.ErrPlanGone
		}
		return p, nil
	}
	return RecoveryResult{esim.Recover(s), len(s.Records), len(plans)}, nil
}
