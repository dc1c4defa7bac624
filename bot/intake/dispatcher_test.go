package intake

import (
	"context"
	"slices"
	"sync"
	"testing"
)

func TestDispatcherKeepsEachPersonsOrder(t *testing.T) {
	var mu sync.Mutex
	seen := map[int64][]int64{}
	running := map[int64]bool{}
	var wg sync.WaitGroup
	d := NewDispatcher(t.Context(), 8, 50, func(_ context.Context, task Task) {
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
	d := NewDispatcher(t.Context(), 2, 100, func(_ context.Context, task Task) {
		if task.Key == 1 {
			<-slow
		}
		served <- task.Key
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
	d := NewDispatcher(t.Context(), 1, 1, func(context.Context, Task) {
		ran++
		close(begun)
		<-release
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
