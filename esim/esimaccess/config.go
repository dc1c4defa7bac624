package esimaccess

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is the production API. The vendor has no other: orders are real.
const DefaultBaseURL = "https://api.esimaccess.com"

// defaultPerSecond leaves one of the account's 8 calls a second to whoever else uses
// it now and then: a check from the command line, a person at the vendor's console.
const defaultPerSecond = 7

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
	Secret     string       // signs requests when set
	BaseURL    string       // default DefaultBaseURL; may have a path
	HTTPClient *http.Client // default: one of our own; redirects are never followed
	Timeouts   Timeouts     //
	PerSecond  float64      // calls a second, default 7; less when others share the account; none from 1,000 on
	// Rested says that nobody used the account for a second, so that the first calls need not
	// wait. Without it a new client begins as if its predecessor, killed a moment ago, had
	// spent the vendor's second: nothing leaves for about a second, purchases neither.
	Rested bool
	Now    func() time.Time // for signatures; default time.Now
	// BackOff is how long to wait after the n-th failure of a read; default: about half
	// a second, then about a second.
	BackOff func(n int) time.Duration
	// Observe, if set, is called after every request that was sent, for metrics: with the
	// endpoint as in errors, how long the answer took, and the *esim.VendorError or nil.
	// It runs on the caller's path and must not wait.
	Observe func(endpoint string, took time.Duration, err error)
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
	if c.BackOff == nil {
		c.BackOff = jittered
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
	// A connection that died silently is found out by a ping, not by a purchase that
	// runs into its time-out.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second}
	return &http.Client{Transport: t}
}
