package esimaccess

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/esim"
)

// A fault is a way in which the exchange itself goes wrong.
type fault struct {
	name    string
	handler http.HandlerFunc
	verdict esim.VendorErrorAction
	outcome esim.Outcome
	sent    int // how often a read is sent
}

func page(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestFaultsOfTheExchange(t *testing.T) {
	t.Parallel()
	const html = "<html><body>502 Bad Gateway</body></html>"
	spring := `{"timestamp":"2025-01-01T00:00:00.000+0000","status":404,"error":"Not Found","path":"/x"}`
	lost := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"success":true,"obj":{"orderNo":"B1"`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	const done, not = esim.OutcomeUnknown, esim.OutcomeNotDone
	tests := []fault{
		{"answer lost", lost, esim.ActionRetry, done, 3},
		{"body cut", cut, esim.ActionRetry, done, 3},
		{"body cut without saying so", page(200, "application/json", `{"success":true,"obj":{"orderNo":`), esim.ActionRetry, done, 3},
		{"HTML with status 502", page(502, "text/html", html), esim.ActionRetry, done, 3},
		{"HTML with status 504", page(504, "text/html", html), esim.ActionRetry, done, 3},
		{"HTML with status 503", page(503, "text/html", html), esim.ActionRetry, done, 3},
		{"HTML with status 500", page(500, "text/html", html), esim.ActionRetry, done, 3},
		{"HTML with status 200", page(200, "text/html", html), esim.ActionRetry, done, 3},
		{"nothing with status 200", page(200, "application/json", ``), esim.ActionRetry, done, 3},
		{"other JSON with status 200", page(200, "application/json", `{"ok":1}`), esim.ActionRetry, done, 3},
		{"success without content", page(200, "application/json", `{"success":true,"obj":null}`), esim.ActionRetry, done, 3},
		{"success with other content", page(200, "application/json", `{"success":true,"obj":[1]}`), esim.ActionRetry, done, 3},
		{"success with nothing in it", page(200, "application/json", `{"success":true,"obj":{}}`), esim.ActionRetry, done, 1},
		{"success inside status 500", page(500, "application/json", `{"success":true,"obj":{"orderNo":"B1","balance":1}}`), esim.ActionRetry, done, 3},
		{"refusal inside status 500", page(500, "application/json", `{"success":false,"errorCode":"200007"}`), esim.ActionLowBalance, not, 1},
		{"unknown refusal inside status 403", page(403, "application/json", `{"success":false,"errorCode":"999"}`), esim.ActionTellOperator, not, 1},
		{"401 from in front", page(401, "text/plain", "no"), esim.ActionTellOperator, not, 1},
		{"403 from in front", page(403, "text/html", html), esim.ActionTellOperator, not, 1},
		{"404 of the framework", page(404, "application/json", spring), esim.ActionTellOperator, not, 1},
		{"400 from in front", page(400, "text/html", html), esim.ActionReportBug, not, 1},
		{"429 from in front", page(429, "text/html", html), esim.ActionRetry, not, 3},
		{"418", page(418, "text/html", html), esim.ActionTellOperator, done, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.check(t) })
	}
}

func (tt fault) check(t *testing.T) {
	v := newVendor(t, tt.handler)
	c := newTestClient(t, v.URL)
	_, err := c.Order(t.Context(), testBuy)
	pe := providerError(t, err)
	if pe.Action != tt.verdict || pe.Outcome != tt.outcome {
		t.Errorf("%s, outcome %d; want %s, outcome %d: %v", pe.Action, pe.Outcome, tt.verdict, tt.outcome, err)
	}
	if n := len(v.received()); n != 1 {
		t.Errorf("the order was sent %d times", n)
	}
	if _, err := c.Balance(t.Context()); err == nil {
		t.Error("Balance: no error")
	}
	if n := len(v.received()) - 1; n != tt.sent {
		t.Errorf("the read was sent %d times, want %d", n, tt.sent)
	}
}

func TestAReadSucceedsAfterTemporaryFailures(t *testing.T) {
	t.Parallel()
	var n atomic.Int32 // each attempt has a connection, and a goroutine, of its own
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) < tries {
			panic(http.ErrAbortHandler)
		}
		answering(`{"success":true,"obj":{"balance":940000}}`)(w, r)
	})
	got, err := newTestClient(t, v.URL).Balance(t.Context())
	if err != nil || got != esim.USDTenThousandths(940000) {
		t.Errorf("Balance = %s, %v", got, err)
	}
}

func TestARequestThatNeverLeftWasNotDone(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	untrusted := httptest.NewUnstartedServer(answering(`{}`))
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	tests := []struct {
		name, url string
		verdict   esim.VendorErrorAction
	}{
		{"connection refused", closed.URL, esim.ActionRetry},
		{"certificate not trusted", untrusted.URL, esim.ActionTellOperator},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newTestClient(t, tt.url).Order(t.Context(), testBuy)
			pe := providerError(t, err)
			if pe.Outcome != esim.OutcomeNotDone || pe.Action != tt.verdict {
				t.Errorf("%s, outcome %d: %v", pe.Action, pe.Outcome, err)
			}
		})
	}
	t.Run("the address hangs while connecting", func(t *testing.T) {
		hanging := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		c := newTestClient(t, "http://127.0.0.1:1", func(cfg *Config) {
			cfg.HTTPClient = &http.Client{Transport: hanging}
			cfg.Timeouts.Call = 20 * time.Millisecond
		})
		_, err := c.Order(t.Context(), testBuy)
		if pe := providerError(t, err); pe.Outcome != esim.OutcomeNotDone || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("outcome %d: %v", pe.Outcome, err)
		}
	})
	t.Run("the handshake never ends", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		c := newTestClient(t, "https://"+l.Addr().String(), func(cfg *Config) {
			cfg.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{}}}
			cfg.Timeouts.Call = 20 * time.Millisecond
		})
		_, err = c.Order(t.Context(), testBuy)
		if pe := providerError(t, err); pe.Outcome != esim.OutcomeNotDone {
			t.Errorf("outcome %d: %v", pe.Outcome, err)
		}
	})
}

// A transport of somebody else's does not tell how far a request got.
type mute struct{ http.RoundTripper }

func (m mute) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := m.RoundTripper.RoundTrip(r.Clone(context.WithoutCancel(context.Background())))
	if err == nil {
		_ = resp.Body.Close()
	}
	return nil, errors.New("lost")
}

func TestAnUnknownTransportProvesNothing(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B1"}}`))
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.HTTPClient = &http.Client{Transport: mute{http.DefaultTransport}} })
	_, err := c.Order(t.Context(), testBuy)
	if pe := providerError(t, err); pe.Outcome != esim.OutcomeUnknown {
		t.Errorf("outcome %d: %v", pe.Outcome, err)
	}
}

func TestTimeoutsAndCancelledContexts(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 10)
	v := newVendor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done() // the client gives up
	})
	t.Run("slow beyond the time-out", func(t *testing.T) {
		c := newTestClient(t, v.URL, func(cfg *Config) { cfg.Timeouts.Call = 300 * time.Millisecond })
		before := len(v.received())
		_, err := c.Balance(t.Context())
		pe := providerError(t, err)
		if pe.Outcome != esim.OutcomeUnknown || pe.Action != esim.ActionRetry || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v", pe)
		}
		if n := len(v.received()) - before; n != 1 {
			t.Errorf("sent %d times: a time-out is not to be multiplied", n)
		}
		<-arrived
		if !strings.Contains(err.Error(), "no answer within 300ms") {
			t.Errorf("error %q", err)
		}
	})
	t.Run("context cancelled while the answer is awaited", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		_, err := newTestClient(t, v.URL).Order(ctx, testBuy)
		if pe := providerError(t, err); pe.Outcome != esim.OutcomeUnknown || !errors.Is(err, context.Canceled) {
			t.Errorf("%+v", pe)
		}
	})
	t.Run("context cancelled before the turn came", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := newTestClient(t, v.URL).Order(ctx, testBuy)
		if pe := providerError(t, err); pe.Outcome != esim.OutcomeNotDone || !errors.Is(err, context.Canceled) {
			t.Errorf("%+v", pe)
		}
	})
}

func TestEachClassHasItsTimeout(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "http://127.0.0.1:1")
	for path, want := range map[string]time.Duration{
		pathPackages: time.Minute, pathTopUp: time.Minute, pathOrder: 20 * time.Second, pathQuery: 20 * time.Second,
	} {
		if got := c.timeouts.of(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestAnAnswerWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, _ *http.Request) {
		spaces := strings.Repeat(" ", 1<<20)
		for range maxAnswer>>20 + 2 {
			if _, err := io.WriteString(w, spaces); err != nil {
				return
			}
		}
	})
	_, err := newTestClient(t, v.URL).Order(t.Context(), testBuy)
	if pe := providerError(t, err); pe.Outcome != esim.OutcomeUnknown || !strings.Contains(err.Error(), "more than") {
		t.Errorf("%v", err)
	}
}
