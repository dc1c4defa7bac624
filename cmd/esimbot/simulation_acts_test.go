package main

import (
	"slices"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// actKinds is what may happen, each as often as its weight says.
func actKinds() []actKind {
	return []actKind{
		{"buy", 12, 1, func(s *simulated) { s.buy(s.anybody(), "JP") }},
		{"customer", 6, 1, func(s *simulated) { s.customer(s.anybody()) }},
		{"buy some", 6, 1, func(s *simulated) { s.buySome(s.anybody()) }},
		{"top up", 5, 1, func(s *simulated) { s.topUp(s.anybody()) }},
		{"cancel", 4, 1, func(s *simulated) { s.cancel(s.anybody()) }},
		{"money by hand", 5, 3, (*simulated).byHand},
		{"store credit", 4, 3, (*simulated).creditSpent},
		{"card declined", 1, 3, func(s *simulated) { s.telegram.DeclineCards(1) }},
		{"swap", 4, 2, func(s *simulated) { s.swap(s.anybody()) }},
		{"staff", 3, 1, func(s *simulated) { s.taps(s.staff, 3) }},
		{"command of staff", 5, 1, (*simulated).command},
		{"fate of an eSIM", 6, 1, (*simulated).fate},
		{"fault of a neighbour", 6, 1, (*simulated).neighbour},
		{"outage", 1, 1, (*simulated).outage},
		{"quirks of the vendor", 2, 1, (*simulated).quirks},
		{"price", 2, 1, (*simulated).price},
		{"withhold", 3, 1, (*simulated).withhold},
		{"refunded elsewhere", 2, 1, (*simulated).refundedElsewhere},
		{"room of staff", 2, 1, (*simulated).room},
		{"disk full", 2, 1, (*simulated).disk},
		{"disk sick", 2, 2, (*simulated).sick},
		{"clock", 2, 1, (*simulated).clock},
		{"backup", 2, 1, (*simulated).backUp},
		{"restore", 1, 1, (*simulated).restore},
		{"quiet week", 1, 1, func(s *simulated) { s.telegram.ResetUpdateIDs() }},
		{"kill", 2, 1, func(s *simulated) {
			s.kill()
			s.start()
		}},
		{"crash at a commit", 3, 1, func(s *simulated) { s.arm(true, 40) }},
		{"crash at an exchange", 3, 1, func(s *simulated) { s.arm(false, 20) }},
	}
}

// anybody is one of the customers.
func (s *simulated) anybody() *tgsandbox.UserClient { return s.people[s.rng.IntN(len(s.people))] }

// arm makes the program die at one of the next commits or exchanges.
func (s *simulated) arm(commit bool, within int) {
	c := &crash{commit: commit, after: s.rng.IntN(2) == 0}
	c.left.Store(int64(1 + s.rng.IntN(within)))
	s.crash.Store(c)
}

// buy leads a customer to a payment for a plan of the place. False: the shop did not offer
// it, or the payment failed, as happens while a neighbour is ill.
func (s *simulated) buy(h *tgsandbox.UserClient, place string) bool {
	return s.invoice(h, place) && s.paysSomehow(h)
}

// invoice leads a customer to the invoice for a plan of the place, if the shop offers one.
func (s *simulated) invoice(h *tgsandbox.UserClient, place string) bool {
	plan, ok := s.plan(place)
	if !ok {
		return false
	}
	if _, err := h.Send("/start p_" + plan.Code); err != nil {
		return false
	}
	s.pass(10 * time.Second)
	return s.wantsToPay(h)
}

// wantsToPay leads from a card to where its customer pays, or has the ways to: both of two stand on the card.
func (s *simulated) wantsToPay(h *tgsandbox.UserClient) bool {
	if s.touchOf(h, 1, "Other ways to pay") {
		return true
	}
	for _, label := range h.Last().Labels() {
		if slices.ContainsFunc(payWords, func(w string) bool { return strings.HasSuffix(unbroken(label), w) }) {
			return true
		}
	}
	return s.touch(h, "Buy for")
}

// plan chooses one of the plans of a place that is on sale.
func (s *simulated) plan(place string) (esim.Plan, bool) {
	catalog := s.app.Catalog.Current()
	if catalog == nil {
		return esim.Plan{}, false
	}
	var on []esim.Plan
	for _, p := range catalog.Country(place) {
		if p.DayPass() || p.Days != 7 {
			continue
		}
		if _, err := s.app.Checkout.Quote(p.Code, 1, 0); err == nil {
			on = append(on, p)
		}
	}
	if len(on) == 0 {
		return esim.Plan{}, false
	}
	return on[s.rng.IntN(len(on))], true
}
