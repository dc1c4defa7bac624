package intake

import (
	"context"
	"sync"
	"time"
)

// A Dispatcher works tasks off with a bounded number of workers. Tasks of one key
// run one after another in the order they came; tasks of different keys run side
// by side, and no key can hold up another: one whose task failed rests without a worker.
type Dispatcher struct {
	work func(ctx context.Context, task Task) (again time.Duration)

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
	// Kind is the update's.
	Kind string
	Raw  []byte
	// MaxQueued is how many of one key may wait when it comes, or it is not taken: 0 for any number.
	MaxQueued int
	// Failures counts how often it was worked on in vain.
	Failures int
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
//
// A task for which work returns more than zero failed. It is worked on again after that time,
// and the later ones of its key after it.
func NewDispatcher(ctx context.Context, workers, limit int, work func(context.Context, Task) (again time.Duration)) *Dispatcher {
	d := &Dispatcher{work: work, queues: map[int64][]Task{}, limit: limit}
	d.more, d.space = sync.NewCond(&d.mu), sync.NewCond(&d.mu)
	for range workers {
		d.wg.Go(func() { d.loop(ctx) })
	}
	return d
}

// Add queues a task, unless too many of its key wait. It blocks while all keys together
// have too many.
func (d *Dispatcher) Add(t Task) Admission { return d.add(t, true) }

// Offer is Add that never blocks: while all keys together have too many, the task is not taken.
func (d *Dispatcher) Offer(t Task) Admission { return d.add(t, false) }

func (d *Dispatcher) add(t Task, wait bool) Admission {
	d.mu.Lock()
	defer d.mu.Unlock()
	crowded := func() bool {
		return t.MaxQueued > 0 && len(d.queues[t.Key]) >= t.MaxQueued || !wait && d.size >= d.limit
	}
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
		again := d.work(ctx, t)
		d.mu.Lock()
		if again > 0 {
			d.queues[key][0].Failures++
			time.AfterFunc(again, func() { d.wake(key) })
			continue
		}
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

// wake lets a key run again that rested after a failure.
func (d *Dispatcher) wake(key int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ready = append(d.ready, key)
	d.more.Signal()
}

// Shut takes no more tasks and lets workers begin no more; whoever waits in Add is told so.
// Tasks that still wait are dropped here; they stand in the inbox.
func (d *Dispatcher) Shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopped = true
	d.more.Broadcast()
	d.space.Broadcast()
}

// Stop is Shut, and waits for the tasks that run.
func (d *Dispatcher) Stop() {
	d.Shut()
	d.wg.Wait()
}
