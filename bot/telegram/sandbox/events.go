package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// hearerBuffer is how many events a page may lag behind. A page that lags more is cut
// off; the browser connects again and loads the chats anew.
const hearerBuffer = 256

// event is one line of /api/events. See the fields each Type uses in doc of the page's API.
type event struct {
	Type      string   `json:"type"` // message, edit, delete, typing, toast, clock, calls
	Chat      int64    `json:"chat,omitempty"`
	Message   *Message `json:"message,omitempty"`
	MessageID int      `json:"message_id,omitempty"`
	Action    string   `json:"action,omitempty"`
	Text      *string  `json:"text,omitempty"`
	Alert     *bool    `json:"alert,omitempty"`
	URL       string   `json:"url,omitempty"`
	Now       string   `json:"now,omitempty"`

	msg *message // becomes Message if anybody listens
}

type listener struct {
	person int64
	ch     chan []byte
}

// tell sends e to everybody who sees c. Lock held.
func (s *Server) tell(c *chat, e event) {
	if len(s.hearers) == 0 {
		return
	}
	if e.msg != nil {
		v := s.view(e.msg)
		e.Message = &v
	}
	var body []byte
	for l := range s.hearers {
		if !s.sees(l.person, c) {
			continue
		}
		if body == nil {
			body = mustJSON(e)
		}
		s.hear(l, body)
	}
}

// tellOne sends e to the pages of one person. Lock held.
func (s *Server) tellOne(person int64, e event) {
	for l := range s.hearers {
		if l.person == person {
			s.hear(l, mustJSON(e))
		}
	}
}

func (s *Server) tellAll(e event) {
	for l := range s.hearers {
		s.hear(l, mustJSON(e))
	}
}

func (s *Server) hear(l *listener, body []byte) {
	select {
	case l.ch <- body:
	default:
		delete(s.hearers, l)
		close(l.ch)
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain structs and maps come here
	}
	return b
}

// ClockMoved tells the pages that Options.Now jumped.
func (s *Server) ClockMoved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending()
	s.tellAll(event{Type: "clock", Now: stamp(s.now())})
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *Server) apiEvents(w http.ResponseWriter, r *http.Request) {
	id, err := s.who(r.URL.Query().Get("person"))
	if err != nil {
		pageError(w, err)
		return
	}
	l := &listener{person: id, ch: make(chan []byte, hearerBuffer)}
	s.mu.Lock()
	s.hearers[l] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.hearers, l)
		s.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy in between must not collect events
	rc := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, "retry: 1000\n\n")
	_ = rc.Flush()
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	for {
		select {
		case body, ok := <-l.ch:
			if !ok {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
				return
			}
		case <-alive.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		}
		if rc.Flush() != nil {
			return
		}
	}
}
