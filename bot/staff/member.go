package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// Why no command is taken in a group. Each has a sentence that says what to do.
var (
	// errPublic: anybody can find the group and join it, so being in it proves nothing.
	errPublic = errors.New("the staff group is public")
	// errMembersHidden: Telegram does not tell the bot who is in the group.
	errMembersHidden = errors.New("the members of the staff group are hidden")
)

// has reports whether somebody belongs to the staff group now. A message in it is no
// proof: in a public group strangers can write and press. It fails with errPublic,
// errMembersHidden, or with an error that goes away by itself.
func (m *members) has(ctx context.Context, group telegram.Chat, customer int64) (bool, error) {
	if group.Username != "" {
		return false, errPublic
	}
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
	case errors.Is(err, telegram.ErrMembersHidden):
		return false, errMembersHidden
	case err != nil:
		m.log.Warn("membership of the staff group unknown", "err", err)
		return false, nil
	}
	if in {
		m.note(customer, now)
	}
	return in, nil
}
