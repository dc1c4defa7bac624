package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"time"

	"esimbot/esim"
)

// checkQueues: nothing waits any more.
func (s *simulated) checkQueues(ctx context.Context) {
	s.t.Helper()
	if unsent := s.unsent(ctx); unsent != "" {
		s.t.Errorf("outbox: %s", unsent)
	}
	if updates, err := s.app.DB.UnhandledUpdates(ctx, 10); err != nil || len(updates) > 0 {
		s.t.Errorf("inbox: %d updates, %v", len(updates), err)
	}
	if events, _, err := s.app.DB.DueVendorEvents(ctx, s.now(), 10); err != nil || len(events) > 0 {
		s.t.Errorf("%d events of the vendor are due, %v", len(events), err)
	}
	if due, _, err := s.app.DB.OrdersDue(ctx, esim.States(), s.now().Add(-2*simulatedRound), 10); err != nil || len(due) > 0 {
		s.must(err)
		for _, o := range due {
			if o.WaitsFor() != esim.WaitingForWorker {
				continue
			}
			s.t.Errorf("order %s, %s, was due at %s", o.ID, o.State, o.NextAt)
		}
	}
	if spinning := s.telegram.Unanswered(); len(spinning) > s.kills+s.exits {
		s.t.Logf("%d presses spin, the first is %s", len(spinning), spinning[0])
	}
}

// unsent names the messages that wait or were given up, and why. The QR message of an eSIM that was
// taken back before it went is given up on purpose.
func (s *simulated) unsent(ctx context.Context) string {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "shop.db")+"?mode=ro")
	s.must(err)
	defer db.Close()
	var all sql.NullString
	s.must(db.QueryRowContext(ctx, `SELECT group_concat(key || ' ' || status || ': ' || reason, '; ') FROM outbox
		WHERE status IN ('waiting', 'dead') AND NOT (kind = 'qr' AND reason = 'the eSIM was taken back')`).Scan(&all))
	return all.String
}

// noteTime is how long a process may take from Telegram's yes to its note of it.
const noteTime = time.Minute

// checkNotifications: no notification was sent twice, but where the program died between Telegram's
// yes and its note of it.
func (s *simulated) checkNotifications() {
	s.t.Helper()
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for key, sent := range s.watch.sent {
		for i, again := range sent[1:] {
			first := sent[i]
			died, at := first.life.end()
			switch {
			case first.life == again.life:
				s.t.Errorf("%s was sent twice in one life: %s, %s", key, first.at.Format(time.DateTime), again.at.Format(time.DateTime))
			case !died || at.Sub(first.at) > noteTime && !s.diskWasFull:
				s.t.Errorf("%s was sent at %s and again at %s; the first process died at %s",
					key, first.at.Format(time.DateTime), again.at.Format(time.DateTime), at.Format(time.DateTime))
			}
		}
	}
}

// checkPrivacy: no private chat was shown an order, an eSIM, or a code of somebody else.
func (s *simulated) checkPrivacy(ctx context.Context, orders []esim.Order) {
	s.t.Helper()
	owners := map[string]esim.CustomerID{}
	for _, o := range orders {
		owners[o.ID.String()] = o.Customer
		esims, err := s.app.DB.ESIMsOfOrder(ctx, o.ID)
		s.must(err)
		for _, e := range esims {
			_, code := e.ActivationCode.Split()
			owners[string(e.ID)], owners[string(e.ICCID)], owners[code] = e.Customer, e.Customer, e.Customer
		}
	}
	delete(owners, "")
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for is := range s.watch.shown {
		if owner, known := owners[is.name]; known && int64(owner) != is.chat {
			s.t.Errorf("customer %d was shown %s of customer %d", is.chat, is.name, owner)
		}
	}
}
