package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// otherStaffID is a second hand at the order admin.
const otherStaffID = 901

// staffed returns staff in their group.
func (s *shop) staffed() *tgsandbox.UserClient { return s.Messenger.User(staffID).In(groupID) }

// byHand makes an order that waits for money by hand.
func (s *shop) byHand(quantity int) esim.Order {
	s.Helper()
	_, _, err := s.DB.UpsertCustomer(s.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: "Ann"})
	s.Must(err)
	s.Send(s.Messenger.User(annID), "/start")
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	code := s.Catalog.Current().Country("JP")[0].Code
	q, err := s.Checkout.QuoteWith(esim.MethodManual, code, quantity, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: code, Quantity: quantity, Method: esim.MethodManual, Seen: q.Price})
	s.Must(err)
	s.Deliver()
	return o
}

// presses presses the newest button in the chat whose data begins so.
func (s *shop) presses(h *tgsandbox.UserClient, data string) tgsandbox.Toast {
	s.Helper()
	message, full := s.button(h, data)
	return s.pressesOn(h, message, full)
}

func (s *shop) pressesOn(h *tgsandbox.UserClient, message int, data string) tgsandbox.Toast {
	s.Helper()
	id, err := h.PressData(message, data)
	s.Must(err)
	s.Pump()
	for _, toast := range h.Toasts() {
		if toast.QueryID == id {
			return toast
		}
	}
	s.Errorf("the press on %q was never answered", data)
	return tgsandbox.Toast{}
}

// button finds the newest button whose data begins so.
func (s *shop) button(h *tgsandbox.UserClient, data string) (message int, full string) {
	s.Helper()
	chat := h.Chat()
	slices.Reverse(chat)
	for _, m := range chat {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if b.Data != "" && strings.HasPrefix(b.Data, data) {
					return m.ID, b.Data
				}
			}
		}
	}
	s.Fatalf("no button leads to %q", data)
	return 0, ""
}

// offers reports whether the newest message has a button whose data begins so.
func offers(h *tgsandbox.UserClient, data string) bool {
	for _, row := range h.Last().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, data) {
				return true
			}
		}
	}
	return false
}

func (s *shop) sees(h *tgsandbox.UserClient, words ...string) {
	s.Helper()
	for _, w := range words {
		if !strings.Contains(h.Last().Text, w) {
			s.Errorf("%q is not in:\n%s", w, h.Last().Text)
		}
	}
}

// audit is what the audit log says was done, oldest first.
func (s *shop) audit() []esim.AuditEntry {
	s.Helper()
	entries, err := s.DB.AuditEntries(s.Context(), "", 100)
	s.Must(err)
	slices.Reverse(entries)
	return entries
}

func (s *shop) did(what string) int {
	s.Helper()
	n := 0
	for _, a := range s.audit() {
		if a.What == what {
			n++
		}
	}
	return n
}

// sold is an order of Ann's that was delivered.
func sold(t *testing.T) (*shop, *tgsandbox.UserClient, esim.Order) {
	t.Helper()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	o := s.buy(s.Messenger.User(annID))
	s.fulfils()
	if s.state(o.ID) != esim.StateDelivered {
		t.Fatalf("order is %s", s.state(o.ID))
	}
	return s, olga, o
}
