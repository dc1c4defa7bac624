package ui

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// 250 presses of one person hold up nobody, and those that would come to the same are one.
func TestOnePersonsBackgroundWorkHoldsUpNobody(t *testing.T) {
	t.Parallel()
	var b background
	var mu sync.Mutex
	running, most, ran := 0, 0, []string{}
	hold, started := make(chan struct{}), make(chan struct{}, 300)
	busy := backgroundKey{chat: 1, person: 1}
	for n := range 250 {
		name := fmt.Sprintf("top up %d", n%5)
		b.Go(busy, backgroundJob{name, func() {
			mu.Lock()
			running++
			most = max(most, running)
			ran = append(ran, name)
			mu.Unlock()
			started <- struct{}{}
			<-hold
			mu.Lock()
			running--
			mu.Unlock()
		}})
	}
	<-started
	<-started
	other := make(chan struct{})
	b.Go(backgroundKey{chat: 2, person: 2}, backgroundJob{"list", func() { close(other) }})
	<-other // while the busy one's work hangs
	close(hold)
	b.Wait()
	if most > atOnce {
		t.Errorf("%d at once of one person", most)
	}
	slices.Sort(ran)
	// Two ran at once; of what waited each name once.
	if want := 2 + 5; len(ran) != want || len(slices.Compact(ran)) != 5 {
		t.Errorf("%d ran: %q, want %d", len(ran), ran, want)
	}
	if len(b.running) != 0 || len(b.waiting) != 0 {
		t.Errorf("left in memory: %v %v", b.running, b.waiting)
	}
}
