package shoptest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"esimbot/bot"
	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
	"esimbot/storage"
)

// Who is there in the simulated Telegram.
const (
	Ann   = 101 // a customer
	Olga  = 900 // staff
	Group = -4001001001
)

// ProviderToken is of the form that BotFather gives out for tests.
const ProviderToken = "284685063:TEST:abc"

// InFront stands between every shop and its simulated Telegram: soak tests hold what is said to the Bot API's table.
var InFront = func(_ testing.TB, messenger http.Handler) http.Handler { return messenger }

// A Shop is the whole shop between the two simulators. Pump and Work take the steps that the
// loops of shop.App.Run take by themselves.
type Shop struct {
	*Rig
	App       *shop.App
	Messenger *tgsandbox.Server
	Log       *Log
	Texts     *i18n.Bundle // what it says from the next Start on; nil: what the program has
	// OnStatement sees every statement from the next Start on; see storage.Options.
	OnStatement func(query string, args []any)
	inbox       *countedInbox
	offset      int64
	store       func(*storage.DB) bot.Store
	database    string // its file
}

// Open opens a shop with a customer, staff and a full price list. What its conversations see
// of the database goes through store, if that is set.
func Open(t testing.TB, o sandbox.Options, store func(*storage.DB) bot.Store) *Shop {
	t.Helper()
	s := &Shop{Rig: &Rig{TB: t, config: Config()}, Log: &Log{}}
	s.config.StaffChat = Group
	s.sellFrom(o)
	s.store = store
	database := filepath.Join(t.TempDir(), "shop.db")
	s.Must(s.stock.place(database))
	s.start(NewMessenger(s.Vendor.Time, o.Seed, ""), database, func() error { return s.stock.fill(t.Context(), s.Catalog) })
	t.Cleanup(s.Stop)
	return s
}

// NewMessenger is a simulated Telegram with a customer and staff; token "" is one of its own making.
func NewMessenger(now func() time.Time, seed uint64, token string) *tgsandbox.Server {
	return tgsandbox.New(tgsandbox.Options{
		Now: now, NoFlood: true, Seed: seed, Token: token, Group: tgsandbox.Group{ID: Group, Title: "Staff"},
		Users: []tgsandbox.User{
			{ID: Ann, FirstName: "Ann", LanguageCode: i18n.Fallback},
			{ID: Olga, FirstName: "Olga", LanguageCode: i18n.Fallback, Staff: true},
		},
	})
}

// Start opens the shop on a database, as the next run of the program does. The one before it
// must be stopped.
func (s *Shop) Start(messenger *tgsandbox.Server, database string) {
	s.Helper()
	s.start(messenger, database, func() error { return s.Catalog.Refresh(s.Context()) })
}

func (s *Shop) start(messenger *tgsandbox.Server, database string, stockUp func() error) {
	s.Helper()
	if s.Messenger != messenger {
		s.Messenger, s.offset = messenger, 0
		server := httptest.NewServer(InFront(s.TB, messenger))
		s.config.TelegramAPI = server.URL
		s.Cleanup(func() {
			messenger.Close()
			server.Close()
		})
	}
	s.database = database
	cfg := s.config
	cfg.TelegramToken = shop.Secret(s.Messenger.Token())
	cfg.ProviderToken, cfg.Database = ProviderToken, database
	s.database = database
	var err error
	s.App, err = shop.New(s.Context(), cfg, shop.Options{
		Now: s.Vendor.Time, Version: "test", Store: s.store, Vendor: unlimited(), NoSync: true, Texts: s.Texts, OnStatement: s.OnStatement,
		Log:      slog.New(slog.NewTextHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Telegram: telegram.Config{Limits: telegram.Limits{PerSecond: -1, BulkPerSecond: -1, PerChat: -1, PerGroupMinute: -1}},
	})
	s.Must(err)
	s.Business, s.DB = s.App.Business, s.App.DB
	s.inbox = &countedInbox{DB: s.DB}
	s.App.Intake.Inbox = s.inbox
	s.Must(stockUp())
	s.Must(s.Monitor.Check(s.Context()))
	s.Must(s.App.Intake.Begin(s.Context(), context.WithoutCancel(s.Context())))
}

// Reopen ends this run of the shop and begins the next one, on the same database and with the price list
// that is kept there, as the program does before it asks for a new one. change is what the
// operator decides otherwise from then on; nil: nothing.
func (s *Shop) Reopen(change func(*shop.Config)) {
	s.Helper()
	s.Stop()
	if change != nil {
		change(&s.config)
	}
	s.start(s.Messenger, s.database, func() error { return s.Catalog.Restore(s.Context()) })
}

// Stop ends this run of the shop.
func (s *Shop) Stop() {
	s.App.Intake.Stop()
	s.App.Bot.Close()
	s.Must(s.DB.Close())
}

// Pump takes all updates that wait at Telegram through the bot.
func (s *Shop) Pump() {
	s.Helper()
	for s.poll(0) > 0 {
	}
	s.App.Bot.Wait()
}

// Take takes all updates that wait at Telegram through the bot, and does not wait for what screens do in the background.
func (s *Shop) Take() {
	s.Helper()
	for s.poll(0) > 0 {
	}
}

// handledWithin is how long a test waits for what it sent to be handled. A payment whose booking
// fails is tried without end.
var handledWithin = 30 * time.Second

// poll fetches once, stores and waits until all is handled, or fails the test.
func (s *Shop) poll(timeout time.Duration) int {
	s.Helper()
	raw, err := s.App.Telegram.GetUpdates(s.Context(), s.offset, timeout)
	s.Must(err)
	if len(raw) == 0 {
		return 0
	}
	s.Must(s.App.Intake.Store(s.Context(), raw))
	s.offset = raw[len(raw)-1].ID + 1
	if !s.inbox.handled(handledWithin) {
		s.Fatalf("updates are not handled after %s: %s", handledWithin, s.inbox.trouble())
	}
	return len(raw)
}

// Work lets the workers do all they can without time passing.
func (s *Shop) Work() {
	s.Helper()
	for range 3 {
		_, err := s.Fulfiller.Run(s.Context())
		s.Must(err)
		s.Fulfiller.Wait()
		s.Deliver()
		_, err = s.Canceller.Run(s.Context())
		s.Must(err)
		if err := s.Refunder.Run(s.Context()); err != nil {
			s.Logf("refund: %v", err)
		}
	}
	s.Deliver()
}

// Deliver sends the notifications that are due.
func (s *Shop) Deliver() {
	s.Helper()
	_, err := s.App.Outbox.Run(s.Context())
	s.Must(err)
	s.App.Outbox.Wait()
}

// Send writes to the bot, and lets it answer.
func (s *Shop) Send(h *tgsandbox.UserClient, text string) {
	s.Helper()
	_, err := h.Send(text)
	s.Must(err)
	s.Pump()
}

// Press presses a button and returns the answer that ended its waiting.
func (s *Shop) Press(h *tgsandbox.UserClient, label string) tgsandbox.Toast {
	s.Helper()
	id, err := h.Press(label)
	if err != nil {
		s.Fatalf("%v: %q; there are %q", err, label, h.Last().Labels())
	}
	s.Pump()
	for _, toast := range h.Toasts() {
		if toast.QueryID == id {
			return toast
		}
	}
	s.Errorf("the press on %q was never answered", label)
	return tgsandbox.Toast{}
}

// Pay pays the newest invoice while the bot polls.
func (s *Shop) Pay(h *tgsandbox.UserClient) error {
	s.Helper()
	return s.during(h.Pay)
}

// PayMessage pays the invoice in a message while the bot polls.
func (s *Shop) PayMessage(h *tgsandbox.UserClient, message int) error {
	s.Helper()
	return s.during(func() error { return h.PayMessage(message) })
}

// during polls for the bot until pay is done.
func (s *Shop) during(pay func() error) error {
	s.Helper()
	paid := make(chan error, 1)
	go func() { paid <- pay() }()
	for {
		s.poll(time.Second)
		select {
		case err := <-paid:
			s.Pump()
			return err
		default:
		}
	}
}
