package customer

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/notify"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// A writer writes and sends a notification in its customer's language.
type writer = func(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error

// Renderers write and send each kind of notification for customers, by the room that knows it.
func (c *Chats) Renderers() map[esim.NotificationKind]notify.Renderer {
	all := map[esim.NotificationKind]notify.Renderer{}
	for _, room := range []map[esim.NotificationKind]writer{c.buying.Renderers(), c.owned.Renderers(), c.owed.Renderers(), c.support.Renderers()} {
		for kind, write := range room {
			all[kind] = c.inLanguage(write)
		}
	}
	return all
}

// inLanguage has a notification written in its customer's language.
func (c *Chats) inLanguage(write writer) notify.Renderer {
	return func(ctx context.Context, n esim.OutboxMessage) error {
		who, err := c.members.Customer(ctx, n.Customer)
		if errors.Is(err, esim.ErrNotFound) { // who paid another database of this bot; a private chat has its person's number
			who, err = esim.Customer{ID: n.Customer, Chat: int64(n.Customer)}, nil
		}
		if err != nil {
			return fmt.Errorf("customer of notification: %w", err)
		}
		return write(ctx, &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who}, n)
	}
}

// WriteBroadcast sends what staff wrote to many to one of them, in their language, with a button against more of it.
func (c *Chats) WriteBroadcast(ctx context.Context, who esim.Customer, b esim.Broadcast) error {
	r := &ui.Request{Printer: c.texts.Printer(who.Language), Customer: who}
	return c.screens.Send(ctx, r, ui.Screen{
		Text: string(r.HTML("%s", b.TextFor(r.Lang()))), Bulk: true,
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("settings.btn_news_stop", nil), refs.News{})}},
	})
}
