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
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Inbox keeps updates from before they are confirmed to Telegram until they are handled.
type Inbox interface {
	// AddUpdates is durable when it returns. An update stored before is not among fresh.
	AddUpdates(ctx context.Context, updates []esim.Update) (fresh []esim.Update, err error)
	// UpdateHandled marks updates as done, in one commit.
	UpdateHandled(ctx context.Context, ids ...int64) error
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
	// pressesOf and messagesOf bound what waits of one person. A press on a screen that has
	// changed so often since means nothing any more, and nobody writes so much in a second.
	pressesOf  = 32
	messagesOf = 256
	// reread is how many unhandled updates one look into the inbox goes through.
	reread = 1000
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

	mu       sync.Mutex
	held     map[int64]bool // updates that wait or are worked off
	unmarked []int64        // handled, and the inbox could not be told
}

// Begin starts the workers and queues what an earlier run left unhandled. The
// workers end with Stop; ctx only interrupts their calls.
func (i *Intake) Begin(ctx context.Context) error {
	i.begun.Do(func() {
		i.people = NewDispatcher(ctx, Workers, backlog, i.work)
		i.checkout = NewDispatcher(ctx, checkoutWorkers, backlog, i.work)
	})
	i.mu.Lock()
	i.held = map[int64]bool{}
	i.mu.Unlock()
	// More than the last run can have held: both queues full, and one poll beside them.
	left, err := i.Inbox.UnhandledUpdates(ctx, 3*backlog)
	if err != nil {
		return fmt.Errorf("read what the last run left: %w", err)
	}
	if len(left) > 0 {
		i.Log.Info("updates left by the last run", "count", len(left))
	}
	i.queue(ctx, left)
	return nil
}

// Reread takes up what stands in the inbox and is in nobody's hands: an update whose storing
// was thought to have failed is told of again as an old one, and nobody else would look at it.
// What was handled and could not be marked is marked, and not handled twice.
func (i *Intake) Reread(ctx context.Context) error {
	i.mu.Lock()
	begun, unmarked := i.held != nil, i.unmarked
	i.unmarked = nil
	i.mu.Unlock()
	if !begun {
		return nil // Begin reads the inbox
	}
	if len(unmarked) > 0 {
		if err := i.Inbox.UpdateHandled(ctx, unmarked...); err != nil {
			i.mu.Lock()
			i.unmarked = append(i.unmarked, unmarked...)
			i.mu.Unlock()
			return fmt.Errorf("mark what was handled: %w", err)
		}
		i.release(unmarked)
	}
	all, err := i.Inbox.UnhandledUpdates(ctx, reread)
	if err != nil {
		return fmt.Errorf("look for updates that were passed over: %w", err)
	}
	passed := slices.DeleteFunc(all, func(u esim.Update) bool {
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.held[u.ID]
	})
	if len(passed) > 0 {
		i.Log.Warn("updates that were passed over are worked off now", "count", len(passed))
		i.queue(ctx, passed)
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
	i.queue(ctx, fresh)
	return nil
}

// queue hands updates to the workers. What one person sends faster than anybody could mean it
// is left out: it would keep others waiting for its answers.
func (i *Intake) queue(ctx context.Context, updates []esim.Update) {
	var leftOut []int64
	for _, u := range updates {
		i.mu.Lock()
		i.held[u.ID] = true
		i.mu.Unlock()
		if i.admit(u) == Crowded {
			leftOut = append(leftOut, u.ID)
		}
	}
	if len(leftOut) == 0 {
		return
	}
	i.Log.Warn("somebody floods; updates are left out", "count", len(leftOut))
	i.done(ctx, leftOut...)
}

func (i *Intake) admit(u esim.Update) Admission {
	t := Task{Key: u.Sender, ID: u.ID, Raw: u.Raw}
	switch {
	case u.Kind == string(telegram.KindPreCheckout):
		return i.checkout.Add(t)
	case t.Key == 0:
		t.Key = -u.ID // of no chat: in no order with anything
	case u.Kind == string(telegram.KindCallback), u.Kind == string(telegram.KindInline):
		t.Most = pressesOf
	case u.Kind == string(telegram.KindEditedMessage), u.Kind == string(telegram.KindMessage) && !mayBePaid(u.Raw):
		t.Most = messagesOf
	}
	return i.people.Add(t)
}

// mayBePaid reports whether an update, not yet read, may tell of money.
func mayBePaid(raw []byte) bool { return bytes.Contains(raw, []byte("_payment")) }

// Stop ends the workers after their present update. What waits stays in the inbox.
func (i *Intake) Stop() {
	i.people.Stop()
	i.checkout.Stop()
}

func (i *Intake) work(ctx context.Context, t Task) {
	u, err := telegram.Decode(json.RawMessage(t.Raw))
	if err != nil {
		i.Log.Error("update cannot be read", "update", t.ID, "err", err)
		i.done(ctx, t.ID)
		return
	}
	for failures := 1; ; failures++ {
		err := i.handle(ctx, u)
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
	i.done(ctx, t.ID)
}

// paid reports whether an update brings money.
func paid(u telegram.Update) bool { return u.Message != nil && u.Message.Payment != nil }

// handle works an update off. A panic costs this one only, and not even this one if it brings
// money.
func (i *Intake) handle(ctx context.Context, u telegram.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			i.Log.Error("panic in a handler", "update", u.ID, "err", err, "stack", string(debug.Stack()))
		}
	}()
	return i.Bot.Handle(ctx, u)
}

// done comes last: marked any earlier, a failure above would lose the updates.
func (i *Intake) done(ctx context.Context, ids ...int64) {
	err := i.Inbox.UpdateHandled(ctx, ids...)
	if err == nil {
		i.release(ids)
		return
	}
	if ctx.Err() == nil {
		i.Log.Error("cannot mark updates as handled", "count", len(ids), "first", ids[0], "err", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.unmarked = append(i.unmarked, ids...)
}

// release forgets updates: the inbox knows that they are done.
func (i *Intake) release(ids []int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, id := range ids {
		delete(i.held, id)
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
