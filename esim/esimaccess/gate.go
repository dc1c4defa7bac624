package esimaccess

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A lane is a class of calls. Those of a lower number always go first.
type lane int

const (
	lanePurchase lane = iota // somebody has paid
	lanePerson               // somebody looks at the screen, or sales depend on it
	laneSweep                // catalogue, account listing, usage
	lanes
)

// A gate lets calls out one by one, never closer together than the limit allows,
// and of those who wait the most urgent first. Who goes next is decided when the
// turn is there and not before: a purchase never waits behind a sweep.
type gate struct {
	limiter *rate.Limiter
	sleep   func(time.Duration)

	mu      sync.Mutex
	waiting [lanes][]chan struct{} // in order of arrival
	serving bool                   // serve is running; while it is not, nobody waits
}

// newGate returns a gate with a burst of one: with more, golang.org/x/time/rate
// lets up to twice the limit through in the first second.
func newGate(limit rate.Limit) *gate {
	return &gate{limiter: rate.NewLimiter(limit, 1), sleep: time.Sleep}
}

// enter returns when it is the caller's turn, or with the reason why ctx ended.
func (g *gate) enter(ctx context.Context, l lane) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	turn := g.join(l)
	if turn == nil {
		return nil
	}
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.leave(l, turn)
		return context.Cause(ctx)
	}
}

// join queues up and returns the channel that is closed when the turn has come;
// nil if it has come at once.
func (g *gate) join(l lane) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.serving && g.limiter.Allow() {
		return nil
	}
	turn := make(chan struct{})
	g.waiting[l] = append(g.waiting[l], turn)
	if !g.serving {
		g.serving = true
		go g.serve()
	}
	return turn
}

func (g *gate) leave(l lane, turn chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting[l], turn); i >= 0 {
		g.waiting[l] = slices.Delete(g.waiting[l], i, i+1)
	}
}

// serve hands out turns until nobody waits.
func (g *gate) serve() {
	for {
		g.awaitToken()
		if !g.next() {
			return
		}
	}
}

// awaitToken takes a token when there is one. A token is not reserved ahead: one
// that is fetched late would leave the next too close behind it.
func (g *gate) awaitToken() {
	for {
		r := g.limiter.Reserve()
		d := r.Delay()
		if d == 0 {
			return
		}
		r.Cancel()
		g.sleep(d)
	}
}

// next gives the turn to the most urgent and reports whether others still wait.
func (g *gate) next() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for l := range g.waiting {
		if len(g.waiting[l]) > 0 {
			close(g.waiting[l][0])
			g.waiting[l] = slices.Delete(g.waiting[l], 0, 1)
			break
		}
	}
	for _, w := range g.waiting {
		if len(w) > 0 {
			return true
		}
	}
	g.serving = false
	return false
}
