package main

import (
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// buy leads a customer to a payment for a plan of the place. False: the shop did not offer
// it, or the payment failed, as happens while a neighbour is ill.
func (s *simulated) buy(h *tgsandbox.UserClient, place string) bool {
	return s.invoice(h, place) && h.Pay() == nil
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
	for _, label := range h.Last().Labels() {
		if strings.HasPrefix(unbroken(label), "Buy for") {
			if _, err := h.Press(label); err != nil {
				return false
			}
			s.pass(10 * time.Second)
			return true
		}
	}
	return false
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
