package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// A broadcast to many: Telegram never says 429, a press in the middle is answered and a payment has its QR picture as if
// nobody else were there, and a program that is killed in the middle goes on and writes to nobody twice. Time is virtual, so
// what is measured is waiting for turns and limits. The soak has 10,000 customers.
func TestBroadcastToACrowd(t *testing.T) {
	t.Parallel()
	catalog := smallCatalog(t)
	if testing.Short() {
		t.Skip("a whole shop")
	}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, dir, catalog, 1, broadcastCrowd)
		defer s.end()
		s.pass(5 * time.Minute)
		ann, bob := s.people[0], s.people[1]
		s.telegram.StartAll()
		ctx := context.Background()
		for _, h := range s.people {
			_, _, err := s.app.DB.UpsertCustomer(ctx, esim.Customer{ID: esim.CustomerID(h.ID()), Chat: h.ID(), Language: "en", Name: "Customer"})
			s.must(err)
		}
		alone := s.timesQR(ann)
		s.invoiceOf(bob)
		s.says(ann, "/start")
		s.says(s.staff, "/status")
		s.pass(time.Minute)

		id, err := s.app.DB.AddBroadcast(ctx, esim.Broadcast{Who: 900, Texts: map[string]string{"": "Hello, everybody"}})
		s.must(err)
		b, err := s.app.DB.Broadcast(ctx, id)
		s.must(err)
		b.Chat, b.Message = s.telegram.Group().ID, s.staff.Last().ID
		begun := time.Now()
		s.must(s.app.DB.BeginBroadcast(ctx, b, esim.AuditEntry{Who: 900, What: "broadcast"}))
		s.pass(broadcastCrowd * time.Second / 40)
		pressed := time.Now()
		query, err := ann.Press(ann.Last().Labels()[0])
		for _, m := range ann.Chat() { // its own message of the broadcast may be the newest
			if err != nil && len(m.Keyboard) > 1 {
				query, err = ann.PressData(m.ID, m.Keyboard[0][0].Data)
			}
		}
		s.must(err)
		_, err = ann.WaitAnswered(ctx, query)
		s.must(err)
		if took := time.Since(pressed); took > 300*time.Millisecond {
			t.Errorf("a press was answered after %s", took)
		}
		half, err := s.app.DB.RecipientCounts(ctx, id)
		s.must(err)
		t.Logf("killed after %s: %v", time.Since(begun), half)
		if half[esim.RecipientSent] == 0 || half[esim.RecipientWaiting] == 0 {
			t.Error("not in the middle")
		}
		s.kill()
		time.Sleep(downtime)
		s.start()
		const settled = broadcastCrowd * time.Second / 200 // of a small crowd nobody is left then, and only the kill is seen
		s.pass(settled)
		if within := s.paysAndGetsQR(bob); within > alone+time.Second {
			t.Errorf("the QR picture came after %s, and after %s without a broadcast", within, alone)
		}
		half, err = s.app.DB.RecipientCounts(ctx, id)
		s.must(err)
		t.Logf("paid for and received after %s: %v", time.Since(begun), half)
		if broadcastCrowd > 100 && half[esim.RecipientWaiting] == 0 {
			t.Error("the picture came when the broadcast was over")
		}
		s.pass(broadcastCrowd * time.Second / 15)
		if b, err = s.app.DB.Broadcast(ctx, id); err != nil || b.State != esim.BroadcastDone {
			t.Fatalf("it is %s, %v", b.State, err)
		}
		s.pass(5 * time.Second)
		tally, err := s.app.DB.RecipientCounts(ctx, id)
		s.must(err)
		t.Logf("over after %s: %v", time.Since(begun), tally)
		if tally[esim.RecipientSent]+tally[esim.RecipientUncertain] != broadcastCrowd || tally[esim.RecipientUncertain] > 10 {
			t.Errorf("in the end %v", tally)
		}
		got := 0
		for _, h := range s.people {
			n := 0
			for _, m := range h.Chat() {
				if m.Text == "Hello, everybody" {
					n++
				}
			}
			if got += n; n > 1 {
				t.Errorf("customer %d got it %d times", h.ID(), n)
			}
		}
		if got < tally[esim.RecipientSent] {
			t.Errorf("%d got it, %v", got, tally)
		}
		if card := s.staff.Chat(); !strings.Contains(transcript(card), "sent "+s.app.Texts.Printer("en").Number(int64(tally[esim.RecipientSent]))) {
			t.Errorf("staff see\n%s", transcript(card[len(card)-1:]))
		}
		if s.watch.floods.Load() > 0 || len(s.telegram.Violations()) > 0 {
			t.Errorf("Telegram said 429 %d times; %v", s.watch.floods.Load(), s.telegram.Violations())
		}
		s.pass(3 * time.Hour)
		s.check()
	})
}

// invoiceOf leads a customer to an invoice.
func (s *simulated) invoiceOf(h *tgsandbox.UserClient) {
	s.t.Helper()
	plan, ok := s.plan("JP")
	if !ok {
		s.t.Fatal("nothing is on sale")
	}
	s.says(h, "/start p_"+plan.Code)
	s.pass(5 * time.Second)
	for _, label := range h.Last().Labels() {
		if strings.HasPrefix(unbroken(label), "Buy for") {
			_, err := h.Press(label)
			s.must(err)
			s.pass(5 * time.Second)
			return
		}
	}
	s.t.Fatalf("no price: %s", transcript(h.Chat()))
}

// timesQR buys, and is how long it takes from paying to the QR picture.
func (s *simulated) timesQR(h *tgsandbox.UserClient) time.Duration {
	s.invoiceOf(h)
	return s.paysAndGetsQR(h)
}

func (s *simulated) paysAndGetsQR(h *tgsandbox.UserClient) time.Duration {
	s.t.Helper()
	begun := time.Now()
	for _, m := range h.Chat() {
		if m.Invoice != nil && !m.Invoice.Paid {
			s.must(h.PayMessage(m.ID))
		}
	}
	s.until(func() bool {
		for _, m := range h.Chat() {
			if m.Photo != nil {
				return true
			}
		}
		return false
	})
	return time.Since(begun)
}
