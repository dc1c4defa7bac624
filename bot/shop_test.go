package bot_test

import (
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"esimbot/bot"
	"esimbot/bot/intake"
	"esimbot/bot/notify"
	"esimbot/bot/qrcard"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
	"esimbot/storage"
)

const (
	annID   = shoptest.Ann
	staffID = shoptest.Olga
	groupID = shoptest.Group
)

// A shop is the whole bot between the two simulators, and its parts under the names that
// these tests use.
type shop struct {
	*shoptest.Shop
	tg      *tgsandbox.Server
	vendor  *vendorsandbox.Sandbox
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
	store   *testStore
	log     *shoptest.Log
	routes  map[ui.Route]bool // that the bot answers
}

func newShop(t testing.TB, o vendorsandbox.Options) *shop {
	t.Helper()
	s := &shop{store: &testStore{}}
	o.Seed = 7
	s.Shop = shoptest.Open(t, o, func(db *storage.DB) bot.Store {
		s.store.DB = db
		return s.store
	})
	a := s.App
	s.tg, s.vendor, s.db, s.log = s.Messenger, s.Vendor, s.DB, s.Log
	s.bot, s.intake, s.outbox, s.texts, s.qr = a.Bot, a.Intake, a.Outbox, a.Texts, a.QR
	s.fulfil, s.refund, s.cancel, s.till = a.Fulfiller, a.Refunder, a.Canceller, a.Checkout
	s.catalog, s.monitor, s.watcher, s.topUps = a.Catalog, a.Monitor, a.Watcher, a.TopUps
	s.routes = map[ui.Route]bool{}
	for _, route := range s.bot.Router().Routes() {
		s.routes[route] = true
	}
	return s
}

func (s *shop) must(err error) { s.Helper(); s.Must(err) }

func (s *shop) pump()    { s.Helper(); s.Pump() }
func (s *shop) work()    { s.Helper(); s.Work() }
func (s *shop) deliver() { s.Helper(); s.Deliver() }

func (s *shop) send(h *tgsandbox.UserClient, text string) { s.Helper(); s.Send(h, text) }

func (s *shop) press(h *tgsandbox.UserClient, label string) tgsandbox.Toast {
	s.Helper()
	return s.Press(h, label)
}

func (s *shop) pay(h *tgsandbox.UserClient) error { s.Helper(); return s.Pay(h) }

// request is what a handler gets when a customer presses something in a language.
func (s *shop) request(lang string, d ui.CallbackData) *ui.Request {
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
func argument(d ui.CallbackData, i int) string {
	if i >= len(d.Args) {
		return ""
	}
	return d.Args[i]
}

// number is the i-th argument as a number, def if there are fewer.
func number(d ui.CallbackData, i, def int) int {
	n, err := strconv.Atoi(argument(d, i))
	if err != nil {
		return def
	}
	return n
}

// answered reports whether a button with this data leads to a screen of a customer.
func (s *shop) answered(d ui.CallbackData) bool {
	return s.routes[ui.Route(d.Route)]
}

// underRaceDetector reports whether the race detector is on, which makes long walks
// through all plans many times slower.
func underRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
