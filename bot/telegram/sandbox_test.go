package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
	"esimbot/bot/telegram/sandbox/apitable"
)

// A world is the simulator, our client, and what the Receiver has stored so far.
type world struct {
	*testing.T
	tg      *sandbox.Server
	c       *telegram.Client
	ann     *sandbox.UserClient
	updates chan telegram.Update
}

func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	tg := sandbox.New(o)
	web := httptest.NewServer(apitable.Hold(t, "../..", tg, false))
	c, err := telegram.New(telegram.Config{Token: tg.Token(), BaseURL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, tg: tg, c: c, ann: tg.User(101), updates: make(chan telegram.Update, 100)}
	t.Cleanup(func() { tg.Close(); web.CloseClientConnections(); web.Close() })
	return w
}

// store is what a Receiver calls.
func (w *world) store(_ context.Context, raw []telegram.RawUpdate) error {
	for _, r := range raw {
		u, err := telegram.Decode(r.Raw)
		if err != nil || u.ID != r.ID {
			w.Errorf("update %d decodes to %d: %v", r.ID, u.ID, err)
		}
		w.updates <- u
	}
	return nil
}

// poll runs a Receiver until the test ends.
func (w *world) poll() *telegram.Receiver {
	r := &telegram.Receiver{Client: w.c, Store: w.store}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.Poll(ctx) }()
	w.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.Errorf("Poll = %v", err)
		}
	})
	return r
}

func (w *world) next() telegram.Update {
	w.Helper()
	select {
	case u := <-w.updates:
		return u
	case <-time.After(20 * time.Second):
		w.Fatal("no update came")
		return telegram.Update{}
	}
}

func (w *world) start() {
	w.Helper()
	if _, err := w.ann.Send("/start JP"); err != nil {
		w.Fatal(err)
	}
	u := w.next()
	if u.Message == nil {
		w.Fatalf("got %+v", u)
	}
	if command, args := u.Message.CommandFor(w.tg.Username()); command != "start" || args != "JP" {
		w.Errorf("%q %q", command, args)
	}
	if !u.Message.Chat.Private() || u.Message.From.ID != 101 || u.Message.Date.IsZero() {
		w.Errorf("message %+v", u.Message)
	}
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)))
	return b.Bytes()
}

func TestSandboxConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	me, err := w.c.Me(t.Context())
	w.ok(err)
	if !me.IsBot || me.Username != w.tg.Username() || me.ID != w.tg.BotID() {
		t.Errorf("Me = %+v", me)
	}
	r := w.poll()
	w.start()
	menu := telegram.Keyboard{{{Text: "Buy", Data: "buy|JP"}, {Text: "Copy", Copy: "LPA:1$x$y"}}, {{Text: "Site", URL: "https://example.com/?a=1&b=2"}}}
	id, err := w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "<b>Hi</b> " + telegram.EscapeHTML(`<"Ann" & co>`), Keyboard: menu, Protect: true})
	w.ok(err)
	last := w.ann.Last()
	if last.ID != id || last.Text != `Hi <"Ann" & co>` || !slices.Equal(last.Labels(), []string{"Buy", "Copy", "Site"}) {
		t.Errorf("Ann sees %+v", last)
	}

	query, err := w.ann.Press("Buy")
	w.ok(err)
	press := w.next().Callback
	if press == nil || press.Data != "buy|JP" || press.Message == nil || press.Message.ID != id || press.ID != query {
		t.Fatalf("got %+v", press)
	}
	w.ok(w.c.AnswerCallback(t.Context(), press.ID, "one moment", false))
	w.ok(w.c.AnswerCallback(t.Context(), press.ID, "twice", false)) // too late, and no error
	if got := w.ann.Toast().Text; got != "one moment" {
		t.Errorf("the answer was %q", got)
	}
	edited := telegram.Text{Chat: 101, HTML: "Japan", Keyboard: menu}
	w.ok(w.c.EditText(t.Context(), id, edited))
	w.ok(w.c.EditText(t.Context(), id, edited)) // not modified, and no error
	w.ok(w.c.EditKeyboard(t.Context(), 101, id, menu[:1]))
	w.ok(w.c.EditKeyboard(t.Context(), 101, id, nil))
	w.ok(w.c.EditKeyboard(t.Context(), 101, id, nil))
	if last := w.ann.Last(); last.Text != "Japan" || len(last.Labels()) != 0 {
		t.Errorf("Ann sees %+v", last)
	}
	w.ok(w.c.ChatAction(t.Context(), 101, telegram.UploadingPhoto))

	sent, err := w.c.SendPhoto(t.Context(), telegram.Photo{Chat: 101, PNG: picture(), Caption: "<i>QR</i>", Keyboard: menu})
	w.ok(err)
	if b, ok := w.tg.Photo(sent.FileID); !ok || !bytes.Equal(b, picture()) {
		t.Errorf("the picture arrived as %d bytes", len(b))
	}
	w.ok(w.c.EditCaption(t.Context(), 101, sent.MessageID, "new", nil))
	w.ok(w.c.EditCaption(t.Context(), 101, sent.MessageID, "new", nil))
	again, err := w.c.SendPhoto(t.Context(), telegram.Photo{Chat: 101, FileID: sent.FileID})
	w.ok(err)
	if last := w.ann.Last(); last.ID != again.MessageID || last.Photo == nil {
		t.Errorf("Ann sees %+v", last)
	}
	if err := w.c.EditText(t.Context(), sent.MessageID, edited); !telegram.MessageGone(err) {
		t.Errorf("a photo became a text: %v", err)
	}
	w.ok(w.c.Delete(t.Context(), 101, again.MessageID))
	w.ok(w.c.Delete(t.Context(), 101, again.MessageID))
	if err := w.c.EditText(t.Context(), again.MessageID, edited); !telegram.MessageGone(err) {
		t.Errorf("edited what was deleted: %v", err)
	}
	doc, err := w.c.SendDocument(t.Context(), telegram.Document{Chat: 101, Data: []byte("a,b"), Name: "orders.csv"})
	w.ok(err)
	if last := w.ann.Last(); last.Document == nil || last.Document.FileName != "orders.csv" || doc.FileID == "" {
		t.Errorf("Ann sees %+v", last)
	}
	if r.LastPoll().IsZero() {
		t.Error("LastPoll is zero")
	}
}

func TestSandboxPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.poll()
	w.start()
	invoice := telegram.Invoice{
		Chat: 101, Title: "Japan 1 GB", Description: "7 days", Payload: "order-1", Currency: telegram.Stars,
		Amount: 250, StartParameter: "o_1", Keyboard: telegram.Keyboard{{{Text: "Pay 250", Pay: true}}, {{Text: "Back", Data: "back"}}},
	}
	_, err := w.c.SendInvoice(t.Context(), invoice)
	w.ok(err)
	checkout := func(refusal string) error {
		t.Helper()
		paid := make(chan error, 1)
		go func() { paid <- w.ann.Pay() }()
		q := w.next().PreCheckout
		if q == nil || q.Payload != "order-1" || q.Amount != 250 || q.Currency != telegram.Stars || q.From.ID != 101 {
			t.Fatalf("checkout %+v", q)
		}
		w.ok(w.c.AnswerPreCheckout(t.Context(), q.ID, refusal))
		if err := w.c.AnswerPreCheckout(t.Context(), q.ID, ""); !telegram.TooLate(err) {
			t.Errorf("answered twice: %v", err)
		}
		return <-paid
	}
	var declined *sandbox.DeclinedError
	if err := checkout("sold out"); !errors.As(err, &declined) || !strings.Contains(declined.Text, "sold out") {
		t.Errorf("refused, Ann sees %v", err)
	}
	w.ok(checkout(""))
	p := w.next().Message.Payment
	if p == nil || p.Amount != 250 || p.Payload != "order-1" || p.ChargeID == "" {
		t.Fatalf("payment %+v", p)
	}
	w.ok(w.c.RefundStars(t.Context(), 101, p.ChargeID))
	w.ok(w.c.RefundStars(t.Context(), 101, p.ChargeID)) // refunded before, and no error
	if err := w.c.RefundStars(t.Context(), 101, "no such charge"); err == nil || telegram.Temporary(err) {
		t.Errorf("refunded what was not paid: %v", err)
	}
	if re := w.next().Message.Refund; re == nil || re.ChargeID != p.ChargeID {
		t.Errorf("refund %+v", re)
	}
	all, err := w.c.StarTransactions(t.Context(), 0, telegram.MaxTransactions)
	w.ok(err)
	if len(all) != 2 || !all[0].Incoming || all[0].ID != p.ChargeID || all[0].Payload != "order-1" || all[0].UserID != 101 ||
		!all[1].Refund() || all[1].ID != p.ChargeID || all[1].UserID != 101 {
		t.Errorf("transactions %+v", all)
	}
	if n, err := w.c.StarBalance(t.Context()); err != nil || n != w.tg.BotStars() {
		t.Errorf("balance %d, %v", n, err)
	}
	if link, err := w.c.InvoiceLink(t.Context(), invoice); err != nil || !strings.HasPrefix(link, "https://") {
		t.Errorf("link %q, %v", link, err)
	}
}

func TestSandboxProfileAndInline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.poll()
	w.ok(w.c.SetCommands(t.Context(), telegram.ScopeDefault, "", []telegram.Command{{Name: "start", Description: "Begin"}}))
	w.ok(w.c.SetCommands(t.Context(), telegram.ScopePrivate, "de", []telegram.Command{{Name: "start", Description: "Los"}}))
	w.ok(w.c.SetCommands(t.Context(), telegram.ScopeChat(w.tg.Group().ID), "", nil))
	if got := w.tg.Commands()["default"]; len(got) != 1 {
		t.Errorf("commands %+v", w.tg.Commands())
	}
	if err := w.c.SetCommands(t.Context(), telegram.ScopeDefault, "pt-br", nil); err == nil || telegram.Temporary(err) {
		t.Errorf("a language of five letters: %v", err)
	}
	w.ok(w.c.SetDescriptions(t.Context(), "", "A shop", "shop"))
	query := w.ann.Inline("japan", "")
	u := w.next()
	if u.Inline == nil || u.Inline.Query != "japan" {
		t.Fatalf("got %+v", u)
	}
	w.ok(w.c.AnswerInline(t.Context(), u.Inline.ID, telegram.InlineAnswer{Personal: true, Results: []telegram.InlineResult{
		{ID: "1", Title: "Japan", HTML: "<b>Japan</b>", Keyboard: telegram.Keyboard{{{Text: "Open", URL: "https://t.me/x?start=JP"}}}},
	}}))
	answer, err := w.ann.WaitInline(t.Context(), query)
	w.ok(err)
	if len(answer.Results) != 1 || !answer.Personal || answer.CacheTime != 0 {
		t.Errorf("answer %+v", answer)
	}
}

func TestSandboxGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Group: sandbox.Group{Forum: true, Admin: true}})
	w.poll()
	group := w.tg.Group().ID
	chat, err := w.c.Chat(t.Context(), group)
	w.ok(err)
	if !chat.Forum || chat.Private() {
		t.Errorf("chat %+v", chat)
	}
	thread, err := w.c.CreateTopic(t.Context(), group, "Orders")
	w.ok(err)
	_, err = w.c.SendText(t.Context(), telegram.Text{Chat: group, Thread: thread, HTML: "order 1"})
	w.ok(err)
	staff := w.tg.User(201)
	if last := staff.In(group).Last(); last.Thread != thread || last.Text != "order 1" {
		t.Errorf("staff see %+v", last)
	}
	for customer, want := range map[int64]bool{201: true, 101: false} {
		if got, err := w.c.Membership(t.Context(), group, customer); err != nil || got.In != want || got.Admin != want {
			t.Errorf("person %d: %+v, %v", customer, got, err)
		}
	}
	w.start()
	_, err = w.c.SendCopy(t.Context(), telegram.Copy{Chat: group, Thread: thread, FromChat: 101, Message: w.ann.Last().ID})
	w.ok(err)
	if last := staff.In(group).Last(); last.Text != "/start JP" {
		t.Errorf("staff see %+v", last)
	}
}
