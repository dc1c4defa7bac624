package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"esimbot/bot/telegram"
)

// memberFor is how long somebody found in the group is believed to be in it still.
const memberFor = time.Minute

// members remembers who was found in the staff group.
type members struct {
	mu   sync.Mutex
	seen map[int64]time.Time
}

func (m *members) known(customer int64, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.seen[customer]
	return ok && now.Sub(at) < memberFor
}

func (m *members) note(customer int64, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[int64]time.Time{}
	}
	m.seen[customer] = now
}

// member reports whether somebody belongs to the staff group now. A message in it is
// no proof: in a public group strangers can write and press.
func (s *staff) member(ctx context.Context, customer int64) (bool, error) {
	now := s.bot.cfg.Now()
	if s.members.known(customer, now) {
		return true, nil
	}
	in, err := s.bot.cfg.Telegram.IsMember(ctx, s.chat(), customer)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case telegram.Temporary(err):
		return false, fmt.Errorf("look for somebody in the staff group: %w", err)
	case err != nil:
		s.bot.log.Warn("membership of the staff group unknown", "err", err)
		return hiddenMembers(err), nil
	}
	if in {
		s.members.note(customer, now)
	}
	return in, nil
}

// hiddenMembers reports whether Telegram keeps the list of members from the bot, since it
// is no administrator. Such a group is private, and who writes in it is a member.
func hiddenMembers(err error) bool {
	var te *telegram.Error
	return errors.As(err, &te) &&
		(strings.Contains(te.Description, "member list is inaccessible") || strings.Contains(te.Description, "CHAT_ADMIN_REQUIRED"))
}
