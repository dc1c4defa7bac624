package storage

import (
	"context"
	"fmt"
	"time"

	"esimbot/esim"
)

// SetZone notes in which time zone a customer says to be, at a moment; "" forgets it.
func (db *DB) SetZone(ctx context.Context, id esim.CustomerID, zone string, at time.Time) error {
	return db.set(ctx, id, "time zone", `UPDATE people SET zone = ?, zone_at = ? WHERE id = ?`, zone, stamp(at), id)
}

// SetAlerts notes which alerts a customer switched.
func (db *DB) SetAlerts(ctx context.Context, id esim.CustomerID, s esim.AlertSettings) error {
	return db.set(ctx, id, "alerts", `UPDATE people SET alerts = ? WHERE id = ?`, s, id)
}

// SetESIMAlerts notes which alerts the holder of an eSIM switched for it alone; "": none. esim.ErrNotFound if it is not theirs.
func (db *DB) SetESIMAlerts(ctx context.Context, id esim.CustomerID, esimID esim.ESIMID, s esim.AlertSettings) error {
	return db.set(ctx, id, "alerts of an eSIM", `UPDATE esims SET alerts = ? WHERE tran_no = ? AND person = ?`, s, esimID, id)
}

// SetNews notes whether a customer wants messages to all.
func (db *DB) SetNews(ctx context.Context, id esim.CustomerID, on bool) error {
	return db.set(ctx, id, "news", `UPDATE people SET news_off = ? WHERE id = ?`, !on, id)
}

// SetQuietHours notes a customer's quiet hours.
func (db *DB) SetQuietHours(ctx context.Context, id esim.CustomerID, q esim.QuietHours) error {
	return db.set(ctx, id, "quiet hours", `UPDATE people SET quiet = ? WHERE id = ?`, q.String(), id)
}

// hurryQuiet has what waits for quiet hours decided about anew.
const hurryQuiet = `UPDATE outbox SET next_at = ?1 WHERE person = ?2 AND quiet = 1 AND status = 'waiting' AND next_at > ?1`

// set changes a setting; esim.ErrNotFound if the customer is unknown. What waits for the end of their quiet hours
// is looked at again.
func (db *DB) set(ctx context.Context, id esim.CustomerID, what, update string, args ...any) error {
	err := db.write(ctx, func(t *tx) error {
		if err := mustChange(t.exec(update, args...)); err != nil {
			return err
		}
		n, err := t.exec(hurryQuiet, stamp(db.now()), id)
		t.outboxFilled = t.outboxFilled || n > 0
		return err
	})
	if err != nil {
		return fmt.Errorf("set %s: %w", what, err)
	}
	return nil
}

// quiet reads esim.QuietHours from their column.
type quiet esim.QuietHours

// Scan reads the column.
func (q *quiet) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("quiet hours that are %T", v)
	}
	hours, err := esim.ParseQuietHours(text)
	*q = quiet(hours)
	return err
}
