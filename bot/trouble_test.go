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
	left, err := s.DB.UnhandledUpdates(s.Context(), 10)
	s.Must(err)
	if len(left) > 0 {
		s.Errorf("%d updates were left unhandled", len(left))
	}
}

// serves checks that the bot still answers.
func (s *shop) serves(h *tgsandbox.UserClient) {
	s.Helper()
	s.Send(h, "/start")
	if !strings.Contains(h.Last().Text, "Where are you going") {
		s.Errorf("the bot answers %q", h.Last().Text)
	}
	if waiting := s.Messenger.Unanswered(); len(waiting) > 0 {
		s.Errorf("presses never answered: %v", waiting)
	}
	s.handledAll()
}

// buy takes a customer from a country to a paid order.
func (s *shop) buy(h *tgsandbox.UserClient) esim.Order {
	s.Helper()
	s.Send(h, "JP")
	s.Press(h, h.Last().Keyboard[0][0].Text)
	s.Press(h, h.Last().Keyboard[0][0].Text)
	s.Must(s.Pay(h))
	orders, err := s.DB.OrdersOf(s.Context(), esim.CustomerID(h.ID()), 1)
	s.Must(err)
	if len(orders) != 1 || orders[0].State != esim.StatePaid {
		s.Fatalf("orders %+v", orders)
	}
	return orders[0]
}

// fulfils lets an order arrive.
func (s *shop) fulfils() {
	s.Helper()
	s.Work()
	s.Vendor.Advance(10 * time.Second)
	s.Work()
}

func (s *shop) state(id esim.OrderID) esim.State {
	s.Helper()
	o, err := s.DB.Order(s.Context(), id)
	s.Must(err)
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
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	boom := func(context.Context, *ui.Request) (ui.Screen, error) { panic("boom") }
	s.App.Bot.Router().Route("boom", boom)
	s.App.Bot.Router().Command("boom", false, boom)
	s.App.Bot.Router().Route("late", func(context.Context, *ui.Request) (ui.Screen, error) {
		return ui.Screen{Toast: "wait", After: func(context.Context) (ui.Screen, error) { panic("late boom") }}, nil
	})
	s.Send(ann, "/start")
	for _, data := range []string{"boom", "late"} {
		id, err := ann.PressData(ann.Last().ID, data)
		s.Must(err)
		s.Pump()
		if toast := ann.Toast(); toast.QueryID != id || toast.Text == "" {
			t.Errorf("%s: toast %+v", data, toast)
		}
	}
	s.Send(ann, "/boom")
	if ann.Last().Text == "" || ann.Last().From.IsBot == false {
		t.Error("a command that panics is not answered")
	}
	if !s.Log.Has("panic in a handler") || !s.Log.Has("late boom") {
		t.Errorf("log: %s", s.Log)
	}
	s.serves(ann)
}

func TestUpdateThatCannotBeReadStopsNobody(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	for _, fields := range []map[string]any{
		{"message": "not an object"},
		{"callback_query": []int{1}},
		{"message": map[string]any{"message_id": "x"}},
		{"no_such_kind": map[string]any{}},
		{},
		{"message": map[string]any{"message_id": 1, "chat": map[string]any{"id": annID, "type": "private"}}},
	} {
		s.Messenger.Inject(fields)
	}
	s.Pump()
	s.serves(s.Messenger.User(annID))
}

// TestDatabaseErrorIsTriedAgain waits out the real pause before the second try.
func TestDatabaseErrorIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.store.fail = []error{errors.New("disk I/O error")}
	s.serves(s.Messenger.User(annID))
}

func TestTelegramFailsAroundAPress(t *testing.T) {
	t.Parallel() // a second goes by before each second try
	for _, kind := range []tgsandbox.FaultKind{tgsandbox.BadGateway, tgsandbox.LoseRequest, tgsandbox.LoseAnswer, tgsandbox.TooMany} {
		for _, method := range []string{"editMessageText", "answerCallbackQuery"} {
			t.Run(fmt.Sprintf("%s, fault %d", method, kind), func(t *testing.T) {
				t.Parallel()
				s := newShop(t, vendorsandbox.Options{})
				ann := s.Messenger.User(annID)
				s.Send(ann, "/start")
				s.Messenger.Break(method, 1, tgsandbox.Fault{Kind: kind})
				id, err := ann.PressData(ann.Last().ID, "regions")
				s.Must(err)
				s.Pump()
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
	t.Parallel()
	t.Run("told by an update", func(t *testing.T) { qrWaits(t, (*shop).Pump) })
	t.Run("told by a refusal", func(t *testing.T) { qrWaits(t, func(*shop) {}) })
}

func qrWaits(t *testing.T, learn func(*shop)) {
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	o := s.buy(ann)
	ann.Block()
	learn(s)
	s.fulfils()
	if n := pictures(ann); n != 0 || s.state(o.ID) != esim.StateAllocating {
		t.Errorf("%d pictures, %s", n, s.state(o.ID))
	}
	staff := s.Messenger.User(staffID).In(groupID)
	before := len(staff.Chat())
	s.Vendor.Advance(24 * time.Hour)
	s.Work()
	if len(staff.Chat()) != before {
		t.Error("staff are told again")
	}
	ann.Unblock()
	s.Pump()
	s.Work()
	if n := pictures(ann); n != 1 || s.state(o.ID) != esim.StateDelivered {
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
	t.Parallel()
	for _, kind := range []tgsandbox.FaultKind{tgsandbox.BadGateway, tgsandbox.LoseRequest, tgsandbox.ServerError} {
		s := newShop(t, vendorsandbox.Options{})
		ann := s.Messenger.User(annID)
		o := s.buy(ann)
		s.Messenger.Break("sendPhoto", 50, tgsandbox.Fault{Kind: kind})
		s.fulfils()
		if n := pictures(ann); n != 0 || s.state(o.ID) != esim.StateAllocating {
			t.Errorf("fault %d: %d pictures, %s", kind, n, s.state(o.ID))
		}
		s.Must(s.Messenger.SetMode("ok"))
		for range 60 {
			s.Vendor.Advance(10 * time.Minute)
			s.Work()
		}
		if n := pictures(ann); n != 1 || s.state(o.ID) != esim.StateDelivered {
			t.Errorf("fault %d, later: %d pictures, %s", kind, n, s.state(o.ID))
		}
	}
}

func TestMoneyTakenTwiceGoesBackOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	stars := ann.Stars()
	s.Messenger.RepeatPayments(1)
	o := s.buy(ann)
	s.fulfils()
	s.fulfils()
	if spent := stars - ann.Stars(); spent != o.Price.Minor || s.Vendor.Charged(o.IdempotencyKey) != 1 || pictures(ann) != 1 {
		t.Errorf("a payment told twice: spent %d of %s, bought %d, %d pictures", spent, o.Price, s.Vendor.Charged(o.IdempotencyKey), pictures(ann))
	}
	s.handledAll()
}

// TestNobodySeesAnothersESIM tries every route with the number of somebody else's eSIM.
func TestNobodySeesAnothersESIM(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.buy(s.Messenger.User(annID))
	s.fulfils()
	tran := s.Vendor.Profiles()[0].EsimTranNo
	e, err := s.DB.ESIMOf(t.Context(), annID, esim.ESIMID(tran))
	s.Must(err)
	bob := s.Messenger.AddUser(tgsandbox.User{ID: 202, FirstName: "Bob", LanguageCode: "en"})
	s.Send(bob, "/start")
	menu := bob.Last().Text
	for _, route := range s.App.Bot.Router().Routes() {
		if route == "menu" || route == "lang" {
			continue
		}
		_, err := bob.PressData(bob.Chat()[1].ID, mustEncode(ui.NewCallbackData(route, tran)))
		s.Must(err)
		s.Pump()
		for _, m := range bob.Chat() {
			if m.Photo != nil || strings.Contains(m.Text, e.Order.String()) || strings.Contains(rendered(m), e.ActivationCode.Reveal()) {
				t.Errorf("%s shows %q", route, m.Text)
			}
			for _, row := range m.Keyboard {
				for _, b := range row {
					if strings.Contains(b.URL+b.Copy, e.ActivationCode.Reveal()) {
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
