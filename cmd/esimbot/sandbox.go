package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

type sandboxCmd struct {
	Listen       string        `default:"127.0.0.1:8090" help:"Address of the page (or of the vendor's API with --vendor-only)."`
	VendorListen string        `default:"127.0.0.1:0" help:"Address of the vendor's API."`
	VendorOnly   bool          `help:"Only the eSIM Access API on --listen, for any program in any language."`
	TelegramOnly bool          `help:"Only the Bot API on --listen, for any bot in any language."`
	Catalog      string        `type:"existingfile" help:"A real package/list answer to sell from; default: a catalogue of our own."`
	Database     string        `help:"Keep the shop's database in this file; default: a new one that is deleted at the end."`
	UsageLag     time.Duration `default:"0s" help:"How late the networks report data use (in life 2-3 hours)."`
	Allocation   time.Duration `default:"2s" help:"How long the vendor takes to make an eSIM ready (in life up to 30 s)."`
	Balance      int64         `default:"1000" help:"Our balance at the vendor in whole US dollars."`
	Seed         uint64        `help:"Makes eSIMs, keys and numbers of updates repeatable; default: new ones each time."`
	Webhook      bool          `help:"The simulated Telegram sends by webhook, as with PUBLIC_URL, instead of being polled."`
	RealTelegram bool          `help:"Talk to the real Telegram with TELEGRAM_TOKEN; only the vendor is simulated."`
	Verbose      bool          `short:"v" help:"Log everything the shop does."`

	VendorFlags
}

// Run runs the sandbox until a signal.
func (c sandboxCmd) Run(ctx context.Context, w world) error {
	if c.TelegramOnly {
		return c.telegramOnly(ctx, w)
	}
	if c.VendorOnly {
		return c.vendorOnly(ctx, w)
	}
	s, err := startSandbox(ctx, c, w.lookup)
	if err != nil {
		return err
	}
	if s.page != "" {
		fmt.Fprintf(w.out, "\n  The shop is open:  %s\n\n", s.page)
	} else {
		fmt.Fprintf(w.out, "\n  The shop is open in the real Telegram, as @%s\n\n", s.username)
	}
	fmt.Fprintf(w.out, "  The simulated eSIM Access API:  %s\n  Nothing here costs money. Ctrl+C ends it.\n\n", s.vendorURL)
	return s.Wait()
}

func (c sandboxCmd) vendorOptions(onCall func(vendorsandbox.Call)) vendorsandbox.Options {
	o := vendorsandbox.Options{
		Now: time.Now, CatalogFile: c.Catalog, Seed: c.Seed, Balance: c.Balance * 10_000,
		AllocationTime: c.Allocation, UsageLag: c.UsageLag, OnCall: onCall,
	}
	// Zero means "the default" to the sandbox, and "none" on the command line.
	if c.UsageLag == 0 {
		o.UsageLag = vendorsandbox.Off
	}
	if c.Allocation == 0 {
		o.AllocationTime = vendorsandbox.Off
	}
	if c.Balance == 0 {
		o.Balance = vendorsandbox.Off
	}
	return o
}

// runningSandbox is the shop between its two simulated neighbours.
type runningSandbox struct {
	page, vendorURL, username string
	vendor                    *vendorsandbox.Sandbox
	telegram                  *tgsandbox.Server // nil with the real Telegram
	app                       *shop.App
	listener                  net.Listener  // of the shop, for webhooks
	ready                     chan struct{} // closed when app is set

	stop    context.CancelFunc
	done    chan error
	cleanup []func()
}

// startSandbox starts both simulators and the real shop between them, over HTTP.
func startSandbox(ctx context.Context, c sandboxCmd, lookup func(string) string) (_ *runningSandbox, err error) {
	ctx, stop := context.WithCancel(ctx)
	s := &runningSandbox{stop: stop, done: make(chan error, 1), ready: make(chan struct{})}
	s.cleanup = append(s.cleanup, stop)
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	calls := newCallList()
	if s.vendor, err = vendorsandbox.New(c.vendorOptions(calls.vendor)); err != nil {
		return nil, fmt.Errorf("vendor sandbox: %w", err)
	}
	if s.vendorURL, err = s.listen(c.VendorListen, s.vendor); err != nil {
		return nil, err
	}
	panel := &panel{sandbox: s, calls: calls}
	cfg, err := s.configure(c, lookup, panel)
	if err != nil {
		return nil, err
	}
	s.app, err = shop.New(ctx, cfg, shop.Options{
		Now: s.vendor.Time, Log: newLogger(cfg), Version: version(), Listener: s.listener,
		Events: func(events http.Handler) http.Handler { return calls.record(events, s.vendor.Time) },
	})
	if err != nil {
		return nil, err
	}
	if err := s.app.Catalog.Refresh(ctx); err != nil { // so that the first visitor finds a full shop
		return nil, err
	}
	s.username = s.app.Bot.Username()
	close(s.ready)
	go func() { s.done <- s.app.Run(ctx) }()
	return s, nil
}

// configure makes the shop's configuration from the simulators' addresses.
func (s *runningSandbox) configure(c sandboxCmd, lookup func(string) string, p *panel) (_ shop.Config, err error) {
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return shop.Config{}, fmt.Errorf("listen for webhooks: %w", err)
	}
	s.cleanup = append(s.cleanup, func() { s.listener.Close() })
	env := map[string]string{
		"ESIM_ACCESS_CODE": "sandbox", "ESIM_ACCESS_API": s.vendorURL, "PUBLIC_URL": "http://" + s.listener.Addr().String(),
		"METRICS_LISTEN": lookup("METRICS_LISTEN"),
		"LOG_FORMAT":     "text", "LOG_LEVEL": "error", "DATABASE": c.Database, "USAGE_POLL": orElse(lookup("USAGE_POLL"), "@every 1m"),
		"PROVIDER_TOKEN": orElse(lookup("PROVIDER_TOKEN"), "1:TEST:sandbox"),
	}
	for _, name := range []string{
		"MARKUP_PERCENT", "MIN_PROFIT_USD", "MIN_PRICE_USD", "PRICE_ROUNDING", "PROMO_CODES", "STARS_USD", "STAR_COSTS_USD", "PAYMENTS", "PROVIDER_CURRENCY", "PROVIDER_RATE", "PROVIDER_FEE_PERCENT",
		"MAX_LOSS_USD", "REFERRAL_CREDIT_USD", "RESCUE_CREDIT_USD", "PERSON_DAILY_ORDERS", "PERSON_DAILY_USD", "BALANCE_FLOOR_USD", "REFUND_UNUSED", "SHOP_ZONE", "REPORT_HOUR",
		"COUNTRY_NOTES", "COUNTRY_NOTES_FILE", "LINK_BASE",
		"MANUAL_PAYMENT_TEXT", "MANUAL_PAYMENT_TEXT_FILE",
	} {
		env[name] = lookup(name)
	}
	if c.Verbose {
		env["LOG_LEVEL"] = "debug"
	}
	if c.Database == "" {
		dir, err := os.MkdirTemp("", "esimbot-sandbox-")
		if err != nil {
			return shop.Config{}, fmt.Errorf("folder for the database: %w", err)
		}
		s.cleanup = append(s.cleanup, func() { os.RemoveAll(dir) })
		env["DATABASE"] = filepath.Join(dir, "esimbot.db")
	}
	if c.RealTelegram {
		env["TELEGRAM_TOKEN"], env["TELEGRAM_API"] = lookup("TELEGRAM_TOKEN"), lookup("TELEGRAM_API")
		env["ADMIN_CHAT_ID"] = lookup("ADMIN_CHAT_ID")
		if env["TELEGRAM_TOKEN"] == "" {
			return shop.Config{}, errors.Join(errUsage, errors.New("TELEGRAM_TOKEN is not set: --real-telegram needs it"))
		}
	} else {
		seed := c.Seed
		if seed == 0 {
			// A kept database would take the updates of a second run for those of the first.
			seed = rand.Uint64()
		}
		s.telegram = tgsandbox.New(tgsandbox.Options{Now: s.vendor.Time, Panel: p, Seed: seed})
		url, err := s.listen(c.Listen, s.telegram)
		if err != nil {
			return shop.Config{}, err
		}
		s.page = url + "/"
		env["TELEGRAM_TOKEN"], env["TELEGRAM_API"] = s.telegram.Token(), url
		env["ADMIN_CHAT_ID"] = fmt.Sprint(s.telegram.Group().ID)
	}
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	if err != nil {
		return shop.Config{}, errors.Join(errUsage, err)
	}
	cfg.PollTelegram = c.RealTelegram || !c.Webhook
	return cfg, nil
}

// listen serves h on an address of this machine and returns its URL.
func (s *runningSandbox) listen(addr string, h http.Handler) (string, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen on %s (another sandbox may be running; --listen takes another address): %w", addr, err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l)
	s.cleanup = append(s.cleanup, func() { server.Close() })
	return "http://" + l.Addr().String(), nil
}

// Wait returns when the shop has stopped, and clears up.
func (s *runningSandbox) Wait() error {
	err := <-s.done
	s.close()
	return err
}

// Stop ends the sandbox and waits.
func (s *runningSandbox) Stop() error {
	s.stop()
	return s.Wait()
}

func (s *runningSandbox) close() {
	if s.telegram != nil {
		s.telegram.Close()
	}
	if s.vendor != nil {
		if err := s.vendor.Close(); err != nil {
			slog.Warn("the vendor's account is not kept", "err", err)
		}
	}
	for i := len(s.cleanup) - 1; i >= 0; i-- {
		s.cleanup[i]()
	}
	s.cleanup = nil
}

// Advance moves the clock for everybody, and lets the shop do what those hours bring.
func (s *runningSandbox) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	now := s.vendor.Advance(d)
	if s.telegram != nil {
		s.telegram.ClockMoved()
	}
	if err := s.app.RunDueWork(ctx); err != nil {
		slog.Debug("after moving the clock", "err", err)
	}
	return now, nil
}
