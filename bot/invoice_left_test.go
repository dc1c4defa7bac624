package bot_test

import (
	"slices"
	"strings"
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
}

// TestThereIsNoWayBackFromAPaidInvoice: it gives way to the order's own message. A press on its Back
// in the moment before says so, and brings no card.
func TestThereIsNoWayBackFromAPaidInvoice(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	s.Press(ann, card.Keyboard[0][0].Text)
	invoice := ann.Last()
	back := invoice.Keyboard[1][0].Data
	s.Must(s.Pay(ann))
	toast := s.pressesOn(ann, invoice.ID, back)
	if last := ann.Last(); !strings.Contains(toast.Text, "paid already") || strings.Contains(last.Text, "Price:") {
		t.Errorf("Back of a paid invoice says %q, and shows %q", toast.Text, last.Text)
	}
	s.fulfils()
	if n := len(invoicesIn(ann)); n != 0 {
		t.Errorf("%d paid invoices stand beside the order's message", n)
	}
}

// TestAReceiptStays: whatever is pressed on it opens a message of its own.
func TestAReceiptStays(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.buy(ann)
	s.fulfils()
	var receipt tgsandbox.Message
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "is ready") {
			receipt = m
		}
	}
	if len(receipt.Keyboard) == 0 {
		t.Fatal("no receipt")
	}
	for _, row := range receipt.Keyboard {
		for _, b := range row {
			before := ann.Last().ID
			s.pressesOn(ann, receipt.ID, b.Data)
			stays := slices.ContainsFunc(ann.Chat(), func(m tgsandbox.Message) bool { return m.ID == receipt.ID && m.Text == receipt.Text })
			if !stays || ann.Last().ID <= before {
				t.Errorf("%q: the receipt stays %v, and the newest message is %q", b.Text, stays, ann.Last().Text)
			}
		}
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
	// Another plan, asked for by the same card on another device.
	s.Send(ann, "JP")
	s.Press(ann, ann.Last().Keyboard[1][0].Text)
	s.pressesOn(ann, card.ID, ann.Last().Keyboard[0][0].Data)
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
	s.Messenger.Break("sendInvoice", 2, tgsandbox.Fault{Kind: tgsandbox.LoseAnswer})
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

// An invoice takes the place of the card that asked for it, never that of a QR picture, whatever
// button is said to have been pressed there.
func TestAnInvoiceNeverTakesAPictureAway(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	buy := card.Keyboard[0][0]
	s.Press(ann, buy.Text)
	s.Must(s.Pay(ann))
	s.fulfils()
	at := slices.IndexFunc(ann.Chat(), func(m tgsandbox.Message) bool { return m.Photo != nil })
	if at < 0 {
		t.Fatalf("no picture: %q", ann.Last().Text)
	}
	picture := ann.Chat()[at]
	s.pressesOn(ann, picture.ID, buy.Data)
	if n := len(invoicesIn(ann)); n != 1 {
		t.Errorf("%d invoices", n)
	}
	if !slices.ContainsFunc(ann.Chat(), func(m tgsandbox.Message) bool { return m.ID == picture.ID }) {
		t.Error("the QR picture is gone")
	}
}
