package intake

import (
	"context"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/storage"
)

// A crowd fills the queue and nobody is served: the program stops all the same, at once, and
// whatever was not worked off is in the inbox.
func TestAStopDoesNotWaitForABacklog(t *testing.T) {
	t.Parallel()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), storage.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	hang := make(chan struct{})
	var mu sync.Mutex
	worked := 0
	i := &Intake{Inbox: db, Log: slog.New(slog.DiscardHandler), Bot: updateFunc(func(telegram.Update) error {
		<-hang
		mu.Lock()
		defer mu.Unlock()
		worked++
		return nil
	})}
	ctx, cancel := context.WithCancel(t.Context())
	if err := i.Begin(ctx, t.Context()); err != nil {
		t.Fatal(err)
	}
	const crowd = backlog + 100
	var batch []telegram.RawUpdate
	for id := range int64(crowd) {
		batch = append(batch, press(id+1, id+1))
	}
	stored := make(chan error)
	go func() { stored <- i.Store(ctx, batch) }() // as a poll does
	for full := false; !full; {
		i.people.mu.Lock()
		full = i.people.size == backlog
		i.people.mu.Unlock()
		runtime.Gosched()
	}
	cancel()
	if err := <-stored; err != nil {
		t.Fatal(err)
	}
	close(hang)
	i.Stop()
	left, err := db.UnhandledUpdates(t.Context(), crowd)
	if err != nil || len(left)+worked != crowd || worked > Workers {
		t.Errorf("%d are left, %d were worked off of %d, %v", len(left), worked, crowd, err)
	}
	// The next run has its backlog from the inbox, and stops as well.
	next := &Intake{Inbox: db, Log: slog.New(slog.DiscardHandler), Bot: updateFunc(func(telegram.Update) error {
		<-t.Context().Done()
		return nil
	})}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if err := next.Begin(ctx, t.Context()); err != nil {
		t.Fatal(err)
	}
}
