package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
)

// TestWhatCannotBeMatchedIsTold: a payment of which no order can be made, and a live eSIM that nobody paid
// for in Stars, are named to the operator by the command and to staff by the shop that opens on what was
// recovered; what matches is matched, and no money moves.
func TestWhatCannotBeMatchedIsTold(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	sold := s.buys(h, s.plan(false), 1, 0)
	s.settles()
	link, err := s.App.Telegram.InvoiceLink(t.Context(), telegram.Invoice{
		Title: "eSIM", Description: "eSIM", Payload: "of another program", Currency: telegram.Stars, Amount: 77,
	})
	s.Must(err)
	form, err := h.OpenInvoiceLink(link)
	s.Must(err)
	s.Messenger.LosePayments(1)
	s.Must(s.anotherProgramApproves(func() error { return h.PayForm(form.ID) }))
	_, err = s.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "another program's", Plan: s.plan(false), Quantity: 1})
	s.Must(err)
	s.Vendor.Advance(48 * time.Hour)

	s.loses()
	found := s.recovers()
	if c := found.Count(); c.Orders != 1 || c.Unexplained != 1 || c.UnmatchedESIMs != 1 {
		t.Fatalf("found %+v", c)
	}
	orphan := string(found.UnmatchedESIMs[0].ID)
	var out bytes.Buffer
	report(&out, found)
	for _, want := range []string{"no order can be made of (1)", "77", "without a payment in Stars (1)", orphan} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the operator does not read %q in:\n%s", want, &out)
		}
	}

	before := s.money()
	s.booksAgree()
	s.Vendor.Advance(25 * time.Hour)
	s.booksAgree()
	s.Must(s.Admin.Remind(t.Context()))
	s.settles()
	olga := s.Messenger.User(shoptest.Olga).In(shoptest.Group)
	text := ""
	for _, m := range olga.Chat() {
		text += m.Text + "\n"
	}
	for _, want := range []string{"Payments that nobody here knows", "eSIMs of no order, live at the vendor: 1", "…" + orphan[len(orphan)-6:], "Still open: 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("staff do not read %q in:\n%s", want, text)
		}
	}
	if now := s.money(); now != before {
		t.Errorf("money moved: %s, now %s", before, now)
	}
	if o, err := s.DB.Order(t.Context(), sold.ID); err != nil || o.State != esim.StateDelivered {
		t.Errorf("what matches is %s, %v", o.State, err)
	}
}

// anotherProgramApproves lets a payment through that this shop would decline: it is of no order of ours.
func (s *lostShop) anotherProgramApproves(pay func() error) error {
	s.Helper()
	paid := make(chan error, 1)
	go func() { paid <- pay() }()
	for asked := false; !asked; {
		raw, err := s.App.Telegram.GetUpdates(s.Context(), 0, time.Second)
		s.Must(err)
		for _, r := range raw {
			u, err := telegram.Decode(r.Raw)
			s.Must(err)
			if u.PreCheckout != nil {
				asked = true
				s.Must(s.App.Telegram.AnswerPreCheckout(s.Context(), u.PreCheckout.ID, ""))
			}
		}
	}
	return <-paid
}
