package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// A User is one Telegram user of the simulator.
type User struct {
	ID           int64  `json:"id"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"` // may be missing, as in life
	Staff        bool   `json:"staff"`                   // a member of the group
}

type person struct {
	User
	balance int64
	toasts  []Toast
}

// Errors of what a person can not do.
var (
	ErrBlocked   = errors.New("this person has blocked the bot: unblock it first")
	ErrNoButton  = errors.New("no message in the chat has that button")
	ErrNoMessage = errors.New("no such message in the chat")
	ErrOutside   = errors.New("this person is not in that chat")
)

// A UserClient is a person in one chat: what a test drives. Its methods act at once
// and return when Telegram has taken the action, not when the bot has reacted.
type UserClient struct {
	s      *Server
	id     int64
	chat   int64
	thread int // the topic it writes in; 0: General
}

// addPerson needs the lock, except in New.
func (s *Server) addPerson(p User) {
	if p.FirstName == "" {
		p.FirstName = fmt.Sprintf("Person %d", p.ID)
	}
	if s.people[p.ID] == nil {
		s.order = append(s.order, p.ID)
		s.chats[p.ID] = newChat(p.ID, "private", "")
	}
	s.people[p.ID] = &person{User: p, balance: s.opt.Balance}
}

// AddUser adds or replaces a person and returns a handle to their private chat with the bot.
// An ID of 0 picks a free one.
func (s *Server) AddUser(p User) *UserClient {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := int64(1001); p.ID == 0; id++ {
		if s.people[id] == nil {
			p.ID = id
		}
	}
	s.addPerson(p)
	return &UserClient{s, p.ID, p.ID, 0}
}

// StartAll has everybody started the bot, without a word to it.
func (s *Server) StartAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.people {
		s.chats[id].started = true
	}
}

// User returns a handle to a person's private chat with the bot. Somebody unknown is added.
func (s *Server) User(id int64) *UserClient {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[id] == nil {
		s.addPerson(User{ID: id, LanguageCode: "en"})
	}
	return &UserClient{s, id, id, 0}
}

// Users returns everybody, in the order they were added.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]User, len(s.order))
	for i, id := range s.order {
		out[i] = s.people[id].User
	}
	return out
}

// ID returns the person's user id.
func (h *UserClient) ID() int64 { return h.id }

// In returns the same person in another chat: staff.In(tg.Group().ID).Send("/status").
func (h *UserClient) In(chat int64) *UserClient { return &UserClient{h.s, h.id, chat, 0} }

// Chat returns the messages of the chat as they look now, oldest first.
func (h *UserClient) Chat() []Message {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if c := h.s.chats[h.chat]; c != nil {
		return h.s.views(c)
	}
	return nil
}

// Last returns the newest message, or a zero Message.
func (h *UserClient) Last() Message {
	if list := h.Chat(); len(list) > 0 {
		return list[len(list)-1]
	}
	return Message{}
}

// Wait blocks until ok says yes to the chat as it looks, asking again after every change
// (new, edited and deleted messages, answers to presses), or until ctx ends. It never sleeps.
func (h *UserClient) Wait(ctx context.Context, ok func([]Message) bool) ([]Message, error) {
	for {
		h.s.mu.Lock()
		c := h.s.chats[h.chat]
		if c == nil {
			h.s.mu.Unlock()
			return nil, ErrOutside
		}
		list, changed := h.s.views(c), c.changed
		h.s.mu.Unlock()
		if ok(list) {
			return list, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return list, fmt.Errorf("waiting in chat %d, which ends with %q: %w", h.chat, tail(list), ctx.Err())
		case <-h.s.closed:
			return list, fmt.Errorf("waiting in chat %d: the sandbox was closed", h.chat)
		}
	}
}

// WaitText waits until the newest message contains words and returns it.
func (h *UserClient) WaitText(ctx context.Context, words string) (Message, error) {
	list, err := h.Wait(ctx, func(m []Message) bool { return len(m) > 0 && strings.Contains(m[len(m)-1].Text, words) })
	if err != nil {
		return Message{}, fmt.Errorf("%q did not appear: %w", words, err)
	}
	return list[len(list)-1], nil
}

// WaitAnswered waits until the bot has answered the press with this query id.
func (h *UserClient) WaitAnswered(ctx context.Context, queryID string) (Toast, error) {
	h.s.mu.Lock()
	q := h.s.queries[queryID]
	h.s.mu.Unlock()
	if q == nil {
		return Toast{}, fmt.Errorf("press %q: unknown query", queryID)
	}
	select {
	case <-q.done:
		return q.toast, nil
	case <-ctx.Done():
		return Toast{}, fmt.Errorf("press on %q was not answered: %w", q.label, ctx.Err())
	case <-h.s.closed:
		return Toast{}, fmt.Errorf("press on %q: the sandbox was closed", q.label)
	}
}

// Toasts returns the answers this person has got to presses, oldest first.
func (h *UserClient) Toasts() []Toast {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return append([]Toast(nil), h.s.people[h.id].toasts...)
}

// Toast returns the newest of Toasts, or a zero Toast.
func (h *UserClient) Toast() Toast {
	if list := h.Toasts(); len(list) > 0 {
		return list[len(list)-1]
	}
	return Toast{}
}

// tail is the end of a chat in a few words, for messages of failed tests.
func tail(list []Message) string {
	if len(list) == 0 {
		return "(no messages)"
	}
	m := list[len(list)-1]
	words := m.Text
	switch {
	case m.Invoice != nil:
		words = "invoice: " + m.Invoice.Title
	case m.Service != "":
		words = m.Service
	case m.Photo != nil:
		words = "photo: " + m.Text
	}
	if len(m.Keyboard) > 0 {
		words += " [" + strings.Join(m.Labels(), "] [") + "]"
	}
	return words
}

func sortBy[T any](list []T, less func(a, b T) bool) {
	sort.SliceStable(list, func(i, j int) bool { return less(list[i], list[j]) })
}
