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

const (
	// togetherNow is how many customers a broadcast is on its way to at once: so many are uncertain when the program dies.
	togetherNow = 10
	// turnWithin is how long a message waits for its turn, or for a pause that Telegram asks for: those beside it wait for it,
	// too. A longer pause all take.
	turnWithin = 1500 * time.Millisecond
	// progressEvery is how often staff are shown how far a broadcast is, at most.
	progressEvery = 3 * time.Second
	// longestTrouble is the longest rest while Telegram does not answer. Who is tried meanwhile is uncertain, and lost to it.
	longestTrouble = time.Minute
)

// BroadcasterConfig is what a Broadcaster works with. All fields are required.
type BroadcasterConfig struct {
	Store esim.BroadcastRunStore
	// Write sends a broadcast to a customer, as part of a crowd.
	Write func(ctx context.Context, c esim.Customer, b esim.Broadcast) error
	// Progress shows staff how far it is.
	Progress func(ctx context.Context, b esim.Broadcast) error
	// OnUnreachable notes that a customer cannot be written to.
	OnUnreachable func(ctx context.Context, id esim.CustomerID) error
	Now           func() time.Time
	Log           *slog.Logger
}

// A Broadcaster sends what staff write to many, a few at a time, and nobody twice: who is written to is marked before. It
// rests as long as Telegram asks for. Create it with NewBroadcaster.
type Broadcaster struct {
	cfg     BroadcasterConfig
	adopted bool // what an earlier run left is known
	rest    rest
	trouble int // batches in a row with no answer
	shown   time.Time
	owed    esim.BroadcastID // whose end staff were not shown yet
	unsaved map[esim.BroadcastID]map[esim.CustomerID]esim.RecipientStatus
}

// NewBroadcaster returns a sender of broadcasts. It does nothing until Run.
func NewBroadcaster(cfg BroadcasterConfig) *Broadcaster {
	return &Broadcaster{cfg: cfg, unsaved: map[esim.BroadcastID]map[esim.CustomerID]esim.RecipientStatus{}}
}

// Run writes to the next few, and says when to go on (zero: there is nothing to send). Only one Run may be called at a time.
func (b *Broadcaster) Run(ctx context.Context) (time.Time, error) {
	if err := b.adopt(ctx); err != nil {
		return time.Time{}, err
	}
	unsaved := b.save(ctx)
	now := b.cfg.Now()
	if b.rest.until.After(now) && !b.rest.since.After(now) { // or the clock was set back
		return b.rest.until, nil
	}
	all, err := b.cfg.Store.SendingBroadcast(ctx)
	if errors.Is(err, esim.ErrNotFound) {
		return b.end(ctx)
	}
	if err != nil {
		return time.Time{}, err
	}
	limit := togetherNow
	if b.trouble > 0 {
		limit = 1
	}
	next, err := b.cfg.Store.ClaimRecipients(ctx, all.ID, limit)
	if err != nil {
		return time.Time{}, err
	}
	if len(next) == 0 {
		if unsaved != nil {
			return time.Time{}, unsaved
		}
		b.owed = all.ID
		return now, b.cfg.Store.EndBroadcast(ctx, all.ID)
	}
	reached := b.send(ctx, all, next)
	maps.Copy(reached, b.unsaved[all.ID]) // who is left of before
	b.unsaved[all.ID] = reached
	if err := b.save(ctx); err != nil {
		return time.Time{}, err
	}
	b.show(ctx, all)
	return b.rest.until, nil // long past, unless there is a reason
}

// adopt takes over from an earlier run.
func (b *Broadcaster) adopt(ctx context.Context) error {
	if b.adopted {
		return nil
	}
	if err := b.cfg.Store.MarkInterruptedRecipients(ctx); err != nil {
		return err
	}
	last, err := b.cfg.Store.Broadcasts(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && !last[0].State.Open() && b.cfg.Now().Sub(last[0].Ended) < time.Hour { // was that shown?
		b.owed = last[0].ID
	}
	b.adopted, b.rest = true, rest{until: b.cfg.Now()}
	return nil
}

// save notes what became of those who were written to. Of whom it cannot be noted it is tried again with the next few, who do
// not wait for that.
func (b *Broadcaster) save(ctx context.Context) error {
	for id, reached := range b.unsaved {
		left, err := b.cfg.Store.NoteRecipients(context.WithoutCancel(ctx), id, reached)
		if err != nil {
			return err
		}
		if b.unsaved[id] = left; len(left) == 0 {
			delete(b.unsaved, id)
		}
	}
	return nil
}

// send writes to some, side by side.
func (b *Broadcaster) send(ctx context.Context, all esim.Broadcast, to []esim.Customer) map[esim.CustomerID]esim.RecipientStatus {
	var mu sync.Mutex
	var wg sync.WaitGroup
	reached := map[esim.CustomerID]esim.RecipientStatus{}
	var pause time.Duration
	silent, answered := false, false
	for _, c := range to {
		wg.Go(func() {
			err := b.one(ctx, all, c)
			reach := reachOf(err)
			mu.Lock()
			defer mu.Unlock()
			reached[c.ID] = reach
			pause = max(pause, telegram.RetryAfter(err))
			silent = silent || reach == esim.RecipientUncertain || reach == esim.RecipientWaiting && telegram.RetryAfter(err) == 0
			answered = answered || reach != esim.RecipientUncertain && reach != esim.RecipientWaiting
		})
	}
	wg.Wait()
	now := b.cfg.Now()
	switch {
	case silent && !answered:
		b.trouble++
		pause = max(pause, esim.Backoff(b.trouble, time.Second, longestTrouble))
		b.cfg.Log.Warn("a broadcast rests: Telegram does not answer", "broadcast", int64(all.ID), "again", pause)
	case pause > 0:
		b.cfg.Log.Info("a broadcast rests", "broadcast", int64(all.ID), "again", pause)
	}
	if answered {
		b.trouble = 0
	}
	b.rest = rest{now, now.Add(pause)}
	return reached
}

// one writes to one customer.
func (b *Broadcaster) one(ctx context.Context, all esim.Broadcast, c esim.Customer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.cfg.Log.Error("panic in a broadcast", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	err = b.cfg.Write(telegram.WithMaxWait(ctx, turnWithin), c, all)
	if telegram.Unreachable(err) {
		if lost := b.cfg.OnUnreachable(context.WithoutCancel(ctx), c.ID); lost != nil {
			b.cfg.Log.Warn("it is not noted that a customer cannot be written to", "err", lost)
		}
	}
	return err
}

// errPanic is a message that cannot be written.
var errPanic = errors.New("a panic")

// reachOf is what became of a message by the error of its sending. No answer is not a no: then they may have it.
func reachOf(err error) esim.RecipientStatus {
	switch {
	case err == nil:
		return esim.RecipientSent
	case telegram.MayHaveHappened(err):
		return esim.RecipientUncertain
	case telegram.Unreachable(err):
		return esim.RecipientUnreachable
	case telegram.Temporary(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded): // nothing was sent
		return esim.RecipientWaiting
	}
	return esim.RecipientRefused
}

// show has staff see how far a broadcast is, now and then.
func (b *Broadcaster) show(ctx context.Context, all esim.Broadcast) bool {
	now := b.cfg.Now()
	if d := now.Sub(b.shown); d >= 0 && d < progressEvery {
		return false
	}
	b.shown = now
	if err := b.cfg.Progress(telegram.WithMaxWait(ctx, time.Second), all); err != nil && ctx.Err() == nil {
		b.cfg.Log.Warn("the progress of a broadcast is not shown", "broadcast", int64(all.ID), "err", err)
	}
	return true
}

// end shows staff the end of a broadcast, once it is time to.
func (b *Broadcaster) end(ctx context.Context) (time.Time, error) {
	if b.owed == 0 {
		return time.Time{}, nil
	}
	all, err := b.cfg.Store.Broadcast(ctx, b.owed)
	if err != nil {
		return time.Time{}, err
	}
	if !b.show(ctx, all) {
		return b.shown.Add(progressEvery), nil
	}
	b.owed = 0
	return time.Time{}, nil
}
