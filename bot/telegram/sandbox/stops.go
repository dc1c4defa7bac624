package sandbox

import (
	"strings"
	"sync"
)

// An ExchangeStage is a moment within a call of the Bot API.
type ExchangeStage int

const (
	// BeforeWork is when the request has arrived whole and nothing was done yet. If the client
	// goes away while the call is held here, the work is never done.
	BeforeWork ExchangeStage = iota
	// AfterWork is when all is done and the answer is about to be sent. If the client goes away
	// while the call is held here, the work stays done and the answer is lost.
	AfterWork
)

// A Breakpoint holds one call until it is released or its client is gone, so that a test can look
// around, or kill the bot, exactly there.
//
// The real Telegram may or may not carry out a request whose sender has died. Here the two are
// told apart: see [BeforeWork] and [AfterWork]. The simulator hears of a death a moment after it,
// so a test that kills the bot does not call Release: it waits for Passed, and then knows.
type Breakpoint struct {
	method   string // in lower case; "" is any that counts as an exchange
	stage    ExchangeStage
	skip     int // exchanges to let pass first
	reached  chan struct{}
	released chan struct{}
	passed   chan struct{}
	once     sync.Once
	held     string // written before reached is closed
	gone     bool   // written before passed is closed
}

// BreakpointAtExchange holds the n-th coming exchange at stage; 1 is the next one.
//
// Exchanges are the calls that change something, are seen by somebody, or tell the bot of money:
// all methods of the simulator except getUpdates (which may wait for a minute and is made again
// and again) and getMe. Unknown methods, wrong tokens and bodies that cannot be read do not count;
// calls that are refused or meet a [Fault] do. [Server.Exchanges] counts in the same way. An
// exchange has at most one Breakpoint for each stage; of two that were given the same one, the younger
// holds the next.
func (s *Server) BreakpointAtExchange(n int, stage ExchangeStage) *Breakpoint {
	return s.addStop("", n, stage)
}

// BreakpointAt holds the next call of method at stage; "" is the next exchange, as in [Server.BreakpointAtExchange].
// Methods that are no exchanges can be held by their name.
func (s *Server) BreakpointAt(method string, stage ExchangeStage) *Breakpoint {
	return s.addStop(method, 1, stage)
}

func (s *Server) addStop(method string, n int, stage ExchangeStage) *Breakpoint {
	st := &Breakpoint{
		method: strings.ToLower(method), stage: stage, skip: max(n-1, 0),
		reached: make(chan struct{}), released: make(chan struct{}), passed: make(chan struct{}),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.stops = append(s.faults.stops, st)
	return st
}

// Exchanges returns how many exchanges have arrived so far; see [Server.BreakpointAtExchange] for what one is.
func (s *Server) Exchanges() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.exchanges
}

// Reached is closed when a call stands at the stop.
func (st *Breakpoint) Reached() <-chan struct{} { return st.reached }

// Passed is closed when the call has left the stop: released, or given up because its client is
// gone or the simulator was closed.
func (st *Breakpoint) Passed() <-chan struct{} { return st.passed }

// Release lets the call go on. It may be called early and more than once.
func (st *Breakpoint) Release() { st.once.Do(func() { close(st.released) }) }

// Method returns the name of the call that stands or stood at the stop ("sendPhoto"), in its
// usual spelling. It is "" until Reached.
func (st *Breakpoint) Method() string {
	select {
	case <-st.reached:
		return st.held
	default:
		return ""
	}
}

// ClientGone reports whether the call left the stop because its client was gone. It is false until Passed.
func (st *Breakpoint) ClientGone() bool {
	select {
	case <-st.passed:
		return st.gone
	default:
		return false
	}
}

func isExchange(key string) bool { return key != "getupdates" && key != "getme" }

// takeStops counts a call that has arrived whole and returns the stops that hold it, by stage.
func (s *Server) takeStops(key string) (taken [2]*Breakpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isExchange(key) {
		s.faults.exchanges++
	}
	rest := s.faults.stops[:0]
	for _, st := range s.faults.stops {
		matches := st.method == key || st.method == "" && isExchange(key)
		switch {
		case matches && st.skip > 0:
			st.skip--
		case matches && taken[st.stage] == nil:
			taken[st.stage] = st
			continue
		}
		rest = append(rest, st)
	}
	clear(s.faults.stops[len(rest):])
	s.faults.stops = rest
	return taken
}

// hold keeps the call waiting and reports whether it goes on: false means that nobody is there
// any more to go on for. A nil Stop holds nothing.
func (st *Breakpoint) hold(s *Server, name string, p *params) bool {
	if st == nil {
		return true
	}
	st.held = name
	close(st.reached)
	closed := false
	select {
	case <-st.released:
	case <-p.ctx.Done():
	case <-s.closed:
		closed = true
	}
	st.gone = p.ctx.Err() != nil
	close(st.passed)
	return !st.gone && !closed
}
