package ui

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"esimbot/bot/telegram"
)

// later runs what a screen started and shows the outcome in its place. The same on the same
// message is not started twice while it waits.
func (p *Presenter) later(r *Request, first Screen, at ScreenTarget) {
	name := fmt.Sprint(r.Data.Route, r.Data.Args, at.Message)
	run, side := func() error { return p.outcome(r, first, at) }, &p.after
	if first.Quiet {
		p.standing.stand(messageKey{at.Chat, at.Message}, name)
		run, side = func() error { return p.news(first, at, name) }, &p.quiet
	}
	side.Go(backgroundKey{at.Chat, int64(r.Customer.ID)}, backgroundJob{name, func() {
		defer func() {
			if v := recover(); v != nil {
				p.log.Error("panic while a late screen was shown", "route", r.Data.Route, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
			}
		}()
		if p.ctx.Err() != nil {
			return
		}
		if err := run(); err != nil && p.ctx.Err() == nil {
			p.log.Warn("late screen not shown", "route", r.Data.Route, "err", err)
		}
	}})
}

// outcome shows what a screen started, or why it failed.
func (p *Presenter) outcome(r *Request, first Screen, at ScreenTarget) error {
	s, err := p.Run(p.ctx, func(ctx context.Context, _ *Request) (Screen, error) { return first.After(ctx) }, r, 0)
	if err != nil {
		return nil //nolint:nilerr // Run has said it
	}
	if s.Text == "" && s.Toast != "" && first.Up.Route != "" { // the press was answered long ago
		s = Screen{Text: telegram.EscapeHTML(s.Toast), Rows: [][]Button{Back(r, first.Up)}}
	}
	if s.Text == "" && s.Invoice == nil {
		return nil
	}
	return p.Show(p.ctx, r, s, at)
}

// newsWithin is how long news of a screen are worth waiting for: who looks at it has gone on by then.
const newsWithin = 20 * time.Second

// news changes a message that still shows the screen of this name. Why there are none is nobody's to read.
func (p *Presenter) news(first Screen, at ScreenTarget, name string) error {
	key := messageKey{at.Chat, at.Message}
	defer func() { _ = p.standing.change(key, name, nil) }()
	ctx, cancel := context.WithTimeout(p.ctx, newsWithin)
	defer cancel()
	s, err := first.After(ctx)
	if err != nil || s.Text == "" {
		return err
	}
	return p.standing.change(key, name, func() error {
		err := p.telegram.EditText(p.ctx, at.Message, telegram.Text{Chat: at.Chat, HTML: s.Text, Keyboard: keyboard(p.log, s.Rows)})
		if telegram.MessageGone(err) {
			return nil
		}
		return err
	})
}
