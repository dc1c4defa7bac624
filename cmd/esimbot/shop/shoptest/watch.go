package shoptest

import (
	"bytes"
	"context"
	"strings"
	"sync"

	"esimbot/esim"
	"esimbot/storage"
)

// A countedInbox is the storage's inbox, and knows when all it took in is handled.
type countedInbox struct {
	*storage.DB
	pending sync.WaitGroup
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
