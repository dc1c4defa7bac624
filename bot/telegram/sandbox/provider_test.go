package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const card = "284685063:TEST:ZGUxYmM0NmQ4"

func TestProviderPayments(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.invoice("currency", "usd", "provider_token", card)
	if inv := ann.Last().Invoice; inv.Currency != "USD" || inv.Total != 450 || inv.PayButton != "Pay USD 4.50" {
		t.Errorf("invoice %+v", inv)
	}
	paid := w.pays(ann)
	if len(paid) != 1 || paid[0].Currency != "USD" || paid[0].Total != 450 || paid[0].Payload != "o1" ||
		paid[0].Charge == "" || paid[0].Provider == "" || paid[0].Charge == paid[0].Provider {
		t.Fatalf("told %+v", paid)
	}
	if ann.Stars() != 10_000 || w.BotStars() != 0 || len(w.transactions()) != 0 {
		t.Error("dollars moved Stars")
	}
	for _, id := range []string{paid[0].Charge, paid[0].Provider} {
		w.refused(w.call("refundStarPayment", "user_id", "101", "telegram_payment_charge_id", id), 400, "Bad Request: CHARGE_NOT_FOUND")
		if err := w.RefundElsewhere(id); !errors.Is(err, ErrNotRefundable) {
			t.Errorf("Stars for dollars: %v", err)
		}
	}
}

func TestACardThatIsDeclinedAfterTheBotsYes(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.DeclineCards(1)
	w.invoice("start_parameter", "stars") // Stars are no card
	if paid := w.pays(ann); len(paid) != 1 {
		t.Fatalf("told %+v", paid)
	}
	w.invoice("currency", "EUR", "provider_token", card)
	declined := func(pay func() error) {
		t.Helper()
		done := make(chan error, 1)
		go func() { done <- pay() }()
		list := w.poll()
		w.ok(nil, "answerPreCheckoutQuery", "pre_checkout_query_id", queryID(t, list, "pre_checkout_query"), "ok", "true")
		if err := <-done; !errors.Is(err, ErrCardDeclined) {
			t.Errorf("paid: %v", err)
		}
		if list := w.take(); len(list) != 0 || ann.Last().Invoice == nil || ann.Last().Invoice.Paid {
			t.Errorf("a declined card told the bot %s", kinds(list))
		}
	}
	declined(ann.Pay)
	declined(func() error {
		f, err := ann.OpenInvoice(ann.Last().ID)
		if err != nil {
			return err
		}
		return ann.PayFormDeclined(f.ID)
	})
	if paid := w.pays(ann); len(paid) != 1 || paid[0].Currency != "EUR" { // with another card
		t.Errorf("told %+v", paid)
	}
}

func TestLimitsOfCurrencies(t *testing.T) {
	w := newWorld(t, Options{NoFlood: true, MaxStars: 500})
	w.started(101)
	const tooMuch = "CURRENCY_TOTAL_AMOUNT_INVALID"
	tests := []struct {
		currency string
		amount   int64
		words    string // "" is accepted
		button   string
	}{
		{"USD", 99, tooMuch, ""},
		{"USD", 100, "", "Pay USD 1.00"},
		{"USD", 1_000_000, "", "Pay USD 10000.00"},
		{"USD", 1_000_001, tooMuch, ""},
		{"EUR", 86, tooMuch, ""},
		{"EUR", 87, "", "Pay EUR 0.87"},
		{"JPY", 5, tooMuch, ""}, // dollars taken for yen
		{"JPY", 500, "", "Pay JPY 500"},
		{"JPY", 50_000_00, tooMuch, ""}, // yen with hundredths that it has not
		{"IDR", 100_00, tooMuch, ""},
		{"IDR", 80_000_00, "", "Pay IDR 80000.00"},
		{"USD", 0, tooMuch, ""},
		{"USD", -500, tooMuch, ""},
		{"USDT", 500, "CURRENCY_INVALID", ""},
		{"XYZ", 500, "CURRENCY_INVALID", ""},
		{"XTR", 500, "STARS_INVOICE_INVALID", ""}, // Stars know no provider
	}
	for _, tt := range tests {
		r := w.call("sendInvoice", "chat_id", "101", "title", "x", "description", "x", "payload", "o", "currency", tt.currency,
			"prices", fmt.Sprintf(`[{"label":"x","amount":%d}]`, tt.amount), "provider_token", card)
		if tt.words != "" {
			w.refused(r, 400, "Bad Request: "+tt.words)
			continue
		}
		if last := w.User(101).Last(); !r.OK || last.Invoice == nil || last.Invoice.PayButton != tt.button {
			t.Errorf("%d %s: %+v, button %+v", tt.amount, tt.currency, r, last.Invoice)
		}
	}
	for _, token := range []string{"", "x", "284685063", "284685063:TEST:", "284685063:test:abc", "TEST:284685063:abc", w.Token()} {
		w.refused(w.call("sendInvoice", "chat_id", "101", "title", "x", "description", "x", "payload", "o", "currency", "USD",
			"prices", `[{"label":"x","amount":500}]`, "provider_token", token), 400, "Bad Request: PAYMENT_PROVIDER_INVALID")
	}
}

func TestTheListOfCurrencies(t *testing.T) {
	for code, most := range dearest {
		if len(code) != 3 || strings.ToUpper(code) != code || most < 10_000 {
			t.Errorf("%q up to %d", code, most)
		}
	}
	if len(dearest) != 86 {
		t.Errorf("%d currencies", len(dearest))
	}
	for _, code := range strings.Fields(noMinorUnit) {
		if dearest[code] == 0 {
			t.Errorf("%s has no limits", code)
		}
	}
}

func TestThePageOffersACardThatIsDeclined(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	m := w.invoice("currency", "USD", "provider_token", card)
	w.cashier("ok", "true")
	for _, tt := range []struct {
		card string
		ok   bool
	}{{"true", false}, {"false", true}} {
		var sheet Form
		w.post("/api/invoice", fmt.Sprintf(`{"person":101,"chat":101,"message_id":%d}`, m.ID), &sheet)
		var done struct {
			OK    bool
			Error string
		}
		w.post("/api/pay", `{"person":101,"form_id":"`+sheet.ID+`","declined":`+tt.card+`}`, &done)
		if done.OK != tt.ok || (done.Error == "") != tt.ok {
			t.Errorf("declined %s: %+v", tt.card, done)
		}
	}
}
