package esim

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Every price and every store credit of a past moment can be told from the audit log alone. What the environment says is in it too, as an act of
// nobody when the shop starts with another environment than before; what staff set is in it as they set it.

// ruleEnv is in front of the keys of what the environment says.
const ruleEnv RuleKey = "env/"

// What the environment says of prices besides settings.
const (
	envStar     = ruleEnv + "stars_usd" // USD4
	envMaxStars = ruleEnv + "max_stars"
	envRate     = ruleEnv + "provider_rate"
	envCurrency = ruleEnv + "provider_currency"
)

// AuditEnvironment is what the audit log calls a start with another environment.
const AuditEnvironment = "environment"

// environment is what the environment says now, as rules.
func (b *RuleBook) environment() RuleValues {
	values := RuleValues{}
	for key, value := range b.Defaults {
		values[ruleEnv+key] = value
	}
	if p := b.Pricing; p.StarValue.Minor > 0 {
		values[envStar] = strconv.FormatInt(p.StarValue.Minor, 10)
		values[envMaxStars] = strconv.FormatInt(p.MaxStars, 10)
		values[envRate] = strconv.FormatInt(p.ProviderRate, 10)
		values[envCurrency] = string(p.ProviderCurrency)
	}
	return values
}

// newEnvironment is what would make the rules say what the environment says now.
func (b *RuleBook) newEnvironment(values RuleValues) RuleChange {
	now := b.environment()
	var edits []RuleEdit
	for key, value := range now {
		edits = append(edits, RuleEdit{Key: key, Value: value})
	}
	for key := range values {
		if _, says := now[key]; !says && len(key) > len(ruleEnv) && key[:len(ruleEnv)] == ruleEnv {
			edits = append(edits, RuleEdit{Key: key, Unset: true})
		}
	}
	return values.Change(edits...)
}

// PricesAt is what the shop asked for at a moment, as the audit log tells: its oldest entry first, and from the beginning.
func PricesAt(log []AuditEntry, at time.Time) (Pricing, error) {
	values, err := RulesAt(log, at)
	if err != nil {
		return Pricing{}, err
	}
	var errs []error
	number := func(key RuleKey) int64 {
		n, err := strconv.ParseInt(values[key], 10, 64)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s at %s: %w", key, at.UTC().Format(time.RFC3339), err))
		}
		return n
	}
	p := Pricing{
		StarValue: USDTenThousandths(number(envStar)), MaxStars: number(envMaxStars), ProviderRate: number(envRate), ProviderCurrency: Currency(values[envCurrency]),
		Rules: NewRules(values).prices,
	}
	var env priceParts
	for _, s := range settings {
		if s.OfPrice {
			errs = append(errs, env.set(s, values[ruleEnv+s.Key]))
		}
	}
	env.on(&p)
	return p, errors.Join(errs...)
}

// What the audit log has besides what staff did, each as an act of nobody, written with what it is about.
const (
	// AuditStoreCredit is each change of a customer's store credit, debts too; Why is the key of its event in the books.
	AuditStoreCredit = "books"
	// AuditPromoTerms is what a promo code gives and to whom, whenever that changes; Why has the terms.
	AuditPromoTerms = "promo terms"
)

// CreditAt is a customer's store credit (USD) at a moment, as the log tells; below zero: what they owed.
func CreditAt(log []AuditEntry, customer CustomerID, at time.Time) Money {
	sum := USDCents(0)
	for _, a := range log {
		if a.What == AuditStoreCredit && a.Customer == customer && !a.At.After(at) {
			sum.Minor += a.Amount.Minor
		}
	}
	return sum
}

// promoTerms is a Promo as the log has it: never renamed.
type promoTerms struct {
	Code    PromoCode `json:"code"`
	Percent int       `json:"percent,omitempty"`
	Cents   int64     `json:"cents,omitempty"`
	Places  []string  `json:"places,omitempty"`
	First   bool      `json:"first,omitempty"`
	Uses    int       `json:"uses,omitempty"`
	Ends    int64     `json:"ends,omitempty"` // milliseconds
	Made    int64     `json:"made,omitempty"`
	Ended   int64     `json:"ended,omitempty"`
}

func promoTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func promoMoment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// NewPromoEntry is the entry of the log about a promo as it is from a moment on.
func NewPromoEntry(p Promo, at time.Time) (AuditEntry, error) {
	terms, err := json.Marshal(promoTerms{p.Code, p.Percent, p.Amount.Minor, p.Places, p.FirstOnly, p.Uses, promoTime(p.Ends), promoTime(p.Made), promoTime(p.Ended)})
	return AuditEntry{At: at, What: AuditPromoTerms, Why: string(terms)}, err
}

// PromosAt are the promo codes that there were at a moment, as the log tells.
func PromosAt(log []AuditEntry, at time.Time) (map[PromoCode]Promo, error) {
	all := map[PromoCode]Promo{}
	for _, a := range log {
		if a.What != AuditPromoTerms || a.At.After(at) {
			continue
		}
		var t promoTerms
		if err := json.Unmarshal([]byte(a.Why), &t); err != nil {
			return nil, fmt.Errorf("promo terms at %s: %w", a.At.UTC().Format(time.RFC3339), err)
		}
		all[t.Code] = Promo{
			Code: t.Code, Percent: t.Percent, Amount: USDCents(t.Cents), Places: t.Places, FirstOnly: t.First, Uses: t.Uses,
			Ends: promoMoment(t.Ends), Made: promoMoment(t.Made), Ended: promoMoment(t.Ended),
		}
	}
	return all, nil
}
