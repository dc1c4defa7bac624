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
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// vendorHook is how the supplier learns where to send its events.
type vendorHook interface {
	SetWebhook(ctx context.Context, address string) error
	Webhook(ctx context.Context) (string, error)
}

// hooks are the shop's two public addresses: Telegram's updates come to the one, the
// supplier's events to the other. Nobody else knows their paths, which stay the same
// over restarts.
type hooks struct {
	telegram *telegram.Client // nil: Telegram is polled
	vendor   vendorHook
	log      *slog.Logger
	now      func() time.Time
	heard    func() time.Time // when an update last came

	base          string // PUBLIC_URL
	telegramPath  string // secret
	telegramToken string // secret: comes with each update
	vendorPath    string // secret

	updates http.Handler // of Telegram
	events  http.Handler // of the supplier
	open    atomic.Bool  // updates can be taken

	register sync.Mutex // one registration at a time
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
func (h *hooks) addresses(ctx context.Context, s settings) error {
	u, err := url.Parse(h.base)
	if err != nil {
		return fmt.Errorf("PUBLIC_URL: %w", err)
	}
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
func (h *hooks) address(path string) string {
	u, err := url.Parse(h.base)
	if err != nil {
		return ""
	}
	u.Path = path
	return u.String()
}

// ServeHTTP takes what comes under the secret paths. All else does not exist.
func (h *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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

// telegramConnections is how many updates Telegram may send at once. Storing them is
// quick, and they are stored in groups.
const telegramConnections = 100

// Tell makes both neighbours send here, as far as they do not know it yet. It may be
// repeated. The server must be up: the supplier tries the address at once.
func (h *hooks) Tell(ctx context.Context) error {
	h.register.Lock()
	defer h.register.Unlock()
	h.mu.Lock()
	told := h.told
	h.mu.Unlock()
	var errs []error
	if !told.telegram && h.telegram != nil {
		err := h.telegram.SetWebhook(ctx, h.address(h.telegramPath), h.telegramToken, telegramConnections)
		if told.telegram = err == nil; err != nil {
			errs = append(errs, fmt.Errorf("register the webhook at Telegram: %w", h.hush(err)))
		}
	}
	if !told.vendor {
		err := h.tellVendor(ctx)
		if told.vendor = err == nil; err != nil {
			errs = append(errs, fmt.Errorf("register the webhook at eSIM Access: %w", h.hush(err)))
		}
	}
	h.mu.Lock()
	h.told = told
	h.mu.Unlock()
	return errors.Join(errs...)
}

func (h *hooks) tellVendor(ctx context.Context) error {
	ours := h.address(h.vendorPath)
	theirs, err := h.vendor.Webhook(ctx)
	if err != nil || theirs == ours {
		return err
	}
	if theirs != "" {
		h.log.Info("eSIM Access sent its events to another address; from now on here")
	}
	return h.vendor.SetWebhook(ctx, ours)
}

// CheckVendor asks the supplier whether it still sends here, and tells it if not.
func (h *hooks) CheckVendor(ctx context.Context) error {
	h.mu.Lock()
	h.told.vendor = false
	h.mu.Unlock()
	return h.Tell(ctx)
}

// CheckTelegram asks Telegram how its deliveries are doing: silence alone does not say
// whether nobody writes or nothing arrives.
func (h *hooks) CheckTelegram(ctx context.Context) error {
	info, err := h.telegram.WebhookInfo(ctx)
	if err != nil {
		return fmt.Errorf("ask Telegram about the webhook: %w", h.hush(err))
	}
	h.mu.Lock()
	h.looked = h.now()
	if info.Pending > 0 && info.FailedAt.After(h.heard()) {
		h.stuck++
		h.why = h.hide(info.LastError)
	} else {
		h.stuck, h.why = 0, ""
	}
	ours := info.URL == h.address(h.telegramPath) && sameKinds(info.Allowed, telegram.AllowedUpdates())
	if !ours && h.told.telegram {
		h.told.telegram = false
		h.log.Warn("Telegram's webhook was changed by another program; it is set again")
	}
	h.mu.Unlock()
	return h.Tell(ctx)
}

func sameKinds(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

const (
	// hookLate is how old the last look may be; one is taken each minute.
	hookLate = 5 * time.Minute
	// stuckLooks in a row make a trouble: one may have met a restart.
	stuckLooks = 2
)

// Troubles say what keeps updates and events from coming, "" for none.
func (h *hooks) Troubles(started time.Time) (ofTelegram, ofVendor string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	looked := h.looked
	if looked.Before(started) {
		looked = started
	}
	switch {
	case h.telegram == nil:
	case !h.told.telegram:
		ofTelegram = "the webhook is not registered"
	case h.stuck >= stuckLooks:
		ofTelegram = "updates do not arrive: " + h.why
	case h.now().Sub(looked) > hookLate:
		ofTelegram = "does not tell how its deliveries are doing since " + looked.UTC().Format(time.RFC3339)
	}
	if !h.told.vendor {
		ofVendor = "the webhook is not registered"
	}
	return ofTelegram, ofVendor
}

// hide takes the secrets out of what a neighbour said.
func (h *hooks) hide(s string) string {
	return strings.NewReplacer(h.telegramPath, "/[secret]", h.vendorPath, "/[secret]", h.telegramToken, "[secret]").Replace(s)
}

// hush takes the secrets out of an error.
func (h *hooks) hush(err error) error {
	if s := err.Error(); h.hide(s) != s {
		return errors.New(h.hide(s))
	}
	return err
}

const (
	firstTell   = 2 * time.Second
	longestTell = 5 * time.Minute
)

// teller is the worker that registers both webhooks, however long it takes.
func (h *hooks) teller() *Worker {
	pause := firstTell
	return &Worker{Name: "webhooks", Idle: longestTell, Now: time.Now, Log: h.log, Run: func(ctx context.Context) (time.Time, error) {
		err := h.Tell(ctx)
		if err == nil {
			pause = firstTell
			return time.Time{}, nil
		}
		next := time.Now().Add(pause)
		pause = min(2*pause, longestTell)
		return next, err
	}}
}
