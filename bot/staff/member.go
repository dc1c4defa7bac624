package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"esimbot/bot/telegram"
)

// memberFor is how long somebody found in the group is believed to be in it still.
const memberFor = time.Minute

// members knows who belongs to the staff group, and remembers who was found in it.
type members struct {
	telegram *telegram.Client
	home     *home
	now      func() time.Time
	log      *slog.Logger

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

// has reports whether somebody belongs to the staff group now. A message in it is
// no proof: in a public group strangers can write and press.
func (m *members) has(ctx context.Context, customer int64) (bool, error) {
	now := m.now()
	if m.known(customer, now) {
		return true, nil
	}
	in, err := m.telegram.IsMember(ctx, m.home.chat(), customer)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case telegram.Temporary(err):
		return false, fmt.Errorf("look for somebody in the staff group: %w", err)
	case err != nil:
		m.log.Warn("membership of the staff group unknown", "err", err)
		return hiddenMembers(err), nil
	}
	if in {
		m.note(customer, now)
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
