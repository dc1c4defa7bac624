package esimaccess

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A priority is a class of calls. Those of a lower number always go first.
type priority int

const (
	priorityPurchase priority = iota // somebody has paid
	priorityCustomer                 // somebody looks at the screen, or sales depend on it
	prioritySweep                    // catalogue, account listing, usage
	priorities
)

const (
	// limiterSpan is how long a call counts after it was received: the vendor's second,
	// and a little for clocks that run differently.
	limiterSpan = time.Second + 20*time.Millisecond
	// limiterTransit is how long a request that was written may take to be received. An
	// answer tells sooner; one that takes longer does not tell more.
	limiterTransit = time.Second
	// limiterOff is the limit from which on there is none.
	limiterOff = 1000
)

// A limiter keeps the account's rate limit as the vendor measures it, where calls
// arrive. It has as many places as calls are allowed in a second; a call holds one
// from the moment it is let out until a second after it was certainly received. So
// all calls received within a second hold places at one moment, however long
// handshakes and networks delayed them, and there are never more than places.
//
// After a quiet second a purchase's calls all go at once. Sweeps may hold only a
// part of the places and are spaced out, which keeps the rest for people and two
// for purchases; of those who wait the most urgent goes first.
type limiter struct {
	places  int // 0: no limit
	span    time.Duration
	transit time.Duration
	// most is how many places each priority and those less urgent may hold together.
	most   [priorities]int
	spaced *rate.Limiter // of sweeps

	mu      sync.Mutex
	held    [priorities]int
	waiting [priorities][]chan struct{} // in order of arrival
	waking  bool                        // a timer for the next sweep runs
}

// newLimiter returns a limiter for so many calls a second, which may be less than one.
func newLimiter(perSecond float64) *limiter {
	if perSecond >= limiterOff {
		return &limiter{}
	}
	n := max(1, int(perSecond))
	span := limiterSpan
	if perSecond < 1 {
		span = time.Duration(min(float64(limiterSpan)/perSecond, math.MaxInt64/4))
	}
	sweeps := n - n/2 // 4 of 7
	return &limiter{
		places:  n,
		span:    span,
		transit: limiterTransit,
		most:    [priorities]int{n, sweeps + (n-sweeps)/3, sweeps}, // 7, 5, 4
		spaced:  rate.NewLimiter(rate.Limit(float64(sweeps)/span.Seconds()), 1),
	}
}

// spend takes all places for a second, as if as many calls had just been received. A process
// before this one may have made them: the vendor's limit is the account's, not ours.
func (g *limiter) spend() {
	if g.places == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held[priorityPurchase] += g.places
	time.AfterFunc(limiterSpan, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.held[priorityPurchase] -= g.places
		g.admit()
	})
}

// enter returns when it is the caller's turn, or with the reason why ctx ended.
func (g *limiter) enter(ctx context.Context, l priority) (*pass, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	p := &pass{limiter: g, priority: l}
	if g.places == 0 {
		return p, nil
	}
	turn := make(chan struct{})
	g.mu.Lock()
	g.waiting[l] = append(g.waiting[l], turn)
	g.admit()
	g.mu.Unlock()
	select {
	case <-turn:
		return p, nil
	case <-ctx.Done():
		g.leave(p, turn)
		return nil, context.Cause(ctx)
	}
}

// leave takes a caller out of the line, or gives its place back if its turn has just come.
func (g *limiter) leave(p *pass, turn chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting[p.priority], turn); i >= 0 {
		g.waiting[p.priority] = slices.Delete(g.waiting[p.priority], i, i+1)
		return
	}
	g.held[p.priority]--
	g.admit()
}

// admit lets out all who may go now, the most urgent first. It needs g.mu.
func (g *limiter) admit() {
	for l := range priorities {
		for len(g.waiting[l]) > 0 && g.free(l) && (l != prioritySweep || g.spacing()) {
			g.held[l]++
			close(g.waiting[l][0])
			g.waiting[l] = slices.Delete(g.waiting[l], 0, 1)
		}
	}
}

// crowded reports whether even the most urgent call would have to wait for its turn.
func (g *limiter) crowded() bool {
	if g.places == 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.free(priorityPurchase)
}

// free reports whether a call of this priority finds a place. It needs g.mu.
func (g *limiter) free(l priority) bool {
	held := 0
	for k := priorities - 1; k >= 0; k-- {
		held += g.held[k]
		if k <= l && held >= g.most[k] {
			return false
		}
	}
	return true
}

// spacing reports whether the next sweep may go now; if not, admit is called again
// when it may. A turn is not reserved ahead: one that is taken late would leave the
// next too close behind it. It needs g.mu.
func (g *limiter) spacing() bool {
	r := g.spaced.Reserve()
	d := r.Delay()
	if d == 0 {
		return true
	}
	r.Cancel()
	if !g.waking {
		g.waking = true
		time.AfterFunc(d, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.waking = false
			g.admit()
		})
	}
	return false
}

// A pass is a call's place. It is given back by itself after written or done.
type pass struct {
	limiter  *limiter
	priority priority
	// The rest is guarded by limiter.mu.
	answered, over bool
	back           *time.Timer
}

// written notes that the request was sent whole: it is received soon.
func (p *pass) written() { p.keep(p.limiter.transit, false) }

// done notes that the request was received, or never will be.
func (p *pass) done() { p.keep(0, true) }

// keep gives the place back when the call, received within d, no longer counts.
func (p *pass) keep(d time.Duration, answered bool) {
	g := p.limiter
	if g.places == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.answered || p.over {
		return
	}
	p.answered = answered
	if p.back != nil {
		p.back.Stop()
	}
	p.back = time.AfterFunc(d+g.span, p.giveBack)
}

func (p *pass) giveBack() {
	g := p.limiter
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.over {
		return
	}
	p.over = true
	g.held[p.priority]--
	g.admit()
}
