package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestAnExpiredInvoiceIsRefusedInWordsAndTakenAway: whoever presses Pay before it is gone reads why nothing is
// charged; when the order is closed nothing in the chat looks as if it could be paid, and one that cannot be
// deleted is left alone.
func TestAnExpiredInvoiceIsRefusedInWordsAndTakenAway(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	card := s.card(ann)
	s.Press(ann, card.Keyboard[0][0].Text)
	s.Must(s.App.Bot.RemoveExpiredInvoices(t.Context()))
	if n := len(invoicesIn(ann)); n != 1 {
		t.Fatalf("%d invoices of an order that waits for its payment", n)
	}
	s.Vendor.Advance(2 * time.Hour)
	var declined *tgsandbox.DeclinedError
	if err := s.Pay(ann); !errors.As(err, &declined) || !strings.Contains(declined.Text, "too old") {
		t.Errorf("an invoice that is too old is answered with %v", err)
	}
	s.Must(s.Checkout.Expire(t.Context()))
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	if st := orders[0].State; st != esim.StateExpired {
		t.Fatalf("the order is %s", st)
	}
	s.Messenger.Break("deleteMessage", 1, tgsandbox.Fault{Kind: tgsandbox.BadGateway})
	s.Must(s.App.Bot.RemoveExpiredInvoices(t.Context())) // and again a minute later
	s.Must(s.App.Bot.RemoveExpiredInvoices(t.Context()))
	if left := invoicesIn(ann); len(left) != 0 {
		t.Errorf("%d invoices look as if they could be paid", len(left))
	}
	if left, err := s.DB.ExpiredInvoices(t.Context(), 9); err != nil || len(left) != 0 {
		t.Errorf("%v are still to be taken away, %v", left, err)
	}
}
