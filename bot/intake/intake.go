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
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Inbox keeps updates from before they are confirmed to Telegram until they are handled.
type Inbox interface {
	UpdateResults
	// AddUpdates is durable when it returns. An update stored before is not among fresh.
	AddUpdates(ctx context.Context, updates []esim.Update) (fresh []esim.Update, err error)
	// UnhandledUpdates lists what an earlier run left behind, oldest first.
	UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error)
	// AddNotifications has staff told of what is given up; one whose Key exists is left out.
	AddNotifications(ctx context.Context, notifications []esim.Notification) error
}

// UpdateResults is how the work on an update ended.
type UpdateResults interface {
	// UpdateHandled marks updates as done, in one commit.
	UpdateHandled(ctx context.Context, ids ...int64) error
	UpdateFailed(ctx context.Context, id int64, why string) (attempts int, err error)
}

const (
	// Workers bound how many customers are served at once. They mostly wait for Telegram.
	Workers = 64
	// checkoutWorkers are kept free for pre-checkout queries, which have ten seconds.
	checkoutWorkers = 8
	// backlog bounds the updates in memory; more wait in the inbox or at Telegram.
	backlog = 4096
	// inlineWorkers answer inline queries, and nothing else waits for them: each letter that somebody
	// types may be one, so a crowd that types must not stand in front of a payment.
	inlineWorkers = 4
	// inlineBacklog bounds those that wait. More could not be answered within inlinePatience.
	inlineBacklog = 256
	// inlinePatience is how long Telegram waits for an answer to one, and a little less.
	// Source: 30 s in tdlib's Bot API server.
	inlinePatience = 20 * time.Second
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

// errPanic is a handler that panicked: no later try would go better, and its customer's next updates
// need not wait for any.
var errPanic = errors.New("panic")

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
	inline   *inlineDesk
	begun    sync.Once

	mu sync.Mutex
	// held counts for each update who stores it, and whether it waits or is worked off. One that
	// nobody holds any more stays with 0 until the next look into the inbox begins: the present
	// one may have read it before it was marked.
	held     map[int64]int
	unmarked []int64 // handled, and the inbox could not be told
}

// Begin starts the workers and queues what an earlier run left unhandled. When ctx ends they
// begin no more updates, and Store keeps updates without queueing them: a stop must not wait
// for a backlog. work only interrupts their calls. They end with Stop.
func (i *Intake) Begin(ctx, work context.Context) error {
	i.begun.Do(func() {
		i.people = NewDispatcher(work, Workers, backlog, i.work)
		i.checkout = NewDispatcher(work, checkoutWorkers, backlog, i.work)
		i.inline = newInlineDesk(work, i.answerInline)
		context.AfterFunc(ctx, func() {
			i.people.Shut()
			i.checkout.Shut()
			i.inline.workers.Shut()
		})
	})
	i.mu.Lock()
	i.held = map[int64]int{}
	i.mu.Unlock()
	// More than the last run can have held: both queues full, and one poll beside them.
	left, err := i.Inbox.UnhandledUpdates(work, 3*backlog)
	if err != nil {
		return fmt.Errorf("read what the last run left: %w", err)
	}
	if len(left) > 0 {
		i.Log.Info("updates left by the last run", "count", len(left))
	}
	i.hold(left)
	i.queue(work, left)
	return nil
}

// RequeueUnhandled takes up what stands in the inbox and no worker has: an update whose storing
// was thought to have failed is told of again as an old one, and nobody else would look at it.
// What was handled and could not be marked is marked, and not handled twice.
func (i *Intake) RequeueUnhandled(ctx context.Context) error {
	i.mu.Lock()
	begun, unmarked := i.held != nil, i.unmarked
	i.unmarked = nil
	maps.DeleteFunc(i.held, func(_ int64, holders int) bool { return holders <= 0 })
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
		i.release(unmarked...)
	}
	all, err := i.Inbox.UnhandledUpdates(ctx, reread)
	if err != nil {
		return fmt.Errorf("look for updates that were passed over: %w", err)
	}
	i.mu.Lock()
	passed := slices.DeleteFunc(all, func(u esim.Update) bool {
		_, known := i.held[u.ID]
		return known
	})
	for _, u := range passed {
		i.held[u.ID] = 1
	}
	i.mu.Unlock()
	if len(passed) > 0 {
		i.Log.Warn("updates that were passed over are worked off now", "count", len(passed))
		i.queue(ctx, passed)
	}
	return nil
}

// Store is the Receiver's: it returns nil once all updates are durable.
func (i *Intake) Store(ctx context.Context, raw []telegram.RawUpdate) error {
	updates := make([]esim.Update, 0, len(raw))
	for _, r := range raw {
		if r.Kind == telegram.KindInline { // never written down: what somebody types is forgotten
			i.inline.take(Task{Key: r.UserID, ID: r.ID, Raw: r.Raw})
			continue
		}
		updates = append(updates, esim.Update{ID: r.ID, Sender: r.UserID, Kind: string(r.Kind), Raw: r.Raw})
	}
	if len(updates) == 0 {
		return nil
	}
	i.hold(updates) // before anybody can read them from the inbox
	fresh, err := i.Inbox.AddUpdates(ctx, updates)
	kept := map[int64]bool{}
	for _, u := range fresh {
		kept[u.ID] = true
	}
	for _, u := range updates {
		if !kept[u.ID] { // known before; or it is not sure that it is stored, and a look will tell
			i.release(u.ID)
		}
	}
	if err != nil {
		return fmt.Errorf("store %d updates: %w", len(raw), err)
	}
	i.queue(ctx, fresh)
	return nil
}

// hold takes updates into our hands.
func (i *Intake) hold(updates []esim.Update) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, u := range updates {
		i.held[u.ID]++
	}
}

// queue hands updates to the workers. What one person sends faster than anybody could mean it
// is left out: it would keep others waiting for its answers.
func (i *Intake) queue(ctx context.Context, updates []esim.Update) {
	var leftOut []int64
	for _, u := range updates {
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
	t := Task{Key: u.Sender, ID: u.ID, Kind: u.Kind, Raw: u.Raw, MaxQueued: messagesOf}
	switch telegram.Kind(u.Kind) {
	case telegram.KindPreCheckout:
		return i.checkout.Add(t)
	case telegram.KindCallback:
		t.MaxQueued = pressesOf
	case telegram.KindMessage:
		if tellsOfMoney(u.Raw) {
			t.MaxQueued = 0
		}
	}
	if t.Key == 0 {
		t.Key = -u.ID // of no chat: in no order with anything
	}
	return i.people.Add(t)
}

// tellsOfMoney reports whether a message, not yet decoded, brings a payment or takes one back. Its
// words may be anything: a text about a successful_payment is a text.
func tellsOfMoney(raw []byte) bool {
	if !bytes.Contains(raw, []byte("_payment")) {
		return false
	}
	var u struct {
		Message struct {
			Paid     json.RawMessage `json:"successful_payment"`
			Refunded json.RawMessage `json:"refunded_payment"`
		} `json:"message"`
	}
	err := json.Unmarshal(raw, &u)
	return err != nil || u.Message.Paid != nil || u.Message.Refunded != nil
}

// Stop ends the workers after their present update. What waits stays in the inbox.
func (i *Intake) Stop() {
	i.people.Stop()
	i.checkout.Stop()
	i.inline.workers.Stop()
}

// work makes one try of an update and returns after which time it is due again; 0: it is done,
// or the next run gets it from the inbox.
func (i *Intake) work(ctx context.Context, t Task) (again time.Duration) {
	u, err := telegram.Decode(json.RawMessage(t.Raw))
	if err != nil {
		return i.giveUp(ctx, t, fmt.Errorf("read the update: %w", err))
	}
	err = i.handle(ctx, u)
	if ctx.Err() != nil {
		return 0 // stopping: the inbox gives it to the next run
	}
	ctx = context.WithoutCancel(ctx) // what became of it is noted though the shop closes at this moment
	if err == nil {
		i.done(ctx, t.ID)
		return 0
	}
	if asked := telegram.RetryAfter(err); asked > 0 { // of the chat, and no fault of the update
		return min(asked, longestPause)
	}
	failures := t.Failures + 1
	// What the store counts goes over restarts; that it cannot count is no try of the update.
	attempts, err2 := i.Inbox.UpdateFailed(ctx, t.ID, err.Error())
	if err2 != nil {
		i.Log.Error("cannot note a failed update", "update", t.ID, "err", err2)
	}
	if (attempts >= tries || errors.Is(err, errPanic)) && !paid(u) {
		return i.giveUp(ctx, t, err)
	}
	if paid(u) {
		i.Log.Error("payment not booked yet", "update", t.ID, "failures", failures, "err", err)
	}
	return esim.Backoff(failures+1, time.Second, longestPause)
}

// giveUp tells staff that an update is not handled, and then lets it go: its sender may wait for an
// answer. If they cannot be told it is tried once more.
func (i *Intake) giveUp(ctx context.Context, t Task, cause error) (again time.Duration) {
	i.Log.Error("update given up", "update", t.ID, "err", cause)
	told := esim.NewStaffGivenUp(esim.Update{ID: t.ID, Sender: t.Key, Kind: t.Kind})
	if err := i.Inbox.AddNotifications(ctx, []esim.Notification{told}); err != nil {
		i.Log.Error("cannot tell staff of an update that is given up", "update", t.ID, "err", err)
		return longestPause
	}
	i.done(ctx, t.ID)
	return 0
}

// paid reports whether an update brings money.
func paid(u telegram.Update) bool { return u.Message != nil && u.Message.Payment != nil }

// handle works an update off. A panic costs this one only, and not even this one if it brings
// money.
func (i *Intake) handle(ctx context.Context, u telegram.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
			i.Log.Error("panic in a handler", "update", u.ID, "err", err, "stack", string(debug.Stack()))
		}
	}()
	return i.Bot.Handle(ctx, u)
}

// done comes last: marked any earlier, a failure above would lose the updates.
func (i *Intake) done(ctx context.Context, ids ...int64) {
	err := i.Inbox.UpdateHandled(ctx, ids...)
	if err == nil {
		i.release(ids...)
		return
	}
	if ctx.Err() == nil {
		i.Log.Error("cannot mark updates as handled", "count", len(ids), "first", ids[0], "err", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.unmarked = append(i.unmarked, ids...)
}

// release lets go of updates.
func (i *Intake) release(ids ...int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, id := range ids {
		i.held[id]--
	}
}
