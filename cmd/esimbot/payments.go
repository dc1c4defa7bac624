package main

import (
	"fmt"
	"slices"
	"strings"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// payments reads what has to do with money. A fault that follows from another is
// not told.
func (e *environment) payments(cfg *shop.Config) {
	cfg.Payments = e.methods("PAYMENTS", "stars")
	cfg.ProviderToken = e.credential("PROVIDER_TOKEN", "", false)
	cfg.ProviderCurrency = e.currency("PROVIDER_CURRENCY", "USD")
	cfg.MaxLoss = esim.USDCents(e.cents("MAX_LOSS_USD", "0", 10_000_000))
	cfg.ReferralCredit = esim.USDCents(e.cents("REFERRAL_CREDIT_USD", "0", 10_000_000))
	cfg.MaxEmergencyTopUp = esim.USDCents(e.cents("RESCUE_CREDIT_USD", "0", 10_000))
	if cfg.MaxEmergencyTopUp.Minor > 0 && len(cfg.Payments) > 0 && !esim.CanPayDebts(cfg.Payments) {
		e.fault("RESCUE_CREDIT_USD", "is set, and PAYMENTS has no way by which what is owed could be paid: stars, provider or manual")
	}
	cfg.CustomerDailyOrders = int(e.between("PERSON_DAILY_ORDERS", 20, 1, 10_000))
	cfg.CustomerDailyUSD = esim.USDCents(e.cents("PERSON_DAILY_USD", "500", 10_000_000_000))
	if cfg.CustomerDailyUSD.Minor == 0 {
		e.fault("PERSON_DAILY_USD", "is 0: nobody could buy anything")
	}

	cfg.ProviderFeeBP = e.basisPoints("PROVIDER_FEE_PERCENT", "0", 50)

	provider := slices.ContainsFunc(cfg.Payments, byCardProcessor)
	cfg.ProviderRate = e.providerRate(provider, cfg.ProviderCurrency)
	if provider && cfg.ProviderToken == "" && e.lookup("PROVIDER_TOKEN_FILE") == "" {
		e.fault("PROVIDER_TOKEN", "is not set: PAYMENTS has provider, and BotFather gives the token under Payments")
	}
}

// basisPoints reads a percentage of at most two decimals as hundredths of a percent.
func (e *environment) basisPoints(name, def string, high int64) int64 {
	n := e.decimal(name, def, 0, high*10_000)
	if n%100 != 0 {
		e.fault(name, "is %s: it may have two decimals", plain4(n))
	}
	return n / 100
}

// rounding reads which prices the shop asks for.
func (e *environment) rounding(name, def string) esim.Rounding {
	v := e.text(name, def)
	r, err := esim.ParseRounding(v)
	if err != nil {
		e.fault(name, "is %q: it must be off, .99, stars, or stars with a number, as stars10", v)
	}
	return r
}

// byCardProcessor reports whether a payment method needs a payment provider.
func byCardProcessor(m esim.PaymentMethod) bool {
	spec, err := m.Spec()
	return err == nil && spec.CardProcessor
}

// methods reads a comma list of payment methods.
func (e *environment) methods(name, def string) []esim.PaymentMethod {
	var methods []esim.PaymentMethod
	v := e.text(name, def)
	for word := range strings.SplitSeq(v, ",") {
		method, err := esim.ParsePaymentMethod(strings.ToLower(strings.TrimSpace(word)))
		switch {
		case err != nil:
			e.fault(name, "is %q: it must be a comma list of %s", v, commaList(esim.PaymentMethods()))
			return methods
		case slices.Contains(methods, method):
			e.fault(name, "is %q: %s stands twice", v, method)
			return methods
		}
		methods = append(methods, method)
	}
	return methods
}

func commaList[T any](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = fmt.Sprint(item)
	}
	return strings.Join(words, ", ")
}

// currency reads the ISO 4217 code of a currency that Telegram takes through a payment
// provider.
func (e *environment) currency(name, def string) esim.Currency {
	v := strings.ToUpper(e.text(name, def))
	switch c := esim.Currency(v); {
	case len(v) != 3 || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		e.fault(name, "is %q: it must be three letters such as EUR (ISO 4217)", v)
	case !c.ForProvider():
		e.fault(name, "is %q: Telegram takes no payments by card in %s, see https://core.telegram.org/bots/payments#supported-currencies", v, v)
	default:
		return c
	}
	return esim.Currency(def)
}

// providerRate reads how many units of the provider's currency one dollar is.
func (e *environment) providerRate(provider bool, currency esim.Currency) int64 {
	const name, one = "PROVIDER_RATE", 10_000
	if e.lookup(name) == "" && e.lookup(name+"_FILE") == "" {
		if provider && currency != esim.USD {
			e.fault(name, "is not set: say how many %s one US dollar is", currency)
		}
		return one
	}
	rate := e.decimal(name, "1", 1, 1_000_000*one)
	if currency == esim.USD && rate != one {
		e.fault(name, "is %s: a dollar is one dollar, or PROVIDER_CURRENCY is missing", plain4(rate))
	}
	return rate
}
