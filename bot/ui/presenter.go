package ui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// A ScreenTarget is where a screen goes.
type ScreenTarget struct {
	Chat    int64
	Thread  int
	Message int    // to be changed; 0: send a new one
	Query   string // the press to be answered; "": none
}

// MaxToast is Telegram's limit for the answer to a press, in characters.
// Source: https://core.telegram.org/bots/api#answercallbackquery.
const MaxToast = 200

// A Presenter runs handlers and puts their screens in front of people. A bot has one,
// for customers and for staff. Create it with NewPresenter.
type Presenter struct {
	telegram *telegram.Client
	log      *slog.Logger
	lost     func(ctx context.Context, id esim.CustomerID) error
	after    background
	quiet    background // news of screens, for which nobody waits: what somebody does wait for goes before them
	standing standingMessages
	ctx      context.Context // of background work; ends with Close
	cancel   context.CancelFunc
}

// NewPresenter returns a presenter. lost is called for a customer who cannot be written to.
func NewPresenter(tg *telegram.Client, log *slog.Logger, lost func(ctx context.Context, id esim.CustomerID) error) *Presenter {
	p := &Presenter{telegram: tg, log: log, lost: lost}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Close ends background work of screens and waits for it.
func (p *Presenter) Close() {
	p.cancel()
	p.Wait()
}

// Wait returns when no screen has work in the background.
func (p *Presenter) Wait() {
	p.after.Wait()
	p.quiet.Wait()
}

// Run calls a handler and turns its error into a screen. The error it returns is one
// that goes away by itself: the update is to be tried again.
func (p *Presenter) Run(ctx context.Context, h Handler, r *Request, update int64) (s Screen, err error) {
	defer func() {
		if v := recover(); v != nil {
			p.log.Error("panic in a handler", "update", update, "route", r.Data.Route, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
			s, err = ErrorScreen(r, errPanic), nil
		}
	}()
	s, err = h(ctx, r)
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return Screen{}, ctx.Err()
	}
	if vendorSaid(err) {
		p.log.Warn("vendor did not do it", "update", update, "route", r.Data.Route, "err", err)
	} else if !ExpectedError(err) {
		p.log.Error("handler failed", "update", update, "route", r.Data.Route, "err", err)
	}
	return ErrorScreen(r, err), nil
}

// Show puts a screen in front of who made the request; r is nil where nobody did. The
// press is answered and the message changed side by side: neither waits for the other.
// Only an error that goes away by itself is returned.
func (p *Presenter) Show(ctx context.Context, r *Request, s Screen, at ScreenTarget) error {
	return p.show(ctx, r, s, at, p.Put)
}

// show is Show with what puts the screen where it belongs.
func (p *Presenter) show(ctx context.Context, r *Request, s Screen, at ScreenTarget, put func(context.Context, Screen, ScreenTarget) (int, error)) error {
	var side errgroup.Group
	if at.Query != "" {
		side.Go(func() error {
			err := p.telegram.AnswerCallback(ctx, at.Query, Truncate(s.Toast, MaxToast), s.Alert)
			if err != nil && ctx.Err() == nil {
				p.log.Warn("press not answered", "err", err)
			}
			return nil // a spinner stops by itself; the screen matters
		})
	}
	shown, err := put(ctx, s, at)
	if at.Thread != 0 && (telegram.TopicGone(err) || telegram.TopicClosed(err)) { // whoever asked there can read General
		at.Thread, at.Message = 0, 0
		shown, err = put(ctx, s, at)
	}
	if err != nil && s.Invoice != nil && r != nil && ctx.Err() == nil && !telegram.Unreachable(err) && !telegram.Temporary(err) {
		// Each currency and provider has a least and a largest amount of its own.
		p.log.Warn("invoice refused", "order", s.Invoice.Payload, "err", err)
		s = Screen{Text: r.T("error.invoice_refused", nil), Rows: MenuRow(r)}
		at.Message = 0
		shown, err = p.Put(ctx, s, at)
	}
	_ = side.Wait()
	if errors.Is(err, errElsewhere) {
		return nil
	}
	if err != nil {
		return p.notShown(ctx, r, err)
	}
	if s.OnSent != nil {
		s.OnSent(ctx, shown)
	}
	if s.After != nil {
		at.Query, at.Message = "", shown
		p.later(r, s, at)
	}
	return nil
}

// Put sends or changes the message and returns its id. A notification's renderer calls
// it instead of Show, since its sender decides what an error means.
func (p *Presenter) Put(ctx context.Context, s Screen, at ScreenTarget) (int, error) {
	if s.changes(at) {
		p.standing.leave(messageKey{at.Chat, at.Message})
	}
	return p.put(ctx, s, at)
}

// changes reports whether a screen takes the place of what a message shows.
func (s Screen) changes(at ScreenTarget) bool {
	return at.Message != 0 && !s.Fresh && s.Text != "" && s.Invoice == nil && s.Picture == nil && len(s.Files) == 0
}

func (p *Presenter) put(ctx context.Context, s Screen, at ScreenTarget) (int, error) {
	k := keyboard(p.log, s.Rows)
	switch {
	case s.Invoice != nil:
		inv := *s.Invoice
		inv.Chat, inv.Keyboard = at.Chat, k
		id, err := p.telegram.SendInvoice(ctx, inv)
		return id, err
	case s.Picture != nil:
		sent, err := p.telegram.SendPhoto(ctx, telegram.Photo{
			Chat: at.Chat, Thread: at.Thread, PNG: s.Picture.PNG, Name: s.Picture.Name, Caption: s.Text, Keyboard: k,
		})
		return sent.MessageID, err
	case len(s.Files) > 0:
		return p.files(ctx, s, at, k)
	case s.Text == "":
		return at.Message, nil
	}
	text := telegram.Text{Chat: at.Chat, Thread: at.Thread, HTML: s.Text, Keyboard: k, ReplyTo: s.ReplyTo, Bulk: s.Bulk}
	if s.changes(at) {
		err := p.telegram.EditText(ctx, at.Message, text)
		if err == nil || !telegram.MessageGone(err) {
			return at.Message, err
		}
		if s.Looks {
			return 0, errElsewhere
		}
	}
	return p.telegram.SendText(ctx, text)
}

// files sends files, and returns the message of the last one.
func (p *Presenter) files(ctx context.Context, s Screen, at ScreenTarget, k telegram.Keyboard) (last int, err error) {
	for i, f := range s.Files {
		d := telegram.Document{Chat: at.Chat, Thread: at.Thread, Data: f.Data, Name: f.Name}
		if i == len(s.Files)-1 {
			d.Caption, d.Keyboard = s.Text, k
		}
		sent, err := p.telegram.SendDocument(ctx, d)
		if err != nil {
			return last, err
		}
		last = sent.MessageID
	}
	return last, nil
}

// Recaption changes the caption and the buttons of a picture, or the text of what was sent in place
// of one. A message that is gone, or too old to be changed, is left alone.
func (p *Presenter) Recaption(ctx context.Context, s Screen, at ScreenTarget) error {
	k := keyboard(p.log, s.Rows)
	err := p.telegram.EditCaption(ctx, at.Chat, at.Message, s.Text, k)
	if telegram.MessageGone(err) { // or it has no caption
		err = p.telegram.EditText(ctx, at.Message, telegram.Text{Chat: at.Chat, HTML: s.Text, Keyboard: k})
	}
	if telegram.MessageGone(err) {
		return nil
	}
	return err
}

// Retext changes a text and its buttons. A message that is gone, or too old to be changed, is left alone.
func (p *Presenter) Retext(ctx context.Context, s Screen, at ScreenTarget) error {
	err := p.telegram.EditText(ctx, at.Message, telegram.Text{Chat: at.Chat, HTML: s.Text, Keyboard: keyboard(p.log, s.Rows)})
	if telegram.MessageGone(err) {
		return nil
	}
	return err
}

// Send sends a screen to a customer's chat, as a new message.
func (p *Presenter) Send(ctx context.Context, r *Request, s Screen) error {
	_, err := p.Put(ctx, s, ScreenTarget{Chat: r.Customer.Chat})
	return err
}

// notShown decides what a failed send means.
func (p *Presenter) notShown(ctx context.Context, r *Request, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case telegram.Unreachable(err):
		if r == nil {
			return nil
		}
		return p.lost(ctx, r.Customer.ID)
	case telegram.Temporary(err):
		return fmt.Errorf("show screen: %w", err)
	}
	route := ""
	if r != nil {
		route = r.Data.Route
	}
	p.log.Error("screen refused", "route", route, "err", err)
	return nil
}
