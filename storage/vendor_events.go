package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

// AddVendorEvent stores a vendor event once, due at once, and reports whether it is new.
func (db *DB) AddVendorEvent(ctx context.Context, h esim.VendorEvent) (fresh bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO hints (id, kind, vendor_order, tx_id, tran_no, received, due, attempts, error)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, '') ON CONFLICT (id) DO NOTHING`,
			h.ID, h.Kind, h.VendorOrder, h.IdempotencyKey, h.ESIM, stamp(db.orNow(h.Received)), h.Attempts)
		fresh = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("add vendor event: %w", err)
	}
	return fresh, nil
}

const (
	dueVendorEvents = `SELECT id, kind, vendor_order, tx_id, tran_no, received, attempts FROM hints
		WHERE handled IS NULL AND due <= ? ORDER BY due, received LIMIT +?`
	nextVendorEvent  = `SELECT min(due) FROM hints WHERE handled IS NULL AND due > ?`
	firstVendorEvent = `SELECT min(due) FROM hints WHERE handled IS NULL`
)

// DueVendorEvents lists vendor events not yet looked into that are due, those due longest first, and
// tells when the next of the others is due (zero: none; now: there may be more than limit).
func (db *DB) DueVendorEvents(ctx context.Context, now time.Time, limit int) (due []esim.VendorEvent, next time.Time, err error) {
	if first, err := db.firstDue(ctx, firstVendorEvent); err != nil || first.IsZero() || first.After(now) {
		return nil, first, wrapped("vendor events due", err)
	}
	due, err = workListOf(ctx, db, "vendor event", func(rows *sql.Rows) (esim.VendorEvent, error) {
		var h esim.VendorEvent
		err := rows.Scan(&h.ID, &h.Kind, &h.VendorOrder, &h.IdempotencyKey, &h.ESIM, (*stamp)(&h.Received), &h.Attempts)
		return h, err
	}, limit, dueVendorEvents, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("vendor events due: %w", err)
	}
	if len(due) == limit {
		return due, now, nil
	}
	next, err = one(db.read(ctx), moment, nextVendorEvent, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("next vendor event due: %w", err)
	}
	return due, next, nil
}

// VendorEventDone marks a vendor event as looked into. It stays for a while, so that a copy of it is
// known when it comes.
func (db *DB) VendorEventDone(ctx context.Context, id string, at time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE hints SET handled = ? WHERE id = ? AND handled IS NULL`, stamp(at), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("mark vendor event: %w", err)
	}
	return nil
}

// RescheduleVendorEvent notes a failed look and when to try again. why must be free of secrets.
func (db *DB) RescheduleVendorEvent(ctx context.Context, id string, attempts int, next time.Time, why string) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE hints SET attempts = ?, due = ?, error = ? WHERE id = ? AND handled IS NULL`,
			attempts, stamp(db.orNow(next)), why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("reschedule vendor event: %w", err)
	}
	return nil
}

// The few orders under work are found through their own index; an empty number or key
// names no order.
const hurryOrder = `UPDATE orders SET next_at = min(next_at, ?1)
	WHERE allocated = 0 AND state IN (SELECT value FROM json_each(?4)) AND (vendor_order = ?2 AND ?2 <> '' OR tx_id = ?3 AND ?3 <> '')`

// ExpediteByVendorOrder makes the order in a state esim.State.AtVendor with this vendor's number or
// key due now, and reports whether there is one.
func (db *DB) ExpediteByVendorOrder(ctx context.Context, vendorOrder, txID string, now time.Time) (found bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(hurryOrder, stamp(now), vendorOrder, txID, atVendorStates)
		found = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("hurry an order: %w", err)
	}
	return found, nil
}
