package sandbox

import (
	"fmt"
	"time"
)

// A query is a press on a button or a pre-checkout question, waiting for the bot's answer.
type query struct {
	id       string
	person   int64
	chat     *chat
	msg      int
	label    string
	data     string
	at       time.Time
	answered bool
	toast    Toast
	done     chan struct{} // closed by the answer
	checkout *form         // of a pre-checkout query
	verdict  string        // the bot's error_message; "" is yes
	givenUp  bool          // Telegram waited no longer: there was no answer
	inline   *InlineAnswer // of an inline query; filled by the answer
}

// A Toast is the bot's answer to a press.
type Toast struct {
	QueryID string
	Message int // id of the message whose button was pressed
	Text    string
	Alert   bool // a window to be closed, not a line that fades
	URL     string
}

// A Press is a press on a button that the bot never answered: the person sees it spin.
type Press struct {
	QueryID string
	Person  int64
	Label   string
	Data    string
	At      time.Time
}

const queriesKept = 20_000

// ask remembers a query and gives it an id. Lock held.
func (s *Server) ask(q *query) {
	q.id = itoa(1<<52 + s.rng.Int64N(1<<61))
	q.at, q.done = s.now(), make(chan struct{})
	s.queries[q.id] = q
	s.asked = append(s.asked, q)
	// Answered ones go once they are many; unanswered ones stay to be reported.
	for len(s.asked) > queriesKept && s.asked[0].answered {
		delete(s.queries, s.asked[0].id)
		s.asked = s.asked[1:]
	}
}

func (q *query) kind() string {
	switch {
	case q.checkout != nil:
		return "checkout"
	case q.inline != nil:
		return "inline"
	}
	return "press"
}

// answer takes the bot's answer: once, not too late, and with the method for it. Lock held.
func (s *Server) answer(id, kind string) (*query, *apiError) {
	q := s.queries[id]
	keep := keepQueries
	if kind == "inline" {
		keep = keepInline
	}
	if q == nil || q.answered || q.kind() != kind || s.now().Sub(q.at) > keep {
		return nil, bad(textTooOld)
	}
	q.answered = true
	return q, nil
}

// press is a person pressing a callback button. Lock held.
func (s *Server) press(person int64, c *chat, msgID int, data, label string) *query {
	q := &query{person: person, chat: c, msg: msgID, data: data, label: label}
	s.ask(q)
	m := c.byID[msgID]
	shown := obj{"chat": s.wireChat(c), "message_id": msgID, "date": 0} // an inaccessible message
	if m != nil {
		shown = s.wireMessage(m)
	}
	o := obj{
		"id": q.id, "from": s.wireUser(person), "message": shown,
		"chat_instance": itoa(c.id*7919 + 104729), "data": data,
	}
	if m != nil && m.viaBot { // of a message that is the person's the bot learns no more than this
		delete(o, "message")
		o["inline_message_id"] = "AgAAA" + itoa(int64(m.id))
	}
	s.give("callback_query", o, "press "+itoa(person))
	return q
}

func (s *Server) answerCallbackQuery(p *params) (any, *apiError) {
	if chars(p.str("text")) > maxCallbackAnswer {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	if link := p.str("url"); link != "" {
		if _, ok := deepLink(link, s.Username()); !ok {
			return nil, bad("URL_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.answer(p.str("callback_query_id"), "press")
	if err != nil {
		return nil, err
	}
	q.toast = Toast{QueryID: q.id, Message: q.msg, Text: p.str("text"), Alert: p.bool("show_alert"), URL: p.str("url")}
	close(q.done)
	person := s.people[q.person]
	if person.toasts = append(person.toasts, q.toast); len(person.toasts) > s.opt.History {
		person.toasts = person.toasts[1:]
	}
	q.chat.touch()
	s.tellOne(q.person, event{Type: "toast", Chat: q.chat.id, MessageID: q.msg, Text: &q.toast.Text, Alert: &q.toast.Alert, URL: q.toast.URL})
	return true, nil
}

// Unanswered returns the presses the bot has not answered yet, oldest first.
// At the end of a test it should be empty.
func (s *Server) Unanswered() []Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Press
	for _, q := range s.asked {
		if !q.answered && q.kind() == "press" {
			out = append(out, Press{q.id, q.person, q.label, q.data, q.at})
		}
	}
	return out
}

func (p Press) String() string {
	return fmt.Sprintf("person %d pressed %q (%s) and got no answer", p.Person, p.Label, p.Data)
}
