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
	selectSensitiveAction  = `SELECT id, key, what, who, second, person, order_id, minor, at, state, press, shown FROM staff_deeds`
	sensitiveActionByKey   = selectSensitiveAction + ` WHERE key = ?`
	sensitiveActionByID    = selectSensitiveAction + ` WHERE id = ?`
	sensitiveActionsLately = selectSensitiveAction + ` WHERE who = ? AND person = ? AND at > ?`
	insertSensitiveAction  = `INSERT INTO staff_deeds (key, what, who, second, person, order_id, minor, at, state, press, shown)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (key) DO UPDATE SET
		what = excluded.what, who = excluded.who, second = excluded.second, person = excluded.person, order_id = excluded.order_id,
		minor = excluded.minor, at = excluded.at, state = excluded.state, press = excluded.press, shown = excluded.shown`
)

func scanSensitiveAction(rows *sql.Rows) (esim.SensitiveAction, error) {
	d := esim.SensitiveAction{Worth: esim.USDCents(0)}
	err := rows.Scan(&d.ID, &d.Key, &d.What, &d.Who, &d.ApprovedBy, &d.Customer, &d.Order, &d.Worth.Minor, (*stamp)(&d.At), &d.State, &d.Press, &d.Shown)
	return d, err
}

// BeginSensitiveAction stores what esim.DecideSensitiveAction says of a sensitive action under a limit (US cents; zero: none).
func (db *DB) BeginSensitiveAction(ctx context.Context, d esim.SensitiveAction, limit esim.Money) (begun esim.SensitiveAction, err error) {
	err = db.write(ctx, func(t *tx) error {
		var known *esim.SensitiveAction
		before, err := list(t, scanSensitiveAction, sensitiveActionsLately, d.Who, d.Customer, stamp(d.At.Add(-esim.SensitiveActionTTL)))
		if err != nil {
			return err
		}
		switch k, err := one(t, scanSensitiveAction, sensitiveActionByKey, d.Key); {
		case err == nil:
			known = &k
		case !errors.Is(err, esim.ErrNotFound):
			return err
		}
		b := esim.DecideSensitiveAction(d, limit, known, before)
		if _, err := t.exec(insertSensitiveAction, b.Key, b.What, b.Who, b.ApprovedBy, b.Customer, b.Order, b.Worth.Minor, stamp(b.At), b.State, b.Press, b.Shown); err != nil {
			return err
		}
		begun, err = one(t, scanSensitiveAction, sensitiveActionByKey, d.Key)
		return err
	})
	if err != nil {
		return esim.SensitiveAction{}, fmt.Errorf("begin to %s: %w", d.What, err)
	}
	return begun, nil
}

// SensitiveAction returns a sensitive action, or esim.ErrNotFound.
func (db *DB) SensitiveAction(ctx context.Context, id int64) (esim.SensitiveAction, error) {
	d, err := one(db.read(ctx), scanSensitiveAction, sensitiveActionByID, id)
	if err != nil {
		return d, fmt.Errorf("what waits for a second person: %w", err)
	}
	return d, nil
}

// ApproveSensitiveAction notes the second person of a sensitive action, if esim.SensitiveAction.Agree allows it.
func (db *DB) ApproveSensitiveAction(ctx context.Context, id int64, second esim.CustomerID, now time.Time) (agreed esim.SensitiveAction, err error) {
	err = db.write(ctx, func(t *tx) error {
		d, err := one(t, scanSensitiveAction, sensitiveActionByID, id)
		if err != nil {
			return err
		}
		if agreed, err = d.Approve(second, now); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE staff_deeds SET state = ?, second = ? WHERE id = ?`, agreed.State, agreed.ApprovedBy, id)
		return err
	})
	if err != nil {
		return esim.SensitiveAction{}, fmt.Errorf("agree to what waits for a second person: %w", err)
	}
	return agreed, nil
}

// EndSensitiveAction notes that a sensitive action was done, or was not; esim.ErrConflict if it is over already.
func (db *DB) EndSensitiveAction(ctx context.Context, id int64, to esim.SensitiveActionState) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE staff_deeds SET state = ? WHERE id = ? AND state IN ('alone', 'waiting', 'agreed')`, to, id)
		if err == nil && n == 0 {
			return esim.ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("end what one of the staff did: %w", err)
	}
	return nil
}
