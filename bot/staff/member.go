package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// memberFor is how long somebody found in the group is believed to be in it still.
const memberFor = time.Minute

// members knows who belongs to the staff group and what they may do, and remembers who was found in it.
type members struct {
	telegram *telegram.Client
	home     *home
	store    esim.StaffMemberStore
	now      func() time.Time
	log      *slog.Logger

	mu   sync.Mutex
	seen map[int64]standing
}

// A standing is how somebody stood in the group at a moment.
type standing struct {
	telegram.Membership
	at time.Time
}

func (m *members) known(customer int64, now time.Time) (telegram.Membership, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.seen[customer]
	return s.Membership, ok && now.Sub(s.at) < memberFor
}

// note remembers who is in the group; who is not is asked about anew each time.
func (m *members) note(customer int64, is telegram.Membership, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[int64]standing{}
	}
	if !is.In {
		delete(m.seen, customer)
		return
	}
	m.seen[customer] = standing{is, now}
}

// Why no command is taken in a group. Each has a sentence that says what to do.
var (
	// errPublic: anybody can find the group and join it, so being in it proves nothing.
	errPublic = errors.New("the staff group is public")
	// errMembersHidden: Telegram does not tell the bot who is in the group.
	errMembersHidden = errors.New("the members of the staff group are hidden")
)

// of is how somebody belongs to the staff group now, or did a moment ago. A message in it is no
// proof: in a public group strangers can write and press. It fails with errPublic,
// errMembersHidden, or with an error that goes away by itself.
func (m *members) of(ctx context.Context, group telegram.Chat, customer int64) (telegram.Membership, error) {
	if group.Username != "" {
		return telegram.Membership{}, errPublic
	}
	if is, known := m.known(customer, m.now()); known {
		return is, nil
	}
	return m.look(ctx, customer)
}

// look asks Telegram, whatever is remembered.
func (m *members) look(ctx context.Context, customer int64) (telegram.Membership, error) {
	now := m.now()
	is, err := m.telegram.Membership(ctx, m.home.chat(), customer)
	switch {
	case ctx.Err() != nil:
		return telegram.Membership{}, ctx.Err()
	case telegram.Temporary(err):
		return telegram.Membership{}, fmt.Errorf("look for somebody in the staff group: %w", err)
	case errors.Is(err, telegram.ErrMembersHidden):
		return telegram.Membership{}, errMembersHidden
	case err != nil:
		m.log.Warn("membership of the staff group unknown", "err", err)
		is = telegram.Membership{}
	}
	m.note(customer, is, now)
	return is, nil
}

// roleOf is what somebody may do who stands so in the group, and how they are called; "" of who is not in it.
func (m *members) roleOf(ctx context.Context, id esim.CustomerID, is telegram.Membership) (esim.StaffMember, esim.Role, error) {
	member, err := m.store.StaffMember(ctx, id)
	if err != nil || !is.In {
		return member, "", err
	}
	there := false
	if is.Admin { // else it makes no difference
		if there, err = m.ownerThere(ctx); err != nil {
			return member, "", err
		}
	}
	return member, esim.EffectiveRole(member, is.Admin, there), nil
}

// ownerThere reports whether an owner who was named is in the group.
func (m *members) ownerThere(ctx context.Context) (bool, error) {
	named, err := m.store.StaffWithRoles(ctx)
	if err != nil {
		return false, err
	}
	for _, n := range named {
		if n.Role != esim.RoleOwner {
			continue
		}
		is, known := m.known(int64(n.ID), m.now())
		if !known {
			if is, err = m.look(ctx, int64(n.ID)); err != nil {
				return false, err
			}
		}
		if is.In {
			return true, nil
		}
	}
	return false, nil
}

// calls notes how somebody of the staff is called, for the lists and logs in which they are a number else.
func (m *members) calls(ctx context.Context, member esim.StaffMember, name string) error {
	if name == "" || name == member.Name {
		return nil
	}
	return m.store.NoteStaffName(ctx, member.ID, name)
}
