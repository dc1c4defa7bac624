package customer

import (
	"context"
	"strings"

	"esimbot/bot/customer/support"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
)

// said answers what is no command: it goes to staff while a thread with them is open, unless it
// answers what the bot asked last.
func (c *Chats) said(ctx context.Context, update int64, r *ui.Request, m *telegram.Message, at ui.ScreenTarget) error {
	if p := m.Place; p != nil {
		screen, located, err := c.owned.Located(ctx, r, p.Latitude, p.Longitude)
		if err != nil {
			return err
		}
		if located {
			return c.screens.Show(ctx, r, screen, at)
		}
	}
	answers := false // to what was asked after anything that was said in the thread
	if m.ReplyTo == nil && r.Text != "" {
		var err error
		if answers, err = c.owned.TakeAnswer(ctx, r, c.threads.Store); err != nil {
			return err
		}
		if !answers {
			if answers, err = c.buying.TakeAnswer(ctx, r, c.threads.Store); err != nil {
				return err
			}
		}
	}
	if !answers {
		screen, taken, err := c.support.Takes(ctx, r, m)
		if err != nil {
			return err
		}
		if taken {
			return c.screens.Show(ctx, r, screen, at)
		}
	}
	if held, err := c.support.HoldsAlbumOf(ctx, m); err != nil {
		return err
	} else if held { // its first part was asked about
		return c.support.Hold(ctx, r, m)
	}
	h := c.router.ForText(r)
	if r.Text == "" && m.Media != telegram.NoMedia && m.Media != telegram.MediaSticker {
		h = func(_ context.Context, r *ui.Request) (ui.Screen, error) { return c.support.Media(r), nil }
	}
	screen, err := c.screen(ctx, update, r, h)
	if err != nil {
		return err
	}
	if support.AsksPerson(screen, m.ID) || screen.After != nil { // which may ask for a person, too
		if err := c.support.Hold(ctx, r, m); err != nil {
			return err
		}
	}
	return c.screens.Show(ctx, r, screen, at)
}

// MessageEdited takes in that somebody edited what they wrote.
func (c *Chats) MessageEdited(ctx context.Context, m *telegram.Message) error {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok || m.From == nil || m.From.IsBot {
		return nil
	}
	if name, words := c.self.CommandOf(ctx, m); support.AsksStaff(name) {
		if said.Text = strings.TrimSpace(words); said.Text == "" {
			return nil // staff keep the words that they have
		}
	}
	return c.threads.Change(ctx, said.Chat, said.Message, said.Text)
}
