package shop

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

// Webhooks are the shop's two public addresses: Telegram's updates come to the one, the
// vendor's events to the other. Nobody else knows their paths, which stay the same
// over restarts.
type Webhooks struct {
	Telegram *telegram.Client // nil: Telegram is polled
	Vendor   vendorWebhook
	log      *slog.Logger
	now      func() time.Time
	heard    func() time.Time // when an update last came
	wake     func()           // the worker that registers

	base          string // PUBLIC_URL
	prefix        string // its path
	TelegramPath  string // secret
	TelegramToken string // secret: comes with each update
	VendorPath    string // secret

	Updates http.Handler // of Telegram
	Events  http.Handler // of the vendor
	Counts  func() esimaccess.EventCounts
	Open    atomic.Bool // updates can be taken

	register turn       // one registration or look at a time; before mu
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
func (h *Webhooks) addresses(ctx context.Context, s settings) error {
	u, err := url.Parse(h.base)
	if err != nil {
		return fmt.Errorf("PUBLIC_URL: %w", err)
	}
	h.prefix = u.Path
	for _, to := range []struct {
		key, before string
		secret      *string
	}{
		{settingTelegramPath, u.Path + "/telegram/", &h.TelegramPath},
		{settingTelegramToken, "", &h.TelegramToken},
		{settingVendorPath, u.Path + "/esimaccess/", &h.VendorPath},
	} {
		secret, err := kept(ctx, s, to.key)
		if err != nil {
			return fmt.Errorf("the webhooks' secrets: %w", err)
		}
		*to.secret = to.before + secret
	}
	return nil
}

// Address is the public one of a path; a proxy in front passes paths on unchanged.
func (h *Webhooks) Address(path string) string {
	u, err := url.Parse(h.base)
	if err != nil {
		return ""
	}
	u.Path = path
	return u.String()
}

// ServeHTTP takes what comes under the secret paths. All else does not exist.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.Telegram != nil && same(r.URL.Path, h.TelegramPath):
		if !h.Open.Load() { // Telegram keeps the update and comes again
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.Updates.ServeHTTP(w, r)
	case same(r.URL.Path, h.VendorPath):
		h.Events.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// same compares in a time that tells nothing about either.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// setUpWebhooks makes the hooks, if there is a public address, and the worker that looks into
// what the vendor says there.
func (a *App) setUpWebhooks(ctx context.Context, vendor *esimaccess.Client, fulfilling *Worker) error {
	following := &Worker{Name: "vendor-events", Idle: time.Minute, Now: a.Now, Log: a.log}
	worker := &esim.VendorEventWorker{Store: a.DB, Watcher: a.Watcher, Now: a.Now, Wake: fulfilling.Wake}
	following.Run = worker.Run
	a.Workers = append(a.Workers, following)
	if a.cfg.PublicURL == "" {
		return nil
	}
	h := &Webhooks{register: make(turn, 1), Vendor: vendor, log: a.log, now: a.Now, heard: a.Receiver.LastPoll, base: a.cfg.PublicURL}
	if err := h.addresses(ctx, a.DB); err != nil {
		return err
	}
	if a.cfg.UsesWebhooks() {
		h.Telegram, h.Updates = a.Telegram, a.Receiver.Webhook(h.TelegramToken)
	}
	events := &esimaccess.EventReceiver{
		Path: h.VendorPath, Verify: vendor.VerifyEvent, Log: a.log, Now: a.Now,
		Store: func(ctx context.Context, e esimaccess.Event) error {
			fresh, err := a.DB.AddVendorEvent(ctx, e.VendorEvent(a.Now()))
			if fresh {
				following.Wake()
			}
			return err
		},
	}
	if a.cfg.ProxyHeader != "" {
		events.IPHeader, events.From = a.cfg.ProxyHeader, a.cfg.VendorFrom
	}
	h.Events, h.Counts = events, events.Counts
	if a.options.Events != nil {
		h.Events = a.options.Events(events)
	}
	a.Webhooks, a.registrar = h, h.registrar()
	h.wake = a.registrar.Wake
	return nil
}
