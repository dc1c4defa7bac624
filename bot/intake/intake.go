// Package intake takes updates from Telegram to whoever handles them. An update is
// confirmed to Telegram once it stands in the inbox, and leaves the inbox once it is
// handled: a crash between loses nothing. Updates of one customer keep their order;
// those of different customers run side by side, and a question before a payment
// overtakes all others.
//
// It knows nothing of conversations: its Handler works an update off, and an error of the
// Handler means that the update is tried again.
package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Inbox keeps updates from before they are confirmed to Telegram until they are handled.
type Inbox interface {
	// AddUpdates is durable when it returns. An update stored before is not among fresh.
	AddUpdates(ctx context.Context, updates []esim.Update) (fresh []esim.Update, err error)
	UpdateHandled(ctx context.Context, id int64) error
	UpdateFailed(ctx context.Context, id int64, why string) (attempts int, err error)
	// UnhandledUpdates lists what an earlier run left behind, oldest first.
	UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error)
}

const (
	// Workers bound how many customers are served at once. They mostly wait for Telegram.
	Workers = 64
	// checkoutWorkers are kept free for pre-checkout queries, which have ten seconds.
	checkoutWorkers = 8
	// backlog bounds the updates in memory; more wait in the inbox or at Telegram.
	backlog = 4096
	// tries for one update before it is given up, so that it never blocks its chat for ever.
	// One with a payment is never given up.
	tries = 6
	// longestPause between two tries.
	longestPause = time.Minute
)

// A Handler works updates off. An error means that the update is to be tried again later.
type Handler interface {
	Handle(ctx context.Context, u telegram.Update) error
}

// Intake takes updates from Telegram into the inbox and from there through the bot.
type Intake struct {
	Bot   Handler
	Inbox Inbox
	Log   *slog.Logger

	people   *Dispatcher
	checkout *Dispatcher
	begun    sync.Once
}

// Begin starts the workers and queues what an earlier run left unhandled. The
// workers end with Stop; ctx only interrupts their calls.
func (i *Intake) Begin(ctx context.Context) error {
	i.begun.Do(func() {
		i.people = NewDispatcher(ctx, Workers, backlog, i.work)
		i.checkout = NewDispatcher(ctx, checkoutWorkers, backlog, i.work)
	})
	// More than the last run can have held: both queues full, and one poll beside them.
	left, err := i.Inbox.UnhandledUpdates(ctx, 3*backlog)
	if err != nil {
		return fmt.Errorf("read what the last run left: %w", err)
	}
	if len(left) > 0 {
		i.Log.Info("updates left by the last run", "count", len(left))
	}
	for _, u := range left {
		i.queue(u)
	}
	return nil
}

// Store is the Receiver's: it returns nil once all updates are durable.
func (i *Intake) Store(ctx context.Context, raw []telegram.RawUpdate) error {
	updates := make([]esim.Update, len(raw))
	for n, r := range raw {
		updates[n] = esim.Update{ID: r.ID, Sender: r.Person, Kind: string(r.Kind), Raw: r.Raw}
	}
	fresh, err := i.Inbox.AddUpdates(ctx, updates)
	if err != nil {
		return fmt.Errorf("store %d updates: %w", len(raw), err)
	}
	for _, u := range fresh {
		i.queue(u)
	}
	return nil
}

func (i *Intake) queue(u esim.Update) {
	t := Task{Key: u.Sender, ID: u.ID, Raw: u.Raw}
	if u.Kind == "pre_checkout_query" {
		i.checkout.Add(t)
		return
	}
	if t.Key == 0 {
		t.Key = -u.ID // of no chat: in no order with anything
	}
	i.people.Add(t)
}

// Stop ends the workers after their present update. What waits stays in the inbox.
func (i *Intake) Stop() {
	i.people.Stop()
	i.checkout.Stop()
}

func (i *Intake) work(ctx context.Context, t Task) {
	u, err := telegram.Decode(json.RawMessage(t.Raw))
	if err != nil {
		i.Log.Error("update cannot be read", "update", t.ID, "err", err)
		i.done(ctx, t)
		return
	}
	for failures := 1; ; failures++ {
		err := i.Bot.Handle(ctx, u)
		if ctx.Err() != nil {
			return // stopping: the inbox gives it to the next run
		}
		if err == nil {
			break
		}
		// What the store counts goes over restarts; that it cannot count is no try of the update.
		attempts, err2 := i.Inbox.UpdateFailed(ctx, t.ID, err.Error())
		if err2 != nil {
			i.Log.Error("cannot note a failed update", "update", t.ID, "err", err2)
		}
		if attempts >= tries && !paid(u) {
			i.Log.Error("update given up", "update", t.ID, "err", err)
			break
		}
		if paid(u) {
			i.Log.Error("payment not booked yet", "update", t.ID, "failures", failures, "err", err)
		}
		if !pause(ctx, esim.Backoff(failures+1, time.Second, longestPause)) {
			return
		}
	}
	i.done(ctx, t)
}

// paid reports whether an update brings money.
func paid(u telegram.Update) bool { return u.Message != nil && u.Message.Payment != nil }

// done comes last: marked any earlier, a failure above would lose the update.
func (i *Intake) done(ctx context.Context, t Task) {
	if err := i.Inbox.UpdateHandled(ctx, t.ID); err != nil && ctx.Err() == nil {
		i.Log.Error("cannot mark an update as handled", "update", t.ID, "err", err)
	}
}

// pause waits and reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
