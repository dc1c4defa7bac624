package esim

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Every price of a past moment can be told from the audit log alone. What the environment says is in it too, as an act of
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

// AuditStoreCredit is what a change of a customer's store credit is called where it is read beside the audit log: the books are only
// ever added to, as the log is.
const AuditStoreCredit = "books"

// CreditAt is a customer's store credit (USD) at a moment, as the log tells.
func CreditAt(log []AuditEntry, customer CustomerID, at time.Time) Money {
	sum := USDCents(0)
	for _, a := range log {
		if a.What == AuditStoreCredit && a.Customer == customer && !a.At.After(at) {
			sum.Minor += a.Amount.Minor
		}
	}
	return sum
}
