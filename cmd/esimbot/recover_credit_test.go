package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// gives has staff top an eSIM up as a gift.
func (s *lostShop) gives(e esim.ESIM) esim.Order {
	s.Helper()
	offers, err := s.TopUps.Offers(s.Context(), e, 0)
	s.Must(err)
	o, err := s.TopUps.Give(s.Context(), e, offers[0].Plan.Code, offers[0].GiftCost(), "gift:1", esim.AuditEntry{Who: 1, What: "gift", Why: "kindness"})
	s.Must(err)
	s.settles()
	return o
}

// assigns has staff give an eSIM to somebody by a link.
func (s *lostShop) assigns(id esim.ESIMID, to esim.CustomerID) {
	s.Helper()
	_, token, err := s.App.Assigner.Assign(s.Context(), id, "press", esim.AuditEntry{Who: 1, What: "assign", Why: "lost"})
	s.Must(err)
	_, err = s.Gifts.Take(s.Context(), to, token)
	s.Must(err)
}

func (s *lostShop) cancelsOne(o esim.Order) {
	s.Helper()
	for _, e := range s.esimsOf(o) {
		if !e.Returned {
			s.Must(s.Canceller.BeginOne(s.Context(), e))
			s.settles()
			return
		}
	}
	s.Fatal("no eSIM is left")
}

// TestRecoverKnowsWhatBecameStoreCreditAndWhatStaffGave: what went back as store credit, and what staff gave, is in no list
// of the neighbours. What they do tell is as it was, what may have been settled waits for staff, the operator reads what is
// lost, and no money moves.
func TestRecoverKnowsWhatBecameStoreCreditAndWhatStaffGave(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h, bob := s.customer(1), s.customer(2)
	three, singly := s.buys(h, s.plan(false), 3, 0), s.buys(h, s.plan(false), 2, 0)
	amount, whole := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	topped, held := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.cancelsOne(three)
	s.cancelsOne(singly)
	s.cancelsOne(singly)
	for _, o := range []esim.Order{amount, whole} {
		o, err := s.DB.Order(t.Context(), o.ID)
		s.Must(err)
		s.Must(s.Admin.RefundAmount(t.Context(), esim.AmountRefund{Order: o.ID, Amount: esim.USDCents(40), Seen: o.RefundableAsCredit()}, esim.AuditEntry{Who: 1, What: "amount", Why: "slow"}))
	}
	s.cancelsOne(whole)
	given := s.gives(s.esimsOf(topped)[0])
	_, err := s.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: "another program's", Plan: s.plan(false), Quantity: 1})
	s.Must(err)
	s.Vendor.Advance(time.Minute)
	s.booksAgree()
	nobodys, err := s.App.Assigner.UnmatchedESIMs(t.Context())
	s.Must(err)
	s.assigns(nobodys[0], esim.CustomerID(bob.ID()))
	s.assigns(s.esimsOf(held)[0].ID, esim.CustomerID(bob.ID()))
	s.settles()
	s.Vendor.Advance(48 * time.Hour)

	s.loses()
	found := s.recovers()
	if c := found.Count(); c.Orders != 6 || c.Human != 2 || c.UnmatchedESIMs != 1 || c.UnmatchedTopUps != 1 || c.Given != 0 || c.Unexplained != 0 {
		t.Errorf("found %+v", c)
	}
	if got := found.UnmatchedESIMs[0]; got.ID != nobodys[0] || got.Order != "" {
		t.Errorf("the eSIM of no order is %s, of order %q", got.ID, got.Order)
	}
	for _, tt := range []struct {
		name  string
		of    esim.Order
		state esim.State
		back  int
		note  string
	}{
		{"one of three given back", three, esim.StateDelivered, 1, "1 of its 3 eSIMs"},
		{"each of two given back", singly, esim.StateNeedsHuman, 0, "may have become store credit"},
		{"an amount given back", amount, esim.StateDelivered, 0, "recovered"},
		{"an amount given back, and then the rest", whole, esim.StateNeedsHuman, 0, "may have become store credit"},
		{"topped up by staff", topped, esim.StateDelivered, 0, "recovered"},
		{"with somebody else by a link", held, esim.StateDelivered, 0, "recovered"},
	} {
		o, err := s.DB.Order(t.Context(), tt.of.ID)
		if err != nil || o.State != tt.state || o.Returned != tt.back || !strings.Contains(o.Reason, tt.note) {
			t.Errorf("%s: is %s, %d back, %q, %v", tt.name, o.State, o.Returned, o.Reason, err)
		}
		for _, e := range s.esimsOf(tt.of) {
			if e.Customer != tt.of.Customer {
				t.Errorf("%s: eSIM %s is %d's", tt.name, e.ID, e.Customer)
			}
		}
	}
	if e := s.esimsOf(topped)[0]; e.Epoch != 1 {
		t.Errorf("what staff gave is on its eSIM, epoch %d", e.Epoch)
	}
	if _, err := s.DB.Order(t.Context(), given.ID); err == nil {
		t.Error("of what was given nobody knows that it was a gift, and there is an order")
	}
	before := s.money()
	if rep := s.booksAgree(); rep.Mended() {
		t.Errorf("the first comparison found %+v", rep)
	}
	if now := s.money(); now != before {
		t.Errorf("money moved: %s, now %s", before, now)
	}
	var out bytes.Buffer
	report(&out, found)
	for _, want := range []string{
		singly.ID.String() + "  2026-11-23  200 XTR", whole.ID.String() + "  2026-11-23  100 XTR", "order none", "Top-ups without a payment in Stars (1)", "order " + given.ID.String(),
		"given\nback as store credit", "/credit", "link of staff",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the operator does not read %q in:\n%s", want, &out)
		}
	}
}

// TestWhatWasPaidBackAndLivesIsForStaff: of an order whose money went back an eSIM is live and unused. A shop that lives cancels
// it; after a loss it may be with somebody to whom staff gave it. It is not cancelled by itself, staff are told, and their
// "Try again" cancels it, without money to anybody.
func TestWhatWasPaidBackAndLivesIsForStaff(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	two := s.buys(h, s.plan(false), 2, 0)
	s.settles()
	payments, err := s.DB.PaymentsOf(t.Context(), two.ID)
	s.Must(err)
	s.Must(s.App.Telegram.RefundStars(t.Context(), h.ID(), payments[0].ID))
	s.Must(s.Vendor.Cancel(s.tran(two))) // the shop died between the two
	s.Vendor.Advance(48 * time.Hour)
	s.loses()
	found := s.recovers()
	if c := found.Count(); c.Human != 1 || c.Refunded != 0 || c.UnmatchedESIMs != 0 {
		t.Errorf("found %+v", c)
	}
	before := s.money()
	for range 2 {
		if rep := s.booksAgree(); rep.Mended() {
			t.Errorf("compared: %+v", rep)
		}
		s.Vendor.Advance(25 * time.Hour)
	}
	if now := s.money(); now != before {
		t.Errorf("money moved: %s, now %s", before, now)
	}
	stars := h.Stars()
	s.Must(s.Admin.Retry(t.Context(), two.ID, esim.AuditEntry{Who: 1, What: "retry", Order: two.ID}))
	s.settles()
	o, err := s.DB.Order(t.Context(), two.ID)
	if err != nil || o.State != esim.StateRefunded || h.Stars() != stars {
		t.Errorf("after staff tried again it is %s, %d Stars went back, %v", o.State, h.Stars()-stars, err)
	}
	live := 0
	for _, p := range s.Vendor.Profiles() {
		if !esim.ProfileStatus(p.EsimStatus).Final() {
			live++
		}
	}
	if live != 0 {
		t.Errorf("%d eSIMs live", live)
	}
	s.Vendor.Advance(25 * time.Hour)
	if rep := s.booksAgree(); rep.Mended() {
		t.Errorf("compared: %+v", rep)
	}
}
