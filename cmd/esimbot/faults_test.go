package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func decoded(t testing.TB, fields map[string]any) telegram.Update {
	t.Helper()
	raw, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	u, err := telegram.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// What changed between the invoice and the press on Pay: no money moves.
func TestPaymentIsRefusedWhenTheSaleCannotBeKept(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(s *rig, p esim.Plan)
		words  string
	}{
		{"the plan is gone", func(s *rig, p esim.Plan) {
			s.app.Catalog.Hide(p.Code, s.vendor.Time().Add(time.Hour))
		}, "no longer sold"},
		{"the price moved", func(s *rig, p esim.Plan) {
			if err := s.vendor.SetPrice(p.Code, 2*p.Wholesale.Minor+10_000); err != nil {
				s.t.Fatal(err)
			}
			s.refresh()
		}, "price has changed"},
		{"the vendor is down", func(s *rig, _ esim.Plan) {
			s.vendor.Down(true)
			for range 2 {
				if s.app.Monitor.Check(s.ctx) == nil {
					s.t.Fatal("the vendor is down and answers")
				}
			}
		}, "supplier does not answer"},
		{"our balance is gone", func(s *rig, _ esim.Plan) {
			s.vendor.SetBalance(0)
			if err := s.app.Monitor.Check(s.ctx); err != nil {
				s.t.Fatal(err)
			}
		}, "cannot deliver"},
		{"the invoice is old", func(s *rig, _ esim.Plan) {
			s.telegram.Break("deleteMessage", 1000, tgsandbox.Fault{Kind: tgsandbox.BadGateway}) // else it is gone by then
			if _, err := s.Advance(s.ctx, 2*time.Hour); err != nil {
				s.t.Fatal(err)
			}
		}, "too old"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann := visit(s, s.ann())
			plan := s.japan()
			ann.invoiced(plan)
			stars := ann.Stars()
			tt.change(s, plan)
			var declined *tgsandbox.DeclinedError
			if err := ann.Pay(); !errors.As(err, &declined) || !strings.Contains(declined.Text, tt.words) {
				t.Errorf("Pay: %v, want a refusal with %q", err, tt.words)
			}
			if ann.Stars() != stars || len(s.vendor.Orders()) > 0 {
				t.Error("money moved or the vendor sold something")
			}
		})
	}
}

func TestARefusedOrderIsRefunded(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"200011", "310241"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann, staff := visit(s, s.ann()), visit(s, s.staff())
			stars := ann.Stars()
			s.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: code})
			ann.buys(s.japan())
			ann.untilText("are back with you")
			ann.untilText("Your money is back")
			staff.untilText("Failed")
			staff.untilText("Refunded")
			if ann.Stars() != stars {
				t.Errorf("Ann has %d Stars, had %d before", ann.Stars(), stars)
			}
			if s.telegram.BotStars() != 0 || ann.photos() != 0 || s.vendor.Charged("") != 0 {
				t.Errorf("the bot keeps %d Stars, %d pictures, %d charges", s.telegram.BotStars(), ann.photos(), s.vendor.Charged(""))
			}
			if n := ann.texts("are back with you"); n != 1 {
				t.Errorf("told of the refund %d times", n)
			}
		})
	}
}

// Whatever happens to answers and updates on the way: one charge, one picture.
func TestOnePaymentIsOneESIM(t *testing.T) {
	t.Parallel()
	lost := func(f vendorsandbox.Fault) func(*rig) { return func(s *rig) { s.vendor.Break(f) } }
	tests := []struct {
		name   string
		before func(*rig)
	}{
		{"the order's answer is lost after the work", lost(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.LoseAnswer, Count: 2})},
		{"the order's answer is cut", lost(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.CutBody, Count: 1})},
		{"a 502 after the work", lost(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.BadGateway, Worked: true, Count: 1})},
		{"the order never arrives at first", lost(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.LoseRequest, Count: 1})},
		{"the question for the eSIM is lost", lost(vendorsandbox.Fault{Endpoint: "esim/query", Kind: vendorsandbox.LoseAnswer, Count: 2})},
		{"the payment is told twice", func(s *rig) { s.telegram.RepeatPayments(1) }},
		{"every update is told twice", func(s *rig) { s.telegram.RepeatUpdates(20) }},
		{"updates have unknown fields", func(s *rig) { s.telegram.StrangeFields(20) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann, staff := visit(s, s.ann()), visit(s, s.staff())
			stars := ann.Stars()
			tt.before(s)
			ann.buys(s.japan())
			ann.qr()
			staff.untilText("Sale")
			// Answers keep their order: when this one is there, all before it was worked off.
			ann.says("/esims", "Your eSIMs")
			order := onlyOrder(t, s.vendor)
			if ann.photos() != 1 || s.vendor.Charged("") != 1 || staff.texts("Sale") != 1 {
				t.Errorf("%d pictures, %d charges, %d sales told; want one of each:\n%s",
					ann.photos(), s.vendor.Charged(""), staff.texts("Sale"), transcript(ann.Chat()))
			}
			if paid := stars - ann.Stars(); paid != s.telegram.BotStars() || paid <= 0 {
				t.Errorf("Ann paid %d, the bot has %d", paid, s.telegram.BotStars())
			}
			if got, want := s.scanned(ann.qr()), activationCode(t, s.vendorURL, order.EsimTranNos[0]); got != want {
				t.Error("the picture is not of the eSIM that the vendor issued")
			}
		})
	}
}

func TestTheSecondPaymentOfAnInvoiceGoesBack(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	s.telegram.AllowPayingTwice(true)
	invoice := ann.invoiced(s.japan())
	stars := ann.Stars()
	if err := ann.PayMessage(invoice.ID); err != nil {
		t.Fatal(err)
	}
	var declined *tgsandbox.DeclinedError
	if err := ann.PayMessage(invoice.ID); err != nil && !errors.As(err, &declined) {
		t.Fatalf("second payment: %v", err)
	} else if err == nil {
		ann.untilText("are back with you")
	}
	ann.qr()
	onlyOrder(t, s.vendor)
	if paid := stars - ann.Stars(); paid != invoice.Invoice.Total {
		t.Errorf("paid %d in all, want %d", paid, invoice.Invoice.Total)
	}
}

func TestTheQRWaitsForWhoBlockedTheBot(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, staff := visit(s, s.ann()), visit(s, s.staff())
	stop := s.vendor.BreakpointAt("esim/query", vendorsandbox.BeforeWork)
	ann.buys(s.japan())
	select {
	case <-stop.Reached():
	case <-s.ctx.Done():
		t.Fatal("the vendor is never asked for the eSIM")
	}
	ann.Block()
	stop.Release()
	staff.untilText("Sale") // written together with the QR's notification
	if ann.photos() != 0 {
		t.Fatal("the picture arrived in a chat that is blocked")
	}
	ann.Unblock()
	ann.says("/start", "Where are you going")
	picture := ann.qr()
	if got, want := s.scanned(picture), activationCode(t, s.vendorURL, onlyOrder(t, s.vendor).EsimTranNos[0]); got != want {
		t.Error("the picture is not of the eSIM that the vendor issued")
	}
	if ann.photos() != 1 {
		t.Errorf("%d pictures, want 1", ann.photos())
	}
}

func TestWhatTheBotCannotUseGetsAClearAnswer(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	ann.says("/start", "Where are you going")
	texts := []struct{ name, text, words string }{
		{"unknown command", "/frobnicate", "do not know this command"},
		{"unknown place", "Qqxyzzy", "I know no place"},
		{"a place with markup", "<b>&amp;</i>", "sounds like a question"},
		{"four thousand characters", strings.Repeat("я", 4_000), "long for a place"},
		{"only spaces and marks", "\u200b\u200b", ""},
		{"a plan that is not sold", "/start p_NOSUCHPLAN", "no longer sold"},
		{"a link to nowhere", "/start zz_%00", "Where are you going"},
	}
	for _, tt := range texts {
		ann.says(tt.text, tt.words)
	}
	sent, err := ann.SendSticker()
	if err != nil {
		t.Fatal(err)
	}
	ann.until("answer to a sticker", func(m tgsandbox.Message) bool { return m.ID > sent.ID && strings.Contains(m.Text, "only read text") })

	menu := ann.says("/start", "Where are you going")
	plan := s.japan()
	presses := []struct{ name, data, words string }{
		{"a route of no release", "nosuchroute|1", "no longer works"},
		{"no route", "|", "no longer works"},
		{"control characters", "esim|\x01", "no longer works"},
		{"an eSIM that does not exist", "esim|99999999999999", "You have no such eSIM"},
		{"SQL", "esim|' OR 1=1 --", "You have no such eSIM"},
		{"a plan that is not sold", "plan|NOSUCH", "no longer sold"},
		{"a country that does not exist", "country|XX", "nothing for sale for this place"},
		{"a continent that does not exist", "cont|atlantis|1", "nothing for sale for this place"},
		{"a region that does not exist", "region|XX-99", "nothing for sale for this place"},
		{"buying at a price of one's own", "buy|" + plan.Code + "|JP|0|1", "price has changed"},
		{"buying for minus one Star", "buy|" + plan.Code + "|JP|0|-1", "price has changed"},
		{"buying without a price", "buy|" + plan.Code, "price has changed"},
		{"buying a data pack for days", "buy|" + plan.Code + "|JP|5|1", ""},
		{"a language that does not exist", "lang|xx", ""},
		{"a page that does not exist", "cont|asia|999999", ""},
		{"a page before the first", "esims|-5", ""},
	}
	for _, tt := range presses {
		if toast := ann.forges(menu.ID, tt.data); !strings.Contains(toast.Text, tt.words) {
			t.Errorf("%s (%q): toast %q, want %q", tt.name, tt.data, toast.Text, tt.words)
		}
	}
	if n := count(ann.Chat(), func(m tgsandbox.Message) bool { return m.Invoice != nil }); n > 0 {
		t.Errorf("forged data made %d invoices", n)
	}
	ann.says("/start", "Where are you going") // and the bot goes on
	s.nothingSpins()
}

func TestEverythingArrivesThoughTelegramFails(t *testing.T) {
	t.Parallel()
	faults := map[string]tgsandbox.Fault{
		"429":        {Kind: tgsandbox.TooMany, RetryAfter: 1},
		"502 HTML":   {Kind: tgsandbox.BadGateway},
		"connection": {Kind: tgsandbox.LoseRequest},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann, staff := visit(s, s.ann()), visit(s, s.staff())
			for _, method := range []string{"sendPhoto", "sendMessage", "editMessageText", "sendInvoice", "answerPreCheckoutQuery", "answerCallbackQuery"} {
				s.telegram.Break(method, 1, fault)
			}
			ann.buys(s.japan())
			ann.qr()
			ann.untilText("Your eSIM is ready")
			staff.untilText("Sale")
			if n := ann.photos(); n != 1 {
				t.Errorf("%d pictures, want 1", n)
			}
			onlyOrder(t, s.vendor)
		})
	}
}

func TestTheShopGoesOnAfterTelegramWasDown(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"502", "cut"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann := visit(s, s.ann())
			stop := s.vendor.BreakpointAt("esim/query", vendorsandbox.AfterWork)
			ann.buys(s.japan())
			<-stop.Reached()
			if err := s.telegram.SetMode(mode); err != nil {
				t.Fatal(err)
			}
			stop.Release()
			sent, err := ann.Send("/esims")
			if err != nil {
				t.Fatal(err)
			}
			if err := s.telegram.SetMode("ok"); err != nil {
				t.Fatal(err)
			}
			ann.qr()
			ann.until("answer to /esims", func(m tgsandbox.Message) bool { return m.ID > sent.ID && strings.Contains(m.Text, "Your eSIMs") })
		})
	}
}
