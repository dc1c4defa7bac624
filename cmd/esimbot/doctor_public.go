package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// checkPublic asks for the shop under its public address, as its neighbours will.
func checkPublic(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "public address"}
	if cfg.PublicURL == "" {
		f.found = "none: Telegram is polled, and what the vendor would tell is found out by the sweep (USAGE_POLL)"
		return f
	}
	const advice = "is the shop running, does the name lead here, and does the proxy in front pass all paths unchanged to LISTEN ("
	f.warn, f.advice = true, advice+cfg.Listen+")?"
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cfg.PublicURL+"/healthz", nil)
	if err != nil {
		f.found = err.Error()
		return f
	}
	resp, err := client.Do(req)
	if bad := new(tls.CertificateVerificationError); errors.As(err, &bad) {
		f.found, f.advice, f.warn = bad.Error(), "Telegram and eSIM Access refuse such a certificate: get one from a public authority", false
		return f
	}
	if err != nil {
		f.found = err.Error()
		return f
	}
	defer resp.Body.Close()
	var answer struct{ OK *bool }
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer) != nil || answer.OK == nil {
		f.found = fmt.Sprintf("%s is answered by something else (HTTP %d)", cfg.PublicURL, resp.StatusCode)
		return f
	}
	if !*answer.OK {
		f.found, f.advice = cfg.PublicURL+" is reached, and the shop is not well", "its /healthz at METRICS_LISTEN says what is wrong"
		return f
	}
	f.found, f.advice, f.warn = cfg.PublicURL+" is reached", "", false
	return f
}

// registered tells how what a neighbour has noted compares with where the shop wants it
// to send; the secret end of the path is known to the running shop only.
func registered(f finding, cfg shop.Config, path, noted string) finding {
	const soon = "esimbot serve registers it by itself"
	u, err := url.Parse(noted)
	switch {
	case noted == "":
		f.found, f.advice, f.warn = "not registered", soon, true
	case !strings.HasPrefix(noted, cfg.PublicURL+path):
		f.found, f.advice, f.warn = "registered for another place", soon+"; is another shop using the same account?", true
		if err == nil {
			f.found += ", at " + u.Host
		}
	default:
		f.found = "registered"
	}
	return f
}

func checkTelegramHook(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "updates"}
	tg, err := telegramClient(cfg)
	if err == nil {
		var info telegram.WebhookInfo
		if info, err = askAgain(ctx, tg.WebhookInfo); err == nil {
			return telegramHook(f, cfg, info)
		}
	}
	f.found, f.advice, f.warn = err.Error(), "see the token", true
	return f
}

func telegramHook(f finding, cfg shop.Config, info telegram.WebhookInfo) finding {
	if cfg.PublicURL == "" {
		f.found = fmt.Sprintf("polled, %d waiting", info.Pending)
		if info.URL != "" {
			f.found, f.advice, f.warn = "a webhook is set", "esimbot serve removes it and polls; is another program using the same token?", true
		}
		return f
	}
	f = registered(f, cfg, "/telegram/", info.URL)
	if f.advice != "" {
		return f
	}
	f.found += fmt.Sprintf(", %d waiting", info.Pending)
	if info.Pending > 0 && info.LastError != "" {
		f.found += "; the last delivery failed: " + strings.ReplaceAll(info.LastError, info.URL, cfg.PublicURL)
		f.advice, f.warn = "is the shop running, and does the proxy pass Telegram's requests on?", true
	}
	return f
}

func checkVendorHook(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "events"}
	if cfg.PublicURL == "" {
		f.found = "not heard without PUBLIC_URL"
		return f
	}
	vendor, err := vendorClient(cfg)
	if err == nil {
		var noted string
		if noted, err = askAgain(ctx, vendor.Webhook); err == nil {
			return registered(f, cfg, "/esimaccess/", noted)
		}
	}
	f.found, f.advice, f.warn = err.Error(), "see eSIM Access", true
	return f
}

// checkPayments asks Telegram whether it would take an invoice of the provider's; nobody
// sees it.
func checkPayments(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "payments", found: commaList(cfg.Payments)}
	has := func(as func(esim.PaymentMethodSpec) bool) bool {
		return slices.ContainsFunc(cfg.Payments, func(m esim.PaymentMethod) bool {
			spec, err := m.Spec()
			return err == nil && as(spec)
		})
	}
	switch {
	case has(func(s esim.PaymentMethodSpec) bool { return s.CardProcessor }):
		if err := tryProvider(ctx, cfg); err != nil {
			f.found += ": " + err.Error()
			f.advice = "check PROVIDER_TOKEN (BotFather, Payments) and PROVIDER_CURRENCY (" + string(cfg.ProviderCurrency) + "): without them nobody can pay that way"
			return f
		}
		if strings.Contains(string(cfg.ProviderToken), ":TEST:") {
			f.warn, f.advice = true, "PROVIDER_TOKEN is one for tests: eSIMs are real and the money is not"
			return f
		}
	}
	if has(func(s esim.PaymentMethodSpec) bool { return s.RefundRoute == esim.RefundNothing }) {
		f.warn, f.advice = true, "free gives eSIMs away to everybody who finds the bot"
	}
	return f
}

// checkByHand says whether a payment by hand can work: staff confirm it, and customers know how to pay.
func checkByHand(_ context.Context, cfg shop.Config) finding {
	f := finding{what: "by hand"}
	byHand := slices.ContainsFunc(cfg.Payments, func(m esim.PaymentMethod) bool {
		spec, err := m.Spec()
		return err == nil && spec.ConfirmedBy == esim.ConfirmedByStaff
	})
	switch {
	case !byHand:
		f.found = "not taken"
	case cfg.StaffChat == 0:
		f.found, f.advice = "nobody confirms the money", "with manual the staff do: set ADMIN_CHAT_ID"
	case len(cfg.ManualText) == 0:
		f.found, f.warn = "customers are not told how to pay, and have to ask", true
		f.advice = "write it into a file with {amount} and {reference}, and set MANUAL_PAYMENT_TEXT_FILE"
	default:
		f.found = "customers are told how to pay in " + commaList(slices.Sorted(maps.Keys(cfg.ManualText)))
	}
	return f
}

func tryProvider(ctx context.Context, cfg shop.Config) error {
	tg, err := telegramClient(cfg)
	if err != nil {
		return err
	}
	exponent, err := cfg.ProviderCurrency.Exponent()
	if err != nil {
		return err
	}
	minor := max(1, 10*cfg.ProviderRate/10_000) // about ten dollars
	for range exponent {
		minor *= 10
	}
	_, err = tg.InvoiceLink(ctx, telegram.Invoice{
		Title: "esimbot doctor", Description: "A try", Payload: "doctor",
		ProviderToken: string(cfg.ProviderToken), Currency: string(cfg.ProviderCurrency), Amount: minor,
	})
	return err
}
