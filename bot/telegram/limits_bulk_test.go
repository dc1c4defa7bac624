package telegram

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Who waits for a screen or a QR code goes before a broadcast that has waited longer.
func TestABroadcastLetsOthersPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPace(Limits{PerSecond: 1, BulkPerSecond: 20})
		begun := time.Now()
		var mu sync.Mutex
		var order []string
		passes := func(name string, chat int64, bulk bool) {
			if err := p.wait(t.Context(), p.turn(chat), bulk); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
			t.Logf("%s after %v", name, time.Since(begun))
		}
		passes("first", 1, false)
		var wg sync.WaitGroup
		for chat := range int64(3) {
			wg.Go(func() { passes("bulk", 10+chat, true) })
		}
		time.Sleep(500 * time.Millisecond)
		for chat := range int64(2) {
			wg.Go(func() { passes("screen", 20+chat, false) })
		}
		wg.Wait()
		if want := []string{"first", "screen", "screen", "bulk", "bulk", "bulk"}; !slices.Equal(order, want) {
			t.Errorf("they went %q, want %q", order, want)
		}
	})
}
