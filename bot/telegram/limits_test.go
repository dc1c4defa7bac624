package telegram

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// sendAll sends n messages to each chat, all at once, and returns when each was accepted.
func sendAll(t *testing.T, c *Client, s *server, n int, bulk bool, chats ...int64) []time.Time {
	t.Helper()
	var mu sync.Mutex
	var at []time.Time
	c.observe = func(string, time.Duration, error) {
		mu.Lock()
		defer mu.Unlock()
		at = append(at, time.Now())
	}
	var wg sync.WaitGroup
	for _, chat := range chats {
		wg.Go(func() {
			for range n {
				if _, err := c.SendText(t.Context(), Text{Chat: chat, HTML: "x", Bulk: bulk}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if len(at) != n*len(chats) {
		t.Fatalf("%d requests, want %d", len(at), n*len(chats))
	}
	return at
}

// most returns how many of the moments fall into the busiest span.
func most(at []time.Time, span time.Duration) int {
	busiest := 0
	for i := range at {
		n := 0
		for _, b := range at[i:] {
			if b.Sub(at[i]) < span {
				n++
			}
		}
		busiest = max(busiest, n)
	}
	return busiest
}

func people(n int) []int64 {
	chats := make([]int64, n)
	for i := range chats {
		chats[i] = int64(i + 1)
	}
	return chats
}

func TestSendsKeepToTheLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		limits Limits
		each   int
		bulk   bool
		chats  []int64
		span   time.Duration
		atMost int
		within time.Duration // all of them: the limit is used, not only kept
	}{
		{"30 a second in all", Limits{PerChat: -1}, 3, false, people(100), time.Second, 30, 13 * time.Second},
		{"20 of them for broadcasts", Limits{PerChat: -1}, 2, true, people(100), time.Second, 20, 12 * time.Second},
		{"1 a second to one person after a burst of 5", Limits{}, 10, false, []int64{7}, time.Second, chatBurst, 6 * time.Second},
		{"20 a minute to a group", Limits{}, 45, false, []int64{-7}, time.Minute, 20, 4 * time.Minute},
		{"an odd limit of the operator", Limits{PerSecond: 1, PerChat: -1}, 1, false, people(5), time.Second, 1, 10 * time.Second},
		{"no limit", noLimits, 50, false, []int64{-7}, time.Second, 50, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				c, _, end := dialPipe(t, s, tt.limits)
				defer end()
				start := time.Now()
				at := sendAll(t, c, s, tt.each, tt.bulk, tt.chats...)
				if got := most(at, tt.span); got > tt.atMost {
					t.Errorf("%d in %v, at most %d", got, tt.span, tt.atMost)
				}
				if took := time.Since(start); took > tt.within {
					t.Errorf("all took %v, want at most %v", took, tt.within)
				}
			})
		})
	}
}

func TestAnswersAndEditsNeverWaitBehindSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, Limits{PerSecond: 1})
		defer end()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 50 { // a queue of most of a minute
			wg.Go(func() { _, _ = c.SendText(ctx, Text{Chat: int64(i%5 + 1), HTML: "x"}) })
		}
		synctest.Wait()
		start := time.Now()
		for _, err := range []error{
			c.AnswerCallback(ctx, "1", "", false),
			c.AnswerPreCheckout(ctx, "2", ""),
			c.AnswerInline(ctx, "3", InlineAnswer{}),
			c.EditText(ctx, 5, Text{Chat: 1, HTML: "x"}),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("they waited %v", took)
		}
		cancel()
		wg.Wait()
	})
}

func TestAFloodHoldsEverybodyWhoSendsToTheChat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("sendMessage", flood(10))
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = c.SendText(t.Context(), Text{Chat: 1, HTML: "first"}) })
		synctest.Wait()
		wg.Go(func() {
			if _, err := c.SendText(t.Context(), Text{Chat: 1, HTML: "second"}); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took != 10*time.Second {
				t.Errorf("the second was sent after %v: into the flood", took)
			}
		})
		if _, err := c.SendText(t.Context(), Text{Chat: 2, HTML: "other"}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("another chat waited %v", took)
		}
		wg.Wait()
	})
}

func TestASendThatCannotBeInTimeIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, Limits{})
		defer end()
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond) // time for one more after the burst
		defer cancel()
		var err error
		sent := 0
		for err == nil {
			if _, err = c.SendText(ctx, Text{Chat: 1, HTML: "x"}); err == nil {
				sent++
			}
		}
		if sent != chatBurst+1 || len(s.took("sendMessage")) != sent {
			t.Errorf("sent %d, the server saw %d", sent, len(s.took("sendMessage")))
		}
		if !Temporary(err) || MayHaveHappened(err) || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "not sent") {
			t.Errorf("got %v", err)
		}
	})
}

func TestChatsAreForgotten(t *testing.T) {
	t.Parallel()
	p := newPace(Limits{})
	busy := p.turn(1)
	for i := range int64(5 * generation) {
		if i%1000 == 0 && p.turn(1) != busy {
			t.Fatal("a chat that is written to all the time was forgotten")
		}
		p.turn(-i - 2)
	}
	if n := len(p.young) + len(p.old); n > 2*generation {
		t.Errorf("%d chats are remembered, at most %d", n, 2*generation)
	}
}

func TestNothingWaitsBetweenMenuAndQR(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, Limits{})
		defer end()
		start := time.Now()
		for _, html := range []string{"menu", "paid: preparing", "ready"} {
			if _, err := c.SendText(t.Context(), Text{Chat: 42, HTML: html}); err != nil {
				t.Error(err)
			}
		}
		if _, err := c.SendInvoice(t.Context(), Invoice{Chat: 42, Title: "Japan", Description: "7 days", Payload: "o", Currency: Stars, Amount: 1, StartParameter: "o"}); err != nil {
			t.Error(err)
		}
		if _, err := c.SendPhoto(t.Context(), Photo{Chat: 42, PNG: []byte("png")}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("somebody in a hurry waited %v", took)
		}
	})
}

func TestAMomentOfManyBuyersDelaysNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, Limits{})
		defer end()
		start := time.Now()
		// Progress and QR code of fifteen people who paid at once: all that Telegram allows in a second.
		sendAll(t, c, s, 2, false, people(15)...)
		if took := time.Since(start); took != 0 {
			t.Errorf("they waited %v", took)
		}
	})
}

func TestAWaiterWhoGivesUpLeavesNoGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSpan(1, time.Second)
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := s.Wait(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		start := time.Now()
		if err := s.Wait(t.Context()); err != nil || time.Since(start) > 2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		late, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer stop()
		start = time.Now()
		if err := s.Wait(late); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 0 {
			t.Errorf("known to be too late: after %v: %v", time.Since(start), err)
		}
	})
}
