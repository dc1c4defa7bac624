package ui

import "sync"

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

// A standingMessages knows of messages that wait for news of what they show (Screen.Quiet) whether they still show it.
// Who went on meanwhile is not thrown back.
type standingMessages struct {
	mu sync.Mutex
	by map[messageKey]*standingMessage
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
	m := s.by[key]
	delete(s.by, key)
	s.mu.Unlock()
	if m != nil {
		m.mu.Lock()
		m.gone = true
		m.mu.Unlock()
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
