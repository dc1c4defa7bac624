package esim

import (
	"context"
	"errors"
	"maps"
	"time"
)

// An order with which something fails (the store, or a fault of ours) moves back, so that it keeps
// no other from being worked on and fails no more often than it must.

// restMost is the longest that an order rests which cannot even be moved back.
const restMost = time.Minute

// work does what is due for an order.
func (f *Fulfiller) work(ctx context.Context, o Order) {
	defer func() {
		f.mu.Lock()
		delete(f.inFlight, o.ID)
		f.mu.Unlock()
		f.Wake()
	}()
	err := alone(func() error { return f.step(ctx, o) })
	if err == nil || errors.Is(err, ErrConflict) || ctx.Err() != nil {
		f.failing.fine(o.ID.String())
		return
	}
	f.Report(o.ID, err)
	failed := alone(func() error { return f.moveBack(ctx, o.ID, err) })
	if failed == nil || errors.Is(failed, ErrConflict) || ctx.Err() != nil {
		return
	}
	f.Report(o.ID, f.failing.stuck(ctx, f.Store, "move back order", o.ID.String(), o.ID, failed, f.Now()))
	until := f.Now().Add(Backoff(f.failing.row(o.ID.String()), time.Second, restMost))
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.resting == nil {
		f.resting = map[OrderID]time.Time{}
	}
	f.resting[o.ID] = until
}

// moveBack stores that an order is looked at again later. What was noted of it meanwhile stays: a
// purchase that was begun is settled by its key.
func (f *Fulfiller) moveBack(ctx context.Context, id OrderID, cause error) error {
	o, err := f.Store.Order(ctx, id)
	if err != nil {
		return err
	}
	if o.WaitsFor() != WaitingForWorker {
		return nil // it made its step before
	}
	o.Attempts++
	o.Reason = cause.Error()
	o.NextAt = f.Now().Add(backOff(o.Attempts))
	told := late(&o, false, f.Now())
	return f.Store.NoteWork(ctx, o, told)
}

// busy are the orders that are in flight or rest, and when the first of those that rest is due.
func (f *Fulfiller) busy(now time.Time) (busy map[OrderID]bool, flying int, next time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.resting, func(_ OrderID, until time.Time) bool {
		return !until.After(now) || until.Sub(now) > restMost // the clock was set back
	})
	busy = map[OrderID]bool{}
	maps.Copy(busy, f.inFlight)
	flying = len(busy)
	for id, until := range f.resting {
		busy[id] = true
		if next.IsZero() || until.Before(next) {
			next = until
		}
	}
	return busy, flying, next
}
