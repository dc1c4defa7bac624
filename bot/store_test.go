package bot_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"time"

	"esimbot/esim"
	"esimbot/storage"
)

// A testStore is the storage as the conversations want it, with breakage on order.
type testStore struct {
	*storage.DB
	mu   sync.Mutex
	fail []error // of the next calls of UpsertCustomer
	// faults, if set, are what the books are found to be wrong in.
	faults []esim.LedgerFault
	// listed, if set, runs between reading the list of notifications and returning it.
	listed func()
}

func (s *testStore) DueMessages(ctx context.Context, now time.Time, limit int) ([]esim.OutboxMessage, time.Time, error) {
	messages, next, err := s.DB.DueMessages(ctx, now, limit)
	if s.listed != nil {
		s.listed()
	}
	return messages, next, err
}

func (s *testStore) LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error) {
	if s.faults != nil {
		return s.faults, nil
	}
	return s.DB.LedgerFaults(ctx)
}

func (s *testStore) UpsertCustomer(ctx context.Context, p esim.Customer) (esim.Customer, bool, error) {
	s.mu.Lock()
	if len(s.fail) > 0 {
		err := s.fail[0]
		s.fail = s.fail[1:]
		s.mu.Unlock()
		return esim.Customer{}, false, err
	}
	s.mu.Unlock()
	return s.DB.UpsertCustomer(ctx, p)
}

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

func (i *countedInbox) UpdateHandled(ctx context.Context, id int64) error {
	defer i.pending.Done()
	return i.DB.UpdateHandled(ctx, id)
}

func (i *countedInbox) UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error) {
	items, err := i.DB.UnhandledUpdates(ctx, limit)
	i.pending.Add(len(items))
	return items, err
}

// A logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
