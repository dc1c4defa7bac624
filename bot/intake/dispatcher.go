package intake

import (
	"context"
	"sync"
)

// A Dispatcher works tasks off with a bounded number of workers. Tasks of one key
// run one after another in the order they came; tasks of different keys run side
// by side, and no key can hold up another.
type Dispatcher struct {
	work func(ctx context.Context, task Task)

	mu      sync.Mutex
	more    *sync.Cond       // ready grew
	space   *sync.Cond       // size shrank
	queues  map[int64][]Task // of keys that wait or run
	ready   []int64          // keys that may run, each at most once
	size    int
	limit   int
	stopped bool
	wg      sync.WaitGroup
}

// A Task is something to be done for one customer.
type Task struct {
	Key int64 // whose order it keeps: the customer, or the group
	ID  int64 // the update
	Raw []byte
	// Most is how many of one key may wait when it comes, or it is not taken: 0 for any number.
	Most int
}

// An Admission is what became of a Task that was added.
type Admission int

const (
	// Queued: it will run.
	Queued Admission = iota
	// Crowded: too many of its key wait.
	Crowded
	// Stopped: the dispatcher takes nothing any more.
	Stopped
)

// NewDispatcher starts workers that end after Stop. At most limit tasks wait;
// Add blocks beyond that, so that a flood waits at Telegram and not in memory.
func NewDispatcher(ctx context.Context, workers, limit int, work func(context.Context, Task)) *Dispatcher {
	d := &Dispatcher{work: work, queues: map[int64][]Task{}, limit: limit}
	d.more, d.space = sync.NewCond(&d.mu), sync.NewCond(&d.mu)
	for range workers {
		d.wg.Go(func() { d.loop(ctx) })
	}
	return d
}

// Add queues a task, unless too many of its key wait. It blocks while all keys together
// have too many.
func (d *Dispatcher) Add(t Task) Admission {
	d.mu.Lock()
	defer d.mu.Unlock()
	crowded := func() bool { return t.Most > 0 && len(d.queues[t.Key]) >= t.Most }
	for d.size >= d.limit && !d.stopped && !crowded() {
		d.space.Wait()
	}
	switch {
	case d.stopped:
		return Stopped
	case crowded():
		return Crowded
	}
	q, busy := d.queues[t.Key]
	d.queues[t.Key] = append(q, t)
	d.size++
	if !busy {
		d.ready = append(d.ready, t.Key)
		d.more.Signal()
	}
	return Queued
}

func (d *Dispatcher) loop(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		for len(d.ready) == 0 && !d.stopped {
			d.more.Wait()
		}
		if d.stopped {
			return
		}
		key := d.ready[0]
		d.ready = d.ready[1:]
		t := d.queues[key][0]
		d.mu.Unlock()
		d.work(ctx, t)
		d.mu.Lock()
		d.size--
		if rest := d.queues[key][1:]; len(rest) > 0 {
			d.queues[key] = rest
			d.ready = append(d.ready, key)
		} else {
			delete(d.queues, key)
		}
		d.space.Signal()
	}
}

// Stop ends the workers after their present task and waits for them. Tasks that
// still wait are dropped here; they stand in the inbox.
func (d *Dispatcher) Stop() {
	d.mu.Lock()
	d.stopped = true
	d.more.Broadcast()
	d.space.Broadcast()
	d.mu.Unlock()
	d.wg.Wait()
}
