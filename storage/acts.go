package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"esimbot/esim"
)

// Acts under way stand among the settings: there are few, for a moment each.
const (
	actPrefix = "staff_act:"
	endAct    = `DELETE FROM settings WHERE key = ?`
	acts      = `SELECT value FROM settings WHERE key >= 'staff_act:' AND key < 'staff_act;' ORDER BY key`
)

// BeginVendorAction notes that one of the staff has something done at the vendor.
func (db *DB) BeginVendorAction(ctx context.Context, a esim.VendorAction) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("act of staff: %w", err)
	}
	return db.SetSetting(ctx, actPrefix+a.Key(), string(b))
}

// EndVendorAction forgets it, with the notifications; nothing happens if it is not there.
func (db *DB) EndVendorAction(ctx context.Context, a esim.VendorAction, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		if n, err := t.exec(endAct, actPrefix+a.Key()); err != nil || n == 0 {
			return err
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("end an act of staff: %w", err)
	}
	return nil
}

// PendingVendorActions lists those that were begun and did not end.
func (db *DB) PendingVendorActions(ctx context.Context) ([]esim.VendorAction, error) {
	all, err := workList(ctx, db, "act of staff", func(rows *sql.Rows) (a esim.VendorAction, err error) {
		v, err := value[string](rows)
		if err == nil {
			err = json.Unmarshal([]byte(v), &a)
		}
		return a, err
	}, acts)
	if err != nil {
		return nil, fmt.Errorf("acts of staff: %w", err)
	}
	return all, nil
}
