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
	threadMessageColumns = `id, coalesce(thread, 0), person, from_staff, chat, message, album, kind, text, file, at, reply_to,
		coalesce(copy_chat, 0), copy`
	threadMessageByID   = `SELECT ` + threadMessageColumns + ` FROM thread_messages WHERE id = ?`
	threadMessageByPost = `SELECT ` + threadMessageColumns + ` FROM thread_messages WHERE chat = ? AND message = ?`
	threadMessageByCopy = `SELECT ` + threadMessageColumns + ` FROM thread_messages WHERE copy_chat = ? AND copy = ?`
	threadMessagesDue   = `SELECT ` + threadMessageColumns + ` FROM thread_messages
		WHERE thread = ? AND from_staff = ? AND copy_chat IS NULL ORDER BY id LIMIT +?`
	threadMessagesLeft = `SELECT count(*) FROM thread_messages WHERE thread = ? AND from_staff = ? AND copy_chat IS NULL`
	insertThreadLine   = `INSERT INTO thread_messages (thread, person, from_staff, chat, message, album, kind, text, file, at, reply_to, copy_chat, copy)
		VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0) ON CONFLICT (chat, message) DO NOTHING`
)

func scanThreadMessage(rows *sql.Rows) (esim.ThreadMessage, error) {
	var m esim.ThreadMessage
	err := rows.Scan(&m.ID, &m.Thread, &m.Customer, &m.FromStaff, &m.Chat, &m.Message, &m.Album, &m.Kind, &m.Text, &m.File,
		(*stamp)(&m.At), &m.ReplyTo, &m.CopyChat, &m.Copy)
	return m, err
}

func (t *tx) addThreadMessage(m esim.ThreadMessage) (added bool, err error) {
	n, err := t.exec(insertThreadLine, m.Thread, m.Customer, m.FromStaff, m.Chat, m.Message, m.Album, m.Kind, m.Text, m.File, stamp(m.At), m.ReplyTo)
	return n == 1, err
}

// HoldMessage keeps what a customer wrote outside of a thread, in case they ask a person next.
func (db *DB) HoldMessage(ctx context.Context, m esim.ThreadMessage) error {
	m.Thread, m.At = 0, db.orNow(m.At)
	if err := db.write(ctx, func(t *tx) error { _, err := t.addThreadMessage(m); return err }); err != nil {
		return fmt.Errorf("hold a message: %w", err)
	}
	return nil
}

// AddThreadMessage adds a message to its thread and tells the other side, not before a time; one
// that is there already changes nothing. What staff say opens a closed thread again, unless its
// customer has another one.
func (db *DB) AddThreadMessage(ctx context.Context, m esim.ThreadMessage, told esim.Notification, notBefore time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		added, err := t.addThreadMessage(m)
		if err != nil || !added {
			return err
		}
		if _, err := t.exec(`UPDATE threads SET spoken = max(spoken, ?2), answered = ?3, said = 1 WHERE id = ?1`, m.Thread, stamp(m.At), m.FromStaff); err != nil {
			return err
		}
		if m.FromStaff {
			opened, err := t.exec(`UPDATE threads SET closed = NULL, closed_by = '' WHERE id = ?1 AND closed IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM threads o WHERE o.person = threads.person AND o.closed IS NULL)`, m.Thread)
			if err != nil {
				return err
			}
			if opened == 1 {
				if err := t.notifications(db.now(), []esim.Notification{esim.NewStaffThreadCard(esim.SupportThread{ID: m.Thread}, m.At)}); err != nil {
					return err
				}
			}
		}
		if err := t.notifications(db.now(), []esim.Notification{told}); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE outbox SET next_at = max(next_at, ?) WHERE key = ?`, stamp(notBefore), told.Key)
		return err
	})
	if err != nil {
		return fmt.Errorf("add a message to thread %d: %w", m.Thread, err)
	}
	return nil
}

// ThreadMessage returns a message of a thread by its number, or esim.ErrNotFound.
func (db *DB) ThreadMessage(ctx context.Context, id int64) (esim.ThreadMessage, error) {
	m, err := one(db.read(ctx), scanThreadMessage, threadMessageByID, id)
	if err != nil {
		return esim.ThreadMessage{}, fmt.Errorf("message %d of a thread: %w", id, err)
	}
	return m, nil
}

// ThreadMessageAt returns what stands there, be it the message or its copy, or esim.ErrNotFound.
func (db *DB) ThreadMessageAt(ctx context.Context, chat int64, message int) (esim.ThreadMessage, error) {
	m, err := one(db.read(ctx), scanThreadMessage, threadMessageByPost, chat, message)
	if errors.Is(err, esim.ErrNotFound) {
		m, err = one(db.read(ctx), scanThreadMessage, threadMessageByCopy, chat, message)
	}
	if err != nil {
		return esim.ThreadMessage{}, fmt.Errorf("message of a thread: %w", err)
	}
	return m, nil
}

// WaitingThreadMessages counts what a side said and the other side has not got.
func (db *DB) WaitingThreadMessages(ctx context.Context, id esim.ThreadID, fromStaff bool) (int, error) {
	n, err := one(db.read(ctx), value[int], threadMessagesLeft, id, fromStaff)
	if err != nil {
		return 0, fmt.Errorf("what waits in thread %d: %w", id, err)
	}
	return n, nil
}

// PendingThreadMessages lists what a side said and the other side has not got, oldest first.
func (db *DB) PendingThreadMessages(ctx context.Context, id esim.ThreadID, fromStaff bool, limit int) ([]esim.ThreadMessage, error) {
	all, err := list(db.read(ctx), scanThreadMessage, threadMessagesDue, id, fromStaff, limit)
	if err != nil {
		return nil, fmt.Errorf("what waits in thread %d: %w", id, err)
	}
	return all, nil
}

// SetThreadCopies notes where the copies of messages stand. Whoever has the copy of one that was edited since it
// was read is told of the edit: it was on its way.
func (db *DB) SetThreadCopies(ctx context.Context, messages []esim.ThreadMessage) error {
	err := db.write(ctx, func(t *tx) error {
		for _, m := range messages {
			if _, err := t.exec(`UPDATE thread_messages SET copy_chat = ?, copy = ? WHERE id = ?`, m.CopyChat, m.Copy, m.ID); err != nil {
				return err
			}
			now, err := one(t, scanThreadMessage, threadMessageByID, m.ID)
			if errors.Is(err, esim.ErrNotFound) || err == nil && now.Text == m.Text {
				continue
			}
			if err != nil {
				return err
			}
			if err := t.notifications(db.now(), []esim.Notification{esim.NewThreadChange(now, db.now())}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note copies in a thread: %w", err)
	}
	return nil
}

// ChangeThreadMessage notes another text of a message, and tells whoever has its copy.
func (db *DB) ChangeThreadMessage(ctx context.Context, id int64, text string, told []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		if err := mustChange(t.exec(`UPDATE thread_messages SET text = ? WHERE id = ?`, text, id)); err != nil {
			return err
		}
		now, err := one(t, scanThreadMessage, threadMessageByID, id)
		if err != nil || now.Copy == 0 { // the copy will be made of the new text
			return err
		}
		return t.notifications(db.now(), told)
	})
	if err != nil {
		return fmt.Errorf("change a message of a thread: %w", err)
	}
	return nil
}
