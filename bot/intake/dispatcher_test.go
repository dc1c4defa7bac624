package intake

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestDispatcherKeepsEachPersonsOrder(t *testing.T) {
	var mu sync.Mutex
	seen := map[int64][]int64{}
	running := map[int64]bool{}
	var wg sync.WaitGroup
	d := NewDispatcher(t.Context(), 8, 50, func(_ context.Context, task Task) (again time.Duration) {
		defer wg.Done()
		mu.Lock()
		if running[task.Key] {
			t.Errorf("two tasks of %d run at once", task.Key)
		}
		running[task.Key] = true
		seen[task.Key] = append(seen[task.Key], task.ID)
		mu.Unlock()
		mu.Lock()
		running[task.Key] = false
		mu.Unlock()
		return 0
	})
	const people, each = 20, 100
	for n := range int64(each) {
		for p := range int64(people) {
			wg.Add(1)
			d.Add(Task{Key: p, ID: n})
		}
	}
	wg.Wait()
	d.Stop()
	for p := range int64(people) {
		if len(seen[p]) != each || !slices.IsSorted(seen[p]) {
			t.Errorf("person %d: %d tasks, in order: %t", p, len(seen[p]), slices.IsSorted(seen[p]))
		}
	}
}

func TestOneSlowPersonHoldsUpNobody(t *testing.T) {
	slow := make(chan struct{})
	served := make(chan int64, 10)
	d := NewDispatcher(t.Context(), 2, 100, func(_ context.Context, task Task) (again time.Duration) {
		if task.Key == 1 {
			<-slow
		}
		served <- task.Key
		return 0
	})
	for range 5 {
		d.Add(Task{Key: 1})
	}
	d.Add(Task{Key: 2})
	if got := <-served; got != 2 {
		t.Errorf("served %d first, want the quick one", got)
	}
	close(slow)
	for range 5 {
		<-served
	}
	d.Stop()
}

func TestDispatcherStopsWithTasksWaiting(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	var ran int
	d := NewDispatcher(t.Context(), 1, 1, func(context.Context, Task) (again time.Duration) {
		ran++
		close(begun)
		<-release
		return 0
	})
	d.Add(Task{Key: 1})
	<-begun
	blocked := make(chan Admission)
	go func() { blocked <- d.Add(Task{Key: 2}) }() // the limit is reached
	stopped := make(chan struct{})
	go func() { d.Stop(); close(stopped) }()
	if <-blocked != Stopped {
		t.Error("a task was accepted while stopping")
	}
	close(release)
	<-stopped
	if ran != 1 {
		t.Errorf("%d tasks ran, want 1", ran)
	}
}

// A task that fails comes again before what waits behind it in its key.
func TestWhatFailsKeepsItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran []int64
		d := NewDispatcher(t.Context(), 1, 100, func(_ context.Context, task Task) (again time.Duration) {
			if task.ID == 1 && task.Failures < 2 {
				return time.Minute
			}
			ran = append(ran, task.ID)
			return 0
		})
		d.Add(Task{Key: 7, ID: 1})
		d.Add(Task{Key: 7, ID: 2})
		d.Add(Task{Key: 8, ID: 3})
		time.Sleep(2*time.Minute + time.Second)
		d.Stop()
		if !slices.Equal(ran, []int64{3, 1, 2}) {
			t.Errorf("%v ran", ran)
		}
	})
}
