package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"esimbot/bot/telegram"
)

// This file makes Telegram and the vendor send to the shop's hooks, and keeps an eye
// on whether they do.

// telegramConnections is how many updates Telegram may send at once. Storing them is
// quick, and they are stored in groups.
const telegramConnections = 100

// Register makes both neighbours send here, as far as they do not know it yet. It may be
// repeated. The server must be up: the vendor tries the address at once.
func (h *Webhooks) Register(ctx context.Context) error {
	h.register.Lock()
	defer h.register.Unlock()
	return h.tell(ctx, false)
}

// tell needs h.register. It asks the vendor too when the vendor is thought to know. What is
// known stays known meanwhile: who looks in between gets no false alarm.
func (h *Webhooks) tell(ctx context.Context, askVendor bool) error {
	h.mu.Lock()
	told := h.told
	h.mu.Unlock()
	var errs []error
	if !told.telegram && h.Telegram != nil {
		err := h.Telegram.SetWebhook(ctx, h.Address(h.TelegramPath), h.TelegramToken, telegramConnections)
		if told.telegram = err == nil; err != nil {
			errs = append(errs, fmt.Errorf("register the webhook at Telegram: %w", h.hush(err)))
		}
	}
	if !told.vendor || askVendor {
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

func (h *Webhooks) tellVendor(ctx context.Context) error {
	ours := h.Address(h.VendorPath)
	theirs, err := h.Vendor.Webhook(ctx)
	if err != nil || theirs == ours {
		return err
	}
	if theirs != "" {
		h.log.Info("eSIM Access sent its events to another address; from now on here")
	}
	return h.Vendor.SetWebhook(ctx, ours)
}

// onceOpen is check, and nothing before the shop takes updates: a job that is late runs while
// the shop still starts, and would have sent here what is not taken yet. The registrar tells
// both neighbours as soon as it is.
func (h *Webhooks) onceOpen(check func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if !h.Open.Load() {
			return nil
		}
		return check(ctx)
	}
}

// CheckVendor asks the vendor whether it still sends here, and tells it if not. What
// fails is tried again by the worker.
func (h *Webhooks) CheckVendor(ctx context.Context) error {
	h.register.Lock()
	defer h.register.Unlock()
	err := h.tell(ctx, true)
	if err != nil {
		h.wake()
	}
	return err
}

// CheckTelegram asks Telegram how its deliveries are doing: silence alone does not say
// whether nobody writes or nothing arrives.
func (h *Webhooks) CheckTelegram(ctx context.Context) error {
	h.register.Lock()
	defer h.register.Unlock()
	info, err := h.Telegram.WebhookInfo(ctx)
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
	ours := info.URL == h.Address(h.TelegramPath) && sameKinds(info.Allowed, telegram.AllowedUpdates())
	if !ours && h.told.telegram {
		h.told.telegram = false
		h.log.Warn("Telegram's webhook was changed by another program; it is set again")
	}
	h.mu.Unlock()
	return h.tell(ctx, false)
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

// Problems say what keeps updates and events from coming, "" for none.
func (h *Webhooks) Problems(started time.Time) (ofTelegram, ofVendor string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	looked := h.looked
	if looked.Before(started) {
		looked = started
	}
	switch {
	case h.Telegram == nil:
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
func (h *Webhooks) hide(s string) string {
	return strings.NewReplacer(h.TelegramPath, "/[secret]", h.VendorPath, "/[secret]", h.TelegramToken, "[secret]").Replace(s)
}

// hush takes the secrets out of an error.
func (h *Webhooks) hush(err error) error {
	if s := err.Error(); h.hide(s) != s {
		return errors.New(h.hide(s))
	}
	return err
}

const (
	firstTell   = 2 * time.Second
	longestTell = 5 * time.Minute
)

// registrar is the worker that registers both webhooks, however long it takes.
func (h *Webhooks) registrar() *Worker {
	pauses := doubling(firstTell, longestTell)
	return &Worker{Name: "webhooks", Idle: longestTell, Now: h.now, Log: h.log, Run: func(ctx context.Context) (time.Time, error) {
		err := h.Register(ctx)
		if err == nil {
			pauses.Reset()
			return time.Time{}, nil
		}
		return h.now().Add(pauses.NextBackOff()), err
	}}
}
