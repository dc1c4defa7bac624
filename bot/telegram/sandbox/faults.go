package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A FaultKind is one way for Telegram to fail.
type FaultKind int

// The kinds of faults. Only LoseAnswer and Slow do the work.
const (
	TooMany        FaultKind = iota // 429 with retry_after, nothing done
	BadGateway                      // 502 with an HTML page, nothing done
	GatewayTimeout                  // 504 with an HTML page, nothing done
	LoseRequest                     // no answer, nothing done
	LoseAnswer                      // done, but the connection is cut before the answer
	Slow                            // done, and answered after Delay
	ServerError                     // 500 "Internal Server Error" in JSON, nothing done
	Refuse                          // Code and Description in Telegram's JSON, nothing done
)

// A Fault is what happens to a call instead of what should.
type Fault struct {
	Kind       FaultKind
	RetryAfter int           // seconds, for TooMany; default 1
	Delay      time.Duration // real time, for Slow

	Code        int    // for Refuse: error_code and HTTP status; default 400
	Description string // for Refuse: Telegram's words, as "Bad Request: CHARGE_NOT_FOUND"

	Chat int64 // whose calls fail: those with this chat_id; 0: all
}

type faultPlan struct {
	next      map[string][]Fault // by lower-case method, "*" for any
	mode      string
	stops     []*Breakpoint
	exchanges int // that have arrived so far
}

func (f *faultPlan) init() { f.next, f.mode = map[string][]Fault{}, "ok" }

// Break makes the next n calls of method fail; "*" is any method but getUpdates.
// Faults of one method are used up in the order they were given.
func (s *Server) Break(method string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.ToLower(method)
	for range n {
		s.faults.next[key] = append(s.faults.next[key], f)
	}
}

// Mend takes back what Break ordered of a method and did not happen yet.
func (s *Server) Mend(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults.next, strings.ToLower(method))
}

// SetMode breaks Telegram as a whole until it is mended: "ok", "429", "502" or "cut".
// It covers getUpdates and webhooks too.
func (s *Server) SetMode(mode string) error {
	switch mode {
	case "ok", "429", "502", "cut":
	default:
		return fmt.Errorf("telegram mode %q: want ok, 429, 502 or cut", mode)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.mode = mode
	if mode != "ok" {
		s.updates.kick(kickQuietly)
	} else {
		s.hook.wake()
	}
	return nil
}

// Mode returns what SetMode set last.
func (s *Server) Mode() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.mode
}

// takeFault returns the fault that a call of method to a chat meets, if any.
func (s *Server) takeFault(method, chat string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.faults.mode {
	case "429":
		return &Fault{Kind: TooMany}
	case "502":
		return &Fault{Kind: BadGateway}
	case "cut":
		return &Fault{Kind: LoseRequest}
	}
	keys := []string{strings.ToLower(method), "*"}
	if keys[0] == "getupdates" {
		keys = keys[:1]
	}
	for _, key := range keys {
		list := s.faults.next[key]
		for i, f := range list {
			if f.Chat == 0 || itoa(f.Chat) == chat {
				s.faults.next[key] = slices.Delete(slices.Clone(list), i, i+1)
				return &f
			}
		}
	}
	return nil
}

const gatewayPage = "<html>\r\n<head><title>%[1]s</title></head>\r\n<body>\r\n<center><h1>%[1]s</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"

// prevents reports whether the work is not done at all.
func (f *Fault) prevents() bool {
	return f != nil && f.Kind != LoseAnswer && f.Kind != Slow
}

// instead is the answer to a call whose work was prevented.
func (f *Fault) instead(w http.ResponseWriter) (status int, answer []byte) {
	switch f.Kind {
	case TooMany:
		e := tooMany(orDefault(f.RetryAfter, 1))
		return e.code, writeError(w, e)
	case ServerError:
		e := &apiError{code: 500, desc: "Internal Server Error"}
		return e.code, writeError(w, e)
	case Refuse:
		e := &apiError{code: orDefault(f.Code, http.StatusBadRequest), desc: f.Description}
		return e.code, writeError(w, e)
	case BadGateway:
		return 502, writePage(w, 502, "502 Bad Gateway")
	case GatewayTimeout:
		return 504, writePage(w, 504, "504 Gateway Time-out")
	}
	return 0, nil // LoseRequest
}

func writePage(w http.ResponseWriter, status int, title string) []byte {
	body := fmt.Appendf(nil, gatewayPage, title)
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write(body)
	return body
}

// RepeatUpdates puts each of the next n updates twice into the queue, under the same
// update_id, as a bot sees them that crashed before it confirmed them.
func (s *Server) RepeatUpdates(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.repeat += n
}

// StrangeFields adds fields nobody knows yet to the next n updates.
func (s *Server) StrangeFields(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inMeta += n
}

func addStrangers(body obj) {
	body["future_field"] = obj{"since": "Bot API 99", "list": []any{1, "two", nil}}
	for _, v := range body {
		if m, ok := v.(obj); ok {
			m["another_future_field"] = []int{1, 2, 3}
		}
	}
}

// Inject queues an update with any fields, known or not, and returns its update_id.
// It ignores allowed_updates.
func (s *Server) Inject(fields map[string]any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "unknown"
	for k := range fields {
		kind = k
	}
	s.enqueue(kind, fields, "injected", keepMessages)
	return s.updates.next - 1
}
