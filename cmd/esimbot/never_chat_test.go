package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

var discarded = slog.New(slog.DiscardHandler)

// settles waits until every update, message and vendor event is worked off.
func (h *hookedShop) settles() {
	h.t.Helper()
	quiet(h.ctx, h.t, h.app)
	h.eventually("all updates handled", func() bool {
		left, err := h.app.DB.UnhandledUpdates(h.ctx, 1)
		return err == nil && len(left) == 0
	})
	quiet(h.ctx, h.t, h.app)
}

func TestNever07OnePersonSeesOrChangesWhatIsAnothers(t *testing.T) {
	t.Parallel()
	h := hastyTown(t).opens("", map[string]string{"PAYMENTS": "stars,credit", "USAGE_POLL": yearly["USAGE_POLL"]})
	tran, bought := h.delivered(h.rig)
	s, a := h.rig, h.app
	ann, bob := visit(s, s.ann()), visit(s, s.bob())
	mine := s.newestOf(ann.ID())
	request := s.request(esim.MethodCredit)
	if err := a.Admin.Grant(s.ctx, "gift", esim.AuditEntry{At: a.Now(), Who: esim.CustomerID(s.staff().ID()), What: "credit", Customer: request.Customer, Amount: esim.USDCents(10 * request.Seen.Minor), Why: "a test"}); err != nil {
		t.Fatal(err)
	}
	unpaid, err := a.Checkout.Begin(s.ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	annsMenu := ann.says("/start", "Where are you going")
	ann.says("/start p_"+s.japan().Code, "Price:")
	ann.presses("⭐")
	invoice := ann.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil && !m.Invoice.Paid })

	annsThread, err := a.Support.Begin(s.ctx, esim.SupportThread{Customer: request.Customer}, 0)
	if err != nil {
		t.Fatal(err)
	}

	// In an order in which Ann can press them all herself afterwards.
	private := []string{
		"fault|" + tran, "lost|" + tran,
		"esim|" + tran, "fresh|" + tran, "qr|" + tran, "install|" + tran, "chart|" + tran, "name|" + tran, "guide|iphone|" + tran, "topup|" + tran, "tcard|" + tran + "|X|0", "tbuy|" + tran + "|X|0|1",
		"ealerts|" + tran, "ealerts|" + tran + "|data10", "ealerts|" + tran + "|all", "rescue|" + tran + "|1", "auto|" + tran, "auto|" + tran + "|X|10|1", "autooff|" + tran,
		"again|" + string(mine.ID), "order|" + string(mine.ID), "leave|" + string(mine.ID), "leavenow|" + string(mine.ID),
		"swap|" + tran, "swapof|" + string(mine.ID), "swapfind|" + tran, "swapcard|" + tran + "|X", "swbuy|" + tran + "|X|0|1",
		"give|" + tran, "givenow|" + tran, "giveback|" + tran,
		"trip|" + tran, "trip|o" + string(mine.ID) + "|2030-01-01", fmt.Sprint("endtalk|", annsThread.ID), "cancel|" + tran, "paycredit|" + string(unpaid.ID), "cancelnow|" + string(mine.ID), "cancelone|" + tran,
		"wdraw|" + string(mine.ID), "wdrawnow|" + string(mine.ID),
	}
	public := "menu lang help conts cont regions country region buy ways esims plan nets phone fit share find askus person details need promo invite"
	public += " mydata forget forgetnow settings alert quiet zone news" // they name nobody: of who presses them
	public += " given claim take"                                       // of what others gave: bot.TestGiftsAreNoBusinessOfOthers
	known := map[string]bool{}
	for _, r := range strings.Fields(public) {
		known[r] = true
	}
	for _, data := range private {
		known[strings.Split(data, "|")[0]] = true
	}
	for _, route := range a.Bot.Routes() {
		r := string(route)
		if strings.HasPrefix(r, "s_") { // of the staff's group: in a private chat they do not exist
			private = append(private, r+"|refund|"+string(mine.ID)+"|delivered", r+"|"+string(mine.ID), r+"|suspend|"+tran+"|new")
		} else if !known[r] {
			t.Errorf("route %q is new: say here whose things it names", r)
		}
	}

	h.settles()
	before, annsChat := holdings(s.ctx, t, a, ann.ID()), len(ann.Chat())
	menu := bob.says("/start", "Where are you going")
	for _, data := range private {
		want := "You have no such"
		if strings.HasPrefix(data, "s_") {
			want = "no longer works"
		}
		for _, message := range []int{menu.ID, 999_999} {
			if toast := bob.forges(message, data); !strings.Contains(toast.Text, want) {
				t.Errorf("Bob presses %q of Ann's: toast %q, want %q", data, toast.Text, want)
			}
		}
	}
	for _, text := range []string{
		"/start " + tran, "/start " + string(mine.ID), "/start esim_" + tran, "/start qr_" + tran, "/start o_" + string(mine.ID), "/start p_" + tran,
		"/esims " + tran, "/order " + mine.ID.String(), "/refund " + string(mine.ID), mine.ID.String(), tran,
	} {
		bob.says(text, "")
	}
	var declined *tgsandbox.DeclinedError
	if err := bob.PayForeign(ann.ID(), invoice.ID); !errors.As(err, &declined) {
		t.Errorf("Bob pays Ann's invoice: %v, want a refusal", err)
	}
	bob.showsNothingOf(h, tran, bought, mine, unpaid)
	h.settles()
	if after := holdings(s.ctx, t, a, ann.ID()); after != before {
		t.Errorf("Bob changed what is Ann's:\n%s\nbefore:\n%s", after, before)
	}
	if n := len(ann.Chat()); n != annsChat {
		t.Errorf("Ann got %d messages of Bob's presses", n-annsChat)
	}
	for _, data := range private { // the same data work for Ann, or the refusals above prove nothing
		if route, _, _ := strings.Cut(data, "|"); strings.HasPrefix(route, "s_") {
			continue
		}
		if toast := ann.forges(annsMenu.ID, data); strings.HasPrefix(toast.Text, "You have no such") {
			t.Errorf("Ann's own %q is not found", data)
		}
	}
	ann.untilText("Being cancelled")
}

// showsNothingOf holds that what is another's stands nowhere in this customer's chat.
func (v visitor) showsNothingOf(h *hookedShop, tran string, bought vendorsandbox.OrderView, orders ...esim.Order) {
	v.t.Helper()
	code := activationCodeAs(v.t, h.vendorURL, goodCode, tran)
	private := []string{code, code[strings.LastIndex(code, "$")+1:], h.vendor.Profiles()[0].ICCID, bought.OrderNo, bought.TransactionID}
	for _, o := range orders {
		private = append(private, o.IdempotencyKey)
	}
	for _, m := range v.Chat() {
		if m.Photo != nil {
			v.t.Error("a picture")
		}
		if !m.From.IsBot {
			continue
		}
		everything := m.HTML()
		for _, row := range m.Keyboard {
			for _, b := range row {
				everything += "\n" + b.Data + "\n" + b.URL + "\n" + b.Copy
			}
		}
		for _, p := range private {
			if strings.Contains(everything, p) {
				v.t.Errorf("the chat shows what is another's: %.80q", m.Text)
			}
		}
	}
}

func TestNever08AWebhookBelieved(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", yearly)
	tran, order := h.delivered(h.rig)
	s, a := h.rig, h.app
	ann := visit(s, s.ann())
	h.settles()
	before, chat := holdings(s.ctx, t, a, ann.ID()), len(ann.Chat())
	for i, status := range []string{"USED_UP", "USED_EXPIRED", "CANCEL", "REVOKED"} {
		body := fmt.Sprintf(`{"notifyType":"ESIM_STATUS","notifyId":"forged-%d","content":{"orderNo":%q,"esimTranNo":%q,"esimStatus":%q,"smdpStatus":"ENABLED"}}`,
			i, order.OrderNo, tran, status)
		if code := h.post(a.Webhooks.VendorPath, body, nil); code != http.StatusOK {
			t.Errorf("%s: %d", status, code)
		}
	}
	h.vendor.Advance(time.Minute)
	a.WakeWorkers()
	h.settles()
	if after := holdings(s.ctx, t, a, ann.ID()); after != before || len(ann.Chat()) != chat {
		t.Errorf("a forged event moved something:\n%s\nbefore:\n%s", after, before)
	}

	update := func(id int) string {
		return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":%[2]d,"type":"private"},"from":{"id":%[2]d,"first_name":"Ann"},"text":"/help"}}`, id, ann.ID())
	}
	right := a.Webhooks.TelegramToken
	wrong := map[string]string{
		"nothing": "", "another": "wrong", "all but the last": right[:len(right)-1], "one more": right + "x",
		"the last letter wrong": right[:len(right)-1] + "!", "in small letters": strings.ToLower(right),
	}
	n := 800_000_100
	for name, secret := range wrong {
		n++
		if code := h.post(a.Webhooks.TelegramPath, update(n), http.Header{"X-Telegram-Bot-Api-Secret-Token": {secret}}); code != http.StatusForbidden {
			t.Errorf("Telegram's secret is %s: %d, want 403", name, code)
		}
	}
	quiet(s.ctx, t, a)
	if len(ann.Chat()) != chat {
		t.Error("an update without the right secret was answered")
	}
	if code := h.post(a.Webhooks.TelegramPath, update(n+1), http.Header{"X-Telegram-Bot-Api-Secret-Token": {right}}); code != http.StatusOK {
		t.Errorf("with the right secret: %d", code)
	}
	h.eventually("the answer to an update with the right secret", func() bool { return len(ann.Chat()) > chat })
}

func TestNever09ASecretInALog(t *testing.T) {
	t.Parallel()
	const secret = "secret-that-signs-the-calls"
	h := hastyTown(t).opens("", map[string]string{"ESIM_ACCESS_SECRET": secret, "USAGE_POLL": yearly["USAGE_POLL"]})
	h.eventually("registered", h.registered)
	for _, endpoint := range []string{"esim/order", "esim/query"} {
		for _, kind := range []vendorsandbox.FaultKind{vendorsandbox.LoseAnswer, vendorsandbox.CutBody, vendorsandbox.BadGateway} {
			h.vendor.Break(vendorsandbox.Fault{Endpoint: endpoint, Kind: kind, Worked: true, Count: 1})
		}
	}
	for _, method := range []string{"sendPhoto", "sendMessage", "editMessageText"} {
		h.telegram.Break(method, 1, tgsandbox.Fault{Kind: tgsandbox.LoseRequest})
	}
	h.telegram.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.BadGateway})
	h.telegram.Break("sendPhoto", 1, tgsandbox.Fault{Kind: tgsandbox.LoseAnswer})
	tran, _ := h.delivered(h.rig)
	s := h.rig
	ann := visit(s, s.ann())
	menu := ann.says("/start", "Where are you going")
	for _, route := range []string{"esim", "qr", "fresh", "install", "topup"} {
		h.vendor.Break(vendorsandbox.Fault{Kind: vendorsandbox.CutBody, Count: 1})
		ann.forges(menu.ID, route+"|"+tran)
	}
	h.vendor.Mend()
	h.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011"})
	ann.buys(s.japan())
	ann.untilText("are back with you")
	h.settles()

	log := h.log.String()
	if lines := strings.Count(log, "\n"); lines < 20 || len(log) < 2_000 || !strings.Contains(log, `"level":"DEBUG"`) || !strings.Contains(log, `"level":"WARN"`) {
		t.Errorf("a log of %d lines, %d bytes, proves nothing:\n%.3000s", lines, len(log), log)
	}
	h.hidesItsSecrets() // token, access code, LPA, matching id, ICCID, secrets of the webhooks
	for _, what := range []string{secret, "LPA:1$"} {
		if strings.Contains(log, what) {
			t.Errorf("the log holds %.9q…", what)
		}
	}
	for _, m := range s.staff().Chat() {
		h.keepsSecrets("the staff's group", m.Text)
	}
	o := s.newestOf(ann.ID())
	events, err := h.app.DB.OrderEvents(s.ctx, o.ID)
	if err != nil || len(events) == 0 {
		t.Fatal(err)
	}
	h.keepsSecrets("the events of an order", fmt.Sprintf("%+v %s", events, o.Reason))
}

func TestNever10APanicThatStopsTheBot(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", yearly)
	h.eventually("registered", h.registered)
	s, a := h.rig, h.app
	s.app = a
	if err := errors.Join(a.Catalog.Refresh(s.ctx), a.Monitor.Check(s.ctx)); err != nil {
		t.Fatal(err)
	}
	ann, bob := visit(s, s.ann()), visit(s, s.bob())
	plan := s.japan()
	ann.says("/start p_"+plan.Code, "Price:")
	monitor := a.Checkout.Monitor
	a.Checkout.Monitor = nil // every handler that asks it panics
	if toast := ann.presses("Buy for"); !strings.Contains(toast.Text, "Something went wrong on our side") {
		t.Errorf("after the panic Ann reads %q", toast.Text)
	}
	panics := func() int { return strings.Count(h.log.String(), "panic in a handler") }
	h.eventually("the panic in the log", func() bool { return panics() == 1 })
	u := decoded(t, map[string]any{"update_id": 900_000_002, "pre_checkout_query": map[string]any{
		"id": "77", "from": map[string]any{"id": ann.ID(), "is_bot": false, "first_name": "Ann"},
		"currency": "XTR", "total_amount": 1, "invoice_payload": "X",
	}})
	if err := a.Bot.Handle(s.ctx, u); err != nil {
		t.Errorf("a question of Telegram's: %v", err)
	}
	h.telegram.Inject(map[string]any{"callback_query": map[string]any{"id": "78", "from": map[string]any{"id": bob.ID()}, "message": nil}})
	h.telegram.Inject(map[string]any{"message": map[string]any{"message_id": 5}})
	h.telegram.Inject(map[string]any{"my_chat_member": map[string]any{}})
	ann.says("/start", "Where are you going") // in the same chat,
	bob.says("/start", "Where are you going") // in another one,
	a.Checkout.Monitor = monitor
	ann.buys(plan) // and the shop sells
	ann.qr()
	onlyOrder(t, h.vendor)
	s.nothingSpins()
	left, err := a.DB.UnhandledUpdates(s.ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range left {
		if strings.Contains(string(u.Raw), "buy|") {
			t.Errorf("the press that panics is tried for ever: %s", u.Kind)
		}
	}
}
