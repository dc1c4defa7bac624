package bot_test

import (
	"strings"
	"testing"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestCreditIsGrantedOncePerQuestion(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	for _, c := range []string{"/credit", "/credit 101", "/credit 101 5", "/credit 101 five why", "/credit 101 5000 why", "/credit 77 5 why", "/credit <b> 5 why"} {
		s.Send(olga, c)
		if offers(olga, "s_") {
			t.Errorf("%s is asked about: %s", c, olga.Last().Text)
		}
	}
	s.Send(olga, "/credit 101 5.00 sorry for <the> delay")
	s.sees(olga, "$5.00", "Ann", "📝 sorry for <the> delay")
	message, data := s.button(olga, "s_credit|101|500|")
	s.credited(0)
	s.pressesOn(olga, message, data)
	s.sees(olga, "Olga", "gave $5.00", "📝 sorry for <the> delay")
	if toast := s.pressesOn(olga, message, data); toast.Text == "" || !toast.Alert {
		t.Errorf("pressed again: %+v", toast)
	}
	s.credited(500)
	s.Send(olga, "/credit 101 -2 a slip")
	s.presses(olga, "s_credit|101|-200|")
	s.sees(olga, "took $2.00", "$3.00")
	s.Send(olga, "/credit 101 -4 too much")
	if toast := s.presses(olga, "s_credit|101|-400|"); !strings.Contains(toast.Text, "not that much") {
		t.Errorf("more than there is: %+v", toast)
	}
	s.credited(300)
	a := s.audit()
	if len(a) != 2 || a[0].Who != staffID || a[0].Customer != annID || a[0].Amount != esim.USDCents(500) || a[0].Why != "sorry for <the> delay" {
		t.Errorf("audit: %+v", a)
	}
	// An edited button: another amount under the same question.
	s.Send(olga, "/credit 101 1 once")
	forged := s.pressesOn(olga, olga.Last().ID, "s_credit|101|99999999|"+strings.Split(data, "|")[3])
	if forged.Text == "" {
		t.Error("an amount beyond the limit was taken")
	}
	s.credited(300)
}

func (s *shop) credited(cents int64) {
	s.Helper()
	has, err := s.DB.Credit(s.Context(), annID)
	s.Must(err)
	if has != esim.USDCents(cents) {
		s.Errorf("store credit is %s, want %d cents", has, cents)
	}
}

func TestBlockedPersonBuysNothingUntilUnblocked(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	ann := s.Messenger.User(annID)
	for _, c := range []string{"/block", "/block 77", "/block Ann"} {
		s.Send(olga, c)
		if offers(olga, "s_") {
			t.Errorf("%s is asked about: %s", c, olga.Last().Text)
		}
	}
	s.Send(olga, "/unblock 101")
	s.sees(olga, "is not blocked")
	s.Send(olga, "/block 101 fraud")
	s.presses(olga, "s_block|101|1")
	s.sees(olga, "Olga", "blocked Ann", "📝 fraud")
	s.Send(olga, "/order "+string(o.ID))
	s.sees(olga, "blocked from buying")
	q, err := s.Checkout.Quote(o.Plan.Code, 1, 0)
	s.Must(err)
	request := esim.PurchaseRequest{Customer: annID, PlanCode: o.Plan.Code, Quantity: 1, Seen: q.Price}
	if _, err := s.Checkout.Begin(t.Context(), request); err == nil {
		t.Error("a blocked person bought")
	}
	s.Send(olga, "/unblock 101")
	s.presses(olga, "s_block|101|0")
	s.buy(ann)
	if s.did("block") != 1 || s.did("unblock") != 1 || s.audit()[0].Why != "fraud" || s.audit()[0].Customer != annID {
		t.Errorf("audit: %+v", s.audit())
	}
}

func TestNamesAndReasonsAreEscaped(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	_, _, err := s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: annID, Chat: annID, Name: "<b>Ann\n📝 & \"Co\""})
	s.Must(err)
	s.Must(s.DB.AddAuditEntry(t.Context(), esim.AuditEntry{At: shoptest.Noon, Who: staffID, What: "<i>x", Order: o.ID, Why: "<script>&"}))
	for _, c := range []string{"/order " + string(o.ID), "/refund " + string(o.ID) + " <u>why</u>", "/credit 101 1 <s>", "/block 101 <x", "/audit", "/order <b>", "/unblock <b>"} {
		before := olga.Last().ID
		s.Send(olga, c)
		if m := olga.Last(); m.ID == before || !m.From.IsBot {
			t.Errorf("%s is not answered", c)
		}
	}
	s.Send(olga, "/refund "+string(o.ID)+" why")
	s.presses(olga, "s_yes|refund|")
	if a := s.audit(); a[len(a)-1].Why != "why" {
		t.Errorf("a reason was made of a name: %q", a[len(a)-1].Why)
	}
	if s.Log.Has("screen refused") {
		t.Errorf("log: %s", s.Log)
	}
}

// TestStrangersReachNothingOfTheStaff presses the staff's buttons from a private chat, from
// another group, and as somebody who is not in the group.
func TestStrangersReachNothingOfTheStaff(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/refund "+string(o.ID)+" reason")
	message, yes := s.button(olga, "s_yes|refund|")
	tran := s.Vendor.Profiles()[0].EsimTranNo
	held := esim.UnexplainedPayment{Payment: esim.Payment{ID: "charge", Order: "ABCD0001", Customer: annID, Amount: esim.Stars(231), At: shoptest.Noon}}
	_, err := s.DB.NoteUnexplained(t.Context(), held)
	s.Must(err)
	ref := held.Ref()
	data := []string{
		yes, "s_card|" + string(o.ID), "s_ask|refund|" + string(o.ID), "s_pick|revoke|" + string(o.ID), "s_ask_esim|revoke|" + tran + "|" + string(o.ID),
		"s_yes_esim|revoke|" + tran + "|" + string(esim.ProfileGotResource), "s_no|" + string(o.ID), "s_credit|101|500|ABCDEFGH", "s_block|101|1",
		"s_helds", "s_held|" + ref, "s_ask_held|sendback|" + ref, "s_yes_held|sendback|" + ref, "s_close|1", "s_promo", "s_resume",
		"s_why|refund|" + string(o.ID) + "|network", "s_words|refund|" + string(o.ID), "s_role|101|owner", "s_agree|1", "s_disagree|1",
		"s_stats|30", "s_user|101", "s_message|101", "s_price|1", "s_set|1", "s_curate|hide|@JP", "s_cast|send|1", "s_yes_part|" + string(o.ID) + "||1|1", "s_user_do|u_note|101", "s_gift|" + tran + "|X|1", "s_yes_gift|" + tran + "|X|1", "s_yes_assign|" + tran + "|101",
		"s_take|1", "s_reopen|1", "s_answers|1", "s_answer|1|00000000",
	}
	if len(data) != len(s.App.Bot.Staff().Routes()) {
		t.Errorf("%d of %d routes are tried", len(data), len(s.App.Bot.Staff().Routes()))
	}
	ann := s.Messenger.User(annID)
	chat := len(olga.Chat())
	for _, d := range data {
		if toast := s.pressesOn(ann, ann.Last().ID, d); toast.Text == "" {
			t.Errorf("%s in a private chat: %+v", d, toast)
		}
		s.Messenger.Inject(map[string]any{"callback_query": map[string]any{
			"id": "1", "from": map[string]any{"id": staffID, "is_bot": false, "first_name": "Olga"}, "chat_instance": "1", "data": d,
			"message": map[string]any{"message_id": message, "date": shoptest.Noon.Unix(), "text": "x", "chat": map[string]any{"id": -555, "type": "group", "title": "Other"}},
		}})
		s.Messenger.Inject(map[string]any{"callback_query": map[string]any{
			"id": "2", "from": map[string]any{"id": 555, "is_bot": false, "first_name": "Eve"}, "chat_instance": "1", "data": d,
			"message": map[string]any{"message_id": message, "date": shoptest.Noon.Unix(), "text": "x", "chat": map[string]any{"id": groupID, "type": "group", "title": "Staff"}},
		}})
		s.Pump()
	}
	_, menu := s.App.Bot.Staff().Menu(t.Context())
	for _, c := range menu {
		if c.Name == "help" || c.Name == "language" { // customers have their own
			continue
		}
		s.Send(ann, "/"+c.Name+" "+string(o.ID))
		if strings.Contains(ann.Last().Text, o.ID.String()) && strings.Contains(ann.Last().Text, "person") {
			t.Errorf("/%s in a private chat: %s", c.Name, ann.Last().Text)
		}
		s.Messenger.Inject(map[string]any{"message": map[string]any{
			"message_id": 7, "date": shoptest.Noon.Unix(), "text": "/" + c.Name + " " + string(o.ID), "from": map[string]any{"id": 555, "is_bot": false, "first_name": "Eve"},
			"chat": map[string]any{"id": groupID, "type": "group", "title": "Staff"}, "entities": []any{map[string]any{"type": "bot_command", "offset": 0, "length": len(c.Name) + 1}},
		}})
		s.Pump()
	}
	if n := len(olga.Chat()); n != chat {
		t.Errorf("the group was answered %d times: %s", n-chat, olga.Last().Text)
	}
	if s.state(o.ID) != esim.StateDelivered || len(s.audit()) != 0 || s.profile(esim.ESIMID(tran)) != string(esim.ProfileGotResource) {
		t.Errorf("%s, %v, %s", s.state(o.ID), s.audit(), s.profile(esim.ESIMID(tran)))
	}
	s.credited(0)
	s.handledAll()
	// The same button still works for those it was made for.
	s.presses(olga, "s_yes|refund|")
	if s.did("refund") != 1 {
		t.Error("staff cannot press it either")
	}
}

func TestButtonsNobodyMadeAreAnswered(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/order "+string(o.ID))
	at := olga.Last().ID
	for _, d := range []string{
		"menu", "s_card", "s_card|x", "s_card|ZZZZZZZZ", "s_ask", "s_ask|nosuch|" + string(o.ID), "s_ask|retry|" + string(o.ID), "s_ask|received|" + string(o.ID),
		"s_yes|refund|" + string(o.ID), "s_yes|retry|" + string(o.ID) + "|delivered", "s_yes|received|" + string(o.ID) + "|delivered", "s_pick|x|y",
		"s_ask_esim|revoke|nosuch", "s_yes_esim|revoke|nosuch|IN_USE", "s_yes_esim|x", "s_credit|1", "s_block|101|2", "s_no", "Ж",
	} {
		s.pressesOn(olga, at, d)
	}
	if s.state(o.ID) != esim.StateDelivered || len(s.audit()) != 0 {
		t.Errorf("%s, %v", s.state(o.ID), s.audit())
	}
	if waiting := s.Messenger.Unanswered(); len(waiting) > 0 || s.Log.Has("level=ERROR") {
		t.Errorf("never answered: %v; log: %s", waiting, s.Log)
	}
	s.handledAll()
}

// What is set aside for an order that waits for its rest is not in a customer's credit: both read of it.
func TestCreditThatIsSetAsideIsShown(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, ann := s.staffed(), s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	s.Must(s.DB.Grant(t.Context(), esim.GrantTransaction("test", annID, esim.USDCents(100), "test"), esim.AuditEntry{Who: staffID, What: "credit", Customer: annID}, nil))
	code := s.Catalog.Current().Country("JP")[0].Code
	quotes, err := s.Checkout.QuotesBeside(esim.USDCents(100), func(m esim.PaymentMethod) (esim.Quote, error) { return s.Checkout.QuoteWith(m, code, 5, 0) })
	s.Must(err)
	q := quotes[len(quotes)-1]
	_, err = s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: code, Quantity: 5, Method: q.Method, Credit: q.Credit, Seen: q.Price})
	s.Must(err)
	s.credited(0)
	s.Send(ann, "/credit")
	s.sees(ann, "no store credit", "Set aside", "$1.00")
	s.Send(olga, "/credit 101 5.00 sorry")
	s.sees(olga, "who has $0.00", "$1.00 is set aside")
}
