package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

// vendorWebhook is how the vendor learns where to send its events.
type vendorWebhook interface {
	SetWebhook(ctx context.Context, address string) error
	Webhook(ctx context.Context) (string, error)
}

// hooks are the shop's two public addresses: Telegram's updates come to the one, the
// vendor's events to the other. Nobody else knows their paths, which stay the same
// over restarts.
type webhooks struct {
	telegram *telegram.Client // nil: Telegram is polled
	vendor   vendorWebhook
	log      *slog.Logger
	now      func() time.Time
	heard    func() time.Time // when an update last came
	wake     func()           // the worker that registers

	base          string // PUBLIC_URL
	prefix        string // its path
	telegramPath  string // secret
	telegramToken string // secret: comes with each update
	vendorPath    string // secret

	updates http.Handler // of Telegram
	events  http.Handler // of the vendor
	counts  func() esimaccess.EventCounts
	open    atomic.Bool // updates can be taken

	register sync.Mutex // one registration or look at a time; before mu
	mu       sync.Mutex // guards what follows
	told     struct{ telegram, vendor bool }
	looked   time.Time // when Telegram last told how deliveries are doing
	stuck    int       // looks in a row at which they failed
	why      string    // Telegram's words for it
}

// The settings that keep the secrets.
const (
	settingTelegramPath  = "webhook_telegram_path"
	settingTelegramToken = "webhook_telegram_token"
	settingVendorPath    = "webhook_vendor_path"
)

// settings keeps words over restarts.
type settings interface {
	// Setting returns esim.ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// kept returns the secret under a key, made at the first time.
func kept(ctx context.Context, s settings, key string) (string, error) {
	v, err := s.Setting(ctx, key)
	if err == nil && v != "" {
		return v, nil
	}
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return "", err
	}
	v = rand.Text() // at least 128 bits, of letters and digits
	return v, s.SetSetting(ctx, key, v)
}

// addresses fills in the secrets.
func (h *webhooks) addresses(ctx context.Context, s settings) error {
	u, err := url.Parse(h.base)
	if err != nil {
		return fmt.Errorf("PUBLIC_URL: %w", err)
	}
	h.prefix = u.Path
	for _, to := range []struct {
		key, before string
		secret      *string
	}{
		{settingTelegramPath, u.Path + "/telegram/", &h.telegramPath},
		{settingTelegramToken, "", &h.telegramToken},
		{settingVendorPath, u.Path + "/esimaccess/", &h.vendorPath},
	} {
		secret, err := kept(ctx, s, to.key)
		if err != nil {
			return fmt.Errorf("the webhooks' secrets: %w", err)
		}
		*to.secret = to.before + secret
	}
	return nil
}

// address is the public one of a path; a proxy in front passes paths on unchanged.
func (h *webhooks) address(path string) string {
	u, err := url.Parse(h.base)
	if err != nil {
		return ""
	}
	u.Path = path
	return u.String()
}

// ServeHTTP takes what comes under the secret paths. All else does not exist.
func (h *webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.telegram != nil && same(r.URL.Path, h.telegramPath):
		if !h.open.Load() { // Telegram keeps the update and comes again
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.updates.ServeHTTP(w, r)
	case same(r.URL.Path, h.vendorPath):
		h.events.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// same compares in a time that tells nothing about either.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// hear makes the hooks, if there is a public address, and the worker that looks into
// what the vendor says there.
func (a *App) setUpWebhooks(ctx context.Context, vendor *esimaccess.Client, fulfilling *Worker) error {
	following := &Worker{Name: "vendor-events", Idle: time.Minute, Now: a.now, Log: a.log}
	worker := &esim.VendorEventWorker{Store: a.db, Watcher: a.watcher, Now: a.now, Wake: fulfilling.Wake}
	following.Run = worker.Run
	a.workers = append(a.workers, following)
	if a.cfg.PublicURL == "" {
		return nil
	}
	h := &webhooks{vendor: vendor, log: a.log, now: a.now, heard: a.receiver.LastPoll, base: a.cfg.PublicURL}
	if err := h.addresses(ctx, a.db); err != nil {
		return err
	}
	if a.cfg.hooked() {
		h.telegram, h.updates = a.tg, a.receiver.Webhook(h.telegramToken)
	}
	events := &esimaccess.EventReceiver{
		Path: h.vendorPath, Verify: vendor.VerifyEvent, Log: a.log, Now: a.now,
		Store: func(ctx context.Context, e esimaccess.Event) error {
			fresh, err := a.db.AddVendorEvent(ctx, e.VendorEvent(a.now()))
			if fresh {
				following.Wake()
			}
			return err
		},
	}
	if a.cfg.ProxyHeader != "" {
		events.IPHeader, events.From = a.cfg.ProxyHeader, a.cfg.VendorFrom
	}
	h.events, h.counts = events, events.Counts
	a.webhooks, a.registrar = h, h.registrar()
	h.wake = a.registrar.Wake
	return nil
}
