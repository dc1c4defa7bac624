package sandbox

import (
	"context"
	"sync"
)

// An ExchangeStage is a moment within an exchange.
type ExchangeStage int

const (
	// BeforeWork is when the request has arrived whole and nothing was done yet.
	BeforeWork ExchangeStage = iota
	// AfterWork is when all is done and the answer is about to be sent.
	AfterWork
)

// A Breakpoint holds one exchange until it is released, so that a test can look around, or do something
// else, exactly there.
type Breakpoint struct {
	endpoint string
	number   int // of the exchange to hold, counted from the sandbox's first; 0: the next on endpoint
	stage    ExchangeStage
	held     string // endpoint of the exchange that is held; set before reached is closed
	reached  chan struct{}
	released chan struct{}
	once     sync.Once
}

// BreakpointAt holds the next exchange on endpoint ("" is any) at stage. Each Breakpoint holds one exchange.
func (s *Sandbox) BreakpointAt(endpoint string, stage ExchangeStage) *Breakpoint {
	return s.faults.stop(&Breakpoint{endpoint: endpoint, stage: stage})
}

// BreakpointAtExchange holds the n-th exchange with the API from now on, 1 being the next, whatever its
// endpoint: a test that tries each n in turn has stopped its program at every moment there is.
// It panics if n is less than 1.
func (s *Sandbox) BreakpointAtExchange(n int, stage ExchangeStage) *Breakpoint {
	if n < 1 {
		panic("sandbox: exchanges are counted from 1")
	}
	return s.faults.stop(&Breakpoint{number: n, stage: stage})
}

// Exchanges is how many exchanges with the API have begun so far, broken ones included. Calls of
// the page and of the control API do not count.
func (s *Sandbox) Exchanges() int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return s.faults.seen
}

// Reached is closed when an exchange stands at the stop.
func (st *Breakpoint) Reached() <-chan struct{} { return st.reached }

// Endpoint is the endpoint of the exchange that stands, or stood, at the breakpoint: "esim/order".
// Before [Breakpoint.Reached] it is "".
func (st *Breakpoint) Endpoint() string {
	select {
	case <-st.reached:
		return st.held
	default:
		return ""
	}
}

// Release lets the exchange go on. It may be called early and more than once.
func (st *Breakpoint) Release() { st.once.Do(func() { close(st.released) }) }

func (st *Breakpoint) hold(ctx context.Context) {
	close(st.reached)
	select {
	case <-st.released:
	case <-ctx.Done(): // the client left, or the server closes: a server's work is not undone by that
	}
}

func (fs *faults) stop(st *Breakpoint) *Breakpoint {
	st.reached, st.released = make(chan struct{}), make(chan struct{})
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if st.number > 0 {
		st.number += fs.seen
	}
	fs.stops = append(fs.stops, st)
	return st
}

// takeStops takes the stops of this very exchange, and for each stage at most one of those that
// wait for any on its endpoint.
func (fs *faults) takeStops(endpoint string) (taken [2][]*Breakpoint) {
	var rest []*Breakpoint
	var one [2]bool
	for _, st := range fs.stops {
		switch {
		case st.number > 0 && st.number == fs.seen:
		case st.number == 0 && (st.endpoint == "" || st.endpoint == endpoint) && !one[st.stage]:
			one[st.stage] = true
		default:
			rest = append(rest, st)
			continue
		}
		st.held = endpoint
		taken[st.stage] = append(taken[st.stage], st)
	}
	fs.stops = rest
	return taken
}
