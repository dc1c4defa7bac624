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
	selectDeed  = `SELECT id, key, what, who, second, person, order_id, minor, at, state, press, shown FROM staff_deeds`
	deedByKey   = selectDeed + ` WHERE key = ?`
	deedByID    = selectDeed + ` WHERE id = ?`
	deedsLately = selectDeed + ` WHERE who = ? AND person = ? AND at > ?`
	putDeed     = `INSERT INTO staff_deeds (key, what, who, second, person, order_id, minor, at, state, press, shown)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (key) DO UPDATE SET
		what = excluded.what, who = excluded.who, second = excluded.second, person = excluded.person, order_id = excluded.order_id,
		minor = excluded.minor, at = excluded.at, state = excluded.state, press = excluded.press, shown = excluded.shown`
)

func scanDeed(rows *sql.Rows) (esim.Deed, error) {
	d := esim.Deed{Worth: esim.USDCents(0)}
	err := rows.Scan(&d.ID, &d.Key, &d.What, &d.Who, &d.Second, &d.Customer, &d.Order, &d.Worth.Minor, (*stamp)(&d.At), &d.State, &d.Press, &d.Shown)
	return d, err
}

// BeginDeed stores what esim.DecideDeed says of a deed under a limit (US cents; zero: none).
func (db *DB) BeginDeed(ctx context.Context, d esim.Deed, limit esim.Money) (begun esim.Deed, err error) {
	err = db.write(ctx, func(t *tx) error {
		var known *esim.Deed
		before, err := list(t, scanDeed, deedsLately, d.Who, d.Customer, stamp(d.At.Add(-esim.DeedWaits)))
		if err != nil {
			return err
		}
		switch k, err := one(t, scanDeed, deedByKey, d.Key); {
		case err == nil:
			known = &k
		case !errors.Is(err, esim.ErrNotFound):
			return err
		}
		b := esim.DecideDeed(d, limit, known, before)
		if _, err := t.exec(putDeed, b.Key, b.What, b.Who, b.Second, b.Customer, b.Order, b.Worth.Minor, stamp(b.At), b.State, b.Press, b.Shown); err != nil {
			return err
		}
		begun, err = one(t, scanDeed, deedByKey, d.Key)
		return err
	})
	if err != nil {
		return esim.Deed{}, fmt.Errorf("begin to %s: %w", d.What, err)
	}
	return begun, nil
}

// Deed returns a deed, or esim.ErrNotFound.
func (db *DB) Deed(ctx context.Context, id int64) (esim.Deed, error) {
	d, err := one(db.read(ctx), scanDeed, deedByID, id)
	if err != nil {
		return d, fmt.Errorf("what waits for a second person: %w", err)
	}
	return d, nil
}

// AgreeToDeed notes the second person of a deed, if esim.Deed.Agree allows it.
func (db *DB) AgreeToDeed(ctx context.Context, id int64, second esim.CustomerID, now time.Time) (agreed esim.Deed, err error) {
	err = db.write(ctx, func(t *tx) error {
		d, err := one(t, scanDeed, deedByID, id)
		if err != nil {
			return err
		}
		if agreed, err = d.Agree(second, now); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE staff_deeds SET state = ?, second = ? WHERE id = ?`, agreed.State, agreed.Second, id)
		return err
	})
	if err != nil {
		return esim.Deed{}, fmt.Errorf("agree to what waits for a second person: %w", err)
	}
	return agreed, nil
}

// EndDeed notes that a deed was done, or was not; esim.ErrConflict if it is over already.
func (db *DB) EndDeed(ctx context.Context, id int64, to esim.DeedState) error {
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
