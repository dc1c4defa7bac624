package telegram_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/http/httptest"
	"slices"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
)

// pay is a payment whose checkout is accepted, from the invoice to the update that tells of it.
func (w *world) pay(in telegram.Invoice) *telegram.SuccessfulPayment {
	w.Helper()
	_, err := w.c.SendInvoice(w.Context(), in)
	w.ok(err)
	paid := make(chan error, 1)
	go func() { paid <- w.ann.Pay() }()
	q := w.next().PreCheckout
	if q == nil {
		w.Fatal("no checkout came")
	}
	w.ok(w.c.AnswerPreCheckout(w.Context(), q.ID, ""))
	w.ok(<-paid)
	u := w.next()
	if u.Message == nil || u.Message.Payment == nil {
		w.Fatalf("no payment came, but %+v", u)
	}
	return u.Message.Payment
}

func TestSandboxProviderPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.poll()
	w.start()
	p := w.pay(telegram.Invoice{
		Chat: 101, Title: "Japan 1 GB", Description: "7 days", Payload: "order-2", Currency: "USD",
		ProviderToken: "284685063:TEST:abc", Amount: 1250, StartParameter: "o_2",
	})
	if p.Currency != "USD" || p.Amount != 1250 || p.Payload != "order-2" || p.ChargeID == "" || p.ProviderChargeID == "" || p.ChargeID == p.ProviderChargeID {
		t.Fatalf("payment %+v", p)
	}
	if err := w.c.RefundStars(t.Context(), 101, p.ChargeID); !telegram.RefundImpossible(err) {
		t.Errorf("Stars for dollars: %v", err)
	}
}

func TestSandboxRefunds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.poll()
	w.start()
	p := w.pay(telegram.Invoice{Chat: 101, Title: "Japan 1 GB", Description: "7 days", Payload: "o", Currency: telegram.Stars, Amount: 250, StartParameter: "o"})
	refuse := func(words string) sandbox.Fault { return sandbox.Fault{Kind: sandbox.Refuse, Description: words} }
	tests := []struct {
		name                           string
		fault                          sandbox.Fault
		ok, impossible, mayHave, again bool
	}{
		{"no such charge", refuse(sandbox.ChargeNotFound), false, true, false, false},
		{"no charge id", refuse(sandbox.ChargeEmpty), false, true, false, false},
		{"nobody", refuse(sandbox.RefundUserInvalid), false, true, false, false},
		{"refunded before", refuse(sandbox.ChargeAlreadyRefunded), true, false, false, false},
		{"words that nobody has met yet", refuse("Bad Request: SOMETHING_NEW"), false, false, false, false},
		{"a bad gateway", sandbox.Fault{Kind: sandbox.BadGateway}, false, false, true, true},
		{"a cut connection", sandbox.Fault{Kind: sandbox.LoseRequest}, false, false, true, true},
		{"a lost answer", sandbox.Fault{Kind: sandbox.LoseAnswer}, false, false, true, true}, // the last: it refunds
	}
	for _, tt := range tests {
		w.tg.Break("refundStarPayment", 1, tt.fault)
		err := w.c.RefundStars(t.Context(), 101, p.ChargeID)
		if (err == nil) != tt.ok || telegram.RefundImpossible(err) != tt.impossible || telegram.MayHaveHappened(err) != tt.mayHave || telegram.Temporary(err) != tt.again {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	w.ok(w.c.RefundStars(t.Context(), 101, p.ChargeID))
	if w.ann.Stars() != 10_000 || w.tg.BotStars() != 0 {
		t.Errorf("%d and %d Stars: the refund was not made exactly once", w.ann.Stars(), w.tg.BotStars())
	}
	for _, bad := range []struct {
		customer int64
		charge   string
	}{{0, p.ChargeID}, {101, ""}} {
		before := w.tg.Exchanges()
		if err := w.c.RefundStars(t.Context(), bad.customer, bad.charge); !errors.Is(err, telegram.ErrInvalid) || !telegram.RefundImpossible(err) || w.tg.Exchanges() != before {
			t.Errorf("person %d, charge %q: %v", bad.customer, bad.charge, err)
		}
	}
}

func TestSandboxAllTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{NoFlood: true})
	w.poll()
	w.start()
	link, err := w.c.InvoiceLink(t.Context(), telegram.Invoice{Title: "x", Description: "x", Payload: "o", Currency: telegram.Stars, Amount: 1})
	w.ok(err)
	const payments = 300 // three full pages: the end shows only on the fourth
	for range payments {
		paid := make(chan error, 1)
		go func() { paid <- w.ann.OpenLink(link) }()
		w.ok(w.c.AnswerPreCheckout(t.Context(), w.next().PreCheckout.ID, ""))
		w.ok(<-paid)
		w.next()
	}
	collect := func(offset int) (all []telegram.StarTransaction, err error) {
		for x, err := range w.c.AllStarTransactions(t.Context(), offset) {
			if err != nil {
				return all, err
			}
			all = append(all, x)
		}
		return all, nil
	}
	all, err := collect(0)
	w.ok(err)
	seen := map[string]bool{}
	for _, x := range all {
		if !x.Incoming || x.Payload != "o" || x.UserID != 101 || x.Kind != "invoice_payment" || seen[x.ID] {
			t.Fatalf("transaction %+v", x)
		}
		seen[x.ID] = true
	}
	if len(all) != payments {
		t.Fatalf("%d transactions", len(all))
	}
	if rest, err := collect(250); err != nil || !slices.Equal(rest, all[250:]) {
		t.Errorf("from 250: %d, %v", len(rest), err)
	}
	if rest, err := collect(payments); err != nil || len(rest) != 0 {
		t.Errorf("from the end: %d, %v", len(rest), err)
	}
	before := w.tg.Exchanges()
	for range w.c.AllStarTransactions(t.Context(), 0) {
		break
	}
	if n := w.tg.Exchanges() - before; n != 1 {
		t.Errorf("%d pages were asked for, though nobody wanted a second one", n)
	}
	w.tg.Break("getStarTransactions", 1, sandbox.Fault{Kind: sandbox.BadGateway})
	if got, err := collect(0); !telegram.Temporary(err) || len(got) != 0 {
		t.Errorf("a broken page: %d, %v", len(got), err)
	}
}

// BenchmarkSandboxProgressAndQR is what the bot sends between a payment and the QR code, through
// the simulator over loopback.
func BenchmarkSandboxProgressAndQR(b *testing.B) {
	tg := sandbox.New(sandbox.Options{NoFlood: true})
	web := httptest.NewServer(tg)
	b.Cleanup(func() { tg.Close(); web.Close() })
	c, err := telegram.New(telegram.Config{
		Token: tg.Token(), BaseURL: web.URL,
		Limits: telegram.Limits{PerSecond: -1, PerChat: -1},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	if _, err := tg.User(101).Send("/start"); err != nil {
		b.Fatal(err)
	}
	img := image.NewPaletted(image.Rect(0, 0, 720, 860), color.Palette{color.White, color.Black})
	for i := range img.Pix {
		img.Pix[i] = uint8(i/12%7&1 ^ i/720/12%5&1)
	}
	var qr bytes.Buffer
	if err := png.Encode(&qr, img); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.SendText(b.Context(), telegram.Text{Chat: 101, HTML: "<b>Japan</b>: preparing"}); err != nil {
			b.Fatal(err)
		}
		if _, err := c.SendPhoto(b.Context(), telegram.Photo{Chat: 101, PNG: qr.Bytes(), Caption: "<b>Japan</b> 1 GB"}); err != nil {
			b.Fatal(err)
		}
	}
}
