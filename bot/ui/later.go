package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"esimbot/bot/telegram"
)

// later runs what a screen started and shows the outcome in its place. The same on the same
// message is not started twice while it waits.
func (p *Presenter) later(r *Request, first Screen, at ScreenTarget) {
	name := fmt.Sprint(r.Data.Route, r.Data.Args, at.Message)
	var run func() error
	side, drop := &p.after, func() {}
	if first.Quiet {
		p.standing.stand(messageKey{at.Chat, at.Message}, name)
		run, side = func() error { return p.news(first, at, name) }, &p.quiet
	} else {
		place := p.standing.await(messageKey{at.Chat, at.Message}, name)
		run, drop = func() error { return p.outcome(r, first, at, place) }, place.end
	}
	began := side.Go(backgroundKey{at.Chat, int64(r.Customer.ID)}, backgroundJob{name, func() {
		defer drop()
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
	if !began {
		drop()
	}
}

// outcome shows what a screen started, or why it failed: where it was started, if the message still shows that. Who went
// on is not thrown back: an outcome that they wait for is a new message, and what was only looked up is nobody's to read.
func (p *Presenter) outcome(r *Request, first Screen, at ScreenTarget, place *awaited) error {
	s, err := p.Run(p.ctx, func(ctx context.Context, _ *Request) (Screen, error) { return first.After(ctx) }, r, 0)
	if err != nil {
		return nil //nolint:nilerr // Run has said it
	}
	if s.Text == "" && s.Toast != "" && first.Up.Route != "" { // the press was answered long ago
		s = Screen{Text: telegram.EscapeHTML(s.Toast), Rows: [][]Button{BackRow(r, first.Up)}}
	}
	if s.Text == "" && s.Invoice == nil {
		return nil
	}
	s.Looks = s.Looks || first.Looks
	return p.show(p.ctx, r, s, at, func(ctx context.Context, s Screen, at ScreenTarget) (int, error) {
		if !s.changes(at) {
			if place.left() { // what stands there now is not what an invoice takes the place of
				r.Replaceable = false
			}
			return p.put(ctx, s, at)
		}
		shown, err := place.put(func() (int, error) { return p.put(ctx, s, at) })
		if errors.Is(err, errElsewhere) && !s.Looks {
			at.Message = 0
			return p.put(ctx, s, at)
		}
		return shown, err
	})
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
