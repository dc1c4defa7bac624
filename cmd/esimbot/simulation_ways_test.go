package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// The ways to pay, as a random customer goes them: Stars, a card, store credit, a part from store credit
// and the rest some other way, and by hand, where staff say that the money came, or nobody does.

// payWords are of what the buttons of the ways are known.
var payWords = []string{"Telegram Stars", "card", "through our staff", "store credit"}

// paysSomehow chooses one of the ways that the last message offers, if it does, and pays as far as this
// is the customer's to do. False: nothing was paid.
func (s *simulated) paysSomehow(h *tgsandbox.UserClient) bool {
	var ways []string
	for _, label := range h.Last().Labels() {
		if slices.ContainsFunc(payWords, func(w string) bool { return strings.HasSuffix(unbroken(label), w) }) {
			ways = append(ways, label)
		}
	}
	if len(ways) > 0 {
		way := ways[s.rng.IntN(len(ways))]
		if last := ways[len(ways)-1]; strings.HasPrefix(last, "👛") && s.rng.IntN(2) == 0 {
			way = last // what credit there is, is spent rather
		}
		if _, err := h.Press(way); err != nil {
			return false
		}
		s.pass(6 * time.Second)
		if strings.HasSuffix(unbroken(way), payWords[2]) {
			if s.rng.IntN(2) == 0 {
				s.pass(time.Duration(s.rng.IntN(7200)) * time.Second)
				s.received(h.ID())
			}
			return false
		}
	}
	if s.touchOf(h, 1, "Pay ") { // store credit: the press pays
		s.payments++
		return true
	}
	if h.Pay() != nil {
		return false
	}
	s.payments++
	return true
}

// creditSpent has staff give a customer some store credit, who buys with it, or with a part from it.
func (s *simulated) creditSpent() {
	h := s.anybody()
	if _, err := s.staff.Send(fmt.Sprintf("/credit %d %d.00 test", h.ID(), 1+s.rng.IntN(20))); err != nil {
		return
	}
	s.pass(6 * time.Second)
	s.touch(s.staff, "Yes")
	s.buySome(h)
}

// byHand is about an order that waits for money by hand: staff see the money, or its customer leaves it,
// or nothing happens until it expires.
func (s *simulated) byHand() {
	orders, err := s.app.DB.RecentOrders(s.t.Context(), []esim.State{esim.StateAwaitingPayment, esim.StateExpired}, 30)
	if err != nil {
		return // the disk is sick
	}
	orders = slices.DeleteFunc(orders, func(o esim.Order) bool { return o.Method != esim.MethodManual })
	if len(orders) == 0 {
		h := s.anybody()
		if s.invoice(h, "JP") {
			s.touch(h, "through our staff")
		}
		return
	}
	o := orders[s.rng.IntN(len(orders))]
	if s.rng.IntN(4) == 0 {
		h := s.telegram.User(int64(o.Customer))
		if s.touchOf(h, 20, "Leave this order") {
			s.touch(h, "Yes, leave it")
		}
		return
	}
	s.confirms(o.ID)
}

// received has staff see the money of a customer's newest order.
func (s *simulated) received(customer int64) {
	orders, err := s.app.DB.OrdersOf(s.t.Context(), esim.CustomerID(customer), 1)
	if err == nil && len(orders) > 0 && orders[0].WaitsForStaff() {
		s.confirms(orders[0].ID)
	}
}

// confirms has staff say that the money of an order came, now and then twice.
func (s *simulated) confirms(id esim.OrderID) {
	if _, err := s.staff.Send("/order " + string(id)); err != nil {
		return
	}
	s.pass(6 * time.Second)
	if !s.touch(s.staff, "💵 Received") {
		return
	}
	if s.touch(s.staff, "Yes") {
		s.payments++
	}
	if s.rng.IntN(3) == 0 {
		s.touch(s.staff, "Yes")
	}
}
