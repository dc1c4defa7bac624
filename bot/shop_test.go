package bot_test

import (
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"esimbot/bot"
	"esimbot/bot/ui"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

const (
	annID   = shoptest.Ann
	staffID = shoptest.Olga
	groupID = shoptest.Group
)

// A shop is the whole bot between the two simulators.
type shop struct {
	*shoptest.Shop
	store  *testStore
	routes map[ui.Route]bool // that the bot answers
}

func newShop(t testing.TB, o vendorsandbox.Options) *shop {
	t.Helper()
	s := &shop{store: &testStore{}}
	o.Seed = 7
	s.Shop = shoptest.Open(t, o, func(db *storage.DB) bot.Store {
		s.store.DB = db
		return s.store
	})
	s.routes = map[ui.Route]bool{}
	for _, route := range s.App.Bot.Router().Routes() {
		s.routes[route] = true
	}
	return s
}

// request is what a handler gets when a customer presses something in a language.
func (s *shop) request(lang string, d ui.CallbackData) *ui.Request {
	return &ui.Request{Printer: s.App.Texts.Printer(lang), Customer: esim.Customer{ID: annID, Chat: annID, Language: lang, Name: "Ann"}, Data: d, Press: true}
}

// screen is what a handler answers to a press, without a chat around it.
func (s *shop) screen(t testing.TB, r *ui.Request) (ui.Screen, error) {
	t.Helper()
	data, err := r.Data.Encode()
	s.Must(err)
	return s.App.Bot.Router().ForPress(r, data)(t.Context(), r)
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
