package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// replies answers the newest message of the group.
func (s *shop) replies(h *tgsandbox.UserClient, words string) {
	s.Helper()
	_, err := h.Reply(h.Last().ID, words)
	s.Must(err)
	s.Pump()
}

// Money goes back for a reason: pressed, or replied in words; a Yes from before there were reasons asks for one.
func TestAReasonIsAskedWhereMoneyMoves(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/refund "+string(o.ID))
	s.sees(olga, "What is the reason?", "/refund — ")
	s.Send(olga, "/order "+string(o.ID))
	card := olga.Last().ID
	s.presses(olga, "s_ask|refund|")
	s.sees(olga, "What is the reason?")
	question := olga.Last().ID
	if offers(olga, "s_yes|") {
		t.Error("it can be done without a reason")
	}
	s.replies(olga, "the hotel\nhad <none>")
	s.sees(olga, "Refund", "📝 the hotel had <none>")
	s.presses(olga, "s_words|refund|")
	if got := olga.Chat()[slices.IndexFunc(olga.Chat(), func(m tgsandbox.Message) bool { return m.ID == question })]; !strings.Contains(got.Text, "left everything") {
		t.Errorf("the question became %q", got.Text)
	}
	s.pressesOn(olga, card, "s_ask|refund|"+string(o.ID))
	s.presses(olga, "s_why|refund|"+o.ID.String()+"|network")
	s.sees(olga, "📝 Slow network")
	s.presses(olga, "s_ask|refund|")
	s.pressesOn(olga, olga.Last().ID, "s_yes|refund|"+string(o.ID)+"|delivered")
	s.sees(olga, "What is the reason?")
	if s.did("refund") != 0 {
		t.Error("refunded without a reason")
	}
	s.presses(olga, "s_why|refund|")
	s.presses(olga, "s_yes|refund|")
	if a := s.audit(); a[len(a)-1].Why != "Slow network" || a[len(a)-1].What != "refund" {
		t.Errorf("audit: %+v", a)
	}
	s.pressesOn(olga, card, "s_yes|refund|"+string(o.ID)+"|delivered")
	for _, m := range olga.Chat() {
		if m.ID == card && !strings.Contains(m.Text, "Last: refund by Olga 900") {
			t.Errorf("whoever comes second is not told who was first:\n%s", m.Text)
		}
	}
}

func TestNotesStandOnTheCard(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	sam := s.joins(supportID, "Sam", esim.RoleSupport)
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask|note|")
	s.replies(sam, "called, all is well")
	s.sees(olga, "Sam made a note", "📝 called, all is well")
	s.Send(olga, "/order "+string(o.ID))
	s.sees(olga, "note by Sam 904", "called, all is well")
	s.presses(olga, "s_ask|refund|")
	s.replies(sam, "I say so")
	s.sees(sam, "Only managers and owners")
	s.Messenger.Inject(map[string]any{"message": map[string]any{ // a picture is no word
		"message_id": 80_000, "date": shoptest.Noon.Unix(), "from": map[string]any{"id": staffID, "is_bot": false, "first_name": "Olga"},
		"chat": map[string]any{"id": groupID, "type": "group", "title": "Staff"}, "photo": []any{map[string]any{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}},
		"reply_to_message": map[string]any{
			"message_id": 3, "date": shoptest.Noon.Unix(), "text": "x", "from": map[string]any{"id": s.Messenger.BotID(), "is_bot": true, "first_name": "bot"},
			"chat":         map[string]any{"id": groupID, "type": "group", "title": "Staff"},
			"reply_markup": map[string]any{"inline_keyboard": []any{[]any{map[string]any{"text": "No", "callback_data": "s_words|note|" + string(o.ID)}}}},
		},
	}})
	s.Pump()
	s.sees(olga, "Words, please")
	if s.did("note") != 1 || s.did("refund") != 0 {
		t.Errorf("audit: %+v", s.audit())
	}
}

// An SMS is shown before it is sent, in all its lines, and sent once.
func TestAnSMSIsShownBeforeItIsSent(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	plans := s.Catalog.Current().Plans()
	i := slices.IndexFunc(plans, func(p esim.Plan) bool { return p.SMS != esim.NoSMS && !p.DayPass() })
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodFree}
	o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: plans[i].Code, Quantity: 1, Seen: esim.USDCents(0)})
	s.Must(err)
	_, err = s.Checkout.PayWithoutInvoice(t.Context(), annID, o.ID)
	s.Must(err)
	s.fulfils()
	tran := s.Vendor.Profiles()[0].EsimTranNo
	s.Send(olga, "/order "+string(o.ID))
	if offers(olga, "s_ask_esim|sms|") {
		t.Error("an eSIM on no phone is offered an SMS")
	}
	s.Must(s.Vendor.Install(tran))
	s.Must(s.Watcher.Refresh(t.Context(), esim.ESIMID(tran)))
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask_esim|sms|")
	s.sees(olga, "at most 500 characters")
	s.replies(olga, strings.Repeat("x", 501))
	s.sees(olga, "501 characters")
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask_esim|sms|")
	s.replies(olga, "Please switch roaming on.\n\nYour <shop>")
	s.sees(olga, "📝 Please switch roaming on.", "Your <shop>")
	if n := len(s.Vendor.Messages(tran)); n != 0 {
		t.Fatalf("%d sent before the Yes", n)
	}
	message, yes := s.button(olga, "s_yes_esim|sms|")
	for range 2 {
		_, err := olga.PressData(message, yes)
		s.Must(err)
	}
	s.Pump()
	if got := s.Vendor.Messages(tran); len(got) != 1 || got[0] != "Please switch roaming on.\n\nYour <shop>" {
		t.Errorf("sent: %q", got)
	}
	if s.did("sms") != 1 {
		t.Errorf("audit: %+v", s.audit())
	}
}
