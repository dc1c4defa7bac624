package bot_test

import (
	"testing"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// invoices are the invoices that stand in a chat.
func invoicesIn(h *tgsandbox.UserClient) []tgsandbox.Message {
	var all []tgsandbox.Message
	for _, m := range h.Chat() {
		if m.Invoice != nil {
			all = append(all, m)
		}
	}
	return all
}

// card brings somebody to the card of the first plan of a country, and returns the card.
func (s *shop) card(h *tgsandbox.UserClient) tgsandbox.Message {
	s.Helper()
	s.Send(h, "JP")
	s.Press(h, h.Last().Keyboard[0][0].Text)
	return h.Last()
}

func TestAnInvoiceThatIsLeftByBackIsDeleted(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	s.Press(ann, card.Keyboard[0][0].Text)
	if n := len(invoicesIn(ann)); n != 1 {
		t.Fatalf("%d invoices", n)
	}
	s.presses(ann, "plan|")
	if n := len(invoicesIn(ann)); n != 0 || ann.Last().Text != card.Text {
		t.Errorf("after Back %d invoices stand above %q", n, ann.Last().Text)
	}
	// One that was paid is a receipt, and stays.
	s.Press(ann, ann.Last().Keyboard[0][0].Text)
	receipt := ann.Last()
	s.Must(s.Pay(ann))
	s.fulfils()
	s.pressesOn(ann, receipt.ID, receipt.Keyboard[1][0].Data)
	if n := len(invoicesIn(ann)); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

func TestAnInvoiceThatIsReplacedIsDeleted(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	buy := card.Keyboard[0][0].Data
	for range 3 { // the same button, again and again
		s.pressesOn(ann, card.ID, buy)
		if n := len(invoicesIn(ann)); n != 1 {
			t.Fatalf("%d invoices of one order", n)
		}
	}
	// Another plan, chosen in the same message.
	s.pressesOn(ann, card.ID, "country|JP")
	for _, m := range ann.Chat() {
		if m.ID == card.ID {
			s.pressesOn(ann, card.ID, m.Keyboard[1][0].Data)
		}
	}
	for _, m := range ann.Chat() {
		if m.ID == card.ID {
			s.pressesOn(ann, card.ID, m.Keyboard[0][0].Data)
		}
	}
	left := invoicesIn(ann)
	orders, err := s.DB.OrdersOf(t.Context(), annID, 10)
	s.Must(err)
	if len(left) != 1 || len(orders) != 2 {
		t.Fatalf("%d invoices for %d orders", len(left), len(orders))
	}
	s.Must(s.Pay(ann))
	if st := s.state(orders[0].ID); st != esim.StatePaid {
		t.Errorf("the invoice that is left was for an order that is %s", st)
	}
}

// TestOnePressThreeInvoices: Telegram sent the invoice twice and its answers were lost. All three
// are of one order, which can be paid once.
func TestOnePressThreeInvoices(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	s.Messenger.Fail("sendInvoice", 2, tgsandbox.Fault{Kind: tgsandbox.LoseAnswer})
	press := telegram.Update{ID: 1 << 30, Callback: &telegram.Callback{
		ID: "one press", From: telegram.User{ID: annID, FirstName: "Ann"}, Data: card.Keyboard[0][0].Data,
		Message: &telegram.Message{ID: card.ID, Chat: telegram.Chat{ID: annID, Type: "private"}, Text: card.Text},
	}}
	for try := range 3 { // as its update is worked off, until that succeeds
		if err := s.App.Bot.Handle(t.Context(), press); (err == nil) != (try == 2) {
			t.Fatalf("try %d: %v", try, err)
		}
	}
	if n := len(invoicesIn(ann)); n != 3 {
		t.Fatalf("%d invoices", n)
	}
	orders, err := s.DB.OrdersOf(t.Context(), annID, 10)
	s.Must(err)
	if len(orders) != 1 {
		t.Fatalf("%d orders", len(orders))
	}
	paid := 0
	for _, m := range invoicesIn(ann) {
		if s.PayMessage(ann, m.ID) == nil {
			paid++
		}
	}
	s.fulfils()
	if paid != 1 || s.Vendor.Charged("") != 1 {
		t.Errorf("of one press %d invoices were paid, %d eSIMs bought", paid, s.Vendor.Charged(""))
	}
}
