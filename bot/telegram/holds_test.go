package telegram

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram/sandbox"
)

// inBubble runs f with a simulated Telegram and a client for it in virtual time, and fails
// when a call came within a wait that Telegram had asked for.
func inBubble(t *testing.T, o sandbox.Options, limits Limits, f func(*testing.T, *sandbox.Server, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tg := sandbox.New(o)
		defer tg.Close()
		c, _, end := dialMemory(t, tg, Config{Token: tg.Token(), BaseURL: "http://telegram", Limits: limits})
		defer end()
		for _, p := range tg.Users() {
			tg.User(p.ID).Send("/start")
		}
		f(t, tg, c)
		synctest.Wait()
		for _, v := range tg.Violations() {
			t.Errorf("%s to %q came %v after a 429 that asked for %v", v.Method, v.Chat, v.After, v.Asked)
		}
	})
}

// held fails unless err is a 429 with about that much left, of a call that was not made.
func held(t *testing.T, err error, least, most time.Duration) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != http.StatusTooManyRequests || e.RetryAfter < least || e.RetryAfter > most {
		t.Errorf("%v, want a 429 with %v to %v left", err, least, most)
	}
	if !Temporary(err) || MayHaveHappened(err) || Unreachable(err) {
		t.Errorf("%v is temporary and a definite no", err)
	}
}

// Nine calls came within the 300 s that a 429 had asked for: only whoever got it knew.
func TestRetryAfterHoldsEveryCallToThatChat(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{NoFlood: true}, noLimits, func(t *testing.T, tg *sandbox.Server, c *Client) {
		ctx := t.Context()
		id, err := c.SendText(ctx, Text{Chat: 101, HTML: "before"})
		if err != nil {
			t.Fatal(err)
		}
		tg.Break("sendMessage", 1, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 300})
		_, err = c.SendText(ctx, Text{Chat: 101, HTML: "flood"})
		held(t, err, 300*time.Second, 300*time.Second)
		time.Sleep(100 * time.Second)
		_, text := c.SendText(ctx, Text{Chat: 101, HTML: "x"})
		_, photo := c.SendPhoto(ctx, Photo{Chat: 101, PNG: []byte("x")})
		_, invoice := c.SendInvoice(ctx, Invoice{Chat: 101, Title: "x", Description: "x", Payload: "x", Currency: Stars, Amount: 1, StartParameter: "x"})
		_, chat := c.Chat(ctx, 101)
		for _, err := range []error{
			text, photo, invoice, chat, c.EditText(ctx, id, Text{Chat: 101, HTML: "y"}), c.Delete(ctx, 101, id), c.ChatAction(ctx, 101, Typing),
		} {
			held(t, err, 200*time.Second, 200*time.Second)
		}
		if _, err := c.SendText(ctx, Text{Chat: 201, HTML: "another chat goes on"}); err != nil {
			t.Error(err)
		}
		time.Sleep(190 * time.Second) // ten are left: worth waiting for
		start := time.Now()
		if err := c.EditText(ctx, id, Text{Chat: 101, HTML: "z"}); err != nil || time.Since(start) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

// Refunds came three in 20 s.
func TestRetryAfterHoldsTheMethodWhereThereIsNoChat(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, noLimits, func(t *testing.T, tg *sandbox.Server, c *Client) {
		ctx := t.Context()
		tg.Break("refundStarPayment", 1, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 60})
		held(t, c.RefundStars(ctx, 101, "one"), time.Minute, time.Minute)
		held(t, c.RefundStars(ctx, 201, "two"), time.Minute, time.Minute)
		if _, err := c.Me(ctx); err != nil {
			t.Errorf("another method: %v", err)
		}
		if _, err := c.SendText(ctx, Text{Chat: 101, HTML: "x"}); err != nil {
			t.Errorf("the refunded person's chat: %v", err)
		}
		time.Sleep(time.Minute)
		if err := c.RefundStars(ctx, 201, "two"); !RefundImpossible(err) { // Telegram has looked at it
			t.Errorf("after the wait: %v", err)
		}
	})
}

// When the wait is over the flood may go on: one call finds out, the others wait for it.
func TestAfterTheWaitOneCallGoesFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{NoFlood: true}, noLimits, func(t *testing.T, tg *sandbox.Server, c *Client) {
		tg.Break("sendMessage", 3, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 7})
		var wg sync.WaitGroup
		start := time.Now()
		_, _ = c.SendText(WithMaxWait(t.Context(), 0), Text{Chat: 101, HTML: "first"})
		for range 20 {
			wg.Go(func() {
				if _, err := c.SendText(t.Context(), Text{Chat: 101, HTML: "x"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took != 21*time.Second {
			t.Errorf("took %v, want three waits of 7 s", took)
		}
	})
}

func TestPollingWaitsAsLongAsTelegramAsks(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, noLimits, func(t *testing.T, tg *sandbox.Server, c *Client) {
		tg.Break("getUpdates", 2, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 90})
		box := &inbox{}
		r := &Receiver{Client: c, Store: box.store}
		defer poll(t, r)()
		time.Sleep(200 * time.Second)
		if n, _, _ := box.seen(); n != len(tg.Users()) {
			t.Errorf("%d updates", n)
		}
	})
}

func TestAWorkerWithoutPatienceServesOthers(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, Limits{}, func(t *testing.T, tg *sandbox.Server, c *Client) {
		ctx, group := WithMaxWait(t.Context(), 2*time.Second), tg.Group().ID
		start := time.Now()
		sent, late := 0, error(nil)
		for late == nil {
			if _, late = c.SendText(ctx, Text{Chat: group, HTML: "notice"}); late == nil {
				sent++
			}
		}
		if sent < 5 || time.Since(start) > time.Minute {
			t.Errorf("%d notices in %v", sent, time.Since(start))
		}
		held(t, late, 2*time.Second, 10*time.Second)
		var e *Error
		_ = errors.As(late, &e)
		now := time.Now()
		if _, err := c.SendText(ctx, Text{Chat: 101, HTML: "a person"}); err != nil || time.Since(now) > 2*time.Second {
			t.Errorf("a person after %v: %v", time.Since(now), err)
		}
		time.Sleep(e.RetryAfter)
		if _, err := c.SendText(ctx, Text{Chat: group, HTML: "notice"}); err != nil {
			t.Errorf("when it was said to be worth it: %v", err)
		}
	})
}

// A call whose context ends first is told at once, and what is held by a call that never
// comes back is free again.
func TestAWaitIsNotLongerThanTheContext(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, noLimits, func(t *testing.T, tg *sandbox.Server, c *Client) {
		tg.Break("editMessageText", 1, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 20})
		_ = c.EditText(WithMaxWait(t.Context(), 0), 1, Text{Chat: 101, HTML: "x"})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.SendText(ctx, Text{Chat: 101, HTML: "x"})
		held(t, err, 20*time.Second, 20*time.Second)
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v for what cannot be in time", took)
		}
		time.Sleep(20 * time.Second)
		tg.Break("sendMessage", 1, sandbox.Fault{Kind: sandbox.LoseRequest})
		_, _ = c.SendText(t.Context(), Text{Chat: 101, HTML: "the first one is lost"})
		if _, err := c.SendText(t.Context(), Text{Chat: 101, HTML: "x"}); err != nil {
			t.Error(err)
		}
	})
}

func TestHoldsThatAreOverAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	h := holds{now: func() time.Time { return now }}
	for i := range 5 * manyHolds {
		h.set(strconv.Itoa(i), time.Second)
		now = now.Add(10 * time.Millisecond)
	}
	if n := len(h.until); n > manyHolds {
		t.Errorf("%d holds are remembered", n)
	}
}

// A program that is started after a kill cannot know what the killed one was asked to wait for; what
// itself is asked for, it obeys.
func TestWaitsOfTheProgramBeforeAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tg := sandbox.New(sandbox.Options{NoFlood: true})
		defer tg.Close()
		tg.User(101).Send("/start")
		said := func() int {
			c, _, end := dialMemory(t, tg, Config{Token: tg.Token(), BaseURL: "http://telegram", Limits: noLimits})
			defer end()
			_, _ = c.SendText(t.Context(), Text{Chat: 101, HTML: "x"})
			synctest.Wait()
			return len(tg.Violations())
		}
		tg.Break("sendMessage", 1, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 300})
		if n := said(); n > 0 {
			t.Errorf("the first call came within no wait: %d", n)
		}
		tg.ForgetWaits()
		tg.Break("sendMessage", 1, sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 300})
		if n := said(); n > 0 {
			t.Errorf("another program cannot know of the wait: %d", n)
		}
		if n := said(); n > 0 {
			t.Errorf("a call that may have been under way is no disobedience: %d", n)
		}
		<-time.After(time.Second)
		if n := said(); n == 0 {
			t.Error("a program that goes on calling within its own wait was not noticed")
		}
	})
}
