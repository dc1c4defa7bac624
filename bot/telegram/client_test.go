package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestNewNamesEveryBadField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		cfg        Config
		token, url bool // complained about
	}{
		{"good", Config{Token: testToken}, false, false},
		{"no token", Config{}, true, false},
		{"a token that would change the path", Config{Token: "1:a/../b"}, true, false},
		{"not an address", Config{Token: testToken, BaseURL: "telegram.org"}, false, true},
		{"another scheme", Config{Token: testToken, BaseURL: "ftp://telegram.org"}, false, true},
		{"a query", Config{Token: testToken, BaseURL: "https://telegram.org/?a=b"}, false, true},
		{"a password", Config{Token: testToken, BaseURL: "https://u:p@telegram.org"}, false, true},
		{"both", Config{Token: "x", BaseURL: "://"}, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.cfg)
			text := fmt.Sprint(err)
			if got := strings.Contains(text, "token"); got != tt.token {
				t.Errorf("complains about the token: %v, want %v: %s", got, tt.token, text)
			}
			if got := strings.Contains(text, "base URL"); got != tt.url {
				t.Errorf("complains about the URL: %v, want %v: %s", got, tt.url, text)
			}
			if err != nil && tt.cfg.Token != "" && tt.cfg.Token != "x" && strings.Contains(text, tt.cfg.Token) {
				t.Error("the token is in the error")
			}
		})
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base string
		test bool
		want string
	}{
		{"", false, "https://api.telegram.org/bot1:a/getMe"},
		{"", true, "https://api.telegram.org/bot1:a/test/getMe"},
		{"http://127.0.0.1:9000/odd/base", false, "http://127.0.0.1:9000/odd/base/bot1:a/getMe"},
		{"http://127.0.0.1:9000/odd/base//", false, "http://127.0.0.1:9000/odd/base/bot1:a/getMe"},
		{"http://127.0.0.1:9000/100%25s", false, "http://127.0.0.1:9000/100%25s/bot1:a/getMe"},
	}
	for _, tt := range tests {
		format, err := endpoint(tt.base, tt.test)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf(format, "1:a", "getMe"); got != tt.want {
			t.Errorf("endpoint(%q, %v) makes %q, want %q", tt.base, tt.test, got, tt.want)
		}
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getMe", ok200(`{"id":5,"is_bot":true,"first_name":"Shop","username":"shop_bot","supports_inline_queries":true,"new_field":{}}`))
	u, err := c.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if u.ID != 5 || !u.IsBot || u.Username != "shop_bot" || !u.InlineMode || u.ReadsAllMessages {
		t.Errorf("Me = %+v", u)
	}
}

func TestNothingPrintsTheToken(t *testing.T) {
	t.Parallel()
	cfg := Config{Token: testToken}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{cfg, &cfg, c} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, "AAE-test") {
				t.Errorf("%s of %T: %s", verb, v, s)
			}
		}
	}
}

// A leaky transport says everything it knows, as proxies and tracing transports do.
type leaky struct{ err error }

func (l leaky) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("cannot reach %s: %w", r.URL, l.err)
}

func TestNoErrorHasTheToken(t *testing.T) {
	t.Parallel()
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	s := newServer(t)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	redirecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, web.URL+"/elsewhere"+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(redirecting.Close)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		no(400, "Bad Request: wrong path "+r.URL.Path, "")(w, r)
	}))
	t.Cleanup(echo.Close)
	ended, cancel := context.WithCancel(t.Context())
	cancel()

	tests := []struct {
		name    string
		ctx     context.Context
		base    string
		hc      *http.Client
		happens bool // may have been delivered
		cause   error
	}{
		{"nobody listens", t.Context(), "http://" + refusing.Addr().String(), nil, false, syscall.ECONNREFUSED},
		{"no such host", t.Context(), "http://no-such-host.invalid", nil, false, nil},
		{"the context ended before", ended, web.URL, nil, false, context.Canceled},
		{"time runs out meanwhile", t.Context(), web.URL, &http.Client{Transport: waiting{}, Timeout: 50 * time.Millisecond}, true, context.DeadlineExceeded},
		{"a transport that tells all", t.Context(), web.URL, &http.Client{Transport: leaky{io.ErrUnexpectedEOF}}, true, io.ErrUnexpectedEOF},
		{"a redirect", t.Context(), redirecting.URL, nil, false, nil},
		{"an answer that repeats the path", t.Context(), echo.URL, nil, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log, _ := newLog(t)
			c, err := New(Config{Token: testToken, BaseURL: tt.base, HTTPClient: tt.hc, Log: log, Limits: noLimits})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			for _, upload := range []bool{false, true} {
				if upload {
					_, err = c.SendPhoto(tt.ctx, Photo{Chat: 1, PNG: []byte("x")})
				} else {
					_, err = c.SendText(tt.ctx, Text{Chat: 1, HTML: "x"})
				}
				if err == nil {
					t.Fatal("no error")
				}
				for e := err; e != nil; e = errors.Unwrap(e) {
					if text := fmt.Sprintf("%v %+v", e, e); strings.Contains(text, "AAE-test") {
						t.Errorf("the token is in %T: %s", e, text)
					}
				}
				if got := MayHaveHappened(err); got != tt.happens {
					t.Errorf("MayHaveHappened = %v, want %v: %v", got, tt.happens, err)
				}
				if tt.cause != nil && !errors.Is(err, tt.cause) {
					t.Errorf("%v is not %v", err, tt.cause)
				}
			}
		})
	}
	if len(s.took("sendMessage")) != 0 {
		t.Error("a redirect was followed, with the token")
	}
}

// waiting never answers.
type waiting struct{}

func (waiting) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestAnswersThatAreNotTelegrams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		answer    http.HandlerFunc
		code      int
		temporary bool
		happened  bool
	}{
		{"502 in HTML", page(502), 502, true, true},
		{"504 in HTML", page(504), 504, true, true},
		{"500 in JSON", no(500, "Internal Server Error", ""), 500, true, true},
		{"403 of a firewall in HTML", page(403), 403, true, false},
		{"200 in HTML", page(200), 200, true, true},
		{"an empty 200", func(http.ResponseWriter, *http.Request) {}, 200, true, true},
		{"a cut body", cut, 200, true, true},
		{"JSON that ends early", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"ok":tr`) }, 200, true, true},
		{"no answer at all", hangUp, 0, true, true},
		{"neither yes nor no", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) }, 200, false, true},
		{"a result of another kind", ok200(`true`), 200, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			s.next("sendMessage", tt.answer)
			s.next("sendPhoto", tt.answer)
			_, err1 := c.SendText(t.Context(), Text{Chat: 1, HTML: "x"})
			_, err2 := c.SendPhoto(t.Context(), Photo{Chat: 1, PNG: []byte("x")})
			for _, err := range []error{err1, err2} {
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("got %v", err)
				}
				if e.Code != tt.code || Temporary(err) != tt.temporary || MayHaveHappened(err) != tt.happened || Unreachable(err) {
					t.Errorf("%v: code %d temporary %v happened %v unreachable %v; want %d %v %v false",
						err, e.Code, Temporary(err), MayHaveHappened(err), Unreachable(err), tt.code, tt.temporary, tt.happened)
				}
				if strings.Contains(err.Error(), "<") {
					t.Errorf("the page is in the error: %v", err)
				}
			}
			// Never sent twice by itself: the first may have arrived.
			if n := len(s.took("sendMessage")); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("moves 32 MB")
	}
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getMe", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true,"result":"`)
		junk := []byte(strings.Repeat("x", 1<<20))
		for range maxAnswer>>20 + 1 {
			if _, err := w.Write(junk); err != nil {
				return
			}
		}
	})
	if _, err := c.Me(t.Context()); err == nil || !strings.Contains(err.Error(), errTooLarge.Error()) {
		t.Errorf("got %v", err)
	}
}

func TestUploadErrorsKeepTheirCode(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("sendPhoto", no(400, "Bad Request: IMAGE_PROCESS_FAILED", ""))
	_, err := c.SendPhoto(t.Context(), Photo{Chat: 1, PNG: []byte("not a picture")})
	var e *Error
	if !errors.As(err, &e) || e.Code != 400 || Temporary(err) || MayHaveHappened(err) {
		t.Errorf("got %v", err)
	}
}
