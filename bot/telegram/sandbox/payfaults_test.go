package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// told is a payment or a refund as the bot is told of it.
type told struct {
	Currency string
	Total    int64  `json:"total_amount"`
	Payload  string `json:"invoice_payload"`
	Charge   string `json:"telegram_payment_charge_id"`
	Provider string `json:"provider_payment_charge_id"`
}

// tidings returns the payments and refunds in updates.
func tidings(list []map[string]json.RawMessage) (paid, refunded []told) {
	for _, u := range list {
		var m struct {
			Paid     *told `json:"successful_payment"`
			Refunded *told `json:"refunded_payment"`
		}
		_ = json.Unmarshal(u["message"], &m) // other kinds have no message
		if m.Paid != nil {
			paid = append(paid, *m.Paid)
		}
		if m.Refunded != nil {
			refunded = append(refunded, *m.Refunded)
		}
	}
	return paid, refunded
}

// pays is a payment from the invoice to the last update. It returns what the bot was told.
func (w *world) pays(h *UserClient) (paid []told) {
	w.t.Helper()
	id, done := w.paying(h)
	w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true")
	if err := <-done; err != nil {
		w.t.Fatal(err)
	}
	paid, _ = tidings(w.take())
	return paid
}

type transaction struct {
	ID               string
	Amount, Date     int64
	Source, Receiver *struct {
		Type    string
		Kind    string `json:"transaction_type"`
		Payload string `json:"invoice_payload"`
		User    struct{ ID int64 }
	}
}

func (w *world) transactions(kv ...string) []transaction {
	w.t.Helper()
	var book struct{ Transactions []transaction }
	w.ok(&book, "getStarTransactions", kv...)
	return book.Transactions
}

func TestALostPaymentCanBeToldLate(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	w.LosePayments(1)
	if paid := w.pays(ann); len(paid) != 0 {
		t.Fatalf("told of %+v", paid)
	}
	book := w.transactions()
	if len(book) != 1 || book[0].Source.Payload != "o1" || book[0].Source.User.ID != 101 {
		t.Fatalf("transactions %+v", book)
	}
	if n := w.TellLostPayments(); n != 1 {
		t.Errorf("%d told late, want 1", n)
	}
	if paid, _ := tidings(w.take()); len(paid) != 1 || paid[0].Charge != book[0].ID || paid[0].Total != 450 {
		t.Errorf("told %+v", paid)
	}
	if n := w.TellLostPayments(); n != 0 {
		t.Errorf("%d told twice", n)
	}
}

func TestAnAnswerThatComesAfterTelegramGaveUp(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	id, done := w.paying(ann)
	stop := w.BreakpointAt("answerPreCheckoutQuery", BeforeWork)
	answered := make(chan reply, 1)
	go func() { answered <- w.call("answerPreCheckoutQuery", "pre_checkout_query_id", id, "ok", "true") }()
	w.wait("the answer", stop.Reached())
	if n := w.GiveUpCheckouts(); n != 1 {
		t.Errorf("%d given up, want 1", n)
	}
	if err := <-done; !errors.Is(err, ErrBotTooSlow) || ann.Stars() != 10_000 {
		t.Errorf("paid: %v, %d Stars left", err, ann.Stars())
	}
	stop.Release()
	w.refused(<-answered, 400, "Bad Request: "+textTooOld)
	if paid := w.pays(ann); len(paid) != 1 { // the invoice is as good as before
		t.Errorf("told %+v", paid)
	}
}

func TestALostAnswerToACheckoutDoesNotStopThePayment(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	id, done := w.paying(ann)
	stop := w.BreakpointAt("answerPreCheckoutQuery", AfterWork)
	kill, dead := w.victim("answerPreCheckoutQuery", formType, strings.NewReader("pre_checkout_query_id="+id+"&ok=true"))
	w.wait("the answer", stop.Reached())
	kill()
	if <-dead == nil {
		t.Error("the answer was not lost")
	}
	if err := <-done; err != nil || w.BotStars() != 450 {
		t.Errorf("paid: %v, %d Stars", err, w.BotStars())
	}
}

func TestRefundsThatTheBotDidNotMake(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	paid := w.pays(ann)[0]
	w.clock.at = w.clock.at.Add(time.Hour)
	if err := w.RefundElsewhere(paid.Charge); err != nil {
		t.Fatal(err)
	}
	if _, refunded := tidings(w.take()); len(refunded) != 1 || refunded[0] != (told{"XTR", 450, "o1", paid.Charge, ""}) {
		t.Errorf("told of the refund: %+v", refunded)
	}
	book := w.transactions()
	if len(book) != 2 || book[1].ID != paid.Charge || book[1].Source != nil || book[1].Receiver == nil ||
		book[1].Amount != 450 || book[1].Date != book[0].Date+3600 {
		t.Errorf("transactions %+v", book)
	}
	if ann.Stars() != 10_000 || w.BotStars() != 0 {
		t.Errorf("%d and %d Stars", ann.Stars(), w.BotStars())
	}
	w.refused(w.call("refundStarPayment", "user_id", "101", "telegram_payment_charge_id", paid.Charge), 400, ChargeAlreadyRefunded)
	for _, id := range []string{paid.Charge, "", "stxnone"} {
		if err := w.RefundElsewhere(id); !errors.Is(err, ErrNotRefundable) {
			t.Errorf("refunding %q: %v", id, err)
		}
	}
}

func TestRefusalsOfRefunds(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	paid := w.pays(ann)[0]
	refund := func(user, charge string) reply {
		return w.call("refundStarPayment", "user_id", user, "telegram_payment_charge_id", charge)
	}
	w.refused(refund("101", ""), 400, "Bad Request: CHARGE_ID_EMPTY")
	w.refused(refund("", paid.Charge), 400, "Bad Request: invalid user_id specified")
	w.refused(refund("102", paid.Charge), 400, "Bad Request: CHARGE_NOT_FOUND")
	for _, words := range []string{ChargeAlreadyRefunded, ChargeEmpty, ChargeNotFound, RefundUserInvalid} {
		w.Break("refundStarPayment", 1, Fault{Kind: Refuse, Description: words})
		w.refused(refund("101", paid.Charge), 400, words)
	}
	w.Break("refundStarPayment", 1, Fault{Kind: Refuse, Code: 403, Description: "Forbidden: x"})
	w.refused(refund("101", paid.Charge), 403, "Forbidden: x")
	if ann.Stars() != 9550 {
		t.Fatalf("a refused refund moved money: %d", ann.Stars())
	}
	ann.Block() // keeps nobody from getting the money back
	if r := refund("101", paid.Charge); !r.OK || ann.Stars() != 10_000 {
		t.Errorf("refund to somebody who has blocked the bot: %+v, %d", r, ann.Stars())
	}
}

func TestEveryMethodCanBeFlooded(t *testing.T) {
	w := newWorld(t, Options{})
	for _, m := range methods {
		w.Break(m.name, 1, Fault{Kind: TooMany, RetryAfter: 3})
		r := w.call(m.name)
		if r.Status != 429 || r.Parameters.RetryAfter != 3 || r.Header.Get("Retry-After") != "3" || r.Description != "Too Many Requests: retry after 3" {
			t.Errorf("%s: %+v", m.name, r)
		}
	}
}

func TestAnOldInvoiceCanStillBePaid(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice()
	w.clock.at = w.clock.at.Add(400 * 24 * time.Hour)
	if paid := w.pays(ann); len(paid) != 1 || paid[0].Payload != "o1" {
		t.Errorf("told %+v", paid)
	}
}

func TestHundredsOfTransactions(t *testing.T) {
	const payments = 230
	var seconds atomic.Int64 // a clock that may move while the cashier looks
	seconds.Store(1_760_000_000)
	w := newWorld(t, Options{NoFlood: true, Now: func() time.Time { return time.Unix(seconds.Load(), 0) }})
	ann, bob := w.started(101), w.started(102)
	w.cashier("ok", "true")
	var want []string // charge ids, "-" in front of refunds
	for i := range payments {
		var link string
		w.ok(&link, "createInvoiceLink", "title", "x", "description", "x", "payload", fmt.Sprint("order-", i), "currency", "XTR", "prices", `[{"label":"x","amount":2}]`)
		payer := ann
		if i%3 == 0 {
			payer = bob
		}
		if err := payer.OpenLink(link); err != nil {
			t.Fatal(err)
		}
		book := w.transactions("offset", fmt.Sprint(len(want)))
		if len(book) != 1 || book[0].Source.Payload != fmt.Sprint("order-", i) || book[0].Source.User.ID != payer.ID() {
			t.Fatalf("after payment %d: %+v", i, book)
		}
		want = append(want, book[0].ID)
		if i%10 == 0 {
			w.ok(nil, "refundStarPayment", "user_id", itoa(payer.ID()), "telegram_payment_charge_id", book[0].ID)
			want = append(want, "-"+book[0].ID)
		}
		seconds.Add(1)
	}
	var got []string
	for date := int64(0); ; {
		page := w.transactions("offset", fmt.Sprint(len(got)), "limit", "100")
		for _, x := range page {
			id, side := x.ID, x.Source
			if side == nil {
				id, side = "-"+x.ID, x.Receiver
			}
			if side == nil || side.Type != "user" || side.Kind != "invoice_payment" || side.Payload == "" || x.Amount != 2 || x.Date < date {
				t.Fatalf("transaction %d: %+v", len(got), x)
			}
			date = x.Date
			got = append(got, id)
		}
		if len(page) < 100 {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%d transactions, want %d, in this order", len(got), len(want))
	}
	for _, tt := range []struct {
		offset, limit string
		want          int
	}{{"0", "100", 100}, {"0", "101", 100}, {"0", "0", 100}, {"", "", 100}, {"200", "100", len(want) - 200}, {"9999", "100", 0}, {"5", "1", 1}} {
		if n := len(w.transactions("offset", tt.offset, "limit", tt.limit)); n != tt.want {
			t.Errorf("offset %q limit %q: %d, want %d", tt.offset, tt.limit, n, tt.want)
		}
	}
	w.refused(w.call("getStarTransactions", "offset", "-1"), 400, "Bad Request: invalid offset specified")
}
