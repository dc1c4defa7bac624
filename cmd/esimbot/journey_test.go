package main

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

func TestATravellerBuysUsesAndIsWarned(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, staff := visit(s, s.ann()), visit(s, s.staff())

	ann.says("/start", "Where are you going")
	ann.presses("🇯🇵 Japan")
	ann.untilText("Good plans")
	plan := s.japan()
	ann.forges(ann.Last().ID, "plan|"+plan.Code+"|JP")
	card := ann.untilText("Price:")
	ann.presses("Buy for")
	invoice := ann.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil })
	quote, err := s.app.Checkout.Quote(plan.Code, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if invoice.Invoice.Total != quote.Price.Minor || invoice.Invoice.Currency != "XTR" {
		t.Errorf("the invoice asks for %d %s, the card said %s:\n%s", invoice.Invoice.Total, invoice.Invoice.Currency, quote.Price, card.Text)
	}
	stars := ann.Stars()
	if err := ann.Pay(); err != nil {
		t.Fatal(err)
	}
	if paid := stars - ann.Stars(); paid != quote.Price.Minor {
		t.Errorf("paid %d Stars, want %d", paid, quote.Price.Minor)
	}

	picture := ann.qr()
	order := onlyOrder(t, s.vendor)
	tran := order.EsimTranNos[0]
	code := activationCode(t, s.vendorURL, tran)
	if got := s.scanned(picture); got != code {
		t.Errorf("the QR picture says %q, the vendor issued %q", got, code)
	}
	ann.untilText("Your eSIM is ready")
	if n := ann.texts("is being prepared") + ann.texts("preparing your eSIM"); n > 0 {
		t.Errorf("%d messages still say that the eSIM is being prepared", n)
	}
	sale := staff.untilText("Sale")
	if strings.Contains(sale.Text, code) || strings.Contains(sale.Text, s.vendor.Profiles()[0].ICCID) {
		t.Error("the staff's message shows the activation code or the ICCID")
	}

	s.warnsOnce(ann, tran, plan)
	s.nothingSpins()
	if got := s.telegram.BotStars(); got != quote.Price.Minor {
		t.Errorf("the bot earned %d Stars, want %d", got, quote.Price.Minor)
	}
}

// warnsOnce burns an eSIM down and lets it expire: each alert comes once.
func (s *rig) warnsOnce(ann visitor, tran string, plan esim.Plan) {
	s.t.Helper()
	nudge := func() {
		s.t.Helper()
		if err := s.app.RunDueWork(s.ctx); err != nil {
			s.t.Fatal(err)
		}
	}
	burn := func(percent int64) {
		s.t.Helper()
		if err := s.vendor.Burn(tran, plan.Data*percent/100); err != nil {
			s.t.Fatal(err)
		}
		nudge()
		nudge()
	}
	burn(85)
	ann.untilText("20% of your data is left")
	nudge()

	ann.says("/esims", "Your eSIMs")
	ann.presses("🟢")
	if card := ann.untilText("In use"); !strings.Contains(card.Text, "left") || !strings.Contains(card.Text, "Ends in") {
		s.t.Errorf("the card does not say what is left:\n%s", card.Text)
	}

	burn(7)
	ann.untilText("Less than 10%")

	life := time.Duration(plan.Days) * 24 * time.Hour
	advance := func(d time.Duration) {
		s.t.Helper()
		if _, err := s.Advance(s.ctx, d); err != nil {
			s.t.Fatal(err)
		}
		nudge()
	}
	advance(life - 60*time.Hour)
	ann.untilText("Three days left")
	advance(40 * time.Hour)
	ann.untilText("Last day")
	advance(30 * time.Hour)
	ann.untilText("Your eSIM has expired")
	nudge()

	// Messages to one customer keep their order, so an answer now proves that nothing
	// else is on its way but what the outbox still holds.
	if waiting, dead, err := s.app.DB.OutboxSize(s.ctx); err != nil || dead > 0 {
		s.t.Errorf("outbox: %d waiting, %d dead, %v", waiting, dead, err)
	}
	ann.says("/esims", "Your eSIMs")
	for _, alert := range []string{"20% of your data", "Less than 10%", "Three days left", "Last day", "has expired"} {
		if n := ann.texts(alert); n != 1 {
			s.t.Errorf("alert %q came %d times, want once", alert, n)
		}
	}
	ann.presses("⌛")
	ann.untilText("Expired. You can delete it")
}

func TestADayPassIsBoughtForSoManyDays(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	var pass esim.Plan
	for _, p := range s.app.Catalog.Current().Country("JP") {
		if _, err := s.app.Checkout.Quote(p.Code, 1, 3); p.DayPass() && err == nil {
			pass = p
			break
		}
	}
	if pass.Code == "" {
		t.Fatal("the vendor's catalogue has no day pass for Japan")
	}
	ann.says("/start p_"+pass.Code, "Price:")
	ann.presses("3 days")
	ann.untilText("3 days")
	ann.presses("Buy for")
	ann.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil })
	if err := ann.Pay(); err != nil {
		t.Fatal(err)
	}
	picture := ann.qr()
	if !strings.Contains(plain(picture), "3 days") {
		t.Errorf("the caption does not say 3 days: %q", picture.Text)
	}
	order := onlyOrder(t, s.vendor)
	profile, _ := s.vendor.Profile(order.EsimTranNos[0])
	if profile.Days != 3 || order.Amount != 3*pass.Wholesale.Minor {
		t.Errorf("the vendor sold %d days for %d, want 3 days for %d", profile.Days, order.Amount, 3*pass.Wholesale.Minor)
	}
}

func TestTheLanguageCanBeChosen(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, bob := visit(s, s.ann()), visit(s, s.bob())
	ann.says("/language", "Which language")
	ann.presses("Русский")
	ann.until("Russian menu", func(m tgsandbox.Message) bool { return strings.Contains(strings.Join(m.Labels(), " "), "Япония") })
	ann.says("/help", "eSIM")
	if !strings.ContainsAny(ann.Last().Text, "абвгд") {
		t.Errorf("after choosing Russian /help says %q", ann.Last().Text)
	}
	plan := s.japan()
	if _, err := ann.Send("/start p_" + plan.Code); err != nil {
		t.Fatal(err)
	}
	ann.until("Russian card", func(m tgsandbox.Message) bool { return strings.Contains(m.Text, "Цена") })
	bob.says("/start", "Where are you going")
}

// A customer who edits callback data sees nothing of another's.
func TestNobodySeesWhatIsAnothers(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, bob := visit(s, s.ann()), visit(s, s.bob())
	ann.buys(s.japan())
	ann.qr()
	tran := onlyOrder(t, s.vendor).EsimTranNos[0]
	code := activationCode(t, s.vendorURL, tran)
	_, id, _ := strings.Cut(strings.TrimPrefix(code, "LPA:1$"), "$")
	icc := s.vendor.Profiles()[0].ICCID
	orders, err := s.app.DB.OrdersOf(s.ctx, esim.CustomerID(ann.ID()), 1)
	if err != nil || len(orders) != 1 {
		t.Fatalf("orders of Ann: %v, %v", orders, err)
	}

	menu := bob.says("/start", "Where are you going")
	photos := ann.photos()
	for _, route := range []string{"esim", "qr", "fresh", "install"} {
		for _, message := range []int{menu.ID, 999_999} {
			if toast := bob.forges(message, route+"|"+tran); toast.Text != "You have no such eSIM." {
				t.Errorf("route %s with another's eSIM: toast %q, want “You have no such eSIM.”", route, toast.Text)
			}
		}
	}
	bob.says("/esims", "You have no eSIMs yet")
	bob.says("/esims "+tran, "You have no eSIMs yet")

	refusals := s.preCheckout(bob.ID(), string(orders[0].ID), orders[0].Price.Minor)
	if !strings.Contains(refusals, "You have no such order.") {
		t.Errorf("Bob asked to pay Ann's order and was answered %s", refusals)
	}
	for _, m := range bob.Chat() {
		if m.Photo != nil {
			t.Error("Bob got a picture")
		}
		for _, private := range []string{code, id, icc, string(orders[0].ID), orders[0].ID.String()} {
			if strings.Contains(m.HTML(), private) {
				t.Errorf("Bob's chat shows what is Ann's: %q", m.Text)
			}
			for _, row := range m.Keyboard {
				for _, b := range row {
					if strings.Contains(b.Data+b.URL+b.Copy, private) {
						t.Errorf("a button of Bob's holds what is Ann's: %q", b.Text)
					}
				}
			}
		}
	}
	if ann.photos() != photos {
		t.Error("Bob's presses sent pictures to Ann")
	}
	s.nothingSpins()
}

// preCheckout asks the shop whether a customer may pay an order, and returns its answers to Telegram.
func (s *rig) preCheckout(customer int64, order string, stars int64) string {
	s.t.Helper()
	_, before := s.telegram.Calls(0)
	u := decoded(s.t, map[string]any{"update_id": 900_000_001, "pre_checkout_query": map[string]any{
		"id": "77", "from": map[string]any{"id": customer, "is_bot": false, "first_name": "X", "language_code": "en"},
		"currency": "XTR", "total_amount": stars, "invoice_payload": order,
	}})
	if err := s.app.Bot.Handle(s.ctx, u); err != nil {
		s.t.Fatal(err)
	}
	calls, _ := s.telegram.Calls(before)
	var answers []string
	for _, c := range calls {
		if c.Name == "answerPreCheckoutQuery" {
			answers = append(answers, c.Request)
		}
	}
	return strings.Join(answers, "\n")
}
