package main

import (
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Telegram wants five minutes of rest from each kind of call in turn. Nobody who makes such calls
// makes one before they are over, and all that was to be shown and given back is, afterwards.
func TestEveryOwnerOfACallObeysRetryAfter(t *testing.T) {
	t.Parallel()
	dir, catalog := t.TempDir(), smallCatalog(t)
	if testing.Short() {
		t.Skip("an hour of a whole shop")
	}
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, dir, catalog, 1, 2)
		defer s.end()
		s.pass(time.Minute)
		ann, bob := s.people[0], s.people[1]
		again := func(do func()) { // within the five minutes, and after them
			for range 9 {
				do()
				s.pass(30 * time.Second)
			}
			s.pass(10 * time.Minute)
		}
		send := func(h *tgsandbox.UserClient, text string) func() {
			return func() { _, err := h.Send(text); s.must(err) }
		}
		s.must(func() error { _, err := ann.Send("/start"); return err }())
		s.pass(time.Minute)
		for _, tt := range []struct {
			method string
			do     func()
		}{
			{"sendMessage", send(ann, "/start")},
			{"editMessageText", func() { _, _ = ann.Press(ann.Last().Labels()[0]) }},
			{"answerCallbackQuery", func() { _, _ = ann.Press(ann.Last().Labels()[0]) }},
			{"sendMessage", send(s.staff, "/status")},
		} {
			s.telegram.Break(tt.method, 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 300})
			again(tt.do)
			s.obeyed(tt.method)
		}
		s.telegram.Break("sendInvoice", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 300})
		s.buy(ann, "JP")
		s.pass(10 * time.Minute)
		s.obeyed("sendInvoice")
		s.telegram.Break("sendPhoto", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 300})
		if !s.buy(bob, "JP") {
			t.Fatal("nothing was bought")
		}
		s.pass(10 * time.Minute)
		s.obeyed("sendPhoto")

		s.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "310241", Count: 3})
		s.telegram.Break("refundStarPayment", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 300})
		for range 3 {
			s.buy(bob, "JP")
			s.pass(20 * time.Second)
		}
		s.pass(15 * time.Minute)
		s.obeyed("refundStarPayment")
		orders, err := s.app.DB.RecentOrders(t.Context(), nil, 100)
		s.must(err)
		back := 0
		for _, o := range orders {
			if o.State == esim.StateRefunded {
				back++
			}
		}
		if back == 0 {
			t.Error("no money went back")
		}
		s.check()
	})
}

// obeyed: no call came within a wait that was asked for.
func (s *simulated) obeyed(method string) {
	s.t.Helper()
	if v := s.telegram.Violations(); len(v) > 0 {
		s.t.Errorf("%s: %d calls within the wait that Telegram asked for, the first %+v", method, len(v), v[0])
	}
}
