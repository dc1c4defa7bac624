package bot_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"esimbot/bot"
	"esimbot/bot/intake"
	"esimbot/bot/notify"
	"esimbot/bot/qrcard"
	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
	"esimbot/storage"
)

// noon is when every test begins; the clock of all parts is the vendor sandbox's.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	annID   = 101
	staffID = 900
	groupID = -4001001001
	// providerToken is of the form that BotFather gives out for tests.
	providerToken = "284685063:TEST:abc"
)

// A shop is the whole bot between the two simulators, wired as cmd/esimbot does,
// but for the loops: pump and work take one step each, so that a test never waits.
type shop struct {
	testing.TB
	tg      *tgsandbox.Server
	vendor  *vendorsandbox.Sandbox
	client  *telegram.Client
	db      *storage.DB
	bot     *bot.Bot
	intake  *intake.Intake
	outbox  *notify.Outbox
	fulfil  *esim.Fulfiller
	refund  *esim.Refunder
	cancel  *esim.Canceller
	till    *esim.Checkout
	catalog *esim.CatalogCache
	monitor *esim.VendorMonitor
	watcher *esim.Watcher
	topUps  *esim.TopUps
	texts   *i18n.Bundle
	qr      *qrcard.Painter
	inbox   *countedInbox
	store   *testStore
	log     *logBook
	offset  int64
}

func newShop(t testing.TB, o vendorsandbox.Options) *shop {
	t.Helper()
	s := &shop{TB: t, log: &logBook{}}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	o.Now, o.RateLimit, o.Seed = func() time.Time { return noon }, vendorsandbox.Off, 7
	var err error
	s.vendor, err = vendorsandbox.New(o)
	s.must(err)
	now := s.vendor.Time
	s.tg = tgsandbox.New(tgsandbox.Options{
		Now: now, NoFlood: true, Seed: 7, Group: tgsandbox.Group{ID: groupID, Title: "Staff"},
		People: []tgsandbox.Person{
			{ID: annID, FirstName: "Ann", LanguageCode: "en"},
			{ID: staffID, FirstName: "Olga", LanguageCode: "en", Staff: true},
		},
	})
	vendorURL, tgURL := httptest.NewServer(s.vendor), httptest.NewServer(s.tg)
	s.db, err = storage.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), storage.Options{Now: now, Log: log})
	s.must(err)
	supplier, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: vendorURL.URL, Now: now, PerSecond: 1e6})
	s.must(err)
	s.client, err = telegram.New(telegram.Config{
		Token: s.tg.Token(), BaseURL: tgURL.URL, Log: log, Now: now,
		Limits: telegram.Limits{PerSecond: -1, BulkPerSecond: -1, PerChat: -1, PerGroupMinute: -1},
	})
	s.must(err)
	s.texts, err = i18n.Load()
	s.must(err)
	s.qr, err = qrcard.New()
	s.must(err)

	pricing := esim.Pricing{MarkupBP: 4000, MinProfit: esim.Dollars(50), StarValue: esim.Wholesale(130), MaxStars: 10_000}
	s.catalog = &esim.CatalogCache{Source: supplier, Store: s.db, Now: now}
	s.monitor = &esim.VendorMonitor{Source: supplier, Committed: s.db, Floor: esim.Wholesale(200_000), Notifications: s.db, Now: now}
	s.store = &testStore{DB: s.db}
	s.till = &esim.Checkout{Catalog: s.catalog, Pricing: pricing, Monitor: s.monitor, Store: s.db, Now: now}
	s.topUps = &esim.TopUps{Checkout: s.till, Vendor: supplier, Now: now}
	s.watcher = &esim.Watcher{Store: s.db, Source: supplier, Now: now}
	s.cancel = &esim.Canceller{
		Store: s.db, Vendor: supplier, Profiles: supplier, Now: now,
		Report: func(id esim.OrderID, err error) { log.Warn("cancel", "order", id, "err", err) },
	}
	reconciler := &esim.Reconciler{Vendor: supplier, Manager: supplier, Profiles: supplier, Checkout: s.till, Store: s.db, Now: now}
	s.bot = bot.New(bot.Config{
		Telegram: s.client, Texts: s.texts, Catalog: s.catalog, Monitor: s.monitor, QR: s.qr, Staff: groupID, Version: "test", Log: log, Now: now,
		Checkout: s.till, TopUps: s.topUps, Canceller: s.cancel, ProviderToken: providerToken, Watcher: s.watcher,
		Admin:     &esim.OrderAdmin{Store: s.db, Vendor: supplier, Watcher: s.watcher, Canceller: s.cancel, Now: now},
		Reconcile: func(ctx context.Context) (esim.ReconcileReport, error) { return reconciler.Run(ctx, true) },
		Books:     s.db, Store: s.store, Username: s.tg.Username(),
	})
	s.inbox = &countedInbox{DB: s.db}
	s.intake = &intake.Intake{Bot: s.bot, Inbox: s.inbox, Log: log}
	s.outbox = s.bot.Outbox(func() {})
	s.refund = &esim.Refunder{Store: s.db, Gateway: bot.StarsGateway{Telegram: s.client}, Now: now}
	s.fulfil = &esim.Fulfiller{
		Store: s.db, Vendor: supplier, TopUpVendor: supplier, Catalog: s.catalog, Now: now, Wake: func() {},
		Report: func(id esim.OrderID, err error) { log.Warn("order", "order", id, "err", err) },
	}
	s.must(s.catalog.Refresh(t.Context()))
	s.must(s.monitor.Check(t.Context()))
	s.must(s.intake.Begin(context.WithoutCancel(t.Context())))
	t.Cleanup(func() {
		s.intake.Stop()
		s.bot.Close()
		s.tg.Close()
		tgURL.Close()
		vendorURL.Close()
		s.must(s.db.Close())
	})
	return s
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// pump takes all updates that wait at Telegram through the bot.
func (s *shop) pump() {
	s.Helper()
	for s.poll(0) > 0 {
	}
	s.bot.Screens().Wait()
}

// poll fetches once, stores and waits until all is handled.
func (s *shop) poll(timeout time.Duration) int {
	s.Helper()
	raw, err := s.client.GetUpdates(s.Context(), s.offset, timeout)
	s.must(err)
	if len(raw) == 0 {
		return 0
	}
	s.must(s.intake.Store(s.Context(), raw))
	s.offset = raw[len(raw)-1].ID + 1
	s.inbox.pending.Wait()
	return len(raw)
}

// work lets the workers do all they can without time passing.
func (s *shop) work() {
	s.Helper()
	for range 3 {
		_, err := s.fulfil.Run(s.Context())
		s.must(err)
		s.fulfil.Wait()
		s.deliver()
		_, err = s.cancel.Run(s.Context())
		s.must(err)
		if err := s.refund.Run(s.Context()); err != nil {
			s.Logf("refund: %v", err)
		}
	}
	s.deliver()
}

func (s *shop) deliver() {
	s.Helper()
	_, err := s.outbox.Run(s.Context())
	s.must(err)
	s.outbox.Wait()
}

func (s *shop) send(h *tgsandbox.Human, text string) {
	s.Helper()
	_, err := h.Send(text)
	s.must(err)
	s.pump()
}

// press presses a button and returns the answer that ended its waiting.
func (s *shop) press(h *tgsandbox.Human, label string) tgsandbox.Toast {
	s.Helper()
	id, err := h.Press(label)
	if err != nil {
		s.Fatalf("%v: %q; there are %q", err, label, h.Last().Labels())
	}
	s.pump()
	for _, toast := range h.Toasts() {
		if toast.QueryID == id {
			return toast
		}
	}
	s.Errorf("the press on %q was never answered", label)
	return tgsandbox.Toast{}
}

// pay pays the newest invoice while the bot polls.
func (s *shop) pay(h *tgsandbox.Human) error {
	s.Helper()
	paid := make(chan error, 1)
	go func() { paid <- h.Pay() }()
	for {
		s.poll(time.Second)
		select {
		case err := <-paid:
			s.pump()
			return err
		default:
		}
	}
}

// request is what a handler gets when a customer presses something in a language.
func (s *shop) request(lang string, d ui.Data) *ui.Request {
	return &ui.Request{Printer: s.texts.Printer(lang), Customer: esim.Customer{ID: annID, Chat: annID, Language: lang, Name: "Ann"}, Data: d, Press: true}
}

// screen is what a handler answers to a press, without a chat around it.
func (s *shop) screen(t testing.TB, r *ui.Request) (ui.Screen, error) {
	t.Helper()
	data, err := r.Data.Encode()
	s.must(err)
	return s.bot.Router().ForPress(r, data)(t.Context(), r)
}

// argument is the i-th argument of a button's data, "" if there are fewer.
func argument(d ui.Data, i int) string {
	if i >= len(d.Args) {
		return ""
	}
	return d.Args[i]
}

// number is the i-th argument as a number, def if there are fewer.
func number(d ui.Data, i, def int) int {
	n, err := strconv.Atoi(argument(d, i))
	if err != nil {
		return def
	}
	return n
}

// answered reports whether a button with this data leads to a screen of a customer.
func (s *shop) answered(d ui.Data) bool {
	return slices.Contains(s.bot.Router().Routes(), ui.Route(d.Route))
}

// underRaceDetector reports whether the race detector is on, which makes long walks
// through all plans many times slower.
func underRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
