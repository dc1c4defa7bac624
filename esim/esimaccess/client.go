// Package esimaccess is the client of the eSIM Access partner API, V1
// (https://docs.esimaccess.com): everything the vendor's API takes and gives, in
// the words of package esim. It knows nothing of customers and retail prices.
//
// All calls leave through one place that limits, signs, sends and classifies.
// Every failure is an *esim.VendorError that says whether the vendor may have
// carried the call out (Outcome) and what to do about it (VendorErrorAction).
package esimaccess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"esimbot/esim"
)

var (
	_ esim.Vendor        = (*Client)(nil)
	_ esim.UsageSource   = (*Client)(nil)
	_ esim.PlanSource    = (*Client)(nil)
	_ esim.BalanceSource = (*Client)(nil)
)

// tries is how often a read is sent in all while its failures are temporary.
const tries = 3

// A Client talks to one account of the vendor. It may be used from many goroutines.
type Client struct {
	root     string // the base URL with /api/v1/open/
	signer   signer
	http     *http.Client
	timeouts Timeouts
	limiter  *limiter
	redactor *strings.Replacer
	now      func() time.Time
	ahead    atomic.Int64 // nanoseconds; see Ahead
	observe  func(endpoint string, took time.Duration, err error)
	// backOff is how long to wait after the n-th failure of a read.
	backOff func(n int) time.Duration

	listed   priceList // what Plans read last
	listings listings
}

// New returns a client, or an error that names every bad field of cfg and no secret.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	hc := *cfg.HTTPClient
	// A redirected POST would carry the access code, and perhaps an order, elsewhere.
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := &Client{
		root:     strings.TrimRight(cfg.BaseURL, "/") + "/api/v1/open/",
		signer:   signer{cfg.AccessCode, cfg.Secret, cfg.Now},
		http:     &hc,
		timeouts: cfg.Timeouts,
		limiter:  newLimiter(cfg.PerSecond),
		redactor: newRedactor(cfg.AccessCode, cfg.Secret),
		now:      cfg.Now,
		observe:  cfg.Observe,
		backOff:  cfg.BackOff,
	}
	if !cfg.Rested {
		c.limiter.spend()
	}
	return c, nil
}

// String names the account's address and hides the secrets.
func (c *Client) String() string { return "esimaccess.Client(" + c.root + ")" }

// GoString hides the secrets.
func (c *Client) GoString() string { return c.String() }

// LogValue hides the secrets.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// An operation is one way of using an endpoint.
type operation struct {
	path     string // below /api/v1/open/, also the Op of errors
	priority priority
	// writes: the call changes something at the vendor and is never repeated in here.
	writes bool
	// bare: the answer has no content that matters.
	bare bool
}

// call sends one request and decodes the content of its answer. Reads are repeated
// a few times while their failures are temporary; what writes is sent once.
func call[T any](ctx context.Context, c *Client, op operation, request any) (T, error) {
	return callReading(ctx, c, op, request, decoded[T])
}

func decoded[T any](raw json.RawMessage) (content T, err error) {
	err = json.Unmarshal(raw, &content)
	return content, err
}

// callReading is call for an answer that is read in a way of its own.
func callReading[T any](ctx context.Context, c *Client, op operation, request any, read func(json.RawMessage) (T, error)) (T, error) {
	var none T
	body, err := json.Marshal(request)
	if err != nil {
		return none, misuse(op.path, fmt.Errorf("encode request: %w", err))
	}
	for try := 1; ; try++ {
		content, failure := attempt(ctx, c, op, body, read)
		if failure == nil {
			return content, nil
		}
		if op.writes || try >= tries || !temporary(failure) || ctx.Err() != nil {
			return none, failure
		}
		if !pause(ctx, c.backOff(try)) {
			return none, failure
		}
	}
}

func attempt[T any](ctx context.Context, c *Client, op operation, body []byte, read func(json.RawMessage) (T, error)) (T, *esim.VendorError) {
	var none T
	answer, failure := c.exchange(ctx, op, body)
	if failure != nil || op.bare {
		return none, failure
	}
	if len(answer.content) == 0 || string(answer.content) == "null" {
		return none, c.unsettled(op.path, errors.New("the answer has no content"))
	}
	content, err := read(answer.content)
	if err != nil && answer.whole != nil { // it was cut at the wrong place
		raw, failure := c.read(op.path, http.StatusOK, "", answer.whole)
		if failure != nil {
			return none, failure
		}
		content, err = read(raw)
	}
	if err != nil {
		return none, c.unsettled(op.path, fmt.Errorf("content of the answer: %w", err))
	}
	return content, nil
}

// jittered is about half a second, then about a second.
func jittered(n int) time.Duration {
	d := esim.Backoff(n, 500*time.Millisecond, time.Second)
	return d/2 + rand.N(d)
}

// pause reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
