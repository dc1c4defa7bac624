package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// swaps swaps the eSIM of an order for a plan that costs more or less, in the first way that is offered.
func (s *lostShop) swaps(h *tgsandbox.UserClient, base esim.Order, dearer bool) esim.Order {
	s.Helper()
	var to esim.Plan
	for _, p := range s.Catalog.Current().Country("JP") {
		if !p.DayPass() && (p.Wholesale.Minor > base.Plan.Wholesale.Minor+20_000) == dearer && (dearer || p.Wholesale.Minor < base.Plan.Wholesale.Minor-2_000) {
			to = p
		}
	}
	credit, err := s.DB.Credit(s.Context(), base.Customer)
	s.Must(err)
	ways, err := s.Checkout.SwapQuotes(base.SwapWorthOfOne(), credit, func(m esim.PaymentMethod) (esim.Quote, error) {
		return s.Checkout.QuoteWith(m, to.Code, 1, 0)
	})
	s.Must(err)
	q := ways[0]
	o, err := s.Checkout.BeginSwap(s.Context(), esim.PurchaseRequest{
		Customer: base.Customer, PlanCode: q.Plan.Code, Method: q.Method, Seen: q.Price, Credit: q.Credit,
	}, s.esimsOf(base)[0].ID)
	s.Must(err)
	if (o.State == esim.StateAwaitingPayment) != dearer {
		s.Fatalf("the swap is %s, and its plan is dearer: %t", o.State, dearer)
	}
	if dearer {
		s.pays(h, o)
	}
	s.settles()
	if o, err = s.DB.Order(s.Context(), o.ID); err != nil || o.State != esim.StateDelivered {
		s.Fatalf("the swap is %s, %v", o.State, err)
	}
	return o
}

// TestRecoverKnowsSwapsGiftsAndPromoCodes: an order that was swapped paid the one in its place, whether that cost more or
// not; an eSIM that was given away is with who topped it up; a sale has its price as it was paid, and its code. What no list
// tells is said: who holds a given eSIM and did nothing.
func TestRecoverKnowsSwapsGiftsAndPromoCodes(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h, bob := s.customer(1), s.customer(2)
	dearer, cheaper := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	topped, silent := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	s.settles()
	up, down := s.swaps(h, dearer, true), s.swaps(h, cheaper, false)
	for _, o := range []esim.Order{topped, silent} {
		_, token, err := s.Gifts.Offer(t.Context(), o.Customer, s.esimsOf(o)[0].ID, "")
		s.Must(err)
		_, err = s.Gifts.Take(t.Context(), esim.CustomerID(bob.ID()), token)
		s.Must(err)
	}
	s.settles()
	more := s.topsUp(bob, s.esimsOf(topped)[0])
	s.Must(s.DB.AddPromo(t.Context(), esim.Promo{Code: "SUMMER", Percent: 20}, esim.AuditEntry{Who: 1, What: "promo"}))
	promo, err := s.DB.Promo(t.Context(), "SUMMER")
	s.Must(err)
	q, err := s.Checkout.Discounted(promo, func(m esim.PaymentMethod) (esim.Quote, error) {
		return s.Checkout.QuoteWith(m, s.plan(false).Code, 1, 0)
	})(esim.MethodStars)
	s.Must(err)
	coded, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: esim.CustomerID(bob.ID()), PlanCode: s.plan(false).Code, Quantity: 1, Seen: q.Price, Promo: "SUMMER"})
	s.Must(err)
	s.pays(bob, coded)
	s.settles()
	s.Vendor.Advance(48 * time.Hour)

	was := map[esim.OrderID]esim.Order{}
	for _, o := range []esim.Order{dearer, cheaper, up, down, topped, silent, more, coded} {
		was[o.ID], err = s.DB.Order(t.Context(), o.ID)
		s.Must(err)
	}
	holders := map[esim.ESIMID]esim.CustomerID{}
	for id := range was {
		for _, e := range s.esimsOf(was[id]) {
			holders[e.ID] = e.Customer
		}
	}
	holders[s.esimsOf(silent)[0].ID] = silent.Customer // of this no list tells
	s.loses()
	found := s.recovers()
	if c := found.Count(); c.Orders != 8 || c.Human+c.Unexplained+c.UnmatchedESIMs != 0 || c.Given != 1 {
		t.Errorf("found %+v", c)
	}
	for id, before := range was {
		o, err := s.DB.Order(t.Context(), id)
		if err != nil || o.State != before.State || o.Customer != before.Customer || o.SwappedFor != before.SwappedFor || o.Promo != before.Promo ||
			o.Discount != before.Discount || o.Method != before.Method || o.Credit != before.Credit || o.IdempotencyKey != before.IdempotencyKey {
			t.Errorf("was  %+v\nis   %+v, %v", before, o, err)
		}
	}
	for id, holder := range holders {
		if e, err := s.DB.ESIM(t.Context(), id); err != nil || e.Customer != holder {
			t.Errorf("eSIM %s is %d's, not %d's: %v", id, e.Customer, holder, err)
		}
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
	for _, want := range []string{"swapped for order " + up.ID.String(), "paid with what order " + cheaper.ID.String(), "with who was given them", "given away"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the operator does not read %q in:\n%s", want, &out)
		}
	}
}
