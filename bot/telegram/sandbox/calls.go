package sandbox

import (
	"strings"
	"time"
	"unicode/utf8"
)

const (
	callsKept = 2000
	answerCut = 4 << 10
	hintPause = 250 * time.Millisecond
)

// A Call is one line of the conversation between the bot and Telegram. The token is never in it.
type Call struct {
	N       int64   `json:"n"`
	At      string  `json:"at"` // by Options.Now, RFC 3339 with milliseconds
	Side    string  `json:"side"`
	Dir     string  `json:"dir"` // "bot→telegram" or "telegram→bot"
	Name    string  `json:"name"`
	MS      float64 `json:"ms"` // real milliseconds
	Status  int     `json:"status"`
	OK      bool    `json:"ok"`
	Request string  `json:"request"`
	Answer  string  `json:"answer"` // cut at 4 KB

	Unknown []string `json:"unknown,omitempty"` // parameters that the method does not have: Telegram ignores them
}

// callRec keeps what a Call is made of; most calls are never looked at.
type callRec struct {
	n       int64
	at      time.Time
	out     bool // telegram→bot
	name    string
	took    time.Duration
	status  int
	params  *params
	request []byte
	answer  []byte
}

type callLog struct {
	last int64
	ring [callsKept]callRec
}

// Calls returns the calls after number n that are still remembered (the newest 2,000)
// and the number of the newest one.
func (s *Server) Calls(after int64) ([]Call, int64) {
	s.mu.Lock()
	var recs []callRec
	for n := max(after, s.calls.last-callsKept, 0) + 1; n <= s.calls.last; n++ {
		recs = append(recs, s.calls.ring[n%callsKept])
	}
	last := s.calls.last
	s.mu.Unlock()
	out := make([]Call, len(recs))
	for i, r := range recs {
		out[i] = s.render(r)
	}
	return out, last
}

func (s *Server) render(r callRec) Call {
	c := Call{
		N: r.n, At: r.at.UTC().Format("2006-01-02T15:04:05.000Z"), Side: "telegram", Dir: "bot→telegram", Name: r.name,
		MS: float64(r.took.Microseconds()) / 1000, Status: r.status, OK: r.status >= 200 && r.status < 300,
	}
	if r.out {
		c.Dir = "telegram→bot"
	}
	request := string(r.request)
	if r.params != nil {
		request = r.params.record()
		c.Unknown = r.params.unknownTo(r.name)
	}
	c.Request, c.Answer = s.clean(request), s.clean(string(r.answer))
	return c
}

// clean cuts a text and takes the token out of it.
func (s *Server) clean(text string) string {
	if strings.Contains(text, s.opt.Token) {
		text = strings.ReplaceAll(text, s.opt.Token, "<token>")
	}
	if s.hookSecret() != "" {
		text = strings.ReplaceAll(text, s.hookSecret(), "<secret>")
	}
	if len(text) <= answerCut {
		return text
	}
	cut := answerCut
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// note remembers a call and tells the page that there is something to fetch. Lock held.
func (s *Server) note(r callRec) callRec {
	s.calls.last++
	r.n, r.at = s.calls.last, s.now()
	// One byte more than is shown, so that the cut can be seen.
	if len(r.answer) > answerCut+1 {
		r.answer = append([]byte(nil), r.answer[:answerCut+1]...)
	}
	s.calls.ring[r.n%callsKept] = r
	s.hintCalls()
	return r
}

// noteUpdate is note for an update on its way to the bot. Lock held; call report after.
func (s *Server) noteUpdate(u *update, status int, answer []byte, took time.Duration) callRec {
	return s.note(callRec{out: true, name: u.kind, status: status, request: u.body, answer: answer, took: took})
}

// report shows calls to Options.OnCall. Lock not held: OnCall may ask the server something.
func (s *Server) report(recs ...callRec) {
	if s.opt.OnCall == nil {
		return
	}
	for _, r := range recs {
		s.opt.OnCall(s.render(r))
	}
}

// hintCalls sends the "calls" event at most four times a second. Lock held.
func (s *Server) hintCalls() {
	if len(s.hearers) == 0 || s.hinting {
		return
	}
	s.hinting = true
	time.AfterFunc(hintPause, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hinting = false
		s.tellAll(event{Type: "calls"})
	})
}
