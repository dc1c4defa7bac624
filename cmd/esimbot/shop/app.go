// Package shop puts the whole shop together, once: the program and the tests of the whole
// program share it.
//
// NewBusiness makes the rules of the shop and what works on them, between the vendor and the
// database. New puts the conversations in Telegram, the outbox, the webhooks and the figures
// for operators around it; nothing runs yet, so a test can take one step after another. Run
// is what `esimbot serve` does with it: the loops, the clockwork, the servers, and the order
// of things at the end.
package shop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"esimbot/bot"
	"esimbot/bot/chart"
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

const sweepJob = staff.UsageSweepJob

// App is the whole shop, wired. Its parts can be driven one by one; Run drives them all.
type App struct {
	*Business
	DB       *storage.DB
	Telegram *telegram.Client
	Self     *telegram.Self
	Bot      *bot.Bot
	Outbox   *notify.Outbox
	// Broadcasts sends what staff write to many.
	Broadcasts *notify.Broadcaster
	Intake     *intake.Intake
	Receiver   *telegram.Receiver
	Webhooks   *Webhooks // nil without a public address
	Texts      *i18n.Bundle
	QR         *qrcard.Painter
	Charts     *chart.Painter
	Workers    []*Worker // what runs beside the updates, by the loops of Run
	Started    time.Time
	Now        func() time.Time

	cfg     Config
	options Options
	log     *slog.Logger
	timings *timings

	comparing    turn         // one reconciliation at a time
	faultsFound  atomic.Int64 // by the last
	silenceMutex sync.Mutex
	silent       silence
	healthCache  healthCache
	registrar    *Worker // registers the webhooks
}

// Options are what the program and its tests decide about a shop, and no operator does.
// Now and Log are required.
type Options struct {
	Now     func() time.Time
	Log     *slog.Logger
	Version string

	// Vendor and Telegram are limits and pauses of the two clients; whom they reach and as
	// whom is filled in. The zero values are what both neighbours allow.
	Vendor   esimaccess.Config
	Telegram telegram.Config
	// Store, if set, stands between the conversations and the database: tests break it there.
	Store func(*storage.DB) bot.Store
	// Listener, if set, is listened on instead of LISTEN; the sandbox must know the address
	// before there is a shop.
	Listener net.Listener
	// Servers, if set, listen already: the program opens them before Telegram has told who we are.
	Servers *Servers
	// Texts, if set, are the sentences in place of the program's own.
	Texts *i18n.Bundle
	// NoSync: commits do not wait for the disk. Only for tests and simulations that nobody
	// pulls the plug of.
	NoSync bool
	// Readers is how many reads run at once, 0 for the usual; see storage.Options.
	Readers int
	// AroundCommit, if set, stands around every commit; see storage.Options.
	AroundCommit func(commit func() error) error
	// BeforeRead, if set, comes before every read; see storage.Options.
	BeforeRead func() error
	// OnStatement, if set, sees every statement; see storage.Options.
	OnStatement func(query string, args []any)
	// MinInterval, if set, is asked each time for the shortest time until what looks by the clock alone
	// looks again: a job, or a worker that nobody woke, by its name. Simulations of years set it:
	// there a minute without work is most of what an hour costs.
	MinInterval func(name string) time.Duration
	// FreeSpace, if set, is how many bytes the disk of the database has left.
	FreeSpace func() (int64, error)
	// BackupSpace, if set, is the same of the disk of BackupDir.
	BackupSpace func() (int64, error)
	// Events, if set, stands around what takes the vendor's events; the sandbox lists them.
	Events func(http.Handler) http.Handler
}

// New opens the database and puts the shop together. It runs nothing, and makes one call,
// to learn the bot's own name.
func New(ctx context.Context, cfg Config, o Options) (_ *App, err error) {
	a := &App{cfg: cfg, options: o, log: o.Log, Now: o.Now, Started: o.Now(), timings: newTimings(), comparing: make(turn, 1)}
	fulfilling := &Worker{Name: "fulfil", Idle: 2 * time.Second, Now: a.Now, Log: a.log}
	sending := &Worker{Name: "outbox", Idle: 2 * time.Second, Now: a.Now, Log: a.log}
	refunding := &Worker{Name: "refund", Idle: 5 * time.Second, Now: a.Now, Log: a.log}
	cancelling := &Worker{Name: "cancel", Idle: 5 * time.Second, Now: a.Now, Log: a.log}
	broadcasting := &Worker{Name: "broadcast", Idle: 5 * time.Second, Now: a.Now, Log: a.log}
	a.Workers = []*Worker{fulfilling, sending, refunding, cancelling, broadcasting}

	a.DB, err = storage.Open(ctx, cfg.Database, storage.Options{
		Now: a.Now, Log: a.log, OutboxFilled: sending.Wake, OrderPaid: fulfilling.Wake, RefundDue: refunding.Wake, BroadcastsMoved: broadcasting.Wake,
		Mark: esim.NewReturnMark(string(cfg.TelegramToken)), NoSync: o.NoSync, Readers: o.Readers, AroundCommit: o.AroundCommit, BeforeRead: o.BeforeRead, OnStatement: o.OnStatement,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	defer func() {
		if err != nil {
			a.DB.Close()
		}
	}()
	vendor, err := a.clients()
	if err != nil {
		return nil, err
	}
	a.Business = NewBusiness(cfg, Dependencies{
		Vendor: vendor, Store: a.DB, Refunds: bot.StarsGateway{Telegram: a.Telegram}, Stars: starAccount{a.Telegram},
		Now: a.Now, Report: a.report,
	})
	if err := a.DB.CompleteAudit(ctx); err != nil {
		return nil, err
	}
	if err := a.Rules.Restore(ctx); err != nil {
		return nil, err
	}
	a.Watch.Facts = a.shopFacts(a.Watch.Facts)
	a.Fulfiller.Wake, a.Canceller.Wake = fulfilling.Wake, cancelling.Wake
	fulfilling.Run, cancelling.Run = a.Fulfiller.Run, a.Canceller.Run
	refunding.Run = func(ctx context.Context) (time.Time, error) { return time.Time{}, a.Refunder.Run(ctx) }
	if err := a.conversations(ctx); err != nil {
		return nil, err
	}
	if err := a.setUpWebhooks(ctx, vendor, fulfilling); err != nil {
		return nil, err
	}
	a.Outbox = a.Bot.Outbox(sending.Wake)
	sending.Run = a.Outbox.Run
	a.Broadcasts = a.Bot.Broadcaster()
	broadcasting.Run = a.Broadcasts.Run
	return a, nil
}

// clients makes the clients of both neighbours.
func (a *App) clients() (*esimaccess.Client, error) {
	v := a.options.Vendor
	v.AccessCode, v.Secret, v.BaseURL = string(a.cfg.AccessCode), string(a.cfg.AccessSecret), a.cfg.VendorAPI
	v.Now, v.Observe = a.Now, a.timings.vendorCall
	vendor, err := esimaccess.New(v)
	if err != nil {
		return nil, fmt.Errorf("vendor client: %w", err)
	}
	t := a.options.Telegram
	t.Token, t.BaseURL = string(a.cfg.TelegramToken), a.cfg.TelegramAPI
	t.Log, t.Now, t.Observe = a.log, a.Now, a.timings.telegramCall
	a.Telegram, err = telegram.New(t)
	if err != nil {
		return nil, fmt.Errorf("telegram client: %w", err)
	}
	return vendor, nil
}

func (a *App) conversations(ctx context.Context) error {
	var err error
	if a.Texts = a.options.Texts; a.Texts == nil {
		if a.Texts, err = i18n.Load(); err != nil {
			return fmt.Errorf("load sentences: %w", err)
		}
	}
	if a.QR, err = qrcard.New(); err != nil {
		return fmt.Errorf("prepare QR pictures: %w", err)
	}
	if a.Charts, err = chart.New(); err != nil {
		return fmt.Errorf("prepare charts: %w", err)
	}
	me, err := a.whoAmI(ctx)
	if err != nil {
		return err
	}
	a.Self = a.Telegram.Self(me)
	var store bot.Store = a.DB
	if a.options.Store != nil {
		store = a.options.Store(a.DB)
	}
	a.Bot = bot.New(bot.Config{
		Telegram: a.Telegram, Texts: a.Texts, Catalog: a.Catalog, Checkout: a.Checkout, Monitor: a.Monitor, Reserve: a.Reserve, Watcher: a.Watcher,
		TopUps: a.TopUps, Canceller: a.Canceller, Gifts: a.Gifts, Assigner: a.Assigner, Contracts: a.Contracts, Referrals: a.Referrals, Visits: a.Visits, Watch: a.Watch, CountryNotes: a.cfg.CountryNotes, ManualText: a.cfg.ManualText, LegalTexts: a.cfg.LegalTexts, ProviderToken: string(a.cfg.ProviderToken),
		Admin: a.Admin, Support: a.Support, Reconcile: a.reconcileNow, Books: a.DB,
		Store: store, QR: a.QR, Charts: a.Charts, Self: a.Self, LinkBase: a.cfg.LinkBase, InlineMode: me.InlineMode, StaffChat: a.cfg.StaffChat,
		Version: a.options.Version, Zone: a.cfg.ShopZone(), Log: a.log, Now: a.Now,
	})
	a.Intake = &intake.Intake{Bot: a.timings.handler(a.Bot), Inbox: a.DB, Log: a.log}
	a.Receiver = &telegram.Receiver{Client: a.Telegram, Store: a.Intake.Store}
	return nil
}

// ErrToken is a token that Telegram refuses: waiting does not help.
var ErrToken = errors.New("Telegram refuses TELEGRAM_TOKEN: get the right one from BotFather") //lint:ignore ST1005 begins with a name

// whoAmI asks until Telegram answers: the shop may start before its network does.
func (a *App) whoAmI(ctx context.Context) (telegram.User, error) {
	me, err := untilAnswered(ctx, 30*time.Second, func(ctx context.Context) (telegram.User, error) {
		me, err := a.Telegram.Me(ctx)
		var te *telegram.Error
		if errors.As(err, &te) && (te.Code == http.StatusUnauthorized || te.Code == http.StatusNotFound) {
			return me, backoff.Permanent(ErrToken)
		}
		return me, err
	}, func(err error, again time.Duration) {
		a.log.Warn("Telegram does not answer", "err", err, "again", again)
	})
	if err != nil && !errors.Is(err, ErrToken) {
		return telegram.User{}, fmt.Errorf("ask Telegram who we are: %w", err)
	}
	return me, err
}

// RunDueWork makes everything that goes by the clock look at it now; the sandbox calls
// it after moving the clock.
func (a *App) RunDueWork(ctx context.Context) error {
	swept := a.sweep(ctx)
	if swept == nil {
		swept = a.DB.NoteJobSuccess(ctx, sweepJob, a.Now())
	}
	err := errors.Join(a.Monitor.Check(ctx), swept, a.Watcher.Remind(ctx), a.expire(ctx), a.ifLate(ctx, reconcileJob, reconcileEvery, a.reconcile))
	a.WakeWorkers()
	return err
}

// WakeWorkers makes every worker look for work.
func (a *App) WakeWorkers() {
	for _, w := range a.Workers {
		w.Wake()
	}
}
