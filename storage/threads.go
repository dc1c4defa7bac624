package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	threadColumns = `id, person, esim, findings, opened, spoken, said, answered, closed, closed_by, head_chat, head, taken`
	threadByID    = `SELECT ` + threadColumns + ` FROM threads WHERE id = ?`
	threadOpen    = `SELECT ` + threadColumns + ` FROM threads WHERE person = ? AND closed IS NULL`
	threadsQuiet  = `SELECT ` + threadColumns + ` FROM threads WHERE closed IS NULL AND spoken < ?2 AND (said = 0 OR spoken < ?1) ORDER BY spoken`
	firstQuiet    = `SELECT min(spoken) FROM threads WHERE closed IS NULL`
	threadOfHead  = `SELECT ` + threadColumns + ` FROM threads WHERE id = (SELECT thread FROM thread_heads WHERE chat = ? AND message = ?)`
)

func scanThread(rows *sql.Rows) (esim.SupportThread, error) {
	var t esim.SupportThread
	err := rows.Scan(&t.ID, &t.Customer, &t.ESIM, &t.Findings, (*stamp)(&t.Opened), (*stamp)(&t.LastSpoken), &t.HasContent, &t.Answered,
		(*stamp)(&t.Closed), &t.ClosedBy, &t.HeadChat, &t.Head, &t.Taken)
	return t, err
}

// Thread returns a thread, or esim.ErrNotFound.
func (db *DB) Thread(ctx context.Context, id esim.ThreadID) (esim.SupportThread, error) {
	t, err := one(db.read(ctx), scanThread, threadByID, id)
	if err != nil {
		return esim.SupportThread{}, fmt.Errorf("thread %d: %w", id, err)
	}
	return t, nil
}

// OpenThreadOf returns the open thread of a customer, or esim.ErrNotFound.
func (db *DB) OpenThreadOf(ctx context.Context, customer esim.CustomerID) (esim.SupportThread, error) {
	t, err := one(db.read(ctx), scanThread, threadOpen, customer)
	if err != nil {
		return esim.SupportThread{}, fmt.Errorf("open thread: %w", err)
	}
	return t, nil
}

const threadsWaiting = `SELECT count(*) FROM threads WHERE closed IS NULL AND said = 1 AND answered = 0`

// ThreadsWaiting counts the open threads in which the customer spoke last.
func (db *DB) ThreadsWaiting(ctx context.Context) (int, error) {
	n, err := one(db.read(ctx), value[int], threadsWaiting)
	if err != nil {
		return 0, fmt.Errorf("count threads that wait: %w", err)
	}
	return n, nil
}

// ThreadOfHead returns the thread of which a head card or a note stands there, or esim.ErrNotFound.
func (db *DB) ThreadOfHead(ctx context.Context, chat int64, message int) (esim.SupportThread, error) {
	t, err := one(db.read(ctx), scanThread, threadOfHead, chat, message)
	if err != nil {
		return esim.SupportThread{}, fmt.Errorf("thread of a head card: %w", err)
	}
	return t, nil
}

// QuietThreads lists open threads in which nobody spoke since a time, and those opened before
// another in which the customer never did.
func (db *DB) QuietThreads(ctx context.Context, spokenBefore, emptyBefore time.Time) ([]esim.SupportThread, error) {
	if none, err := db.noneBefore(ctx, emptyBefore, firstQuiet); none || err != nil {
		return nil, wrapped("quiet threads", err)
	}
	all, err := workList(ctx, db, "thread", scanThread, threadsQuiet, stamp(spokenBefore), stamp(emptyBefore))
	if err != nil {
		return nil, fmt.Errorf("quiet threads: %w", err)
	}
	return all, nil
}

// StartThread opens a thread, or goes on with the open one of the same customer, which then is
// about what t names. The held message of that number becomes part of it, with what else is held of its
// writer from an hour before it on; 0: none.
func (db *DB) StartThread(ctx context.Context, t esim.SupportThread, held int) (started esim.SupportThread, err error) {
	err = db.write(ctx, func(tx *tx) error {
		started, err = one(tx, scanThread, threadOpen, t.Customer)
		switch {
		case errors.Is(err, esim.ErrNotFound):
			_, err = tx.exec(`INSERT INTO threads (person, esim, findings, opened, spoken, said, answered, closed, closed_by, head_chat, head)
				VALUES (?, ?, ?, ?, ?, ?, 0, NULL, '', 0, 0)`, t.Customer, t.ESIM, t.Findings, stamp(t.Opened), stamp(t.LastSpoken), t.HasContent)
		case err == nil && (t.ESIM != "" && t.ESIM != started.ESIM || t.Findings != "" && t.Findings != started.Findings):
			// Staff get another head card.
			_, err = tx.exec(`UPDATE threads SET esim = iif(?2 <> '', ?2, esim), findings = ?3, spoken = ?4, said = max(said, ?5), head_chat = 0, head = 0
				WHERE id = ?1`, started.ID, t.ESIM, t.Findings, stamp(t.LastSpoken), t.HasContent)
		}
		if err != nil {
			return err
		}
		if started, err = one(tx, scanThread, threadOpen, t.Customer); err != nil {
			return err
		}
		if held != 0 {
			if err := db.adopt(tx, started, held); err != nil {
				return err
			}
			if started, err = one(tx, scanThread, threadByID, started.ID); err != nil {
				return err
			}
		}
		if t.Findings != "" {
			return tx.notifications(db.now(), []esim.Notification{esim.NewStaffThreadBegun(started)})
		}
		return nil
	})
	if err != nil {
		return esim.SupportThread{}, fmt.Errorf("start a thread: %w", err)
	}
	return started, nil
}

const (
	// heldTogether is how long before the message that is asked about the others are of the same matter.
	heldTogether = time.Hour
	// mostHeld are taken into a thread at once: the newest.
	mostHeld = 30

	heldAt = `SELECT ` + threadMessageColumns + ` FROM thread_messages
		WHERE chat = (SELECT chat FROM people WHERE id = ?1) AND message = ?2 AND person = ?1 AND thread IS NULL`
	heldSince = `SELECT * FROM (SELECT ` + threadMessageColumns + ` FROM thread_messages
		WHERE thread IS NULL AND at >= ?2 AND person = ?1 ORDER BY id DESC LIMIT +?3) ORDER BY id`
)

// adopt takes a held message into a thread, and what else its writer sent around it: people say a thing in
// several messages, and press the button below any of them.
func (db *DB) adopt(tx *tx, t esim.SupportThread, held int) error {
	asked, err := one(tx, scanThreadMessage, heldAt, t.Customer, held)
	if errors.Is(err, esim.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := list(tx, scanThreadMessage, heldSince, t.Customer, stamp(asked.At.Add(-heldTogether)), mostHeld)
	if err != nil {
		return err
	}
	told := make([]esim.Notification, 0, len(all))
	for _, m := range all {
		if _, err := tx.exec(`UPDATE thread_messages SET thread = ? WHERE id = ?`, t.ID, m.ID); err != nil {
			return err
		}
		told = append(told, esim.NewStaffThread(t.ID, m.Chat, m.Message))
	}
	if _, err := tx.exec(`UPDATE threads SET said = 1, answered = 0 WHERE id = ?`, t.ID); err != nil {
		return err
	}
	return tx.notifications(db.now(), told)
}

// CloseThread closes an open thread; esim.ErrConflict if it is not open.
func (db *DB) CloseThread(ctx context.Context, id esim.ThreadID, by esim.ThreadEnd, told []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE threads SET closed = ?, closed_by = ? WHERE id = ? AND closed IS NULL`, stamp(db.now()), by, id)
		switch {
		case err != nil:
			return err
		case n == 0:
			return esim.ErrConflict
		}
		return t.notifications(db.now(), told)
	})
	if err != nil {
		return fmt.Errorf("close thread %d: %w", id, err)
	}
	return nil
}

// SetThreadHead notes where the head card of a thread stands.
func (db *DB) SetThreadHead(ctx context.Context, id esim.ThreadID, chat int64, message int) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(`UPDATE threads SET head_chat = ?, head = ? WHERE id = ?`, chat, message, id); err != nil {
			return err
		}
		return t.leadsToThread(id, chat, message)
	})
	if err != nil {
		return fmt.Errorf("note the head of thread %d: %w", id, err)
	}
	return nil
}

// AddThreadNote notes a message of the bot's own below a head card; ThreadOfHead finds it as it finds heads.
func (db *DB) AddThreadNote(ctx context.Context, id esim.ThreadID, chat int64, message int) error {
	err := db.write(ctx, func(t *tx) error { return t.leadsToThread(id, chat, message) })
	if err != nil {
		return fmt.Errorf("note a note in thread %d: %w", id, err)
	}
	return nil
}

func (t *tx) leadsToThread(id esim.ThreadID, chat int64, message int) error {
	_, err := t.exec(`INSERT INTO thread_heads (chat, message, thread) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, chat, message, id)
	return err
}

// TakeThread notes who of the staff looks after an open thread; esim.ErrConflict if it is not open, or somebody else's.
func (db *DB) TakeThread(ctx context.Context, id esim.ThreadID, who esim.CustomerID) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE threads SET taken = ?2 WHERE id = ?1 AND closed IS NULL AND taken IN (0, ?2)`, id, who)
		if err == nil && n == 0 {
			return esim.ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("take thread %d: %w", id, err)
	}
	return nil
}

// ReopenThread opens a thread again, which is not quiet before a day has passed; esim.ErrConflict if it is open, or its
// customer has another one that is.
func (db *DB) ReopenThread(ctx context.Context, id esim.ThreadID) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE threads SET closed = NULL, closed_by = '', spoken = ?2 WHERE id = ?1 AND closed IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM threads o WHERE o.person = threads.person AND o.closed IS NULL)`, id, stamp(db.now()))
		if err == nil && n == 0 {
			return esim.ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("open thread %d again: %w", id, err)
	}
	return nil
}

const threadWaits = `SELECT min(at) FROM thread_messages WHERE thread = ?1 AND from_staff = 0
	AND id > coalesce((SELECT max(id) FROM thread_messages WHERE thread = ?1 AND from_staff = 1), 0)`

// ThreadWaitsSince is when a customer said the first thing that staff have not answered; zero: they have answered all.
func (db *DB) ThreadWaitsSince(ctx context.Context, id esim.ThreadID) (time.Time, error) {
	at, err := one(db.read(ctx), moment, threadWaits, id)
	if err != nil {
		return time.Time{}, fmt.Errorf("since when thread %d waits: %w", id, err)
	}
	return at, nil
}
