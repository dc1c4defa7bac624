package main

import (
	"testing"
	"time"

	"esimbot/esim"
)

// TestRecoverKnowsADebtThatWasPaid: data on credit is in no account of payments, but what was paid with the next sale is in its
// invoice. The sale is as it was but for the part of a cent that Stars round up, nobody owes anything, and no money moves. A debt that was not paid is lost with the database.
func TestRecoverKnowsADebtThatWasPaid(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	s.TopUps.MaxEmergencyPrice = esim.USDCents(10_000)
	pays, owes := s.customer(1), s.customer(2)
	var rescued []esim.Order
	for _, h := range []interface{ ID() int64 }{pays, owes} {
		base := s.buys(s.Messenger.User(h.ID()), s.plan(false), 1, 0)
		s.settles()
		e := s.esimsOf(base)[0]
		s.Must(s.Vendor.Install(string(e.ID)))
		s.Must(s.Vendor.Burn(string(e.ID), e.Total*95/100))
		s.Must(s.Watcher.Refresh(t.Context(), e.ID))
		s.Vendor.Advance(4 * time.Hour)
		_, err := s.Watcher.Sweep(t.Context())
		s.Must(err)
		s.Must(s.Monitor.Check(t.Context()))
		e = s.esimsOf(base)[0]
		offers, err := s.TopUps.Offers(t.Context(), e, 0)
		s.Must(err)
		q, _, err := s.TopUps.EmergencyOffer(t.Context(), e, offers)
		s.Must(err)
		o, err := s.TopUps.BeginEmergency(t.Context(), e, esim.PurchaseRequest{Customer: e.Customer, Seen: q.Price, CallbackQueryID: "press"})
		s.Must(err)
		s.settles()
		rescued = append(rescued, o)
	}
	owed := rescued[0].Price.Minor
	price := func(m esim.PaymentMethod) (esim.Quote, error) {
		return s.Checkout.QuoteWith(m, s.plan(false).Code, 1, 0)
	}
	quotes, err := s.Checkout.QuotesBeside(esim.USDCents(-owed), price)
	s.Must(err)
	o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{
		Customer: esim.CustomerID(pays.ID()), PlanCode: s.plan(false).Code, Quantity: 1, Seen: quotes[0].Price, Credit: quotes[0].Credit,
	})
	s.Must(err)
	s.pays(pays, o)
	s.settles()
	s.Vendor.Advance(48 * time.Hour)
	before, err := s.DB.Order(t.Context(), o.ID)
	s.Must(err)
	s.loses()
	s.recovers()
	now, err := s.DB.Order(t.Context(), o.ID)
	if err != nil || now.State != esim.StateDelivered || now.Credit != before.Credit || now.Credit.Minor != -owed || now.Retail.Minor-before.Retail.Minor > 1 {
		t.Errorf("was %+v\nis  %+v, %v", before, now, err)
	}
	for _, h := range []esim.CustomerID{esim.CustomerID(pays.ID()), esim.CustomerID(owes.ID())} {
		if credit, err := s.DB.Credit(t.Context(), h); err != nil || credit.Minor != 0 {
			t.Errorf("customer %d has %s, %v", h, credit, err)
		}
	}
	money := s.money()
	s.booksAgree()
	if after := s.money(); after != money {
		t.Errorf("money moved: %s, now %s", money, after)
	}
}
