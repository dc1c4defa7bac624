package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
)

// asksItself runs `esimbot health` against an address.
func asksItself(t *testing.T, env map[string]string) (out string, code int) {
	t.Helper()
	var b bytes.Buffer
	code = run([]string{"health"}, world{func(name string) string { return env[name] }, nil, &b, &b})
	return b.String(), code
}

// TestThePortOpensBeforeTelegramAnswers: until then it says 503, and so does `esimbot health`.
func TestThePortOpensBeforeTelegramAnswers(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	env := map[string]string{}
	for _, pair := range w.env("METRICS_LISTEN=127.0.0.1:0") {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{"LISTEN": l.Addr().String()}
	log := slog.New(slog.DiscardHandler)
	servers, err := shop.OpenServers(cfg, l, log)
	if err != nil {
		t.Fatal(err)
	}
	defer servers.Close()
	if err := w.telegram.SetMode("502"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan error, 1)
	go func() {
		a, err := shop.New(ctx, cfg, shop.Options{Now: w.vendor.Time, Log: log, Version: version(), Servers: servers, NoSync: true})
		if err == nil {
			err = a.Run(ctx)
		}
		ended <- err
	}()
	for w.called("getMe") == 0 {
		<-time.After(5 * time.Millisecond)
	}
	if code, body := health(t, l.Addr().String()); code != http.StatusServiceUnavailable || !strings.Contains(body, "Telegram has not answered") {
		t.Errorf("/healthz says %d %s", code, body)
	}
	if out, code := asksItself(t, at); code != 1 || !strings.Contains(out, "HTTP 503") || !strings.Contains(out, "Telegram has not answered") {
		t.Errorf("health says %d %s", code, out)
	}
	if err := w.telegram.SetMode("ok"); err != nil {
		t.Fatal(err)
	}
	for {
		if code, _ := health(t, l.Addr().String()); code == http.StatusOK {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	if out, code := asksItself(t, at); code != 0 {
		t.Errorf("health says %d %s", code, out)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if out, code := asksItself(t, at); code != 1 || !strings.Contains(out, "does not answer") {
		t.Errorf("health of a shop that is closed: %d %s", code, out)
	}
	if out, code := asksItself(t, map[string]string{"LISTEN": "nowhere"}); code != 2 || !strings.Contains(out, "LISTEN") {
		t.Errorf("health without an address: %d %s", code, out)
	}
	// Where LISTEN tells everybody as little as possible, METRICS_LISTEN is asked.
	if out, code := asksItself(t, map[string]string{"LISTEN": l.Addr().String(), "METRICS_LISTEN": "127.0.0.1:1"}); code != 1 || !strings.Contains(out, ":1") {
		t.Errorf("health asks elsewhere: %d %s", code, out)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	const sum = "0123456789abcdef0123456789abcdef01234567"
	for _, tt := range []struct {
		revision string
		modified bool
		told     string
		want     string
	}{
		{sum, false, "", "0123456789ab"},
		{sum, true, "", "0123456789ab+changes"},
		{sum, false, "other", "0123456789ab"}, // what the go command saw is no hearsay
		{"", false, sum, "0123456789ab"},
		{"", false, "v1.2", "v1.2"},
		{"", false, "tree-0123456789ab", "tree-0123456789ab"},
		{"", false, "", "development"},
	} {
		if got := versionOf(tt.revision, tt.modified, tt.told); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
