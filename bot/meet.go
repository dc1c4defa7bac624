package bot

import (
	"context"
	"fmt"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// meet stores who wrote, and takes the messenger's language until one is chosen.
func (b *Bot) meet(ctx context.Context, u telegram.User) (esim.Customer, error) {
	name := strings.TrimSpace(u.FirstName)
	p, _, err := b.cfg.Store.UpsertCustomer(ctx, esim.Customer{
		ID: esim.CustomerID(u.ID), Chat: u.ID, Language: u.Language, Name: name, Created: b.cfg.Now(),
	})
	if err != nil {
		return esim.Customer{}, fmt.Errorf("meet person: %w", err)
	}
	return p, nil
}

// memberChanged notes who blocked the bot and who came back.
func (b *Bot) memberChanged(ctx context.Context, c *telegram.ChatMemberChange) error {
	if !c.Chat.Private() {
		return nil
	}
	if !c.IsMember {
		return b.lost(ctx, esim.CustomerID(c.Chat.ID))
	}
	_, err := b.meet(ctx, c.From)
	return err
}

// lost notes that a customer cannot be written to, and tells staff about each eSIM
// that is on its way to them, once: no later message would bring it up.
func (b *Bot) lost(ctx context.Context, id esim.CustomerID) error {
	if err := b.cfg.Store.SetUnreachable(ctx, id); err != nil {
		return fmt.Errorf("note unreachable person: %w", err)
	}
	orders, err := b.cfg.Store.OrdersOf(ctx, id, 20)
	if err != nil {
		return fmt.Errorf("orders of unreachable person: %w", err)
	}
	var notifications []esim.Notification
	for _, o := range orders {
		switch o.State {
		case esim.Paid, esim.Ordering, esim.Allocating:
			notifications = append(notifications, esim.Notification{Kind: esim.StaffUnreachable, Key: "unreachable:" + string(o.ID), Order: o.ID})
		}
	}
	if len(notifications) == 0 {
		return nil
	}
	if err := b.cfg.Store.AddNotifications(ctx, notifications); err != nil {
		return fmt.Errorf("tell staff of an unreachable person: %w", err)
	}
	return nil
}
