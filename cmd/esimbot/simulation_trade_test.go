package main

import (
	"fmt"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// touch presses the newest button whose label has the words, and reports whether there was one.
func (s *simulated) touch(h *tgsandbox.UserClient, words string) bool { return s.touchOf(h, 5, words) }

// touchOf is touch among so many of the newest messages.
func (s *simulated) touchOf(h *tgsandbox.UserClient, newest int, words string) bool {
	chat := h.Chat()
	for i := len(chat) - 1; i >= max(0, len(chat)-newest); i-- {
		for _, row := range chat[i].Keyboard {
			for _, b := range row {
				if b.Kind == "callback" && strings.Contains(unbroken(b.Text), words) {
					_, err := h.PressData(chat[i].ID, b.Data)
					s.pass(6 * time.Second)
					return err == nil
				}
			}
		}
	}
	return false
}

// buySome buys up to three eSIMs of a plan in one order, now and then with store credit.
func (s *simulated) buySome(h *tgsandbox.UserClient) {
	plan, ok := s.plan("JP")
	if !ok {
		return
	}
	if _, err := h.Send("/start p_" + plan.Code); err != nil {
		return
	}
	s.pass(6 * time.Second)
	for range s.rng.IntN(3) {
		s.touch(h, "+")
	}
	if s.wantsToPay(h) {
		s.paysSomehow(h)
	}
}

// esimCard leads a customer to the card of one of their eSIMs.
func (s *simulated) esimCard(h *tgsandbox.UserClient) bool {
	if _, err := h.Send("/esims"); err != nil {
		return false
	}
	s.pass(6 * time.Second)
	labels := h.Last().Labels()
	if len(labels) == 0 {
		return false
	}
	if _, err := h.Press(labels[s.rng.IntN(len(labels))]); err != nil {
		return false
	}
	s.pass(6 * time.Second)
	return true
}

// topUp buys more data for an eSIM.
func (s *simulated) topUp(h *tgsandbox.UserClient) {
	if s.esimCard(h) && s.touch(h, "Top up") && s.touch(h, "+ ") && s.touch(h, "Buy for") {
		s.paysSomehow(h)
	}
}

// cancel gives an eSIM back, or one of several.
func (s *simulated) cancel(h *tgsandbox.UserClient) {
	if s.esimCard(h) && s.touch(h, "Cancel and get money back") {
		if s.rng.IntN(2) == 0 && s.touch(h, "Only this one") {
			return
		}
		s.touch(h, "Yes, cancel")
	}
}

// commands are what staff write; %d is a customer.
var commands = []string{
	"/status", "/orders", "/orders open", "/refunds", "/reconcile", "/unexplained", "/ledger",
	"/stats", "/order %d", "/audit", "/block %d test", "/unblock %d", "/credit %d 3.00 test", "/credit %d 20.00 test",
}

// command has staff write one, and say yes or press something of what is answered.
func (s *simulated) command() {
	text := commands[s.rng.IntN(len(commands))]
	if strings.Contains(text, "%d") {
		text = fmt.Sprintf(text, s.anybody().ID())
	}
	if _, err := s.staff.Send(text); err != nil {
		return
	}
	s.pass(6 * time.Second)
	if !s.touch(s.staff, "Yes") && s.rng.IntN(2) == 0 {
		s.taps(s.staff, 2)
	}
}
