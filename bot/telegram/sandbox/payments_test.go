package sandbox

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func (w *world) invoice(kv ...string) sentMessage {
	w.t.Helper()
	var m sentMessage
	w.ok(&m, "sendInvoice", append([]string{
		"chat_id", "101", "title", "Japan 1 GB", "description", "7 days", "payload", "o1", "currency", "XTR",
		"prices", `[{"label":"x","amount":450}]`, "start_parameter", "o1",
	}, kv...)...)
	return m
}

// cashier answers every pre-checkout query until the test ends, and drops other updates.
func (w *world) cashier(answer ...string) {
	ended := make(chan struct{})
	w.t.Cleanup(func() { w.Close(); <-ended })
	go func() {
		defer close(ended)
		for offset := int64(0); ; {
			var list []struct {
				ID    int64                `json:"update_id"`
				Query *struct{ ID string } `json:"pre_checkout_query"`
			}
			r := w.call("getUpdates", "timeout", "50", "offset", itoa(offset))
			if !r.OK || json.Unmarshal(r.Result, &list) != nil || len(list) == 0 {
				return
			}
			for _, u := range list {
				offset = u.ID + 1
				if u.Query != nil {
					w.call("answerPreCheckoutQuery", append([]string{"pre_checkout_query_id", u.Query.ID}, answer...)...)
				}
			}
		}
	}()
}

// paying starts a payment and lets the test answer the query itself.
func (w *world) paying(h *UserClient) (query string, done chan error) {
	w.t.Helper()
	done = make(chan error, 1)
	go func() { done <- h.Pay() }()
	return queryID(w.t, w.poll(), "pre_checkout_query"), done
}

// poll waits for updates and confirms them.
func (w *world) poll() []map[string]json.RawMessage {
	w.t.Helper()
	var list []map[string]json.RawMessage
	w.ok(&list, "getUpdates", "timeout", "20")
	w.take()
	return list
}

func TestAPayment(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	if inv := ann.Last().Invoice; inv == nil || inv.Total != 450 || inv.PayButton != "Pay ⭐450" {
		t.Fatalf("invoice %+v", inv)
	}
	id, done := w.paying(ann)
	w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	w.refused(w.call("answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true"), 400, "Bad Request: "+textTooOld)
	var m struct {
		Pay struct {
			Currency string
			Total    int64  `json:"total_amount"`
			Payload  string `json:"invoice_payload"`
			Charge   string `json:"telegram_payment_charge_id"`
		} `json:"successful_payment"`
	}
	_ = json.Unmarshal(w.take()[0]["message"], &m)
	if m.Pay.Total != 450 || m.Pay.Payload != "o1" || m.Pay.Currency != "XTR" || m.Pay.Charge == "" {
		t.Fatalf("successful_payment %+v", m)
	}
	chat := ann.Chat()
	if p := chat[len(chat)-1].Payment; p == nil || p.Kind != "successful" || !chat[len(chat)-2].Invoice.Paid {
		t.Errorf("chat %+v", chat)
	}
	if ann.Stars() != 9550 || w.BotStars() != 450 {
		t.Errorf("stars %d, bot %d", ann.Stars(), w.BotStars())
	}
	if err := ann.PayMessage(chat[len(chat)-2].ID); !errors.Is(err, ErrAlreadyPaid) {
		t.Errorf("paying again: %v", err)
	}

	w.ok(nil, "refundStarPayment", "user_id", "101", "telegram_payment_charge_id", m.Pay.Charge)
	w.refused(w.call("refundStarPayment", "user_id", "101", "telegram_payment_charge_id", m.Pay.Charge), 400, "Bad Request: CHARGE_ALREADY_REFUNDED")
	w.refused(w.call("refundStarPayment", "user_id", "102", "telegram_payment_charge_id", m.Pay.Charge), 400, "Bad Request: CHARGE_NOT_FOUND")
	if p := ann.Last().Payment; p == nil || p.Kind != "refunded" || ann.Stars() != 10_000 {
		t.Errorf("after the refund: %+v, %d Stars", ann.Last(), ann.Stars())
	}
	if u := w.take(); !strings.Contains(string(u[0]["message"]), "refunded_payment") {
		t.Errorf("updates %v", u)
	}
	var book struct {
		Transactions []struct {
			ID               string
			Amount           int64
			Source, Receiver *struct {
				Payload string `json:"invoice_payload"`
			}
		}
	}
	w.ok(&book, "getStarTransactions")
	if l := book.Transactions; len(l) != 2 || l[0].ID != m.Pay.Charge || l[1].ID != l[0].ID || l[0].Source.Payload != "o1" || l[1].Source != nil || l[1].Receiver == nil {
		t.Errorf("transactions %+v", l)
	}
	w.ok(&book, "getStarTransactions", "offset", "1", "limit", "1")
	if l := book.Transactions; len(l) != 1 || l[0].Receiver == nil {
		t.Errorf("from the second: %+v", l)
	}
}

func TestPreCheckoutRefusedOrLate(t *testing.T) {
	w := newWorld(t, Options{PreCheckoutTimeout: 50 * time.Millisecond})
	ann := w.started(101)
	w.invoice()
	id, done := w.paying(ann)
	if err := <-done; !errors.Is(err, ErrBotTooSlow) {
		t.Errorf("no answer: %v", err)
	}
	w.refused(w.call("answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true"), 400, "Bad Request: "+textTooOld)
	if ann.Stars() != 10_000 {
		t.Error("money moved")
	}
	patient := newWorld(t, Options{})
	bob := patient.started(101)
	patient.invoice()
	id, done = patient.paying(bob)
	patient.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "false", "error_message", "Sold out")
	var no *DeclinedError
	if err := <-done; !errors.As(err, &no) || no.Text != "Sold out" {
		t.Errorf("declined: %v", err)
	}
	if bob.Last().Invoice == nil || bob.Last().Invoice.Paid {
		t.Error("a declined invoice cannot be paid any more")
	}
}

func TestPaymentsThatGoWrong(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	pay := func() string {
		t.Helper()
		id, done := w.paying(ann)
		w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true")
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		return kinds(w.take())
	}
	w.invoice()
	w.LosePayments(1)
	if got := pay(); got != "" || w.BotStars() != 450 {
		t.Errorf("a lost payment: %d Stars, updates %q", w.BotStars(), got)
	}
	w.invoice()
	w.AllowPayingTwice(true)
	if a, b := pay(), pay(); a != "message" || b != "message" || w.BotStars() != 3*450 {
		t.Errorf("paid twice: %d Stars, updates %q, %q", w.BotStars(), a, b)
	}
	ann.AddStars(-1_000_000)
	if err := ann.Pay(); !errors.Is(err, ErrTooFewStars) {
		t.Errorf("poor: %v", err)
	}
}

func TestTwoFormsOfOneInvoice(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	m := w.invoice()
	one, _ := ann.OpenInvoice(m.ID)
	two, _ := ann.OpenInvoice(m.ID)
	results := make(chan error, 2)
	for _, f := range []Form{one, two} {
		go func() { results <- ann.PayForm(f.ID) }()
	}
	for answered := 0; answered < 2; { // both sheets ask before either is paid
		var list []map[string]json.RawMessage
		w.ok(&list, "getUpdates", "timeout", "20")
		if answered = len(list); answered < 2 {
			continue
		}
		for _, u := range list {
			w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", queryID(t, []map[string]json.RawMessage{u}, "pre_checkout_query"), "ok", "true")
		}
	}
	if a, b := <-results, <-results; (a == nil) == (b == nil) || w.BotStars() != 450 {
		t.Errorf("paid %v and %v, %d Stars: want it paid once", a, b, w.BotStars())
	}
	if _, err := ann.OpenInvoice(m.ID); !errors.Is(err, ErrAlreadyPaid) {
		t.Errorf("opening a paid invoice: %v", err)
	}
}

func TestPaymentsDeliveredTwice(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	w.RepeatPayments(1)
	id, done := w.paying(ann)
	w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	list := w.take()
	if len(list) != 2 || string(list[0]["message"]) != string(list[1]["message"]) || string(list[0]["update_id"]) == string(list[1]["update_id"]) {
		t.Errorf("want one payment in two updates: %v", list)
	}
}

func TestForwardedInvoices(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	bob := w.User(102)
	named := w.invoice()
	if err := bob.PayForwarded(101, named.ID); !errors.Is(err, ErrNotForwardable) || bob.Last().Text != "/start o1" {
		t.Errorf("with a start parameter: %v, %q", err, bob.Last().Text)
	}
	foreign := make(chan error, 1)
	w.take()
	go func() { foreign <- bob.PayForeign(101, named.ID) }()
	var asked struct{ From struct{ ID int64 } }
	list := w.poll()
	_ = json.Unmarshal(list[0]["pre_checkout_query"], &asked)
	w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", queryID(t, list, "pre_checkout_query"), "ok", "false", "error_message", "not yours")
	var no *DeclinedError
	if err := <-foreign; !errors.As(err, &no) || asked.From.ID != 102 || w.BotStars() != 0 {
		t.Errorf("somebody else's invoice: %v, asked about %d", err, asked.From.ID)
	}
	if err := bob.PayForeign(101, 999); !errors.Is(err, ErrNoMessage) {
		t.Errorf("no invoice: %v", err)
	}
	free := w.invoice("start_parameter", "")
	var link string
	w.ok(&link, "createInvoiceLink", "title", "x", "description", "x", "payload", "o2", "currency", "XTR", "prices", `[{"label":"x","amount":1}]`)
	w.take()
	w.cashier("ok", "true")
	for range 2 { // again and again, by anybody
		if err := bob.PayForwarded(101, free.ID); err != nil {
			t.Fatal(err)
		}
		if err := bob.OpenLink(link); err != nil {
			t.Fatal(err)
		}
	}
	if w.BotStars() != 902 || bob.Last().Payment == nil {
		t.Errorf("%d Stars, chat ends with %+v", w.BotStars(), bob.Last())
	}
}
