package customer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// CustomerStore keeps who the customers are.
type CustomerStore interface {
	UpsertCustomer(ctx context.Context, c esim.Customer) (esim.Customer, bool, error)
	SetLanguage(ctx context.Context, id esim.CustomerID, lang string) error
	UnreachableStore
}

// UnreachableStore is what there is to note about a customer who cannot be written to.
type UnreachableStore interface {
	SetUnreachable(ctx context.Context, id esim.CustomerID) error
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
	AddNotifications(ctx context.Context, notifications []esim.Notification) error
}

// registration learns who comes, goes and comes back.
type registration struct {
	members CustomerStore
	now     func() time.Time
}

// register stores who wrote, and takes the messenger's language until one is chosen.
func (f *registration) register(ctx context.Context, u telegram.User) (esim.Customer, error) {
	name := strings.TrimSpace(u.FirstName)
	p, _, err := f.members.UpsertCustomer(ctx, esim.Customer{
		ID: esim.CustomerID(u.ID), Chat: u.ID, Language: u.Language, Name: name, Username: u.Username, Created: f.now(),
	})
	if err != nil {
		return esim.Customer{}, fmt.Errorf("meet customer: %w", err)
	}
	return p, nil
}

// MemberChanged notes who blocked the bot and who came back.
func (c *Chats) MemberChanged(ctx context.Context, m *telegram.ChatMemberChange) error {
	if !m.Chat.Private() {
		return nil
	}
	if !m.IsMember {
		return MarkUnreachable(c.meeting.members)(ctx, esim.CustomerID(m.Chat.ID))
	}
	_, err := c.meeting.register(ctx, m.From)
	return err
}

// MarkUnreachable returns what notes that a customer cannot be written to, and tells staff
// about each eSIM that is on its way to them, once: no later message would bring it up.
func MarkUnreachable(store UnreachableStore) func(ctx context.Context, id esim.CustomerID) error {
	return func(ctx context.Context, id esim.CustomerID) error {
		if err := store.SetUnreachable(ctx, id); err != nil {
			return fmt.Errorf("note unreachable customer: %w", err)
		}
		orders, err := store.OrdersOf(ctx, id, 20)
		if err != nil {
			return fmt.Errorf("orders of unreachable customer: %w", err)
		}
		var notifications []esim.Notification
		for _, o := range orders {
			switch o.State {
			case esim.StatePaid, esim.StateOrdering, esim.StateAllocating:
				notifications = append(notifications, esim.NewStaffUnreachable(o.ID))
			}
		}
		if len(notifications) == 0 {
			return nil
		}
		if err := store.AddNotifications(ctx, notifications); err != nil {
			return fmt.Errorf("tell staff of an unreachable customer: %w", err)
		}
		return nil
	}
}
