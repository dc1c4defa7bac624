package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

// AddUpdates stores updates and returns those that are new. When it returns they
// are on the disk, so that the messenger may forget them. Callers share commits.
func (db *DB) AddUpdates(ctx context.Context, items []esim.Update) (fresh []esim.Update, err error) {
	if len(items) == 0 {
		return nil, nil
	}
	now := stamp(db.now())
	err = db.write(ctx, func(t *tx) error {
		for _, i := range items {
			n, err := t.exec(`INSERT INTO inbox (id, person, kind, raw, received, attempts, error) VALUES (?, ?, ?, ?, ?, 0, '')
				ON CONFLICT (id) DO NOTHING`, i.ID, i.Sender, i.Kind, i.Raw, now)
			if err != nil {
				return err
			}
			if n == 1 {
				fresh = append(fresh, i)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("add %d updates: %w", len(items), err)
	}
	return fresh, nil
}

// UpdateHandled marks updates as done: the last step of handling them. Several share a commit. What was in one that never
// failed is of no more use, and it may be somebody's words, or a link that is worth an eSIM: only its number stays. Of
// somebody who was forgotten meanwhile nothing else.
func (db *DB) UpdateHandled(ctx context.Context, ids ...int64) error {
	err := db.write(ctx, func(t *tx) error {
		now := stamp(db.now())
		for _, id := range ids {
			if _, err := t.exec(`UPDATE inbox SET handled = ?, raw = iif(error = '' OR person < 0, x'', raw), error = iif(person < 0, '', error)
				WHERE id = ? AND handled IS NULL`, now, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("mark %d updates from %d on: %w", len(ids), ids[0], err)
	}
	return nil
}

// UpdateFailed notes that handling an update failed and returns how often it did.
// why must be free of secrets. esim.ErrNotFound if there is no such update.
func (db *DB) UpdateFailed(ctx context.Context, id int64, why string) (attempts int, err error) {
	err = db.write(ctx, func(t *tx) error {
		attempts, err = one(t, value[int], `UPDATE inbox SET attempts = attempts + 1, error = ? WHERE id = ? RETURNING attempts`, why, id)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("note failure of update %d: %w", id, err)
	}
	return attempts, nil
}

const unhandled = `SELECT id, person, kind, raw, attempts FROM inbox WHERE handled IS NULL ORDER BY id LIMIT +?`

// UnhandledUpdates lists what was stored and not marked as done, in the order of
// its numbers: the work left over by a program that died.
func (db *DB) UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error) {
	all, err := workListOf(ctx, db, "update", func(rows *sql.Rows) (esim.Update, error) {
		var i esim.Update
		err := rows.Scan(&i.ID, &i.Sender, &i.Kind, &i.Raw, &i.Attempts)
		return i, err
	}, limit, unhandled)
	if err != nil {
		return nil, fmt.Errorf("unhandled updates: %w", err)
	}
	return all, nil
}

// pruneChunk bounds for how long pruning keeps others from writing.
const pruneChunk = 500

const prunable = `SELECT id FROM inbox WHERE handled < ? ORDER BY id LIMIT +?`

// PruneInbox deletes updates that were done before the given time. It must lie
// further back than the messenger remembers updates (a day), or one that is told
// of again would be new.
func (db *DB) PruneInbox(ctx context.Context, before time.Time) error {
	for {
		ids, err := list(db.read(ctx), value[int64], prunable, stamp(before), pruneChunk)
		if err != nil {
			return fmt.Errorf("find old updates: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		err = db.write(ctx, func(t *tx) error {
			_, err := t.exec(`DELETE FROM inbox WHERE id IN (SELECT value FROM json_each(?))`, jsonList(ids))
			return err
		})
		if err != nil {
			return fmt.Errorf("delete %d old updates: %w", len(ids), err)
		}
	}
}
