package esimaccess

import (
	"context"
	"math"
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

const (
	// gateSpan is how long a call counts after it was received: the vendor's second,
	// and a little for clocks that run differently.
	gateSpan = time.Second + 20*time.Millisecond
	// gateTransit is how long a request that was written may take to be received. An
	// answer tells sooner; one that takes longer does not tell more.
	gateTransit = time.Second
	// gateOpen is the limit from which on there is none.
	gateOpen = 1000
)

// A gate keeps the account's rate limit as the vendor measures it, where calls
// arrive. It has as many places as calls are allowed in a second; a call holds one
// from the moment it is let out until a second after it was certainly received. So
// all calls received within a second hold places at one moment, however long
// handshakes and networks delayed them, and there are never more than places.
//
// After a quiet second a purchase's calls all go at once. Sweeps may hold only a
// part of the places and are spaced out, which keeps the rest for people and two
// for purchases; of those who wait the most urgent goes first.
type gate struct {
	places  int // 0: no limit
	span    time.Duration
	transit time.Duration
	// most is how many places each lane and those less urgent may hold together.
	most   [lanes]int
	spaced *rate.Limiter // of sweeps

	mu      sync.Mutex
	held    [lanes]int
	waiting [lanes][]chan struct{} // in order of arrival
	waking  bool                   // a timer for the next sweep runs
}

// newGate returns a gate for so many calls a second, which may be less than one.
func newGate(perSecond float64) *gate {
	if perSecond >= gateOpen {
		return &gate{}
	}
	n := max(1, int(perSecond))
	span := gateSpan
	if perSecond < 1 {
		span = time.Duration(min(float64(gateSpan)/perSecond, math.MaxInt64/4))
	}
	sweeps := n - n/2 // 4 of 7
	return &gate{
		places:  n,
		span:    span,
		transit: gateTransit,
		most:    [lanes]int{n, sweeps + (n-sweeps)/3, sweeps}, // 7, 5, 4
		spaced:  rate.NewLimiter(rate.Limit(float64(sweeps)/span.Seconds()), 1),
	}
}

// enter returns when it is the caller's turn, or with the reason why ctx ended.
func (g *gate) enter(ctx context.Context, l lane) (*pass, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	p := &pass{gate: g, lane: l}
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
func (g *gate) leave(p *pass, turn chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting[p.lane], turn); i >= 0 {
		g.waiting[p.lane] = slices.Delete(g.waiting[p.lane], i, i+1)
		return
	}
	g.held[p.lane]--
	g.admit()
}

// admit lets out all who may go now, the most urgent first. It needs g.mu.
func (g *gate) admit() {
	for l := range lanes {
		for len(g.waiting[l]) > 0 && g.free(l) && (l != laneSweep || g.spacing()) {
			g.held[l]++
			close(g.waiting[l][0])
			g.waiting[l] = slices.Delete(g.waiting[l], 0, 1)
		}
	}
}

// free reports whether a call of this lane finds a place. It needs g.mu.
func (g *gate) free(l lane) bool {
	held := 0
	for k := lanes - 1; k >= 0; k-- {
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
func (g *gate) spacing() bool {
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
	gate *gate
	lane lane
	// The rest is guarded by gate.mu.
	answered, over bool
	back           *time.Timer
}

// written notes that the request was sent whole: it is received soon.
func (p *pass) written() { p.keep(p.gate.transit, false) }

// done notes that the request was received, or never will be.
func (p *pass) done() { p.keep(0, true) }

// keep gives the place back when the call, received within d, no longer counts.
func (p *pass) keep(d time.Duration, answered bool) {
	g := p.gate
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
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.over {
		return
	}
	p.over = true
	g.held[p.lane]--
	g.admit()
}
