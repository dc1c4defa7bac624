package main

import (
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
)

// What random acts come to seldom, once each, so that the checks of the simulation are known to look at
// it: with the notice of a lost card payment, the reminder of what is held, or that of what waits for
// staff taken out of the shop, it fails.
func TestEveryWayToPayKeepsThePromise(t *testing.T) {
	t.Parallel()
	dir, catalog := t.TempDir(), smallCatalog(t)
	if testing.Short() {
		t.Skip("days of a whole shop")
	}
	synctest.Test(t, func(t *testing.T) {
		s := simulatePaidBy(t, dir, catalog, 1, 4, waysOf(1))
		defer s.end()
		s.pass(time.Minute)
		ann, bob, cy := s.people[0], s.people[1], s.people[2]

		s.telegram.LosePayments(1) // by card: no account lists it
		s.invoice(ann, "JP")
		if !s.touch(ann, "card") || ann.Pay() != nil {
			t.Fatalf("nothing was paid by card: %s", transcript(ann.Chat()))
		}
		for _, h := range s.people[1:] { // by hand: the money comes, the order is left, it expires
			s.invoice(h, "JP")
			if !s.touch(h, "through our staff") {
				t.Fatalf("nothing is paid by hand: %s", transcript(h.Chat()))
			}
		}
		s.received(bob.ID())
		if !s.touch(cy, "Leave this order") || !s.touch(cy, "Yes, leave it") {
			t.Fatalf("the order cannot be left: %s", transcript(cy.Chat()))
		}
		s.pass(time.Hour)
		s.backUp()
		s.telegram.LosePayments(1) // and the vendor never sells it: no order explains it to the copy
		s.vendor.Down(true)
		s.invoice(ann, "JP")
		if !s.touch(ann, "Telegram Stars") || ann.Pay() != nil {
			t.Fatalf("nothing was paid with Stars: %s", transcript(ann.Chat()))
		}
		s.pass(time.Minute)
		s.restore()
		s.vendor.Down(false)
		s.pass(80 * time.Hour)
		if open, err := s.app.DB.UnexplainedPayments(t.Context()); err != nil || len(open) != 1 {
			t.Errorf("held: %+v, %v", open, err)
		}
		s.settleHeld()
		s.pass(time.Hour)
		s.check()
		s.ends("in the end", map[esim.State]int{esim.StateDelivered: 1, esim.StateExpired: 3})
		if s.booked[esim.MethodManual] != 1 || !s.toldOf("Approved, and no payment came") {
			t.Errorf("booked %v", s.booked)
		}
	})
}
