package ui

import (
	"slices"
	"sync"
)

// atOnce is how much background work of one person runs side by side. It mostly waits for
// the vendor, who answers a few questions a second: whoever presses a hundred times waits for
// their own presses, and nobody else does.
const atOnce = 2

// A backgroundKey is whose work it is: one person in one chat.
type backgroundKey struct{ chat, person int64 }

// A backgroundJob is what a screen started. Two with the same name would come to the same.
type backgroundJob struct {
	name string
	run  func()
}

// A background runs the work of screens, a little of each person at a time.
type background struct {
	mu      sync.Mutex
	running map[backgroundKey]int
	waiting map[backgroundKey][]backgroundJob
	wg      sync.WaitGroup
}

// Go runs a job now or when its person's others are done. One that waits already under the
// same name is enough: then it returns false.
func (b *background) Go(key backgroundKey, job backgroundJob) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == nil {
		b.running, b.waiting = map[backgroundKey]int{}, map[backgroundKey][]backgroundJob{}
	}
	if b.running[key] >= atOnce {
		same := func(w backgroundJob) bool { return w.name == job.name }
		if slices.ContainsFunc(b.waiting[key], same) {
			return false
		}
		b.waiting[key] = append(b.waiting[key], job)
		return true
	}
	b.running[key]++
	b.wg.Go(func() { b.loop(key, job) })
	return true
}

// loop runs a job and then what waits behind it.
func (b *background) loop(key backgroundKey, job backgroundJob) {
	for {
		job.run()
		b.mu.Lock()
		if len(b.waiting[key]) == 0 {
			delete(b.waiting, key)
			if b.running[key]--; b.running[key] == 0 {
				delete(b.running, key)
			}
			b.mu.Unlock()
			return
		}
		job = b.waiting[key][0]
		b.waiting[key] = b.waiting[key][1:]
		b.mu.Unlock()
	}
}

// Wait returns when nothing runs or waits.
func (b *background) Wait() { b.wg.Wait() }
