package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestTwoOrdersByHandOneMessage: both rows of waiting orders pressed in one message leave each order
// with a receipt of its own.
func TestTwoOrdersByHandOneMessage(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	for i := range 2 {
		s.Send(ann, "JP")
		var plans []string
		for _, row := range ann.Last().Keyboard {
			for _, b := range row {
				if strings.HasPrefix(b.Data, "plan|") {
					plans = append(plans, b.Data)
				}
			}
		}
		s.pressesOn(ann, ann.Last().ID, plans[i])
		s.presses(ann, "buy|")
	}
	s.delivers()
	s.Send(ann, "/esims")
	esims := ann.Last()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 2)
	s.Must(err)
	for _, o := range orders {
		data, err := ui.NewCallbackData("order", string(o.ID)).Encode()
		s.Must(err)
		s.pressesOn(ann, esims.ID, data) // one, Back, the other: in the same message
	}
	for _, o := range orders {
		_, err = s.Checkout.PaidByHand(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "paid"})
		s.Must(err)
	}
	s.fulfils()
	s.fulfils()
	all := ""
	for _, m := range ann.Chat() {
		all += m.Text
	}
	if n := strings.Count(all, "is ready"); n != 2 {
		t.Errorf("%d receipts of two orders", n)
	}
}

// TestReminderPressedWhilePaid: the reminder that an order expires soon, pressed in the moment in which
// the order is paid, shows what becomes of it.
func TestReminderPressedWhilePaid(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	s.Send(ann, "JP")
	s.presses(ann, "plan|")
	s.presses(ann, "buy|")
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	s.Vendor.Advance(orders[0].NextAt.Sub(s.Vendor.Time()) - time.Hour)
	s.Must(s.Checkout.Expire(t.Context()))
	s.delivers()
	_, err = s.Checkout.PaidByHand(t.Context(), orders[0].ID, esim.AuditEntry{Who: staffID, What: "paid"})
	s.Must(err)
	id, data := s.button(ann, "order|")
	s.pressesOn(ann, id, data)
	s.fulfils()
	s.fulfils()
	for _, x := range ann.Chat() {
		if strings.Contains(x.Text, "is being prepared") {
			t.Errorf("delivered, and for ever: %q", x.Text)
		}
	}
}
