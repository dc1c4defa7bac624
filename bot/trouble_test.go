package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// handledAll reports whether no update is left in the inbox.
func (s *shop) handledAll() {
	s.Helper()
	left, err := s.db.UnhandledUpdates(s.Context(), 10)
	s.must(err)
	if len(left) > 0 {
		s.Errorf("%d updates were left unhandled", len(left))
	}
}

// serves checks that the bot still answers.
func (s *shop) serves(h *tgsandbox.UserClient) {
	s.Helper()
	s.send(h, "/start")
	if !strings.Contains(h.Last().Text, "Where are you going") {
		s.Errorf("the bot answers %q", h.Last().Text)
	}
	if waiting := s.tg.Unanswered(); len(waiting) > 0 {
		s.Errorf("presses never answered: %v", waiting)
	}
	s.handledAll()
}

// buy takes a customer from a country to a paid order.
func (s *shop) buy(h *tgsandbox.UserClient) esim.Order {
	s.Helper()
	s.send(h, "JP")
	s.press(h, h.Last().Keyboard[0][0].Text)
	s.press(h, h.Last().Keyboard[0][0].Text)
	s.must(s.pay(h))
	orders, err := s.db.OrdersOf(s.Context(), esim.CustomerID(h.ID()), 1)
	s.must(err)
	if len(orders) != 1 || orders[0].State != esim.Paid {
		s.Fatalf("orders %+v", orders)
	}
	return orders[0]
}

// fulfils lets an order arrive.
func (s *shop) fulfils() {
	s.Helper()
	s.work()
	s.vendor.Advance(10 * time.Second)
	s.work()
}

func (s *shop) state(id esim.OrderID) esim.State {
	s.Helper()
	o, err := s.db.Order(s.Context(), id)
	s.must(err)
	return o.State
}

func pictures(h *tgsandbox.UserClient) int {
	n := 0
	for _, m := range h.Chat() {
		if m.Photo != nil {
			n++
		}
	}
	return n
}

func TestPanicStopsNobody(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	ann := s.tg.User(annID)
	boom := func(context.Context, *ui.Request) (ui.Screen, error) { panic("boom") }
	s.bot.Router().Route("boom", boom)
	s.bot.Router().Command("boom", false, boom)
	s.bot.Router().Route("late", func(context.Context, *ui.Request) (ui.Screen, error) {
		return ui.Screen{Toast: "wait", After: func(context.Context) (ui.Screen, error) { panic("late boom") }}, nil
	})
	s.send(ann, "/start")
	for _, data := range []string{"boom", "late"} {
		id, err := ann.PressData(ann.Last().ID, data)
		s.must(err)
		s.pump()
		if toast := ann.Toast(); toast.QueryID != id || toast.Text == "" {
			t.Errorf("%s: toast %+v", data, toast)
		}
	}
	s.send(ann, "/boom")
	if ann.Last().Text == "" || ann.Last().From.IsBot == false {
		t.Error("a command that panics is not answered")
	}
	if !s.log.Has("panic in a handler") || !s.log.Has("late boom") {
		t.Errorf("log: %s", s.log)
	}
	s.serves(ann)
}

func TestUpdateThatCannotBeReadStopsNobody(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	for _, fields := range []map[string]any{
		{"message": "not an object"},
		{"callback_query": []int{1}},
		{"message": map[string]any{"message_id": "x"}},
		{"no_such_kind": map[string]any{}},
		{},
		{"message": map[string]any{"message_id": 1, "chat": map[string]any{"id": annID, "type": "private"}}},
	} {
		s.tg.Inject(fields)
	}
	s.pump()
	s.serves(s.tg.User(annID))
}

// TestDatabaseErrorIsTriedAgain waits out the real pause before the second try.
func TestDatabaseErrorIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.store.fail = []error{errors.New("disk I/O error")}
	s.serves(s.tg.User(annID))
}

func TestTelegramFailsAroundAPress(t *testing.T) {
	t.Parallel() // a second goes by before each second try
	for _, kind := range []tgsandbox.FaultKind{tgsandbox.BadGateway, tgsandbox.CutConnection, tgsandbox.LoseAnswer, tgsandbox.TooMany} {
		for _, method := range []string{"editMessageText", "answerCallbackQuery"} {
			t.Run(fmt.Sprintf("%s, fault %d", method, kind), func(t *testing.T) {
				t.Parallel()
				s := newShop(t, vendorsandbox.Options{})
				ann := s.tg.User(annID)
				s.send(ann, "/start")
				s.tg.Fail(method, 1, tgsandbox.Fault{Kind: kind})
				id, err := ann.PressData(ann.Last().ID, "regions")
				s.must(err)
				s.pump()
				if !strings.Contains(ann.Last().Text, "Regions") || len(ann.Chat()) != 2 {
					t.Errorf("%d messages, the last is %q", len(ann.Chat()), ann.Last().Text)
				}
				if method == "editMessageText" && ann.Toast().QueryID != id {
					t.Error("the press was not answered")
				}
				s.handledAll()
			})
		}
	}
}

// TestQRWaitsForWhoCannotBeReached: the bot learns of the block from Telegram's
// update, or only from the refusal of a message.
func TestQRWaitsForWhoCannotBeReached(t *testing.T) {
	t.Run("told by an update", func(t *testing.T) { qrWaits(t, (*shop).pump) })
	t.Run("told by a refusal", func(t *testing.T) { qrWaits(t, func(*shop) {}) })
}

func qrWaits(t *testing.T, learn func(*shop)) {
	s := newShop(t, vendorsandbox.Options{})
	ann := s.tg.User(annID)
	o := s.buy(ann)
	ann.Block()
	learn(s)
	s.fulfils()
	if n := pictures(ann); n != 0 || s.state(o.ID) != esim.Allocating {
		t.Errorf("%d pictures, %s", n, s.state(o.ID))
	}
	staff := s.tg.User(staffID).In(groupID)
	before := len(staff.Chat())
	s.vendor.Advance(24 * time.Hour)
	s.work()
	if len(staff.Chat()) != before {
		t.Error("staff are told again")
	}
	ann.Unblock()
	s.pump()
	s.work()
	if n := pictures(ann); n != 1 || s.state(o.ID) != esim.Delivered {
		t.Errorf("after coming back: %d pictures, %s", n, s.state(o.ID))
	}
	told := 0
	for _, m := range staff.Chat() {
		if strings.Contains(m.Text, "unreachable") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("staff were told %d times", told)
	}
}

func TestDeliveredMeansTelegramTookThePicture(t *testing.T) {
	for _, kind := range []tgsandbox.FaultKind{tgsandbox.BadGateway, tgsandbox.CutConnection, tgsandbox.ServerError} {
		s := newShop(t, vendorsandbox.Options{})
		ann := s.tg.User(annID)
		o := s.buy(ann)
		s.tg.Fail("sendPhoto", 50, tgsandbox.Fault{Kind: kind})
		s.fulfils()
		if n := pictures(ann); n != 0 || s.state(o.ID) != esim.Allocating {
			t.Errorf("fault %d: %d pictures, %s", kind, n, s.state(o.ID))
		}
		s.must(s.tg.SetMode("ok"))
		for range 60 {
			s.vendor.Advance(10 * time.Minute)
			s.work()
		}
		if n := pictures(ann); n != 1 || s.state(o.ID) != esim.Delivered {
			t.Errorf("fault %d, later: %d pictures, %s", kind, n, s.state(o.ID))
		}
	}
}

func TestMoneyTakenTwiceGoesBackOnce(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	ann := s.tg.User(annID)
	stars := ann.Stars()
	s.tg.RepeatPayments(1)
	o := s.buy(ann)
	s.fulfils()
	s.fulfils()
	if spent := stars - ann.Stars(); spent != o.Price.Minor || s.vendor.Charged(o.TxID) != 1 || pictures(ann) != 1 {
		t.Errorf("a payment told twice: spent %d of %s, bought %d, %d pictures", spent, o.Price, s.vendor.Charged(o.TxID), pictures(ann))
	}
	s.handledAll()
}

// TestNobodySeesAnothersESIM tries every route with the number of somebody else's eSIM.
func TestNobodySeesAnothersESIM(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	s.buy(s.tg.User(annID))
	s.fulfils()
	tran := s.vendor.Profiles()[0].EsimTranNo
	e, err := s.db.ESIMOf(t.Context(), annID, esim.ESIMID(tran))
	s.must(err)
	bob := s.tg.AddUser(tgsandbox.User{ID: 202, FirstName: "Bob", LanguageCode: "en"})
	s.send(bob, "/start")
	menu := bob.Last().Text
	for _, route := range s.bot.Router().Routes() {
		if route == "menu" || route == "lang" {
			continue
		}
		_, err := bob.PressData(bob.Chat()[1].ID, mustEncode(ui.NewCallbackData(route, tran)))
		s.must(err)
		s.pump()
		for _, m := range bob.Chat() {
			if m.Photo != nil || strings.Contains(m.Text, e.Order.String()) || strings.Contains(rendered(m), e.Code.Reveal()) {
				t.Errorf("%s shows %q", route, m.Text)
			}
			for _, row := range m.Keyboard {
				for _, b := range row {
					if strings.Contains(b.URL+b.Copy, e.Code.Reveal()) {
						t.Errorf("%s gives the activation code away", route)
					}
				}
			}
		}
	}
	if menu == "" {
		t.Error("no menu")
	}
	s.serves(bob)
}

func mustEncode(d ui.CallbackData) string {
	s, err := d.Encode()
	if err != nil {
		panic(err)
	}
	return s
}
