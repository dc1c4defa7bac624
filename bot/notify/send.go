package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// A sendResult is what became of a message.
type sendResult int

const (
	settled    sendResult = iota // it was sent or given up: the next may follow
	orderWaits                   // it is tried again later, and what is told of its order after it waits
	chatWaits                    // nothing can be sent to its chat now
)

// one sends a notification and notes what became of it.
func (o *Outbox) one(ctx context.Context, n esim.OutboxMessage) (what sendResult) {
	st, log := o.cfg.Store, o.cfg.Log.With("message", n.ID, "kind", n.Kind)
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic in a renderer", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			o.failsHere(ctx, log, n, fmt.Sprintf("panic: %v", p))
			what = orderWaits
		}
	}()
	if o.wasSent(n.ID) {
		return o.sent(ctx, log, n)
	}
	err := o.send(ctx, n)
	if err != nil && ctx.Err() != nil {
		return chatWaits // it may be sent twice; better than never
	}
	ctx = context.WithoutCancel(ctx)                // what became of it is noted though the shop closes at this moment
	if wait := telegram.RetryAfter(err); wait > 0 { // of the chat, and no fault of the message
		log.Debug("Telegram wants a pause", "err", err, "again", wait)
		o.rest(n.Customer, wait)
		return chatWaits
	}
	var later esim.PostponedError
	switch {
	case errors.As(err, &later): // it holds nothing else back
		return o.settled(log, n, st.HoldForQuiet(ctx, n.ID, later.Until))
	case err == nil:
		log.Debug("message sent", "key", n.Key)
		return o.sent(ctx, log, n)
	case errors.Is(err, errUnknownKind): // no later try would know it
		log.Error("notification of unknown kind", "err", err)
		o.note(log, o.cfg.Store.AddNotifications(ctx, []esim.Notification{esim.NewStaffRefused(n.ID, n.Order, err.Error())}))
		return o.settled(log, n, st.DiscardMessage(ctx, n.ID, err.Error()))
	case errors.Is(err, ErrNoRecipient):
		return o.settled(log, n, st.DiscardMessage(ctx, n.ID, err.Error()))
	case telegram.Unreachable(err) && !n.Kind.ForStaff():
		o.note(log, o.cfg.OnUnreachable(ctx, n.Customer))
		return chatWaits // it stays where it is until the customer comes back
	case n.Kind.ForStaff() && (telegram.Unreachable(err) || telegram.NotAllowed(err)):
		// Kicked out, or not allowed to write: kept until the group takes messages again.
		wait := o.pause(n)
		log.Warn("the staff group cannot be written to", "err", err, "again", wait)
		o.rest(n.Customer, wait)
		o.again(ctx, log, n, err.Error(), wait)
		return chatWaits
	case telegram.Temporary(err):
		wait := o.pause(n)
		log.Warn("message not sent", "err", err, "again", wait)
		o.again(ctx, log, n, err.Error(), wait)
		return orderWaits
	case !telegramSaid(err):
		log.Warn("message not written", "err", err)
		o.failsHere(ctx, log, n, err.Error())
		return orderWaits
	}
	return o.refused(ctx, log, n, err)
}

// failsHere leaves a message that fails before Telegram is asked for a later try. It is never given
// up, as what it tells of is open; staff hear of it when it keeps failing.
func (o *Outbox) failsHere(ctx context.Context, log *slog.Logger, n esim.OutboxMessage, why string) {
	if n.Attempts+1 >= stuckAfter && !n.AboutMessage() {
		o.note(log, o.cfg.Store.AddNotifications(ctx, []esim.Notification{esim.NewStaffStuckMessage(n, why)}))
	}
	o.again(ctx, log, n, why, o.pause(n))
}

// stuckAfter tries, which is after a quarter of an hour, staff are told of a message that fails here.
const stuckAfter = 12

// refused decides about a message that Telegram will not take as it is. Staff are told of
// the first refusal. A customer's is tried for a day, since what Telegram refuses today it
// may take tomorrow. An eSIM that was paid for is never given up, nor is an alert: its renderer drops it
// once it is not true any more.
func (o *Outbox) refused(ctx context.Context, log *slog.Logger, n esim.OutboxMessage, err error) sendResult {
	log.Error("message refused", "err", err)
	tellStaff := func() {
		if !n.AboutMessage() {
			o.note(log, o.cfg.Store.AddNotifications(ctx, []esim.Notification{esim.NewStaffRefused(n.ID, n.Order, err.Error())}))
		}
	}
	tried := n.Kind == esim.NotifyQR || n.Kind == esim.NotifyAlert || o.cfg.Now().Sub(n.Created) < refusedFor
	if tried && !n.Kind.ForStaff() {
		// Its next time comes first: who acts on what they read finds it set, and after a kill the next refusal tells them.
		o.again(ctx, log, n, err.Error(), esim.Backoff(n.Attempts+1, time.Minute, time.Hour))
		tellStaff()
		return orderWaits
	}
	tellStaff()
	return o.settled(log, n, o.cfg.Store.DiscardMessage(ctx, n.ID, err.Error()))
}

// refusedFor is how long a customer's message that Telegram refuses is tried.
const refusedFor = 24 * time.Hour

// pause is how long a message that failed waits for its next try.
func (o *Outbox) pause(n esim.OutboxMessage) time.Duration {
	return esim.Backoff(n.Attempts+1, time.Second, 5*time.Minute)
}

func (o *Outbox) again(ctx context.Context, log *slog.Logger, n esim.OutboxMessage, why string, wait time.Duration) {
	if !o.note(log, o.cfg.Store.RescheduleMessage(ctx, n.ID, o.cfg.Now().Add(wait), why)) {
		o.rest(n.Customer, storePause)
	}
}

// sent notes that a message arrived. While the store cannot, it is remembered here: on a
// full disk one QR picture went out seventeen times.
func (o *Outbox) sent(ctx context.Context, log *slog.Logger, n esim.OutboxMessage) sendResult {
	err := o.cfg.Store.MarkMessageSent(ctx, n.ID)
	o.mu.Lock()
	tries := o.unsaved[n.ID] + 1
	if err == nil {
		delete(o.unsaved, n.ID)
	} else {
		o.unsaved[n.ID] = tries
	}
	o.mu.Unlock()
	if err == nil || tries < unsavedOften || n.AboutMessage() {
		return o.settled(log, n, err)
	}
	told := o.cfg.Store.AddNotifications(ctx, []esim.Notification{esim.NewStaffStuckMessage(n, err.Error())})
	if told != nil { // it is not the message: nothing can be written
		return o.settled(log, n, told)
	}
	o.note(log, err)
	return orderWaits
}

// unsavedOften failures to note that a message was sent are its own, if other things can be written: its chat goes on.
const unsavedOften = 3

func (o *Outbox) wasSent(id int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unsaved[id] > 0
}

// settled is what became of a message if that could be written down; else its chat rests,
// so that a store that cannot be written is not asked without pause.
func (o *Outbox) settled(log *slog.Logger, n esim.OutboxMessage, err error) sendResult {
	if !o.note(log, err) {
		o.rest(n.Customer, storePause)
		return chatWaits
	}
	return settled
}

// storePause is how long a chat rests after the store failed.
const storePause = 5 * time.Second

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
