package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// OutboxStore keeps the messages that are owed.
type OutboxStore interface {
	// DueMessages lists notifications in the order they are to be sent, and says when the
	// next of the others is due (zero: none). Those of unreachable customers wait.
	DueMessages(ctx context.Context, now time.Time, limit int) (due []OutboxMessage, next time.Time, err error)
	// MarkMessageSent marks a notification that Telegram accepted; the last QR of an order
	// makes it delivered.
	MarkMessageSent(ctx context.Context, id int64) error
	RescheduleMessage(ctx context.Context, id int64, next time.Time, why string) error
	DiscardMessage(ctx context.Context, id int64, why string) error
	AddNotifications(ctx context.Context, notifications []esim.Notification) error

	ProgressMessage(ctx context.Context, id esim.OrderID) (chat int64, message int, err error)
	SetProgressMessage(ctx context.Context, id esim.OrderID, chat int64, message int) error
}

// senders bound how many customers are written to at once.
const senders = 16

// Outbox sends what is owed, each customer's messages in order, until Telegram took them.
type Outbox struct {
	bot  *Bot
	wake func()

	mu       sync.Mutex
	inFlight map[esim.CustomerID]bool // 0: the staff group
	wg       sync.WaitGroup
}

// NewOutbox returns the sender of b's notifications; wake is called after each step.
func NewOutbox(b *Bot, wake func()) *Outbox {
	return &Outbox{bot: b, wake: wake, inFlight: map[esim.CustomerID]bool{}}
}

// Run begins to send what is due and returns at once with the time when the next
// notification is due (zero: none known). Only one Run may be called at a time.
func (o *Outbox) Run(ctx context.Context) (time.Time, error) {
	// Who is being written to while the list is read is left for the next run: what
	// the list says is owed may just have been sent.
	o.mu.Lock()
	flying := maps.Clone(o.inFlight)
	o.mu.Unlock()
	free := senders - len(flying)
	if free <= 0 {
		return time.Time{}, nil
	}
	due, next, err := o.bot.cfg.Store.DueMessages(ctx, o.bot.cfg.Now(), 8*senders)
	if err != nil {
		return time.Time{}, fmt.Errorf("list notices: %w", err)
	}
	perPerson := map[esim.CustomerID][]OutboxMessage{}
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
	o.wake()
}

// one sends a notification and notes what became of it. It reports whether the next
// notification of the same customer may follow.
func (o *Outbox) one(ctx context.Context, n OutboxMessage) (ok bool) {
	st, log := o.bot.cfg.Store, o.bot.log.With("notice", n.ID, "kind", n.Kind)
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic in a notice", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			o.note(log, st.RescheduleMessage(ctx, n.ID, o.bot.cfg.Now().Add(time.Minute), "panic"))
			ok = false
		}
	}()
	err := o.bot.sendNotification(ctx, n)
	if ctx.Err() != nil {
		return false // it may be sent twice; better than never
	}
	switch {
	case err == nil:
		return o.note(log, st.MarkMessageSent(ctx, n.ID))
	case errors.Is(err, errUnknownKind): // no later try would know it
		log.Error("notice of unknown kind", "err", err)
		return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
	case errors.Is(err, errNobodyWatches):
		return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
	case telegram.Unreachable(err) && !n.Kind.ForStaff():
		o.unreachable(ctx, n)
		return false
	case telegram.Temporary(err), !telegramSaid(err):
		wait := esim.Backoff(n.Attempts+1, time.Second, 5*time.Minute)
		log.Warn("notice not sent", "err", err, "again", wait)
		o.note(log, st.RescheduleMessage(ctx, n.ID, o.bot.cfg.Now().Add(wait), err.Error()))
		return false
	}
	log.Error("notice refused", "err", err)
	if !n.Kind.ForStaff() {
		o.note(log, st.AddNotifications(ctx, []esim.Notification{esim.NewStaffRefused(n.ID, n.Order, err.Error())}))
	}
	if n.Kind == esim.NotifyQR { // an eSIM that was paid for is never given up
		o.note(log, st.RescheduleMessage(ctx, n.ID, o.bot.cfg.Now().Add(time.Hour), err.Error()))
		return false
	}
	return o.note(log, st.DiscardMessage(ctx, n.ID, err.Error()))
}

// unreachable leaves the notification where it is until the customer comes back.
func (o *Outbox) unreachable(ctx context.Context, n OutboxMessage) {
	o.note(o.bot.log, o.bot.lost(ctx, n.Customer))
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
