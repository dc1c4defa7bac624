package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

// AddNotifications stores notifications; one whose Key exists already is left out.
func (db *DB) AddNotifications(ctx context.Context, notifications []esim.Notification) error {
	if len(notifications) == 0 {
		return nil
	}
	if err := db.write(ctx, func(t *tx) error { return t.notifications(db.now(), notifications) }); err != nil {
		return fmt.Errorf("add notifications: %w", err)
	}
	return nil
}

// notifications puts messages into the outbox, due at once, or held for a customer who
// cannot be reached. A notification without a key is always new.
func (t *tx) notifications(now time.Time, notifications []esim.Notification) error {
	for _, n := range notifications {
		if n.Key == "" {
			n.Key = "once:" + rand.Text()
		}
		added, err := t.exec(`INSERT INTO outbox (key, kind, person, order_id, esim, alert, minor, currency, note, created, next_at, attempts, reason, status)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 0, '',
				iif(EXISTS (SELECT 1 FROM people WHERE id = ?3 AND unreachable = 1), 'held', 'waiting'))
			ON CONFLICT (key) DO NOTHING`,
			n.Key, n.Kind, n.Customer, n.Order, n.ESIM, n.Alert, n.Amount.Minor, n.Amount.Currency, n.Note, stamp(now))
		if err != nil {
			return fmt.Errorf("notification %s: %w", n.Kind, err)
		}
		t.outboxFilled = t.outboxFilled || added == 1
	}
	return nil
}

// Each of four queues is read by itself, so that no crowd in one hides the others: eSIMs that
// were paid for, everything else for customers, and for the staff group (person 0), which takes
// twenty messages a minute and no more, what customers say to it and everything else. Their due
// rows are found through partial indexes. What is said in a thread keeps its order by itself
// (esim.NewStaffThread).
const (
	messagesDue = `SELECT id, key, kind, person, order_id, esim, alert, minor, currency, note, created, attempts FROM outbox o
		WHERE status = 'waiting' AND next_at <= ?1
		AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.status = 'waiting' AND e.order_id = o.order_id AND o.order_id <> '' AND +e.person = o.person AND e.id < o.id AND e.next_at > ?1 AND e.quiet = 0
			AND e.kind NOT IN ('thread', 'staff_thread') AND o.kind NOT IN ('thread', 'staff_thread'))`
	dueESIMs     = messagesDue + ` AND kind = 'qr' AND status <> 'sent' ORDER BY id LIMIT +?2`
	dueMessages  = messagesDue + ` AND person <> 0 ORDER BY id LIMIT +?2`
	dueForStaff  = messagesDue + ` AND person = 0 AND kind <> 'staff_thread' ORDER BY id LIMIT +?2`
	dueThreads   = messagesDue + ` AND kind = 'staff_thread' ORDER BY id LIMIT +?2`
	nextMessage  = `SELECT min(next_at) FROM outbox WHERE status = 'waiting' AND next_at > ?`
	firstMessage = `SELECT min(next_at) FROM outbox WHERE status = 'waiting'`
)

// DueMessages lists messages to send now, at most limit of each queue: eSIMs, other messages
// for customers, those for staff, what customers say to staff; each message once, oldest first within a queue. It tells
// when the next of the others is due (zero: none; now: there may be more than limit).
// Customers who cannot be reached are left out. What is told of one order comes in order: a
// message that waits for its next try holds back the later ones of that order, and no other.
func (db *DB) DueMessages(ctx context.Context, now time.Time, limit int) (items []esim.OutboxMessage, next time.Time, err error) {
	if first, err := db.firstDue(ctx, firstMessage); err != nil || first.IsZero() || first.After(now) {
		return nil, first, wrapped("messages due", err)
	}
	more := false
	listed := map[int64]bool{}
	for _, query := range []string{dueESIMs, dueMessages, dueForStaff, dueThreads} {
		due, err := workListOf(ctx, db, "message", scanMessage, limit, query, stamp(now))
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("messages due: %w", err)
		}
		more = more || len(due) == limit
		for _, i := range due {
			if !listed[i.ID] {
				listed[i.ID] = true
				items = append(items, i)
			}
		}
	}
	if more {
		return items, now, nil
	}
	next, err = one(db.read(ctx), moment, nextMessage, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("next message due: %w", err)
	}
	return items, next, nil
}

// The keys are those of the notices about a message (esim.Notification.AboutMessage).
const stuckMessages = `SELECT id, key, kind, person, order_id, esim, alert, minor, currency, note, created, attempts FROM outbox o
	WHERE status = 'waiting' AND EXISTS (SELECT 1 FROM outbox n WHERE n.key IN ('stuck-message:' || o.id, 'refused:' || o.id))
	ORDER BY id LIMIT +?`

// StuckMessages lists messages that wait and of which staff were told that they cannot be sent, oldest first.
func (db *DB) StuckMessages(ctx context.Context, limit int) ([]esim.OutboxMessage, error) {
	all, err := workListOf(ctx, db, "message", scanMessage, limit, stuckMessages)
	if err != nil {
		return nil, fmt.Errorf("messages that cannot be sent: %w", err)
	}
	return all, nil
}

func scanMessage(rows *sql.Rows) (esim.OutboxMessage, error) {
	var i esim.OutboxMessage
	err := rows.Scan(&i.ID, &i.Key, &i.Kind, &i.Customer, &i.Order, &i.ESIM, &i.Alert, &i.Amount.Minor, &i.Amount.Currency,
		&i.Note, (*stamp)(&i.Created), &i.Attempts)
	return i, err
}

// MarkMessageSent marks a message as accepted by the messenger, and does what follows for
// its order (esim.Consequences).
func (db *DB) MarkMessageSent(ctx context.Context, id int64) error {
	type sent struct {
		kind  esim.NotificationKind
		order esim.OrderID
	}
	err := db.write(ctx, func(t *tx) error {
		s, err := one(t, func(rows *sql.Rows) (s sent, err error) {
			err = rows.Scan(&s.kind, &s.order)
			return s, err
		}, `UPDATE outbox SET status = 'sent', ended = ?, reason = '' WHERE id = ? RETURNING kind, order_id`, stamp(db.now()), id)
		if err != nil || !s.kind.Delivers() {
			return err
		}
		return db.follow(t, s.order)
	})
	if err != nil {
		return fmt.Errorf("note sent message %d: %w", id, err)
	}
	return nil
}

// RescheduleMessage notes a failed try, why, and when the next one is. A message that is
// not waiting (any more) is left alone.
func (db *DB) RescheduleMessage(ctx context.Context, id int64, next time.Time, why string) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE outbox SET attempts = attempts + 1, next_at = ?, reason = ?
			WHERE id = ? AND status IN ('waiting', 'held')`, stamp(db.orNow(next)), why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("postpone message %d: %w", id, err)
	}
	return nil
}

// HoldForQuiet has a message wait until the customer's quiet hours end: that is no failed try, and nothing else
// waits for it.
func (db *DB) HoldForQuiet(ctx context.Context, id int64, until time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE outbox SET next_at = ?, quiet = 1 WHERE id = ? AND status IN ('waiting', 'held')`, stamp(until), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("hold message %d: %w", id, err)
	}
	return nil
}

// DiscardMessage gives a message up; it is kept for staff to see.
func (db *DB) DiscardMessage(ctx context.Context, id int64, why string) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE outbox SET status = 'dead', ended = ?, reason = ? WHERE id = ? AND status IN ('waiting', 'held')`,
			stamp(db.now()), why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("give up message %d: %w", id, err)
	}
	return nil
}

const outboxSize = `SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting'), (SELECT count(*) FROM outbox WHERE status = 'dead')`

// OutboxSize counts messages that wait to be sent (without those held for customers
// who cannot be reached) and messages given up.
func (db *DB) OutboxSize(ctx context.Context) (waiting, dead int, err error) {
	size, err := one(db.read(ctx), func(rows *sql.Rows) (n [2]int, err error) {
		err = rows.Scan(&n[0], &n[1])
		return n, err
	}, outboxSize)
	if err != nil {
		return 0, 0, fmt.Errorf("size of the outbox: %w", err)
	}
	return size[0], size[1], nil
}
