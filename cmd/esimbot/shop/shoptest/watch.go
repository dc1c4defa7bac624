package shoptest

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"esimbot/esim"
	"esimbot/storage"
)

// A countedInbox is the storage's inbox, and knows when all it took in is handled.
type countedInbox struct {
	*storage.DB
	pending sync.WaitGroup
	failed  atomic.Value // why an update could not be handled, the last time
}

func (i *countedInbox) AddUpdates(ctx context.Context, updates []esim.Update) ([]esim.Update, error) {
	fresh, err := i.DB.AddUpdates(ctx, updates)
	i.pending.Add(len(fresh))
	return fresh, err
}

func (i *countedInbox) UpdateHandled(ctx context.Context, ids ...int64) error {
	defer i.pending.Add(-len(ids))
	return i.DB.UpdateHandled(ctx, ids...)
}

// UpdateFailed keeps why.
func (i *countedInbox) UpdateFailed(ctx context.Context, id int64, why string) (attempts int, err error) {
	i.failed.Store(why)
	return i.DB.UpdateFailed(ctx, id, why)
}

// trouble is why an update could last not be handled.
func (i *countedInbox) trouble() any { return i.failed.Load() }

// handled reports whether all that was taken in is handled within a time.
func (i *countedInbox) handled(within time.Duration) bool {
	all := make(chan struct{})
	go func() { i.pending.Wait(); close(all) }()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case <-all:
		return true
	case <-late.C:
		return false
	}
}

func (i *countedInbox) UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error) {
	items, err := i.DB.UnhandledUpdates(ctx, limit)
	i.pending.Add(len(items))
	return items, err
}

// A Log keeps what was logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes a line.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// Has reports whether these words were logged.
func (l *Log) Has(words string) bool { return strings.Contains(l.String(), words) }

// String is all that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
