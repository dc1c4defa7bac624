// Package notify sends what the shop has to tell by itself: that an eSIM arrived, that
// data runs low, that the vendor is down. Notifications stand in an outbox, written in
// the same transaction as what they tell of; an Outbox takes them from there, one
// customer's in order and different customers' side by side, and tries until Telegram
// took them. So a message may come twice after a crash, and never not at all.
//
// How a kind of notification reads is not known here: each room registers a Renderer for
// its kinds.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Store is the outbox: the notifications that were written down and not sent yet.
type Store interface {
	// DueMessages lists notifications in the order they are to be sent, and says when the
	// next of the others is due (zero: none). Those of unreachable customers wait.
	DueMessages(ctx context.Context, now time.Time, limit int) (due []esim.OutboxMessage, next time.Time, err error)
	// MarkMessageSent marks a notification that Telegram accepted; the last QR of an order
	// makes it delivered.
	MarkMessageSent(ctx context.Context, id int64) error
	RescheduleMessage(ctx context.Context, id int64, next time.Time, why string) error
	DiscardMessage(ctx context.Context, id int64, why string) error
	AddNotifications(ctx context.Context, notifications []esim.Notification) error
}

// A Renderer writes one kind of notification in the language of its reader and sends it.
// Only a nil error means that Telegram accepted it.
type Renderer func(ctx context.Context, m esim.OutboxMessage) error

// ErrNoReader is a Renderer's word for a notification that nobody is there to read: it is
// discarded.
var ErrNoReader = errors.New("nobody is there to be told")

// errUnknownKind is a notification that no room registered a Renderer for.
var errUnknownKind = errors.New("notification of unknown kind")

// senders bound how many customers are written to at once.
const senders = 16

// Config is what an Outbox works with. All fields are required.
type Config struct {
	Store     Store
	Renderers map[esim.NotificationKind]Renderer
	// Lost notes that a customer cannot be written to.
	Lost func(ctx context.Context, id esim.CustomerID) error
	Wake func() // called after each step
	Now  func() time.Time
	Log  *slog.Logger
}

// Outbox sends notifications, each customer's in order, until Telegram took them.
type Outbox struct {
	cfg Config

	mu       sync.Mutex
	inFlight map[esim.CustomerID]bool // 0: the staff group
	wg       sync.WaitGroup
}

// New returns a sender of notifications. It does nothing until Run.
func New(cfg Config) *Outbox {
	return &Outbox{cfg: cfg, inFlight: map[esim.CustomerID]bool{}}
}

// Run begins to send what is due and returns at once with the time when the next
// notification is due (zero: none known). Only one Run may be called at a time.
func (o *Outbox) Run(ctx context.Context) (time.Time, error) {
	// Who is being written to while the list is read is left for the next run: what
	// the list says is unsent may just have been sent.
	o.mu.Lock()
	flying := maps.Clone(o.inFlight)
	o.mu.Unlock()
	free := senders - len(flying)
	if free <= 0 {
		return time.Time{}, nil
	}
	due, next, err := o.cfg.Store.DueMessages(ctx, o.cfg.Now(), 8*senders)
	if err != nil {
		return time.Time{}, fmt.Errorf("list messages: %w", err)
	}
	perPerson := map[esim.CustomerID][]esim.OutboxMessage{}
	var order []esim.CustomerID
	for _, n := range due {
		if perPerson[n.Customer] == nil {
			order = append(order, n.Customer)
		}
		perPerson[n.Customer] = append(perPerson[n.Customer], n)
	}
	for _, p := range order {
		if free == 0 {
			break
		}
		if flying[p] || !o.begin(p) {
			continue
		}
		free--
		o.wg.Go(func() {
			defer o.end(p)
			for _, n := range perPerson[p] {
				if !o.one(ctx, n) {
					return // its successors wait, to keep the order
				}
			}
		})
	}
	return next, nil
}

// Wait returns when nothing is being sent.
func (o *Outbox) Wait() { o.wg.Wait() }

func (o *Outbox) begin(p esim.CustomerID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.inFlight[p] {
		return false
	}
	o.inFlight[p] = true
	return true
}

func (o *Outbox) end(p esim.CustomerID) {
	o.mu.Lock()
	delete(o.inFlight, p)
	o.mu.Unlock()
	o.cfg.Wake()
}

// one sends a notification and notes what became of it. It reports whether the next
// notification of the same customer may follow.
func (o *Outbox) one(ctx context.Context, n esim.OutboxMessage) (ok bool) {
	st, log := o.cfg.Store, o.cfg.Log.With("message", n.ID, "kind", n.Kind)
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic in a renderer", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			o.note(log, st.RescheduleMessage(ctx, n.ID, o.cfg.Now().Add(time.Minute), "panic"))
			ok = false
		}
	}()
	err := o.send(ctx, n)
	if ctx.Err() != nil {
		return false // it may be sent twice; better than never
	}
	switch {
	case err == nil:
		return o.note(log, st.MarkMessageSent(ctx, n.ID))
	case errors.Is(err, errUnknownKind): // no later try would know it
		log.Error("notification of unknown kind", "err", err)
		return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
	case errors.Is(err, ErrNoReader):
		return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
	case telegram.Unreachable(err) && !n.Kind.ForStaff():
		o.note(log, o.cfg.Lost(ctx, n.Customer))
		return false // it stays where it is until the customer comes back
	case telegram.Temporary(err), !telegramSaid(err):
		wait := esim.Backoff(n.Attempts+1, time.Second, 5*time.Minute)
		log.Warn("message not sent", "err", err, "again", wait)
		o.note(log, st.RescheduleMessage(ctx, n.ID, o.cfg.Now().Add(wait), err.Error()))
		return false
	}
	log.Error("message refused", "err", err)
	if !n.Kind.ForStaff() {
		o.note(log, st.AddNotifications(ctx, []esim.Notification{esim.NewStaffRefused(n.ID, n.Order, err.Error())}))
	}
	if n.Kind == esim.NotifyQR { // an eSIM that was paid for is never given up
		o.note(log, st.RescheduleMessage(ctx, n.ID, o.cfg.Now().Add(time.Hour), err.Error()))
		return false
	}
	return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
}

// send has the renderer of its kind send a notification.
func (o *Outbox) send(ctx context.Context, n esim.OutboxMessage) error {
	render := o.cfg.Renderers[n.Kind]
	if render == nil {
		return fmt.Errorf("%q: %w", n.Kind, errUnknownKind)
	}
	return render(ctx, n)
}

func (o *Outbox) note(log interface{ Error(string, ...any) }, err error) bool {
	if err != nil {
		log.Error("outbox cannot be written", "err", err)
	}
	return err == nil
}

// telegramSaid reports whether the error is an answer of Telegram; any other one
// (the database, a bug) is no reason to give a message up.
func telegramSaid(err error) bool {
	var te *telegram.Error
	return errors.As(err, &te)
}
