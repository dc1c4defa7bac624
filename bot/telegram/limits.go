package telegram

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits say how fast to send. A zero field means what Telegram allows, a negative one
// no limit at all. Edits and answers to presses and checkouts are not sends.
//
// Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
type Limits struct {
	PerSecond      int // sends in all, in any second; default 30
	BulkPerSecond  int // the share of them that Bulk sends may use; default 20
	PerChat        int // sends to one person a second, apart from a burst of 5; default 1
	PerGroupMinute int // sends to one group, in any minute; default 20
}

// chatBurst is how many messages a person can get at once, so that menu, invoice, progress
// and QR code of somebody in a hurry do not wait for each other.
const chatBurst = 5

// slack is by how much spans are stretched: requests that leave a second apart may arrive
// a little closer together.
const slack = 1.05

// generation is how many chats are remembered before the older half is forgotten. At 30
// sends a second a chat is forgotten after minutes, when its limiter is full again anyway.
const generation = 8192

// pace makes senders wait for their turn.
type pace struct {
	all            *span
	bulk           *rate.Limiter
	perChat, group func() *rate.Limiter

	mu         sync.Mutex
	young, old map[int64]*turn
}

// A turn is what one chat waits for.
type turn struct{ limit *rate.Limiter }

func newPace(l Limits) *pace {
	or := func(n, otherwise int) int {
		if n == 0 {
			return otherwise
		}
		return n
	}
	perSecond, perChat, perMinute := or(l.PerSecond, 30), or(l.PerChat, 1), or(l.PerGroupMinute, 20)
	return &pace{
		all:     newSpan(perSecond, time.Second),
		bulk:    window(or(l.BulkPerSecond, 20), time.Second, 10),
		perChat: func() *rate.Limiter { return steady(perChat) },
		group:   func() *rate.Limiter { return window(perMinute, time.Minute, 2.5) },
		young:   make(map[int64]*turn),
	}
}

// window returns a limiter that lets at most n through in any span of per. A limiter of
// rate r and burst b lets b + r·per through, so a part of n is the burst and the rest
// the rate; rate.NewLimiter(n, n) would let 2n through.
func window(n int, per time.Duration, part float64) *rate.Limiter {
	if n < 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	burst := max(1, int(float64(n)/part))
	// A hair below, because a span may begin and end on an event.
	r := math.Max(float64(n-burst), 0.5) * 0.999 / per.Seconds()
	return rate.NewLimiter(rate.Limit(r), burst)
}

func steady(n int) *rate.Limiter {
	if n < 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(float64(n)/slack), max(chatBurst, n))
}

// A span lets n through in any stretch of time of its length, all n at once if they come at
// once: nobody waits while Telegram has room. A rate.Limiter would have to choose between
// a burst and a rate.
type span struct {
	length time.Duration
	now    func() time.Time
	head   chan struct{} // held by the first of those who wait; the others queue for it in order
	at     []time.Time   // when the last n were let through, oldest at next
	next   int
}

func newSpan(n int, length time.Duration) *span {
	if n < 0 {
		return nil
	}
	return &span{length: time.Duration(float64(length) * slack), now: time.Now, head: make(chan struct{}, 1), at: make([]time.Time, n)}
}

// Wait returns when one more may pass. Its error is ctx's, or context.DeadlineExceeded at
// once if the turn is known to come too late. A nil span has no limit.
func (s *span) Wait(ctx context.Context) error {
	if s == nil {
		return ctx.Err()
	}
	select {
	case s.head <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.head }()
	now := s.now()
	if d := s.at[s.next].Add(s.length).Sub(now); d > 0 {
		if err := sleep(ctx, d); err != nil {
			return err
		}
		now = s.now()
	}
	s.at[s.next] = now
	s.next = (s.next + 1) % len(s.at)
	return nil
}

// behindAgain is how soon who lets others pass looks again whether they have.
const behindAgain = 20 * time.Millisecond

// WaitBehind is Wait for what can wait: it holds nobody up while it does, and lets everybody who calls Wait pass first.
func (s *span) WaitBehind(ctx context.Context) error {
	if s == nil {
		return ctx.Err()
	}
	for {
		d := s.free()
		if d == 0 {
			return nil
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

// free takes a place if there is one and nobody waits for it; otherwise it says how long to wait before the next look.
func (s *span) free() time.Duration {
	select {
	case s.head <- struct{}{}:
	default:
		return behindAgain
	}
	defer func() { <-s.head }()
	now := s.now()
	if d := s.at[s.next].Add(s.length).Sub(now); d > 0 {
		return d
	}
	s.at[s.next] = now
	s.next = (s.next + 1) % len(s.at)
	return 0
}

// turn returns the turn of a chat. Groups have negative ids.
func (p *pace) turn(chat int64) *turn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.young[chat]; t != nil {
		return t
	}
	t := p.old[chat]
	if t == nil {
		t = &turn{}
		if chat < 0 {
			t.limit = p.group()
		} else {
			t.limit = p.perChat()
		}
	}
	if len(p.young) >= generation {
		p.old, p.young = p.young, make(map[int64]*turn, generation)
	}
	p.young[chat] = t
	return t
}

// wait returns when a message may be sent to chat. Its error means that it was not sent,
// because ctx ended or would end before its turn, or, as a *lateError, because its turn is
// further away than the caller's patience reaches.
func (p *pace) wait(ctx context.Context, t *turn, bulk bool) error {
	within, cancel := ctx, func() {}
	own, hasOwn := ctx.Value(patienceKey{}).(patience)
	if hasOwn {
		within, cancel = context.WithTimeout(ctx, max(time.Duration(own), time.Millisecond))
	}
	defer cancel()
	err := p.pass(within, t, bulk)
	if err != nil && hasOwn && ctx.Err() == nil {
		return &lateError{wait: max(t.away(), time.Second)}
	}
	return err
}

// A lateError is a turn that comes later than the caller wants to wait.
type lateError struct{ wait time.Duration }

// Error implements error.
func (e *lateError) Error() string { return fmt.Sprintf("its turn is %v away", e.wait) }

// away returns about how long the chat's next turn is away.
func (t *turn) away() time.Duration {
	r := t.limit.Reserve()
	defer r.Cancel()
	if d := r.Delay(); d < time.Hour {
		return d
	}
	return 0
}

func (p *pace) pass(ctx context.Context, t *turn, bulk bool) error {
	if err := inTime(ctx, t.limit.Wait(ctx)); err != nil {
		return err
	}
	if bulk {
		if err := inTime(ctx, p.bulk.Wait(ctx)); err != nil {
			return err
		}
	}
	// Last, so that nobody holds a place in it while waiting elsewhere.
	if bulk {
		return p.all.WaitBehind(ctx)
	}
	return p.all.Wait(ctx)
}

// inTime names the error of a limiter that sees that the deadline comes first.
func inTime(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w before its turn", context.DeadlineExceeded)
}
