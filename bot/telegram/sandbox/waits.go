package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// A Violation is a call that came before the wait was over that a 429 had asked for.
type Violation struct {
	Method string
	Chat   string        // as the call named it; "" for a wait that holds for the whole method
	Asked  time.Duration // retry_after
	After  time.Duration // how long after the 429 the call came
}

// maxViolations bounds the list: a bot that does not listen at all would fill it for ever.
const maxViolations = 1000

// underWay is how soon after a 429 a call may come that left before that answer was there: the bot may make several at once, and
// a call that meets no wait yet is no disobedience. Who does not listen calls later too.
const underWay = 5 * time.Millisecond

// waits remember what was asked for with 429, and who did not listen.
type waits struct {
	asked      map[string]asked // by chat, or by method
	violations []Violation
}

type asked struct {
	at  time.Time
	len time.Duration
}

// Violations returns the calls that came within a wait that was asked for. A 429 to a call
// with a chat_id is about that chat, whatever the method; to any other call it is about
// the method. Calls that had arrived before the 429 was said are none. Time is
// Options.RealNow, that of the flood limits.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation(nil), s.waits.violations...)
}

// ForgetWaits tells that another program calls from now on, as after a kill: what the one before
// it was asked to wait for, the new one cannot know. It learns it from the next 429.
func (s *Server) ForgetWaits() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waits.asked = nil
}

// place is what a wait is about.
func place(method string, p *params) string {
	if chat := p.str("chat_id"); chat != "" {
		return chat
	}
	return method
}

// listened notes a call that came although its chat or method was to wait.
func (s *Server) listened(method string, p *params) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := place(method, p)
	a, waiting := s.waits.asked[key]
	if !waiting {
		return
	}
	after := s.real().Sub(a.at)
	if after < underWay {
		return
	}
	if after >= a.len {
		delete(s.waits.asked, key)
		return
	}
	if len(s.waits.violations) < maxViolations {
		s.waits.violations = append(s.waits.violations, Violation{Method: method, Chat: p.str("chat_id"), Asked: a.len, After: after})
	}
}

// asks notes the wait of an answer that is about to leave.
func (s *Server) asks(method string, p *params, status int, header http.Header) {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if status != http.StatusTooManyRequests || err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waits.asked == nil {
		s.waits.asked = map[string]asked{}
	}
	key, now := place(method, p), asked{at: s.real(), len: time.Duration(seconds) * time.Second}
	if before, ok := s.waits.asked[key]; !ok || now.at.Add(now.len).After(before.at.Add(before.len)) {
		s.waits.asked[key] = now
	}
}
