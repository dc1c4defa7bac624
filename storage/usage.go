package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"esimbot/esim"
)

// SavePollResults stores all readings, or none. An alert that is new for the eSIM's
// epoch is noted, and if it is due its notification goes to the outbox, in the same
// transaction; one noted before is left alone.
//
// Looks at the vendor overlap, so a reading may be older than what is stored: it
// then adds only what the newer one did not know. A reading from before a top-up
// is left out, since its totals and alerts are of another epoch.
func (db *DB) SavePollResults(ctx context.Context, readings []esim.PollResult) error {
	err := db.write(ctx, func(t *tx) error {
		var withdrawn []withdrawnESIM // all are looked at before: one order may have lost several
		for _, r := range readings {
			before, after, err := db.saveReading(t, r)
			if err != nil {
				return fmt.Errorf("eSIM %s: %w", r.ESIM.ID, err)
			}
			if err := t.notifications(db.now(), after.CodeArrived(before)); err != nil {
				return fmt.Errorf("eSIM %s: %w", r.ESIM.ID, err)
			}
			if err := db.earnsReferral(t, before, after); err != nil {
				return fmt.Errorf("eSIM %s: %w", r.ESIM.ID, err)
			}
			if after.Status.Withdrawn() && !before.Status.Withdrawn() {
				withdrawn = append(withdrawn, withdrawnESIM{before, after, r.Doubt})
			}
		}
		for _, w := range withdrawn {
			if err := db.withdrawn(t, w); err != nil {
				return fmt.Errorf("eSIM %s: %w", w.after.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save readings: %w", err)
	}
	return nil
}

// saveReading returns the eSIM as it was stored and as it is now.
func (db *DB) saveReading(t *tx, r esim.PollResult) (before, after esim.ESIM, err error) {
	if before, err = one(t, scanESIM, selectStored, r.ESIM.ID); err != nil {
		return before, after, err
	}
	if before.Epoch != r.ESIM.Epoch {
		return before, before, nil
	}
	if before.Customer.Forgotten() {
		r = r.OfForgottenHolder(before)
	}
	after = before.Combine(r.ESIM)
	if err := t.looked(before, after, r.Poll); err != nil {
		return before, after, err
	}
	return before, after, db.saveUsage(t, before, r)
}

// saveUsage stores what a reading says of the data and its alerts.
func (db *DB) saveUsage(t *tx, stored esim.ESIM, r esim.PollResult) error {
	if s := r.Sample; s != nil {
		if _, err := t.exec(`INSERT INTO usage_samples (tran_no, as_of, used, total) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			r.ESIM.ID, stamp(s.AsOf), s.Used, s.Total); err != nil {
			return err
		}
	}
	for _, k := range r.Alerts.Passed {
		if _, err := db.noteAlert(t, stored, k, false); err != nil {
			return err
		}
	}
	for _, k := range r.Alerts.Due {
		fresh, err := db.noteAlert(t, stored, k, true)
		if err != nil {
			return err
		}
		if fresh {
			settings, err := one(t, scanAlertSettings, `SELECT coalesce((SELECT alerts FROM people WHERE id = ?), '')`, stored.Customer)
			if err != nil {
				return err
			}
			if err := t.notifications(db.now(), esim.AlertNotifications(stored, k, settings)); err != nil {
				return err
			}
		}
	}
	return nil
}

func scanAlertSettings(rows *sql.Rows) (s esim.AlertSettings, err error) {
	err = rows.Scan(&s)
	return s, err
}

// selectStored leaves the plan out: the longest part of a row, and a look never changes it.
var selectStored = strings.Replace(selectESIM, ", plan,", ", '{}',", 1)

// looked stores what a look brought, and when to look again: next_look 0 (never planned)
// is due, and stays so until a look that leaves nothing to ask. Most looks find nothing
// but new figures: then the columns that have more indexes are left alone.
func (t *tx) looked(before, after esim.ESIM, l esim.PollPlan) error {
	figures := before.Profile
	figures.Used, figures.Total = after.Used, after.Total
	if figures != after.Profile {
		if err := t.updateESIM(after); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE esims SET total = ?1, used = ?2, usage_at = ?3, asked = ?4,
			next_look = iif(?5, min(next_look, ?6), coalesce(?6, next_look)), edge = coalesce(?7, edge)
		WHERE tran_no = ?8`,
		after.Total, after.Used, stamp(after.UsageAt), stamp(after.Asked), l.OnlySooner, stamp(l.Next), stamp(l.NextAlert), after.ID)
	return err
}

// noteAlert reports whether the alert is new in this epoch.
func (db *DB) noteAlert(t *tx, e esim.ESIM, k esim.AlertKind, due bool) (bool, error) {
	n, err := t.exec(`INSERT INTO alerts (tran_no, epoch, kind, due, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		e.ID, e.Epoch, k, due, stamp(db.now()))
	return n == 1, err
}

const courseOf = `SELECT tran_no, max(as_of), max(used), max(total) FROM usage_samples WHERE tran_no = ?1 AND as_of >= ?2
	GROUP BY as_of / ?3 ORDER BY as_of / ?3`

// UsageHistory returns the readings of an eSIM's usage since a time, of each step of time the last, oldest first.
func (db *DB) UsageHistory(ctx context.Context, esimID esim.ESIMID, since time.Time, step time.Duration) ([]esim.Usage, error) {
	all, err := list(db.read(ctx), scanSample, courseOf, esimID, since.UnixMilli(), max(step.Milliseconds(), 1))
	if err != nil {
		return nil, fmt.Errorf("usage of eSIM %s: %w", esimID, err)
	}
	return all, nil
}

func scanSample(rows *sql.Rows) (esim.Usage, error) {
	var u esim.Usage
	err := rows.Scan(&u.ID, (*stamp)(&u.AsOf), &u.Used, &u.Total)
	return u, err
}

const samplesOf = `SELECT tran_no, as_of, used, total FROM usage_samples WHERE tran_no = ? AND as_of >= ? ORDER BY as_of DESC LIMIT +?`

// Samples returns the latest readings of an eSIM's usage since a time, at most
// limit, oldest first.
func (db *DB) Samples(ctx context.Context, esimID esim.ESIMID, since time.Time, limit int) ([]esim.Usage, error) {
	all, err := list(db.read(ctx), scanSample, samplesOf, esimID, since.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("usage of eSIM %s: %w", esimID, err)
	}
	slices.Reverse(all)
	return all, nil
}
