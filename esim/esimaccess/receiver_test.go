package esimaccess

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"esimbot/esim"
)

const (
	hookPath  = "/hook/3f9a-secret"
	usedUp    = `{"notifyType":"ESIM_STATUS","notifyId":"n1","eventGenerateTime":"2026-04-22T17:27:44Z","content":{"orderNo":"B1","esimTranNo":"7","transactionId":"eb-1","iccid":"8910300000000000017","esimStatus":"USED_UP","smdpStatus":"ENABLED"}}`
	healthy   = `{"notifyType":"CHECK_HEALTH","notifyId":"n0","content":{"orderNo":"1234567890","orderStatus":"Test"}}`
	vendorsIP = "18.136.190.97"
)

// A shelf stores events, or fails to.
type shelf struct {
	mu     sync.Mutex
	events []Event
	err    error
}

func (s *shelf) store(_ context.Context, e Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.events = append(s.events, e)
	return nil
}

// newReceiver is a receiver with all its checks on, behind a proxy.
func newReceiver(t testing.TB, s *shelf) *EventReceiver {
	t.Helper()
	c := newTestClient(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.Secret = testSecret })
	return &EventReceiver{
		Path: hookPath, Verify: c.VerifyEvent, From: VendorAddresses, IPHeader: "Fly-Client-IP", Store: s.store,
		Now: func() time.Time { return at("2026-11-24T00:00:00Z") },
	}
}

// knock is a request of the vendor's, before anything is changed about it.
func knock(body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, hookPath, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Fly-Client-IP", vendorsIP)
	return req
}

func sign(req *http.Request, secret, body string) {
	req.Header.Set(headerTime, "1795000000123")
	req.Header.Set(headerRequest, "id")
	req.Header.Set(headerSignature, signature(secret, "1795000000123", "id", testCode, []byte(body)))
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		body   string
		change func(*http.Request)
		status int
		stored int
	}{
		{"an event", usedUp, nil, 200, 1},
		{"a signed event", usedUp, func(r *http.Request) { sign(r, testSecret, usedUp) }, 200, 1},
		{"an event that was signed years ago", usedUp, func(r *http.Request) {
			sign(r, testSecret, usedUp)
			r.Header.Set(headerTime, "1")
			r.Header.Set(headerSignature, signature(testSecret, "1", "id", testCode, []byte(usedUp)))
		}, 200, 1},
		{"the check of health", healthy, nil, 200, 0},
		{"another content type", usedUp, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 200, 1},
		{"no content type", usedUp, func(r *http.Request) { r.Header.Del("Content-Type") }, 200, 1},
		{"a kind nobody knows", `{"notifyType":"NEWS","notifyId":"n"}`, nil, 200, 1},
		{"64 KiB", `{"notifyType":"NEWS","notifyId":"n"` + strings.Repeat(" ", maxEvent-37) + `}`, nil, 200, 1},
		{"an address written as IPv6", usedUp, func(r *http.Request) { r.Header.Set("Fly-Client-IP", "::ffff:"+vendorsIP) }, 200, 1},

		{"another path", usedUp, func(r *http.Request) { r.URL.Path = hookPath + "x" }, 404, 0},
		{"the root", usedUp, func(r *http.Request) { r.URL.Path = "/" }, 404, 0},
		{"GET", usedUp, func(r *http.Request) { r.Method = http.MethodGet }, 405, 0},
		{"PUT", usedUp, func(r *http.Request) { r.Method = http.MethodPut }, 405, 0},
		{"a foreign sender", usedUp, func(r *http.Request) { r.Header.Set("Fly-Client-IP", "192.0.2.1") }, 403, 0},
		{"a foreign sender checks health", healthy, func(r *http.Request) { r.Header.Set("Fly-Client-IP", "192.0.2.1") }, 403, 0},
		{"no address from the proxy", usedUp, func(r *http.Request) { r.Header.Del("Fly-Client-IP") }, 403, 0},
		{"two addresses", usedUp, func(r *http.Request) { r.Header.Add("Fly-Client-IP", vendorsIP) }, 403, 0},
		{"a list of addresses", usedUp, func(r *http.Request) { r.Header.Set("Fly-Client-IP", vendorsIP+", 192.0.2.1") }, 403, 0},
		{"another proxy's header", usedUp, func(r *http.Request) {
			r.Header.Del("Fly-Client-IP")
			r.Header.Set("X-Forwarded-For", vendorsIP)
		}, 403, 0},
		{"a forged signature", usedUp, func(r *http.Request) { sign(r, "guessed", usedUp) }, 401, 0},
		{"a signature of another body", usedUp, func(r *http.Request) { sign(r, testSecret, usedUp+" ") }, 401, 0},
		{"a signature alone", usedUp, func(r *http.Request) { r.Header.Set(headerSignature, "00") }, 401, 0},
		{"not JSON", "notifyType=ESIM_STATUS", nil, 400, 0},
		{"other JSON", `{"update_id":1}`, nil, 400, 0},
		{"nothing", "", nil, 400, 0},
		{"half an event", usedUp[:60], nil, 400, 0},
		{"a kind without end", `{"notifyType":"` + strings.Repeat("A", 65) + `"}`, nil, 400, 0},
		{"more than 64 KiB", `{"notifyType":"NEWS"` + strings.Repeat(" ", maxEvent) + `}`, nil, 413, 0},
		{"a sender that breaks off", usedUp, func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }, 400, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s shelf
			r := newReceiver(t, &s)
			req := knock(tt.body)
			if tt.change != nil {
				tt.change(req)
			}
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != tt.status || len(s.events) != tt.stored {
				t.Errorf("status %d, %d stored; want %d and %d", w.Code, len(s.events), tt.status, tt.stored)
			}
			if ok := w.Body.String() == "ok"; ok != (tt.status == 200) {
				t.Errorf("answer %q", w.Body)
			}
			if allow := w.Header().Get("Allow"); (allow == "POST") != (tt.status == 405) {
				t.Errorf("Allow: %q", allow)
			}
			want := EventCounts{Received: tt.stored}
			switch {
			case tt.status == 200:
				want.Checked, want.Last = 1-tt.stored, at("2026-11-24T00:00:00Z")
			case tt.status != 404:
				want.Refused = 1
			}
			is(t, "counts", r.Counts(), want)
		})
	}
}

func TestAReceiverWithoutAPathTakesNothing(t *testing.T) {
	t.Parallel()
	var s shelf
	r := newReceiver(t, &s)
	r.Path = ""
	req := knock(usedUp)
	req.URL.Path = ""
	w := httptest.NewRecorder()
	if r.ServeHTTP(w, req); w.Code != 404 || len(s.events) != 0 {
		t.Errorf("status %d, %d stored", w.Code, len(s.events))
	}
}

func TestWithoutAProxyTheConnectionsAddressCounts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, remote string
		status       int
	}{
		{"the vendor", vendorsIP + ":4711", 200},
		{"the vendor over IPv6", "[::ffff:" + vendorsIP + "]:4711", 200},
		{"a stranger who writes the header", "192.0.2.1:4711", 403},
		{"no address", "@", 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s shelf
			r := newReceiver(t, &s)
			r.IPHeader = ""
			req := knock(usedUp)
			req.RemoteAddr = tt.remote
			w := httptest.NewRecorder()
			if r.ServeHTTP(w, req); w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
		})
	}
	t.Run("no addresses: anybody, and no signature checked", func(t *testing.T) {
		var s shelf
		r := &EventReceiver{Path: hookPath, Store: s.store, Now: time.Now}
		req := knock(usedUp)
		sign(req, "guessed", usedUp)
		w := httptest.NewRecorder()
		if r.ServeHTTP(w, req); w.Code != 200 || len(s.events) != 1 || r.Counts().Last.IsZero() {
			t.Errorf("status %d, %d stored", w.Code, len(s.events))
		}
	})
}

func TestNothingOfHeadersAndBodyIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := newReceiver(t, &shelf{err: errors.New("disk full")})
	r.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	private := []string{"8910300000000000017", testCode, testSecret, "HEADER-VALUE", "eb-1", hookPath, "n1"}
	for _, change := range []func(*http.Request){
		func(*http.Request) {},
		func(r *http.Request) { sign(r, "guessed", usedUp) },
		func(r *http.Request) { r.Method = "GET" },
		func(r *http.Request) { r.Header.Set("Fly-Client-IP", "HEADER-VALUE") },
		func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(usedUp[:100])) },
		func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(healthy)) },
	} {
		req := knock(usedUp)
		req.Header.Set("rt-accesscode", testCode)
		req.Header.Set("X-Other", "HEADER-VALUE")
		change(req)
		r.ServeHTTP(httptest.NewRecorder(), req)
	}
	if n := strings.Count(log.String(), "\n"); n != 6 {
		t.Errorf("%d lines", n)
	}
	for _, s := range private {
		if strings.Contains(log.String(), s) {
			t.Errorf("%q is in the log:\n%s", s, log.String())
		}
	}
}

func TestVendorAddresses(t *testing.T) {
	t.Parallel()
	is(t, "addresses", fmt.Sprint(VendorAddresses), "[3.1.131.226 54.254.74.88 18.136.190.97 18.136.60.197 18.136.19.137]")
	for _, a := range VendorAddresses {
		if a == netip.MustParseAddr("127.0.0.1") {
			t.Error("our own address")
		}
	}
}

func TestAVendorEventHasNamesOnly(t *testing.T) {
	t.Parallel()
	now := at("2026-11-24T00:00:00Z")
	e, err := ParseEvent([]byte(usedUp))
	if err != nil {
		t.Fatal(err)
	}
	is(t, "vendor event", e.VendorEvent(now), esim.VendorEvent{ID: "n1", Kind: "ESIM_STATUS", VendorOrder: "B1", IdempotencyKey: "eb-1", ESIM: "7", Received: now})
	e.IdempotencyKey = strings.Repeat("x", 200)
	is(t, "a name without end", e.VendorEvent(now).IdempotencyKey, "")
	long, err := ParseEvent([]byte(`{"notifyType":"NEWS","notifyId":"` + strings.Repeat("n", 200) + `"}`))
	if err != nil || !strings.HasPrefix(long.ID, "sha256:") {
		t.Errorf("ID %q, %v", long.ID, err)
	}
}
