package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
)

// A cardOutcome is what a payment by card ends as.
type cardOutcome struct {
	state              esim.State // of its order; "": it is not here
	held, told, nobody int        // payments held for staff, approvals told to staff, eSIMs of nobody in the reminder
	bought             int        // at the vendor
}

// ordersByCard makes an order that is paid by card, and returns what pays it.
func (s *lostShop) ordersByCard(h *tgsandbox.UserClient) (o esim.Order, pay func()) {
	s.Helper()
	p := s.plan(false)
	q, err := s.Checkout.QuoteWith(esim.MethodProvider, p.Code, 1, 0)
	s.Must(err)
	o, err = s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: esim.CustomerID(h.ID()), PlanCode: p.Code, Quantity: 1, Method: esim.MethodProvider, Seen: q.Price})
	s.Must(err)
	link, err := s.App.Telegram.InvoiceLink(s.Context(), telegram.Invoice{
		Title: "eSIM", Description: "eSIM", Payload: esim.InvoicePayload(o), Currency: string(o.Price.Currency), Amount: o.Price.Minor, ProviderToken: shoptest.ProviderToken,
	})
	s.Must(err)
	return o, func() {
		s.Helper()
		form, err := h.OpenInvoiceLink(link)
		s.Must(err)
		s.Must(s.PayForm(h, form.ID))
	}
}

func (s *lostShop) newToken() {
	s.Helper()
	s.Stop()
	s.Start(shoptest.NewMessenger(s.Vendor.Time, 8, "777000777:"+strings.Repeat("x", 35)), s.path)
}

// TestWhatALostDatabaseCostsWhoPaidByCard is the table of README.md: a payment by card is in no account, and its message
// comes before the database changes, after it, or never.
func TestWhatALostDatabaseCostsWhoPaidByCard(t *testing.T) {
	t.Parallel()
	if !wholeMatrix {
		t.Skip("twenty shops of ten sales: with the tag soak, as .ci/run does")
	}
	const (
		copied = iota // the copy is of before the order
		after         // of after it, and before its payment
	)
	for _, tt := range []struct {
		name string
		late bool // its message waits at Telegram
		copy int
		then func(s *lostShop, older string)
		want cardOutcome
	}{
		{"lost, and its message comes after", true, copied, func(s *lostShop, _ string) { s.loses() }, cardOutcome{held: 1}},
		{"restored from before its order", true, copied, func(s *lostShop, older string) { s.opens(older) }, cardOutcome{held: 1}},
		{"restored from after its order", true, after, func(s *lostShop, older string) { s.opens(older) }, cardOutcome{state: esim.StateDelivered, bought: 1}},
		{"new token, its message came before", false, copied, func(s *lostShop, _ string) { s.newToken() }, cardOutcome{state: esim.StateDelivered, bought: 1}},
		{"new token, its message waits at the old bot", true, copied, func(s *lostShop, _ string) { s.newToken() }, cardOutcome{state: esim.StateExpired, told: 1}},
		{"lost, and it was booked", false, copied, func(s *lostShop, _ string) { s.loses() }, cardOutcome{nobody: 1, bought: 1}},
		{"restored from before its order, and it was booked", false, copied, func(s *lostShop, older string) { s.opens(older) }, cardOutcome{nobody: 1, bought: 1}},
		// Its eSIM is found by the key under which nobody was asked yet, as far as the copy knows.
		{"restored from after its order, and it was booked", false, after, func(s *lostShop, older string) { s.opens(older) }, cardOutcome{state: esim.StateExpired, nobody: 1, bought: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newLostShop(t)
			s.Reopen(func(c *shop.Config) { c.Payments = []esim.PaymentMethod{esim.MethodStars, esim.MethodProvider} })
			h, older := s.customer(1), filepath.Join(t.TempDir(), "older.db")
			s.booksAgree()
			if tt.copy == copied {
				s.Must(s.DB.CopyTo(t.Context(), older))
			}
			o, pay := s.ordersByCard(h)
			if tt.copy == after {
				s.Must(s.DB.CopyTo(t.Context(), older))
			}
			if tt.late {
				s.Messenger.LosePayments(1)
			}
			pay()
			if !tt.late {
				s.settles()
			}
			old := s.Messenger
			tt.then(s, older)
			if tt.late && s.Messenger == old {
				old.TellLostPayments()
			}
			for range 30 {
				s.Pump()
				s.booksAgree()
				s.Must(s.Checkout.Expire(t.Context()))
				s.Vendor.Advance(time.Hour)
			}
			s.Must(s.Admin.Remind(t.Context()))
			s.settles()
			open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time())
			s.Must(err)
			held, err := s.DB.UnexplainedPayments(t.Context())
			s.Must(err)
			got := cardOutcome{held: len(held), told: len(open.Unpaid), nobody: len(open.UnmatchedESIMs), bought: s.Vendor.Charged("")}
			if now, err := s.DB.Order(t.Context(), o.ID); err == nil {
				got.state = now.State
			}
			if got != tt.want {
				t.Errorf("ends as %+v, want %+v", got, tt.want)
			}
			if credit, err := s.DB.Credit(t.Context(), o.Customer); err != nil || credit.Minor != 0 {
				t.Errorf("store credit of %s that nobody decided, %v", credit, err)
			}
			if got.held+got.told+got.nobody > 0 && open.Count() == 0 {
				t.Error("nothing of it is in the daily reminder")
			}
		})
	}
}
