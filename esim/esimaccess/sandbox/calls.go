package sandbox

import (
	"slices"
	"sync"
)

const (
	maxCalls    = 300      // remembered
	maxCallBody = 32 << 10 // bytes of an answer that are remembered
)

// A NumberedCall is a remembered [Call]. Long answers are cut.
type NumberedCall struct {
	Number int // of all calls, from 1
	Call
	Cut bool // Answer is not whole
}

// A callLog remembers the last calls.
type callLog struct {
	mu   sync.Mutex
	last []NumberedCall // oldest first
	n    int
}

func (l *callLog) add(c Call, answer []byte) {
	cut := len(answer) > maxCallBody
	c.Answer = string(answer[:min(len(answer), maxCallBody)])
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if len(l.last) == maxCalls {
		l.last = slices.Delete(l.last, 0, 1)
	}
	l.last = append(l.last, NumberedCall{l.n, c, cut})
}

// after are the calls with a number above n, at most max of them, the newest.
func (l *callLog) after(n, max int) []NumberedCall {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := len(l.last)
	for from > 0 && l.last[from-1].Number > n && len(l.last)-from < max {
		from--
	}
	return slices.Clone(l.last[from:])
}

func (l *callLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.n = nil, 0
}

// Calls are the last calls of the partner API, oldest first, at most 300.
func (s *Sandbox) Calls() []NumberedCall { return s.calls.after(0, maxCalls) }
