package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"esimbot/bot"
	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/i18n"
	"esimbot/storage"
)

const sweepJob = bot.SweepJob

// App is the whole shop, wired.
type App struct {
	cfg      Config
	log      *slog.Logger
	now      func() time.Time
	db       *storage.DB
	tg       *telegram.Client
	shelf    *esim.Shelf
	supply   *esim.Supply
	checkout *esim.Checkout
	watcher  *esim.Watcher
	fulfil   *esim.Fulfiller
	bot      *bot.Bot
	outbox   *bot.Outbox
	intake   *bot.Intake
	receiver *telegram.Receiver
	workers  []*Worker
	started  time.Time
}

// NewApp opens the database and puts the shop together. It makes one call, to
// learn the bot's own name.
func NewApp(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, now: now, started: now()}
	fulfilling := &Worker{Name: "fulfil", Idle: 2 * time.Second, Now: now, Log: log}
	sending := &Worker{Name: "outbox", Idle: 2 * time.Second, Now: now, Log: log}
	refunding := &Worker{Name: "refund", Idle: 5 * time.Second, Now: now, Log: log}
	a.workers = []*Worker{fulfilling, sending, refunding}

	a.db, err = storage.Open(ctx, cfg.Database, storage.Options{
		Now: now, Log: log, OutboxFilled: sending.Wake, OrderPaid: fulfilling.Wake, RefundDue: refunding.Wake,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	defer func() {
		if err != nil {
			a.db.Close()
		}
	}()
	vendor, err := esimaccess.New(esimaccess.Config{
		AccessCode: string(cfg.AccessCode), Secret: string(cfg.AccessSecret), BaseURL: cfg.VendorAPI, Now: now,
	})
	if err != nil {
		return nil, fmt.Errorf("vendor client: %w", err)
	}
	a.tg, err = telegram.New(telegram.Config{
		Token: string(cfg.TelegramToken), BaseURL: cfg.TelegramAPI, Log: log, Now: now,
	})
	if err != nil {
		return nil, fmt.Errorf("telegram client: %w", err)
	}
	a.business(vendor, fulfilling)
	if err := a.conversations(ctx); err != nil {
		return nil, err
	}
	a.outbox = bot.NewOutbox(a.bot, sending.Wake)
	refunder := &esim.Refunder{Store: a.db, Bank: bot.StarsBank{Telegram: a.tg}, Now: now}
	fulfilling.Run, sending.Run = a.fulfil.Run, a.outbox.Run
	refunding.Run = func(ctx context.Context) (time.Time, error) { return time.Time{}, refunder.Run(ctx) }
	return a, nil
}

func (a *App) business(vendor *esimaccess.Client, fulfilling *Worker) {
	a.shelf = &esim.Shelf{Source: vendor, Store: a.db, Now: a.now}
	a.supply = &esim.Supply{Source: vendor, Committed: a.db, Floor: a.cfg.BalanceFloor, Notices: a.db, Now: a.now}
	a.checkout = &esim.Checkout{Shelf: a.shelf, Pricing: a.cfg.Pricing, Supply: a.supply, Store: a.db, Now: a.now}
	a.watcher = &esim.Watcher{Store: a.db, Meter: vendor, Now: a.now}
	a.fulfil = &esim.Fulfiller{
		Store: a.db, Supplier: vendor, Shelf: a.shelf, Pricing: a.cfg.Pricing, Now: a.now,
		Report: a.report, Wake: fulfilling.Wake,
	}
}

func (a *App) conversations(ctx context.Context) error {
	texts, err := i18n.Load()
	if err != nil {
		return fmt.Errorf("load sentences: %w", err)
	}
	qr, err := bot.NewQRPictures()
	if err != nil {
		return fmt.Errorf("prepare QR pictures: %w", err)
	}
	me, err := a.whoAmI(ctx)
	if err != nil {
		return err
	}
	a.bot = bot.New(bot.Config{
		Telegram: a.tg, Texts: texts, Shelf: a.shelf, Checkout: a.checkout, Supply: a.supply, Watcher: a.watcher,
		Store: shopStore{a.db}, QR: qr, Username: me.Username, Staff: a.cfg.StaffChat, Version: version(), Log: a.log, Now: a.now,
	})
	a.intake = &bot.Intake{Bot: a.bot, Inbox: inbox{a.db}, Log: a.log}
	a.receiver = &telegram.Receiver{Client: a.tg, Store: a.intake.Store}
	return nil
}

// errToken is a token that Telegram refuses: waiting does not help.
var errToken = errors.New("Telegram refuses TELEGRAM_TOKEN: get the right one from BotFather") //lint:ignore ST1005 begins with a name

// whoAmI asks until Telegram answers: the shop may start before its network does.
func (a *App) whoAmI(ctx context.Context) (telegram.User, error) {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		me, err := a.tg.Me(ctx)
		var te *telegram.Error
		switch {
		case err == nil:
			return me, nil
		case errors.As(err, &te) && (te.Code == http.StatusUnauthorized || te.Code == http.StatusNotFound):
			return telegram.User{}, errToken
		case ctx.Err() != nil:
			return telegram.User{}, fmt.Errorf("ask Telegram who we are: %w", err)
		}
		a.log.Warn("Telegram does not answer", "err", err, "again", wait)
		select {
		case <-ctx.Done():
			return telegram.User{}, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// grace is how long work may take to finish after the signal to stop. Fly.io kills
// after a minute (fly.toml), systemd after 90 s.
const grace = 25 * time.Second

// Run serves until ctx ends, then stops in order: take nothing new, finish, cancel
// what does not finish, close the database.
func (a *App) Run(ctx context.Context) error {
	work, cancelWork := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelWork()
	listener, err := net.Listen("tcp", a.cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen for health checks (LISTEN): %w", err), a.db.Close())
	}
	server := &http.Server{Handler: a.health(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	defer server.Close()

	if err := a.shelf.Restore(ctx); err != nil {
		a.log.Warn("no catalogue from the last run", "err", err)
	}
	if err := a.supply.Check(ctx); err != nil {
		a.log.Warn("the supplier does not answer; the shop opens and sells nothing yet", "err", err)
	}
	if a.cfg.StaffChat == 0 {
		a.log.Warn("ADMIN_CHAT_ID is not set: the shop sells and nobody watches")
	}
	jobs, err := StartJobs(work, a.log, a.now, a.db, a.table(a.cfg.UsagePoll))
	if err != nil {
		return errors.Join(err, a.db.Close())
	}
	var running sync.WaitGroup
	for _, w := range a.workers {
		running.Go(func() { w.Loop(ctx) })
	}
	running.Go(func() {
		if err := a.bot.Introduce(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("commands and descriptions not set", "err", err)
		}
	})
	if err := a.intake.Begin(work); err != nil {
		return errors.Join(err, a.db.Close())
	}
	a.log.Info("the shop is open", "version", version(), "listen", listener.Addr().String())
	pollErr := a.receiver.Poll(ctx)

	a.log.Info("stopping")
	finished := make(chan struct{})
	go func() {
		a.intake.Stop()
		running.Wait()
		a.fulfil.Wait()
		a.outbox.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(grace):
		a.log.Warn("some work did not finish in time; it goes on after the next start")
		cancelWork()
		<-finished
	}
	cancelWork()
	jobs.Stop()
	a.bot.Close()
	return errors.Join(pollErr, a.db.Close())
}

// Nudge makes everything that goes by the clock look at it now; the sandbox calls
// it after moving the clock.
func (a *App) Nudge(ctx context.Context) error {
	err := errors.Join(a.supply.Check(ctx), a.sweep(ctx), a.watcher.Remind(ctx), a.checkout.Expire(ctx))
	for _, w := range a.workers {
		w.Wake()
	}
	return err
}

// health answers /healthz: 200 when the database can be written, Telegram is being
// polled and the sweep is recent, else 503 with what is wrong.
func (a *App) health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		faults := a.faults(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if len(faults) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(map[string]any{"ok": len(faults) == 0, "faults": faults, "version": version()})
	})
	return mux
}

const (
	pollLate  = 3 * time.Minute // a poll takes up to 50 s
	sweepLate = 3 * time.Hour
)

func (a *App) faults(ctx context.Context) []string {
	faults := []string{}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	if err := a.db.Writable(ctx); err != nil {
		faults = append(faults, "database: "+err.Error())
	}
	since := func(t time.Time) time.Duration {
		if t.Before(a.started) {
			t = a.started
		}
		return a.now().Sub(t)
	}
	if since(a.receiver.LastPoll()) > pollLate {
		faults = append(faults, "telegram: not polled since "+a.receiver.LastPoll().UTC().Format(time.RFC3339))
	}
	if last, err := a.db.LastOK(ctx, sweepJob); err != nil && !errors.Is(err, esim.ErrNotFound) || since(last) > sweepLate {
		faults = append(faults, "sweep: none since "+last.UTC().Format(time.RFC3339))
	}
	return faults
}
