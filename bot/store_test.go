package bot_test

import (
	"context"
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
	// full, if set, is what MarkMessageSent, SetThreadHead and SetThreadCopies fail with.
	full error
	// noting, if set, runs before SetThreadCopies.
	noting func()
}

func (s *testStore) MarkMessageSent(ctx context.Context, id int64) error {
	s.mu.Lock()
	full := s.full
	s.mu.Unlock()
	if full != nil {
		return full
	}
	return s.DB.MarkMessageSent(ctx, id)
}

func (s *testStore) SetThreadHead(ctx context.Context, id esim.ThreadID, chat int64, message int) error {
	s.mu.Lock()
	full := s.full
	s.mu.Unlock()
	if full != nil {
		return full
	}
	return s.DB.SetThreadHead(ctx, id, chat, message)
}

func (s *testStore) SetThreadCopies(ctx context.Context, messages []esim.ThreadMessage) error {
	s.mu.Lock()
	full := s.full
	s.mu.Unlock()
	if full != nil {
		return full
	}
	if s.noting != nil {
		s.noting()
	}
	return s.DB.SetThreadCopies(ctx, messages)
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
