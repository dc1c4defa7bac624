package telegram

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// holds keep what Telegram asked for with 429: no call to that chat, or of that method when
// it names no chat, leaves before the wait is over, whoever makes it. When it is over one
// call goes first, and the others wait for what becomes of it, because a flood often goes on.
type holds struct {
	now func() time.Time

	mu    sync.Mutex
	until map[string]*hold
}

type hold struct {
	until time.Time
	first chan struct{} // closed when the call that went first has ended; nil: none has gone
}

// place is what a 429 to this call is about.
func place(method string, p tgbotapi.Params) string {
	if chat := p["chat_id"]; chat != "" {
		return chat
	}
	return method
}

// manyHolds is when those that are over are looked for and forgotten.
const manyHolds = 1000

// set makes everybody who calls there wait for d.
func (h *holds) set(place string, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.until == nil {
		h.until = make(map[string]*hold)
	}
	now := h.now()
	until := now.Add(d)
	if len(h.until) >= manyHolds { // of chats that nobody has called since
		maps.DeleteFunc(h.until, func(_ string, old *hold) bool { return old.first == nil && old.until.Before(now) })
	}
	if old := h.until[place]; old == nil || until.After(old.until) {
		h.until[place] = &hold{until: until}
	}
}

// A pass lets one call go. It is given back when the call has ended.
type pass struct {
	of    *holds
	place string
	held  *hold // nil: nothing was held
}

// done gives the pass back.
func (p pass) done() {
	if p.held == nil {
		return
	}
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	close(p.held.first)
	if p.of.until[p.place] == p.held { // not told to wait again
		delete(p.of.until, p.place)
	}
}

// try returns a pass; or how long to wait first; or a channel to wait for.
func (h *holds) try(place string) (p pass, wait time.Duration, first <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	held := h.until[place]
	if held == nil {
		return pass{}, 0, nil
	}
	if d := held.until.Sub(h.now()); d > 0 {
		return pass{}, d, nil
	}
	if held.first != nil {
		return pass{}, 0, held.first
	}
	held.first = make(chan struct{})
	return pass{of: h, place: place, held: held}, 0, nil
}

// left returns how long calls to a place are held now; 0: not at all.
func (h *holds) left(place string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if held := h.until[place]; held != nil {
		return max(held.until.Sub(h.now()), 0)
	}
	return 0
}

// enter waits until a call may leave, at most for as long as the caller is patient. Its
// error has code 429 and the time that is left: nothing was sent.
func (h *holds) enter(ctx context.Context, method, place string, wait patience) (pass, *Error) {
	end := h.now().Add(time.Duration(wait))
	for {
		p, d, first := h.try(place)
		room := end.Sub(h.now())
		switch {
		case first != nil:
			if !inRoom(ctx, first, room) {
				return pass{}, heldBack(method, time.Second)
			}
		case d > 0:
			if d > room || sleep(ctx, d) != nil {
				return pass{}, heldBack(method, max(h.left(place), time.Second))
			}
		default:
			return p, nil
		}
	}
}

// inRoom waits for first, at most for d.
func inRoom(ctx context.Context, first <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-first:
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

// heldBack is the error of a call that was not made because it would have had to wait.
func heldBack(method string, d time.Duration) *Error {
	return &Error{
		Method: method, Code: http.StatusTooManyRequests, RetryAfter: d, unsent: true,
		Description: fmt.Sprintf("not sent: its turn is %.0f s away", d.Seconds()),
	}
}

type patienceKey struct{}

// WithMaxWait returns a context whose calls wait at most d for their turn, be it under the
// limits or because Telegram asked for a pause. A call that would have to wait longer fails
// at once with an *Error of code 429, whose RetryAfter says when it is worth making again:
// a worker puts its item back and serves somebody else.
//
// Without it sends and edits wait up to half a minute after a 429, answers to presses and
// checkouts three seconds, and sends wait for their turn under the limits as long as ctx
// lasts.
func WithMaxWait(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, patience(d))
}

// patienceOf is the smaller of the call's own patience and its caller's.
func patienceOf(ctx context.Context, own patience) patience {
	if p, ok := ctx.Value(patienceKey{}).(patience); ok {
		return min(p, own)
	}
	return own
}
