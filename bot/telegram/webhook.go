package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// maxWebhookBody bounds one update in bytes; real ones have a few thousand.
const maxWebhookBody = 4 << 20

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// Webhook returns a handler for the updates that Telegram sends by itself. It answers
// 200 only after Store accepted the update; anything else makes Telegram send it again.
// secret is the one given to SetWebhook; requests without it are refused.
func (r *Receiver) Webhook(secret string) http.Handler {
	want := sha256.Sum256([]byte(secret))
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		got := sha256.Sum256([]byte(req.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
		switch {
		case req.Method != http.MethodPost:
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
		case secret == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1:
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(r.accept(req.Context(), http.MaxBytesReader(w, req.Body, maxWebhookBody)))
		}
	})
}

// accept stores one update and returns the status to answer.
func (r *Receiver) accept(ctx context.Context, body io.Reader) int {
	raw, err := io.ReadAll(body)
	if err != nil {
		return http.StatusBadRequest
	}
	u := peek(raw)
	if u.ID == 0 {
		// Refused, it would come again and again and hold up what follows it.
		r.Client.log.Error("an update without an id was dropped", "bytes", len(raw))
		return http.StatusOK
	}
	if err := r.Store(ctx, []RawUpdate{u}); err != nil {
		r.Client.log.Error("updates could not be stored; Telegram keeps them", "err", err)
		return http.StatusInternalServerError
	}
	r.stamp()
	return http.StatusOK
}

// SetWebhook makes Telegram send updates to address, which is https on port 443, 80, 88
// or 8443. secret is 1-256 of A-Za-z0-9_-; connections is how many Telegram may use at
// once, 1-100.
//
// Source: https://core.telegram.org/bots/api#setwebhook
func (c *Client) SetWebhook(ctx context.Context, address, secret string, connections int) error {
	const method = "setWebhook"
	if !secretShape.MatchString(secret) {
		return invalid(method, "the secret is not 1-256 of A-Za-z0-9_-")
	}
	p := tgbotapi.Params{"url": address, "secret_token": secret, "allowed_updates": askedJSON}
	p.AddNonZero("max_connections", connections)
	_, err := c.call(ctx, method, p, patient)
	return err
}

// DeleteWebhook makes polling possible again. The updates that wait are kept.
//
// Source: https://core.telegram.org/bots/api#deletewebhook
func (c *Client) DeleteWebhook(ctx context.Context) error {
	_, err := c.call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": strconv.FormatBool(false)}, patient)
	return err
}

// WebhookInfo is how deliveries to the webhook are doing.
type WebhookInfo struct {
	URL       string // empty: no webhook, updates are polled for
	Pending   int    // updates waiting
	LastError string // of the last delivery that failed; empty if none did
	FailedAt  time.Time
	Allowed   []string // the kinds of updates that Telegram keeps for the bot
}

// WebhookInfo returns how deliveries are doing; Pending is true for polling as well.
//
// Source: https://core.telegram.org/bots/api#getwebhookinfo
func (c *Client) WebhookInfo(ctx context.Context) (WebhookInfo, error) {
	result, err := c.call(ctx, "getWebhookInfo", nil, patient)
	if err != nil {
		return WebhookInfo{}, err
	}
	var w struct {
		URL       string   `json:"url"`
		Pending   int      `json:"pending_update_count"`
		FailedAt  int64    `json:"last_error_date"`
		LastError string   `json:"last_error_message"`
		Allowed   []string `json:"allowed_updates"`
	}
	if err := decode("getWebhookInfo", result, &w); err != nil {
		return WebhookInfo{}, err
	}
	return WebhookInfo{URL: w.URL, Pending: w.Pending, LastError: c.redact(w.LastError), FailedAt: moment(w.FailedAt), Allowed: w.Allowed}, nil
}
