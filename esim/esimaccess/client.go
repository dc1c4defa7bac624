// Package esimaccess is the client of the eSIM Access partner API, V1
// (https://docs.esimaccess.com): everything the vendor's API takes and gives, in
// the words of package esim. It knows nothing of customers and retail prices.
//
// All calls leave through one place that limits, signs, sends and classifies.
// Every failure is an *esim.ProviderError that says whether the vendor may have
// carried the call out (Outcome) and what to do about it (Verdict).
package esimaccess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"esimbot/esim"
)

var (
	_ esim.Supplier      = (*Client)(nil)
	_ esim.Meter         = (*Client)(nil)
	_ esim.PlanSource    = (*Client)(nil)
	_ esim.BalanceSource = (*Client)(nil)
)

// DefaultBaseURL is the production API. The vendor has no other: orders are real.
const DefaultBaseURL = "https://api.esimaccess.com"

const (
	// defaultPerSecond stays below the account's limit of 8 so that nine calls
	// never meet within a second, even when the network squeezes them a little.
	defaultPerSecond = 7.5
	// tries is how often a read is sent in all while its failures are temporary.
	tries = 3
)

// Timeouts bound the time from sending a request to the end of its answer.
// Waiting for a turn is not counted. Zero means the default.
type Timeouts struct {
	Call     time.Duration // default 20 s
	Packages time.Duration // package/list, 3 MB in 3.4 s when all is well; default 60 s
	TopUp    time.Duration // esim/topup takes about 16 s; default 60 s
}

func (t Timeouts) of(path string) time.Duration {
	switch path {
	case pathPackages:
		return t.Packages
	case pathTopUp:
		return t.TopUp
	}
	return t.Call
}

// Config says how to reach the vendor. Only AccessCode is required.
type Config struct {
	AccessCode string
	Secret     string           // signs requests when set
	BaseURL    string           // default DefaultBaseURL; may have a path
	HTTPClient *http.Client     // default: one of our own; redirects are never followed
	Timeouts   Timeouts         //
	PerSecond  float64          // calls a second, default 7.5; less when others share the account
	Now        func() time.Time // for signatures; default time.Now
}

// String hides the secrets.
func (c Config) String() string {
	return fmt.Sprintf("esimaccess.Config(%s)", printableURL(c.BaseURL))
}

// GoString hides the secrets.
func (c Config) GoString() string { return c.String() }

// LogValue hides the secrets.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

func printableURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "unreadable URL"
	}
	return u.Redacted()
}

// A Client talks to one account of the vendor. It may be used from many goroutines.
type Client struct {
	root     string // the base URL with /api/v1/open/
	signer   signer
	http     *http.Client
	timeouts Timeouts
	gate     *gate
	redactor *strings.Replacer
	// backOff is how long to wait after the n-th failure of a read.
	backOff func(n int) time.Duration
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
	return &Client{
		root:     strings.TrimRight(cfg.BaseURL, "/") + "/api/v1/open/",
		signer:   signer{cfg.AccessCode, cfg.Secret, cfg.Now},
		http:     &hc,
		timeouts: cfg.Timeouts,
		gate:     newGate(rate.Limit(cfg.PerSecond)),
		redactor: newRedactor(cfg.AccessCode, cfg.Secret),
		backOff:  jittered,
	}, nil
}

func (c Config) withDefaults() Config {
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.HTTPClient == nil {
		c.HTTPClient = newHTTPClient()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.PerSecond == 0 {
		c.PerSecond = defaultPerSecond
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.Timeouts.Call, 20 * time.Second},
		{&c.Timeouts.Packages, time.Minute},
		{&c.Timeouts.TopUp, time.Minute},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return c
}

func (c Config) check() error {
	var errs []error
	bad := func(field, why string) { errs = append(errs, fmt.Errorf("esimaccess: %s %s", field, why)) }
	if c.AccessCode == "" {
		bad("AccessCode", "is not set")
	} else if !printable(c.AccessCode) {
		bad("AccessCode", "has spaces or characters that cannot be sent")
	}
	if c.Secret != "" && !printable(c.Secret) {
		bad("Secret", "has spaces or characters that cannot be meant")
	}
	if why := badURL(c.BaseURL); why != "" {
		bad("BaseURL", why)
	}
	if c.Timeouts.Call < 0 {
		bad("Timeouts.Call", "is negative")
	}
	if c.Timeouts.Packages < 0 {
		bad("Timeouts.Packages", "is negative")
	}
	if c.Timeouts.TopUp < 0 {
		bad("Timeouts.TopUp", "is negative")
	}
	if !(c.PerSecond > 0) { // also refuses NaN
		bad("PerSecond", "is not positive")
	}
	return errors.Join(errs...)
}

func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func badURL(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "cannot be read"
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "is not an http or https address"
	case u.User != nil:
		return "must not hold a user name or password"
	case u.RawQuery != "" || u.Fragment != "":
		return "must not hold a query or fragment"
	}
	return ""
}

// newHTTPClient keeps more idle connections than the default of two per host, so
// that purchases and sweeps do not pay for new TLS handshakes all the time.
func newHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	return &http.Client{Transport: t}
}

// String names the account's address and hides the secrets.
func (c *Client) String() string { return "esimaccess.Client(" + c.root + ")" }

// GoString hides the secrets.
func (c *Client) GoString() string { return c.String() }

// LogValue hides the secrets.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// An operation is one way of using an endpoint.
type operation struct {
	path string // below /api/v1/open/, also the Op of errors
	lane lane
	// writes: the call changes something at the vendor and is never repeated in here.
	writes bool
	// bare: the answer has no content that matters.
	bare bool
}

// call sends one request and decodes the content of its answer. Reads are repeated
// a few times while their failures are temporary; what writes is sent once.
func call[T any](ctx context.Context, c *Client, op operation, request any) (T, error) {
	var none T
	body, err := json.Marshal(request)
	if err != nil {
		return none, misuse(op.path, fmt.Errorf("encode request: %w", err))
	}
	for try := 1; ; try++ {
		content, failure := attempt[T](ctx, c, op, body)
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

func attempt[T any](ctx context.Context, c *Client, op operation, body []byte) (T, *esim.ProviderError) {
	var content T
	raw, failure := c.exchange(ctx, op, body)
	if failure != nil || op.bare {
		return content, failure
	}
	if len(raw) == 0 || string(raw) == "null" {
		return content, c.unsettled(op.path, errors.New("the answer has no content"))
	}
	if err := json.Unmarshal(raw, &content); err != nil {
		return content, c.unsettled(op.path, fmt.Errorf("content of the answer: %w", err))
	}
	return content, nil
}

// jittered is about a third of a second, then about a second.
func jittered(n int) time.Duration {
	d := 300 * time.Millisecond << (2 * (n - 1))
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
