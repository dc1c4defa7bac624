package bot

import (
	"context"
	"fmt"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// A target is where a screen goes.
type target struct {
	chat    int64
	thread  int
	message int    // to be changed; 0: send a new one
	query   string // the press to be answered; "": none
}

// maxToast is Telegram's limit for the answer to a press, in characters.
// Source: https://core.telegram.org/bots/api#answercallbackquery.
const maxToast = 200

// show puts a screen in front of the customer. The press is answered and the
// message changed side by side: neither waits for the other. Only an error that
// goes away by itself is returned.
func (b *Bot) show(ctx context.Context, r *Request, s Screen, at target) error {
	var side errgroup.Group
	if at.query != "" {
		side.Go(func() error {
			err := b.cfg.Telegram.AnswerCallback(ctx, at.query, cut(s.Toast, maxToast), s.Alert)
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
		s = Screen{Text: r.T("error.invoice_refused", nil), Rows: menuRow(r)}
		at.message = 0
		shown, err = b.put(ctx, s, at)
	}
	_ = side.Wait()
	if err != nil {
		return b.notShown(ctx, r, err)
	}
	if s.After != nil {
		at.query, at.message = "", shown
		b.later(r, s, at)
	}
	return nil
}

// put sends or changes the message and returns its id.
func (b *Bot) put(ctx context.Context, s Screen, at target) (int, error) {
	k := keyboard(b.log, s.Rows)
	tg := b.cfg.Telegram
	switch {
	case s.Invoice != nil:
		inv := *s.Invoice
		inv.Chat, inv.Keyboard = at.chat, k
		id, err := tg.SendInvoice(ctx, inv)
		return id, err
	case s.Picture != nil:
		sent, err := tg.SendPhoto(ctx, telegram.Photo{
			Chat: at.chat, Thread: at.thread, PNG: s.Picture.PNG, Name: s.Picture.Name, Caption: s.Text, Keyboard: k,
		})
		return sent.MessageID, err
	case s.Text == "":
		return at.message, nil
	}
	text := telegram.Text{Chat: at.chat, Thread: at.thread, HTML: s.Text, Keyboard: k}
	if at.message != 0 && !s.Fresh {
		err := tg.EditText(ctx, at.message, text)
		if err == nil || !telegram.MessageGone(err) {
			return at.message, err
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
			notifications = append(notifications, esim.NewStaffUnreachable(o.ID))
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

// later runs what a screen started and shows the outcome in its place.
func (b *Bot) later(r *Request, first Screen, at target) {
	b.after.Go(func() {
		s, err := b.run(b.ctx, func(ctx context.Context, _ *Request) (Screen, error) { return first.After(ctx) }, r, 0)
		if err != nil {
			return
		}
		if s.Text == "" && s.Toast != "" && first.Up.Route != "" { // the press was answered long ago
			s = Screen{Text: telegram.EscapeHTML(s.Toast), Rows: [][]Button{back(r, first.Up)}}
		}
		if s.Text == "" && s.Invoice == nil {
			return
		}
		if err := b.show(b.ctx, r, s, at); err != nil && b.ctx.Err() == nil {
			b.log.Warn("late screen not shown", "route", r.Data.Route, "err", err)
		}
	})
}

// cut shortens s to at most n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
