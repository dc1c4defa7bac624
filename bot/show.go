package bot

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"esimbot/bot/telegram"
)

// A target is where a screen goes.
type Target struct {
	Chat    int64
	Thread  int
	Message int    // to be changed; 0: send a new one
	Query   string // the press to be answered; "": none
}

// MaxToast is Telegram's limit for the answer to a press, in characters.
// Source: https://core.telegram.org/bots/api#answercallbackquery.
const MaxToast = 200

// show puts a screen in front of the customer. The press is answered and the
// message changed side by side: neither waits for the other. Only an error that
// goes away by itself is returned.
func (b *Bot) show(ctx context.Context, r *Request, s Screen, at Target) error {
	var side errgroup.Group
	if at.Query != "" {
		side.Go(func() error {
			err := b.cfg.Telegram.AnswerCallback(ctx, at.Query, Cut(s.Toast, MaxToast), s.Alert)
			if err != nil && ctx.Err() == nil {
				b.log.Warn("press not answered", "err", err)
			}
			return nil // a spinner stops by itself; the screen matters
		})
	}
	shown, err := b.put(ctx, s, at)
	if err != nil && s.Invoice != nil && r != nil && ctx.Err() == nil && !telegram.Unreachable(err) && !telegram.Temporary(err) {
		// Each currency and provider has a least and a largest amount of its own.
		b.log.Warn("invoice refused", "order", s.Invoice.Payload, "err", err)
		s = Screen{Text: r.T("error.invoice_refused", nil), Rows: MenuRow(r)}
		at.Message = 0
		shown, err = b.put(ctx, s, at)
	}
	_ = side.Wait()
	if err != nil {
		return b.notShown(ctx, r, err)
	}
	if s.After != nil {
		at.Query, at.Message = "", shown
		b.later(r, s, at)
	}
	return nil
}

// put sends or changes the message and returns its id.
func (b *Bot) put(ctx context.Context, s Screen, at Target) (int, error) {
	k := keyboard(b.log, s.Rows)
	tg := b.cfg.Telegram
	switch {
	case s.Invoice != nil:
		inv := *s.Invoice
		inv.Chat, inv.Keyboard = at.Chat, k
		id, err := tg.SendInvoice(ctx, inv)
		return id, err
	case s.Picture != nil:
		sent, err := tg.SendPhoto(ctx, telegram.Photo{
			Chat: at.Chat, Thread: at.Thread, PNG: s.Picture.PNG, Name: s.Picture.Name, Caption: s.Text, Keyboard: k,
		})
		return sent.MessageID, err
	case s.Text == "":
		return at.Message, nil
	}
	text := telegram.Text{Chat: at.Chat, Thread: at.Thread, HTML: s.Text, Keyboard: k}
	if at.Message != 0 && !s.Fresh {
		err := tg.EditText(ctx, at.Message, text)
		if err == nil || !telegram.MessageGone(err) {
			return at.Message, err
		}
	}
	return tg.SendText(ctx, text)
}

// notShown decides what a failed send means.
func (b *Bot) notShown(ctx context.Context, r *Request, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case telegram.Unreachable(err):
		if r == nil {
			return nil
		}
		return b.lost(ctx, r.Customer.ID)
	case telegram.Temporary(err):
		return fmt.Errorf("show screen: %w", err)
	}
	route := ""
	if r != nil {
		route = r.Data.Route
	}
	b.log.Error("screen refused", "route", route, "err", err)
	return nil
}

// later runs what a screen started and shows the outcome in its place.
func (b *Bot) later(r *Request, first Screen, at Target) {
	b.after.Go(func() {
		s, err := b.run(b.ctx, func(ctx context.Context, _ *Request) (Screen, error) { return first.After(ctx) }, r, 0)
		if err != nil {
			return
		}
		if s.Text == "" && s.Toast != "" && first.Up.Route != "" { // the press was answered long ago
			s = Screen{Text: telegram.EscapeHTML(s.Toast), Rows: [][]Button{Back(r, first.Up)}}
		}
		if s.Text == "" && s.Invoice == nil {
			return
		}
		if err := b.show(b.ctx, r, s, at); err != nil && b.ctx.Err() == nil {
			b.log.Warn("late screen not shown", "route", r.Data.Route, "err", err)
		}
	})
}
