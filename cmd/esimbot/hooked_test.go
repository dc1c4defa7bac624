package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// hookedShop is a shop with a public address in this process, between the neighbours
// of a town, as `esimbot serve` runs it.
type hookedShop struct {
	*town
	app     *shop.App
	url     string
	metrics string // URL
	log     *lockedBuffer
	cancel  context.CancelFunc
	done    chan error
}

// opens starts the shop of a town on an address ("" for any) and waits until it is open.
func (w *town) opens(addr string, more map[string]string) *hookedShop {
	w.t.Helper()
	l, err := net.Listen("tcp", orElse(addr, "127.0.0.1:0"))
	if err != nil {
		w.t.Fatal(err)
	}
	env := map[string]string{}
	for _, pair := range w.env() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	env["PUBLIC_URL"], env["METRICS_LISTEN"] = "http://"+l.Addr().String()+"/shop", "127.0.0.1:0"
	maps.Copy(env, more)
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h := &hookedShop{town: w, url: "http://" + l.Addr().String(), log: &lockedBuffer{}, cancel: cancel, done: make(chan error, 1)}
	pr, pw := io.Pipe()
	log := slog.New(slog.NewJSONHandler(pw, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: telegram.RedactAttr}))
	open := make(chan struct{})
	go h.read(pr, open)
	if h.app, err = shop.New(ctx, cfg, shop.Options{Now: w.vendor.Time, Log: log, Version: version(), Listener: l, NoSync: true, Telegram: telegram.Config{Limits: w.limits}}); err != nil {
		w.t.Fatal(err)
	}
	w.rig.app = h.app
	go func() {
		h.done <- h.app.Run(ctx)
		pw.Close()
	}()
	select {
	case <-open:
	case <-w.ctx.Done():
		w.t.Fatalf("the shop does not open:\n%s", h.log)
	}
	w.t.Cleanup(func() {
		if err := h.stop(); err != nil {
			w.t.Errorf("the shop does not stop cleanly: %v", err)
		}
		h.hidesItsSecrets()
		w.vendor.Close()
	})
	return h
}

func (h *hookedShop) read(r io.Reader, open chan<- struct{}) {
	for dec := json.NewDecoder(r); ; {
		var line json.RawMessage
		if dec.Decode(&line) != nil {
			return
		}
		h.log.add(string(line))
		var l struct{ Msg, Metrics string }
		if json.Unmarshal(line, &l) == nil && l.Msg == "the shop is open" {
			h.metrics = "http://" + l.Metrics
			close(open)
		}
	}
}

// stop ends the shop. It may be repeated.
func (h *hookedShop) stop() error {
	h.cancel()
	err := <-h.done
	h.done <- nil
	return err
}

// hidesItsSecrets holds that the log has none of the secrets that keep strangers out.
func (h *hookedShop) hidesItsSecrets() {
	h.t.Helper()
	log := h.log.String()
	for _, s := range []string{h.app.Webhooks.TelegramPath, h.app.Webhooks.TelegramToken, h.app.Webhooks.VendorPath} {
		if len(s) < 20 {
			h.t.Errorf("a secret of %d characters", len(s))
		}
		if strings.Contains(log, s) {
			h.t.Errorf("the log has a secret of the webhooks (%.12s…)", s)
		}
	}
	h.keepsSecrets("the log", log)
}

// eventually waits for what must become true.
func (h *hookedShop) eventually(what string, is func() bool) {
	h.t.Helper()
	for !is() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-h.ctx.Done():
			h.t.Fatalf("not yet: %s; the log:\n%v", what, h.log)
		}
	}
}

// get asks an operator's page.
func (h *hookedShop) get(url string) (int, string) {
	h.t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// post sends a body to a path of the shop and returns the status.
func (h *hookedShop) post(path, body string, header http.Header) int {
	h.t.Helper()
	return postTo(h.t, h.url+path, body, header)
}

func postTo(t testing.TB, url, body string, header http.Header) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// quiet waits until nothing is left to be done because of vendor events, orders and messages.
func quiet(ctx context.Context, t testing.TB, a *shop.App) {
	t.Helper()
	for {
		worker, _, err := a.DB.DueVendorEvents(ctx, a.Now(), 1)
		waiting, _, err2 := a.DB.OutboxSize(ctx)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if len(worker) == 0 && waiting == 0 {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("not quiet: %d hints, %d messages", len(worker), waiting)
		}
	}
}

// holdings is everything that a stranger must not move.
func holdings(ctx context.Context, t testing.TB, a *shop.App, customer int64) string {
	t.Helper()
	byState, err := a.DB.CountOrders(ctx, time.Time{})
	waiting, dead, err2 := a.DB.OutboxSize(ctx)
	esims, err3 := a.DB.ESIMsOf(ctx, esim.CustomerID(customer))
	refunds, err4 := a.DB.RefundsDue(ctx, a.Now(), 100)
	left, err5 := a.DB.UnhandledUpdates(ctx, 100)
	for _, err := range []error{err, err2, err3, err4, err5} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "orders %v, outbox %d %d, refunds %d, updates %d", byState, waiting, dead, len(refunds), len(left))
	for _, e := range esims {
		fmt.Fprintf(&b, "\n%s %+v", e.Order, e.Profile)
	}
	return b.String()
}
