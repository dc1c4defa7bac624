package telegram

import (
	"maps"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestInvoices(t *testing.T) {
	t.Parallel()
	stars := Invoice{
		Chat: 42, Title: "Japan 1 GB", Description: "1 GB for 7 days", Payload: "o1", Currency: Stars,
		Amount: 250, Label: "eSIM", StartParameter: "o_1", Keyboard: Keyboard{{{Text: "Pay", Pay: true}}, {{Text: "Back", Data: "back"}}},
	}
	card := stars
	card.Currency, card.ProviderToken, card.Amount, card.Label, card.Keyboard, card.Protect = "USD", "provider:token", 500, "", nil, true
	long := stars
	long.Title, long.Description, long.Keyboard = strings.Repeat("я", 33), strings.Repeat("я", 256), nil
	common := map[string]string{"chat_id": "42", "title": "Japan 1 GB", "description": "1 GB for 7 days", "payload": "o1", "start_parameter": "o_1", "suggested_tip_amounts": "[]"}
	with := func(more map[string]string) map[string]string {
		out := maps.Clone(common)
		maps.Copy(out, more)
		return out
	}
	tests := []struct {
		name string
		in   Invoice
		want map[string]string
	}{
		{"Stars", stars, with(map[string]string{
			"currency": "XTR", "provider_token": "", "prices": `[{"label":"eSIM","amount":250}]`,
			"reply_markup": `{"inline_keyboard":[[{"text":"Pay","pay":true}],[{"text":"Back","callback_data":"back"}]]}`,
		})},
		{"a provider", card, with(map[string]string{"currency": "USD", "provider_token": "provider:token", "prices": `[{"label":"Japan 1 GB","amount":500}]`, "protect_content": "true"})},
		{"long words are cut, not refused", long, with(map[string]string{
			"currency": "XTR", "provider_token": "", "prices": `[{"label":"eSIM","amount":250}]`,
			"title": strings.Repeat("я", 31) + "…", "description": strings.Repeat("я", 254) + "…",
		})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			if id, err := c.SendInvoice(t.Context(), tt.in); err != nil || id != 7 {
				t.Fatalf("%d, %v", id, err)
			}
			if got := s.last("sendInvoice"); !maps.Equal(got, tt.want) {
				t.Errorf("sent\n%v\nwant\n%v", got, tt.want)
			}
		})
	}
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("createInvoiceLink", ok200(`"https://t.me/$abc"`))
	if link, err := c.InvoiceLink(t.Context(), stars); err != nil || link != "https://t.me/$abc" {
		t.Errorf("%q, %v", link, err)
	}
}

func TestPreCheckout(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	if err := c.AnswerPreCheckout(t.Context(), "p", ""); err != nil {
		t.Fatal(err)
	}
	if got := s.last("answerPreCheckoutQuery"); !maps.Equal(got, map[string]string{"pre_checkout_query_id": "p", "ok": "true"}) {
		t.Errorf("sent %v", got)
	}
	if err := c.AnswerPreCheckout(t.Context(), "p", "sold out"); err != nil {
		t.Fatal(err)
	}
	if got := s.last("answerPreCheckoutQuery"); !maps.Equal(got, map[string]string{"pre_checkout_query_id": "p", "ok": "false", "error_message": "sold out"}) {
		t.Errorf("sent %v", got)
	}
	// Unlike an old press this is no success: the payment was cancelled.
	s.next("answerPreCheckoutQuery", no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid", ""))
	if err := c.AnswerPreCheckout(t.Context(), "p", ""); !TooLate(err) || Temporary(err) {
		t.Errorf("got %v", err)
	}
}

func TestAnswersDoNotOutwaitTheirQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, Limits{})
		defer end()
		s.next("answerPreCheckoutQuery", flood(2), ok200("true"), flood(9))
		start := time.Now()
		if err := c.AnswerPreCheckout(t.Context(), "p", ""); err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		start = time.Now()
		if err := c.AnswerPreCheckout(t.Context(), "p", ""); !Temporary(err) || time.Since(start) != 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestStarTransactions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getStarTransactions", ok200(`{"transactions":[
		{"id":"ch1","amount":250,"date":1700000000,"source":{"type":"user","transaction_type":"invoice_payment","user":{"id":42,"first_name":"Ann"},"invoice_payload":"o1"}},
		{"id":"ch1","amount":250,"date":1700000100,"receiver":{"type":"user","transaction_type":"invoice_payment","user":{"id":42}}},
		{"id":"w","amount":1000,"nanostar_amount":5,"date":1700000200,"receiver":{"type":"fragment","withdrawal_state":{"type":"pending"}}},
		{"id":"?","amount":1,"date":1700000300,"source":{"type":"from_the_future"}}
	]}`))
	got, err := c.StarTransactions(t.Context(), 200, 100)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s int64) time.Time { return time.Unix(1700000000+s, 0).UTC() }
	want := []StarTransaction{
		{ID: "ch1", Incoming: true, Amount: 250, Date: at(0), Partner: "user", UserID: 42, Name: "Ann", Kind: "invoice_payment", Payload: "o1"},
		{ID: "ch1", Amount: 250, Date: at(100), Partner: "user", UserID: 42, Kind: "invoice_payment"},
		{ID: "w", Amount: 1000, Nano: 5, Date: at(200), Partner: "fragment"},
		{ID: "?", Incoming: true, Amount: 1, Date: at(300), Partner: "from_the_future"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", show(got), show(want))
	}
	for i, refund := range []bool{false, true, false, false} {
		if got[i].Refund() != refund {
			t.Errorf("transaction %d: Refund = %v", i, !refund)
		}
	}
	if p := s.last("getStarTransactions"); p["offset"] != "200" || p["limit"] != "100" {
		t.Errorf("asked with %v", p)
	}
	s.next("getMyStarBalance", ok200(`{"amount":1234}`))
	if n, err := c.StarBalance(t.Context()); err != nil || n != 1234 {
		t.Errorf("%d, %v", n, err)
	}
}
