package ui

import (
	"errors"
	"sync"
)

// A messageKey is a message in its chat.
type messageKey struct {
	chat    int64
	message int
}

// A standingMessage shows the screen of this name; mu is held while it is changed.
type standingMessage struct {
	name string
	mu   sync.Mutex
	gone bool // something else stands there now
}

// A standingMessages knows of messages that wait for news of what they show (Screen.Quiet), or for the outcome of what
// was pressed there, whether they still show it. Who went on meanwhile is not thrown back.
type standingMessages struct {
	mu     sync.Mutex
	by     map[messageKey]*standingMessage
	awaits map[messageKey]*awaitingMessage
}

// stand notes that a message shows a screen and waits for news of it.
func (s *standingMessages) stand(key messageKey, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[messageKey]*standingMessage{}
	}
	s.by[key] = &standingMessage{name: name}
}

// leave notes that something else is about to stand there. It waits for a change under way, and for nothing else.
func (s *standingMessages) leave(key messageKey) {
	s.mu.Lock()
	m, a := s.by[key], s.awaits[key]
	delete(s.by, key)
	s.mu.Unlock()
	if m != nil {
		m.mu.Lock()
		m.gone = true
		m.mu.Unlock()
	}
	if a != nil {
		a.mu.Lock()
		a.turn++
		a.shown, a.outcome = a.turn, ""
		a.mu.Unlock()
	}
}

// change calls edit, unless it is nil, if the message still shows that screen; it waits for nothing more.
func (s *standingMessages) change(key messageKey, name string, edit func() error) error {
	s.mu.Lock()
	m := s.by[key]
	if m == nil || m.name != name {
		s.mu.Unlock()
		return nil
	}
	s.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	defer s.forget(key, m)
	if m.gone || edit == nil {
		return nil
	}
	return edit()
}

func (s *standingMessages) forget(key messageKey, m *standingMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by[key] == m {
		delete(s.by, key)
	}
}

// An awaitingMessage is one of which something is being done; mu is held while an outcome is put there.
type awaitingMessage struct {
	mu      sync.Mutex
	turn    int    // goes on with each press there, and each screen that is put there
	shown   int    // the turn of what stands there; 0: what stood there at the first
	outcome string // its name; "" for what is no outcome
	jobs    int    // that wait for their outcome; guarded by standingMessages.mu
}

// An awaited outcome is to be put on its message, as long as nothing stands there that is younger than its press.
type awaited struct {
	all  *standingMessages
	key  messageKey
	at   *awaitingMessage
	turn int
	name string
}

// errElsewhere is the fate of an outcome whose message shows something else by now.
var errElsewhere = errors.New("its message shows something else by now")

// await notes that the outcome of what has this name is going to be put on a message. It is to be ended.
func (s *standingMessages) await(key messageKey, name string) *awaited {
	s.mu.Lock()
	if s.awaits == nil {
		s.awaits = map[messageKey]*awaitingMessage{}
	}
	m := s.awaits[key]
	if m == nil {
		m = &awaitingMessage{}
		s.awaits[key] = m
	}
	m.jobs++
	s.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn++
	return &awaited{s, key, m, m.turn, name}
}

// put calls edit if the message shows nothing younger, or the outcome of the same, and is errElsewhere otherwise.
func (a *awaited) put(edit func() (int, error)) (int, error) {
	a.at.mu.Lock()
	defer a.at.mu.Unlock()
	if a.elsewhere() {
		return 0, errElsewhere
	}
	a.all.mu.Lock()
	m := a.all.by[a.key] // news of the screen before it
	delete(a.all.by, a.key)
	a.all.mu.Unlock()
	if m != nil {
		m.mu.Lock()
		m.gone = true
		m.mu.Unlock()
	}
	a.at.shown, a.at.outcome = max(a.at.shown, a.turn), a.name
	return edit()
}

// left reports whether the message shows something younger by now.
func (a *awaited) left() bool {
	a.at.mu.Lock()
	defer a.at.mu.Unlock()
	return a.elsewhere()
}

func (a *awaited) elsewhere() bool { return a.at.shown > a.turn && a.at.outcome != a.name }

// end forgets a message of which nothing more is awaited.
func (a *awaited) end() {
	a.all.mu.Lock()
	defer a.all.mu.Unlock()
	if a.at.jobs--; a.at.jobs == 0 {
		delete(a.all.awaits, a.key)
	}
}
