package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"esimbot/bot"
	"esimbot/bot/intake"
	"esimbot/bot/notify"
	"esimbot/bot/qrcard"
	"esimbot/bot/staff"
	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/i18n"
	"esimbot/storage"
)

const sweepJob = staff.SweepJob

// App is the whole shop, wired.
type App struct {
	cfg      Config
	log      *slog.Logger
	now      func() time.Time
	db       *storage.DB
	tg       *telegram.Client
	catalog  *esim.CatalogCache
	monitor  *esim.VendorMonitor
	checkout *esim.Checkout
	watcher  *esim.Watcher
	fulfil   *esim.Fulfiller
	bot      *bot.Bot
	outbox   *notify.Outbox
	intake   *intake.Intake
	receiver *telegram.Receiver
	workers  []*Worker
	started  time.Time
	timings  *timings

	topUps     *esim.TopUps
	canceller  *esim.Canceller
	admin      *esim.OrderAdmin
	reconciler *esim.Reconciler
	comparing  sync.Mutex // one reconciliation at a time

	healthCache healthCache
	webhooks    *webhooks    // nil without a public address
	registrar   *Worker      // registers the hooks
	listener    net.Listener // instead of LISTEN; the sandbox must know the address before
}

// NewApp opens the database and puts the shop together. It makes one call, to
// learn the bot's own name.
func NewApp(ctx context.Context, cfg Config, now func() time.Time, log *slog.Logger) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, now: now, started: now(), timings: newTimings()}
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
		Observe: a.timings.vendorCall,
	})
	if err != nil {
		return nil, fmt.Errorf("vendor client: %w", err)
	}
	a.tg, err = telegram.New(telegram.Config{
		Token: string(cfg.TelegramToken), BaseURL: cfg.TelegramAPI, Log: log, Now: now,
		Observe: a.timings.telegramCall,
	})
	if err != nil {
		return nil, fmt.Errorf("telegram client: %w", err)
	}
	a.business(vendor, fulfilling, refunding)
	if err := a.conversations(ctx); err != nil {
		return nil, err
	}
	if err := a.setUpWebhooks(ctx, vendor, fulfilling); err != nil {
		return nil, err
	}
	a.outbox = a.bot.Outbox(sending.Wake)
	sending.Run = a.outbox.Run
	return a, nil
}

func (a *App) conversations(ctx context.Context) error {
	texts, err := i18n.Load()
	if err != nil {
		return fmt.Errorf("load sentences: %w", err)
	}
	qr, err := qrcard.New()
	if err != nil {
		return fmt.Errorf("prepare QR pictures: %w", err)
	}
	me, err := a.whoAmI(ctx)
	if err != nil {
		return err
	}
	a.bot = bot.New(bot.Config{
		Telegram: a.tg, Texts: texts, Catalog: a.catalog, Checkout: a.checkout, Monitor: a.monitor, Watcher: a.watcher,
		TopUps: a.topUps, Canceller: a.canceller, ProviderToken: string(a.cfg.ProviderToken),
		Admin: a.admin, Reconcile: a.reconcileNow, Books: a.db,
		Store: a.db, QR: qr, Username: me.Username, Staff: a.cfg.StaffChat, Version: version(), Log: a.log, Now: a.now,
	})
	a.intake = &intake.Intake{Bot: a.timings.handler(a.bot), Inbox: a.db, Log: a.log}
	a.receiver = &telegram.Receiver{Client: a.tg, Store: a.intake.Store}
	return nil
}

// errToken is a token that Telegram refuses: waiting does not help.
var errToken = errors.New("Telegram refuses TELEGRAM_TOKEN: get the right one from BotFather") //lint:ignore ST1005 begins with a name

// whoAmI asks until Telegram answers: the shop may start before its network does.
func (a *App) whoAmI(ctx context.Context) (telegram.User, error) {
	me, err := untilAnswered(ctx, 30*time.Second, func(ctx context.Context) (telegram.User, error) {
		me, err := a.tg.Me(ctx)
		var te *telegram.Error
		if errors.As(err, &te) && (te.Code == http.StatusUnauthorized || te.Code == http.StatusNotFound) {
			return me, backoff.Permanent(errToken)
		}
		return me, err
	}, func(err error, again time.Duration) {
		a.log.Warn("Telegram does not answer", "err", err, "again", again)
	})
	if err != nil && !errors.Is(err, errToken) {
		return telegram.User{}, fmt.Errorf("ask Telegram who we are: %w", err)
	}
	return me, err
}

// Nudge makes everything that goes by the clock look at it now; the sandbox calls
// it after moving the clock.
func (a *App) Nudge(ctx context.Context) error {
	swept := a.sweep(ctx)
	if swept == nil {
		swept = a.db.JobOK(ctx, sweepJob, a.now())
	}
	err := errors.Join(a.monitor.Check(ctx), swept, a.watcher.Remind(ctx), a.checkout.Expire(ctx))
	a.wakeWorkers()
	return err
}

func (a *App) wakeWorkers() {
	for _, w := range a.workers {
		w.Wake()
	}
}
