package esimaccess

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

func TestNewNamesEveryBadFieldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := New(Config{
		Secret: "with\nnewline", BaseURL: "ftp://x", PerSecond: -1,
		Timeouts: Timeouts{Call: -1, Packages: -1, TopUp: -1},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, field := range []string{
		"AccessCode", "Secret", "BaseURL", "PerSecond", "Timeouts.Call", "Timeouts.Packages", "Timeouts.TopUp",
	} {
		if !strings.Contains(err.Error(), field+" ") {
			t.Errorf("%s is not named in: %v", field, err)
		}
	}
	if strings.Contains(err.Error(), "newline") {
		t.Errorf("the secret is in: %v", err)
	}
}

func TestNewChecksTheBaseURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, url string
		ok        bool
	}{
		{"empty means production", "", true},
		{"a path on a port", "http://127.0.0.1:1234/odd", true},
		{"no scheme", "api.esimaccess.com", false},
		{"no host", "https://", false},
		{"a password", "https://user:hunter2@api.esimaccess.com", false},
		{"a query", "https://api.esimaccess.com?x=1", false},
		{"not a URL", "https://%zz", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(Config{AccessCode: "x", BaseURL: tt.url})
			if (err == nil) != tt.ok {
				t.Errorf("New with %q: %v", tt.url, err)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password is in: %v", err)
			}
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	cfg := Config{AccessCode: testCode, Secret: testSecret, BaseURL: "http://127.0.0.1:1"}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "config", cfg, "client", c)
	for _, s := range []string{
		fmt.Sprint(cfg), fmt.Sprintf("%+v %#v %s %q", cfg, cfg, cfg, cfg),
		fmt.Sprint(c), fmt.Sprintf("%+v %#v %s %q", c, c, c, c), log.String(),
	} {
		if strings.Contains(s, testCode) || strings.Contains(s, testSecret) {
			t.Errorf("a secret is in: %s", s)
		}
	}
}

func TestRequestsGoBelowTheBasePath(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/odd", "/odd/"} {
		t.Run("base path "+base, func(t *testing.T) {
			var got *http.Request
			v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
				got = r
				answering(`{"success":true,"errorCode":"0","obj":{"balance":940000}}`)(w, r)
			})
			if _, err := newTestClient(t, v.URL+base).Balance(t.Context()); err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimRight(base, "/") + "/api/v1/open/balance/query"; got.URL.Path != want {
				t.Errorf("path %q, want %q", got.URL.Path, want)
			}
			if got.Method != http.MethodPost || got.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s with %q", got.Method, got.Header.Get("Content-Type"))
			}
			if body := v.received()[0].body; body != "{}" {
				t.Errorf("body %q, want {}", body)
			}
		})
	}
}

func TestSignatureIsTheVendors(t *testing.T) {
	t.Parallel()
	got := signature("1111", "1628670421", "4ce9d9cdac9e4e17b3a2c66c358c1ce2", "11111", []byte(`{"imsi":"326543826"}`))
	if want := "7eb765e27df5373dea2dbc8c41a7d9557743e46c8054750f3d851b3fd01d0835"; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestRequestsAreSignedOnlyWithASecret(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"balance":1}}`))
	now := time.UnixMilli(1_795_000_000_123)
	for _, secret := range []string{"", testSecret} {
		c := newTestClient(t, v.URL, func(cfg *Config) {
			cfg.Secret, cfg.Now = secret, func() time.Time { return now }
		})
		if _, err := c.Balance(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	plain, signed := v.received()[0], v.received()[1]
	if plain.header.Get("RT-AccessCode") != testCode || plain.header.Get("RT-Signature") != "" {
		t.Errorf("without a secret: %v", plain.header)
	}
	stamp, id := signed.header.Get("RT-Timestamp"), signed.header.Get("RT-RequestID")
	if stamp != "1795000000123" {
		t.Errorf("timestamp %q is not the clock's in milliseconds", stamp)
	}
	if len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("request id %q is no UUID of version 4", id)
	}
	want := signature(testSecret, stamp, id, testCode, []byte(signed.body))
	if got := signed.header.Get("RT-Signature"); got != want {
		t.Errorf("signature %q, want %q", got, want)
	}
}

func TestVerifyEvent(t *testing.T) {
	t.Parallel()
	body := []byte(`{"notifyType":"CHECK_HEALTH"}`)
	header := func(signature string) http.Header {
		h := http.Header{}
		h.Set("RT-Timestamp", "1795000000123")
		h.Set("RT-RequestID", "id")
		if signature != "" {
			h.Set("RT-Signature", signature)
		}
		return h
	}
	right := signature(testSecret, "1795000000123", "id", testCode, body)
	tests := []struct {
		name, secret, signature string
		signed                  bool
		err                     error
	}{
		{"right", testSecret, right, true, nil},
		{"right, in upper case", testSecret, strings.ToUpper(right), true, nil},
		{"right, with the access code as key", testSecret, signature(testCode, "1795000000123", "id", testCode, body), true, nil},
		{"wrong", testSecret, "00" + right[2:], true, ErrSignature},
		{"none", testSecret, "", false, nil},
		{"not to be checked without a secret", "", "anything", false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTestClient(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.Secret = tt.secret })
			if signed, err := c.VerifyEvent(header(tt.signature), body); signed != tt.signed || err != tt.err {
				t.Errorf("VerifyEvent = %v, %v, want %v, %v", signed, err, tt.signed, tt.err)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B1"}}`))
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	_, err := newTestClient(t, v.URL).Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "k", Plan: fixedPlan, Quantity: 1})
	pe := providerError(t, err)
	if n := len(elsewhere.received()); n > 0 || pe.Action != esim.ActionTellOperator || pe.Outcome != esim.OutcomeUnknown {
		t.Errorf("%d calls elsewhere, %s, outcome %d: %v", n, pe.Action, pe.Outcome, err)
	}
}
