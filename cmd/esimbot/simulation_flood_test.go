package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// aPicture is the least that a photo can be.
var aPicture = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 90))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

// A crowd of each kind, all at one moment: a payment that comes right after it is approved, booked
// and has its QR picture as if nobody else were there, the program stops at once in the middle of
// it, and nothing is lost: the next run has all of it. And somebody who asks for their top-ups, which
// the vendor is asked for, has them soon. Time is virtual, so what is measured is
// waiting for turns and limits, not the processor.
func TestACrowdHoldsUpNobody(t *testing.T) {
	t.Parallel()
	catalog := smallCatalog(t)
	if !wholeMatrix {
		t.Skip("whole shops: with the tag soak, as .ci/run does")
	}
	for i, tt := range []struct {
		name  string
		crowd func(s *simulated)
	}{
		{"nobody", func(*simulated) {}},
		{"200 notices for staff", func(s *simulated) {
			var notices []esim.Notification
			for n := range int64(200) {
				notices = append(notices, esim.NewStaffRefused(n, "K7M2XQ4P", "test"))
			}
			s.must(s.app.DB.AddNotifications(s.t.Context(), notices))
		}},
		{"80 questions to staff", func(s *simulated) {
			for n := range 80 {
				s.says(s.people[3+n%38], fmt.Sprintf("/paysupport question %d", n))
			}
		}},
		{"250 presses on Top up", func(s *simulated) { s.presses(s.people[1], "Top up", 250) }},
		{"4,096 presses", func(s *simulated) { s.presses(s.people[1], "Top up", 4096) }},
		{"40 people at once", func(s *simulated) {
			for _, h := range s.people[3:] {
				s.says(h, "/start")
				s.says(h, "Japan")
				s.says(h, "/esims")
			}
		}},
		{"1,000 commands of one person", func(s *simulated) {
			for n := range 1000 {
				s.says(s.people[1], []string{"/start", "/esims", "/mydata", "/settings", "Japan", "/help"}[n%6])
			}
		}},
		{"a book for staff", func(s *simulated) {
			s.says(s.people[1], "/support "+strings.Repeat("I have a question. ", 150))
			for range 200 {
				s.says(s.people[1], strings.Repeat("And another one. ", 200))
			}
		}},
		{"an exhibition for staff", func(s *simulated) {
			s.says(s.people[1], "/support look at this")
			for n := range 300 {
				_, err := s.people[1].SendFile(0, tgsandbox.Upload{Kind: "photo", Data: aPicture, Caption: fmt.Sprint(n)})
				s.must(err)
			}
		}},
		{"2,000 queries in other chats", func(s *simulated) {
			for n := range 2000 {
				s.people[1].Inline(fmt.Sprint("japan ", n), "")
			}
		}},
		{"1,000 words changed", func(s *simulated) {
			sent, err := s.people[1].Send("japan")
			s.must(err)
			for n := range 1000 {
				s.must(s.people[1].Edit(sent.ID, fmt.Sprint("japan ", n)))
			}
		}},
		{"1,000 words in the group", func(s *simulated) {
			for n := range 1000 {
				s.says(s.staff, []string{"/status", "/orders", "good morning", "/refunds"}[n%4])
			}
		}},
		{"300 tries to pay", func(s *simulated) {
			h := s.people[1]
			s.invoice(h, "JP")
			for range 300 {
				go func() { _ = h.PayForeign(h.ID(), h.Last().ID) }()
			}
			synctest.Wait()
		}},
	} {
		if !wholeMatrix && (i < 1 || i > 3) {
			continue // the three that were seen to hold up a payment; the others are in .ci/run
		}
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := simulate(t, dir, catalog, 1, 41)
				defer s.end()
				s.pass(5 * time.Minute)
				ann, bob := s.people[0], s.people[2]
				for _, h := range s.people[1:3] { // who will press, and who asks once
					if !s.buy(h, "JP") {
						t.Fatal("nothing was bought")
					}
					s.pass(time.Minute)
					s.says(h, "/esims")
					s.pass(10 * time.Second)
					_, err := h.Press(h.Last().Labels()[0])
					s.must(err)
				}
				s.invoice(ann, "JP")

				tt.crowd(s)
				begun := time.Now()
				s.presses(bob, "Top up", 1)
				s.must(ann.Pay())
				approved := time.Since(begun)
				s.until(func() bool { return s.paidOrder(ann.ID()) })
				booked := time.Since(begun)
				s.until(func() bool {
					return count(ann.Chat(), func(m tgsandbox.Message) bool { return m.Photo != nil }) > 0
				})
				shown := time.Since(begun)
				s.until(func() bool { return strings.Contains(bob.Last().Text, "How much do you want to add") })
				listed := time.Since(begun)
				s.process.cancel()
				cancelled := time.Now()
				s.must(<-s.process.ended)
				stopped := time.Since(cancelled)
				s.process.web.CloseIdleConnections()
				t.Logf("approved after %s, booked %s, QR %s, somebody's list %s; stopped in %s", approved, booked, shown, listed, stopped)
				if approved > time.Second || booked > time.Second || shown > 5*time.Second || listed > 6*time.Second || stopped > 5*time.Second {
					t.Error("too late")
				}
				time.Sleep(10 * time.Second) // a new process knows nothing of what each chat got in the last seconds
				s.start()
				s.pass(3 * time.Hour)
				s.check()
			})
		})
	}
}

func (s *simulated) says(h *tgsandbox.UserClient, text string) {
	s.t.Helper()
	_, err := h.Send(text)
	s.must(err)
}

// presses a button of a customer's last message, as often as they like.
func (s *simulated) presses(h *tgsandbox.UserClient, label string, n int) {
	s.t.Helper()
	last := h.Last()
	for _, row := range last.Keyboard {
		for _, b := range row {
			if strings.Contains(b.Text, label) {
				for range n {
					_, err := h.PressData(last.ID, b.Data)
					s.must(err)
				}
				return
			}
		}
	}
	s.t.Fatalf("no button %q: %q", label, last.Labels())
}

// until lets time pass until something is so.
func (s *simulated) until(so func() bool) {
	s.t.Helper()
	for begun := time.Now(); !so(); s.pass(50 * time.Millisecond) {
		if time.Since(begun) > 10*time.Minute {
			s.t.Fatal("not within ten minutes")
		}
	}
}

// paidOrder reports whether a payment of the customer was booked.
func (s *simulated) paidOrder(customer int64) bool {
	orders, err := s.app.DB.RecentOrders(s.t.Context(), nil, 100)
	s.must(err)
	for _, o := range orders {
		if int64(o.Customer) == customer && !o.PaidAt.IsZero() {
			return true
		}
	}
	return false
}
