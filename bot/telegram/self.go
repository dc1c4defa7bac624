package telegram

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Self is the bot itself. Its id never changes; its name does when its operator renames it in
// BotFather, of which no update tells, and the bot goes on running.
type Self struct {
	client *Client
	name   atomic.Pointer[string]

	asking sync.Mutex // guards asked, and lets the others wait for the answer to the first
	asked  time.Time
}

// How often Telegram is asked for the bot's name at most, and how long a command may wait for it.
const (
	namePause    = 5 * time.Minute
	nameDeadline = 5 * time.Second
)

// Self returns the bot that Me has just told of.
func (c *Client) Self(me User) *Self {
	s := &Self{client: c, asked: c.now()}
	s.name.Store(&me.Username)
	return s
}

// Name is the bot's name without @, as far as it is known.
func (s *Self) Name() string { return *s.name.Load() }

// Sent reports whether a message is a card that somebody sent through this bot.
func (s *Self) Sent(m *Message) bool { return m.ViaBot != nil && m.ViaBot.ID == s.client.BotID() }

// CommandOf is Message.CommandFor of this bot. A command for another name is another bot's, or this
// one's under a new name: which of the two, Telegram is asked now and then.
func (s *Self) CommandOf(ctx context.Context, m *Message) (command, args string) {
	if m.CommandBot != "" && !strings.EqualFold(m.CommandBot, s.Name()) {
		ctx, done := context.WithTimeout(ctx, nameDeadline)
		defer done()
		if err := s.Refresh(ctx); err != nil { // then it stays the other's, as it would have without asking
			s.client.log.Warn("a command names another bot, and Telegram does not say whether that is us", "err", err)
		}
	}
	return m.CommandFor(s.Name())
}

// Refresh asks Telegram for the bot's name, if that was not done a moment ago.
func (s *Self) Refresh(ctx context.Context) error {
	s.asking.Lock()
	defer s.asking.Unlock()
	now := s.client.now()
	if since := now.Sub(s.asked); since >= 0 && since < namePause { // below zero: the clock was set back
		return nil
	}
	s.asked = now
	me, err := s.client.Me(ctx)
	if err != nil {
		return fmt.Errorf("ask Telegram for the bot's name: %w", err)
	}
	s.name.Store(&me.Username)
	return nil
}
