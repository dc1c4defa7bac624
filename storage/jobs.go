package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const noteJob = `INSERT INTO job_runs (name, last_ok) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last_ok = excluded.last_ok`

// NoteJobSuccess notes that a job of the program ended well.
func (db *DB) NoteJobSuccess(ctx context.Context, name string, at time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(noteJob, name, stamp(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("note run of job %s: %w", name, err)
	}
	return nil
}

// LastJobSuccess is when a job last ended well; esim.ErrNotFound if it never did.
func (db *DB) LastJobSuccess(ctx context.Context, name string) (time.Time, error) {
	at, err := one(db.read(ctx), moment, `SELECT last_ok FROM job_runs WHERE name = ?`, name)
	if err != nil {
		return time.Time{}, fmt.Errorf("last run of job %s: %w", name, err)
	}
	return at, nil
}

// LastJobSuccesses is when each job that ever ended well last did.
func (db *DB) LastJobSuccesses(ctx context.Context) (map[string]time.Time, error) {
	type run struct {
		job string
		at  stamp
	}
	runs, err := list(db.read(ctx), func(rows *sql.Rows) (r run, err error) {
		err = rows.Scan(&r.job, &r.at)
		return r, err
	}, `SELECT name, last_ok FROM job_runs`)
	if err != nil {
		return nil, fmt.Errorf("last runs of the jobs: %w", err)
	}
	last := make(map[string]time.Time, len(runs))
	for _, r := range runs {
		last[r.job] = time.Time(r.at)
	}
	return last, nil
}

// Setting returns what was kept under a key; esim.ErrNotFound if nothing was.
func (db *DB) Setting(ctx context.Context, key string) (string, error) {
	v, err := oneUnchanged(db.read(ctx), value[string], `SELECT value FROM settings WHERE key = ?`, key)
	if err != nil {
		return "", fmt.Errorf("setting %s: %w", key, err)
	}
	return v, nil
}

const setSetting = `INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

// SetSetting keeps a value under a key, in place of an older one.
func (db *DB) SetSetting(ctx context.Context, key, value string) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(setSetting, key, value)
		return err
	})
	if err != nil {
		return fmt.Errorf("set %s: %w", key, err)
	}
	return nil
}

// ChangeSetting keeps a value that staff change under a key, with the audit entry, both or neither.
func (db *DB) ChangeSetting(ctx context.Context, key, value string, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(setSetting, key, value); err != nil {
			return err
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("change %s: %w", key, err)
	}
	return nil
}

// SetAndTell keeps a value under a key and stores notifications, both or neither.
func (db *DB) SetAndTell(ctx context.Context, key, value string, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(setSetting, key, value); err != nil {
			return err
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("set %s and tell: %w", key, err)
	}
	return nil
}
