package storage

import (
	"context"
	"fmt"
	"time"
)

// LastSeen is the latest moment at which a job of the program ended well, by the clock of then;
// esim.ErrNotFound if none ever did. Jobs run every minute.
func (db *DB) LastSeen(ctx context.Context) (time.Time, error) {
	at, err := one(db.read(ctx), moment, `SELECT last_ok FROM job_runs ORDER BY last_ok DESC LIMIT 1`)
	if err != nil {
		return time.Time{}, fmt.Errorf("last run of a job: %w", err)
	}
	return at, nil
}

// What lies in the future (?1: it is now) of a clock that was set back moves by as much (?2,
// milliseconds). Of orders those under work, not those that wait for their payment: an invoice may
// be paid a little longer.
const (
	setBackOrders = `UPDATE orders SET next_at = iif(next_at > ?1, next_at - ?2, next_at), changed = iif(changed > ?1, changed - ?2, changed),
			paid_at = iif(paid_at > ?1, paid_at - ?2, paid_at), unsure_at = iif(unsure_at > ?1, unsure_at - ?2, unsure_at)
		WHERE state IN (SELECT value FROM json_each(?3)) AND max(next_at, changed, coalesce(paid_at, 0), coalesce(unsure_at, 0)) > ?1`
	setBackRefunds  = `UPDATE payments SET next_at = next_at - ?2 WHERE status = 'refund_due' AND next_at > ?1`
	setBackMessages = `UPDATE outbox SET next_at = next_at - ?2 WHERE status IN ('waiting', 'held') AND next_at > ?1`
	setBackEvents   = `UPDATE hints SET due = due - ?2 WHERE handled IS NULL AND due > ?1`
	setBackLooks    = `UPDATE esims SET next_look = next_look - ?2 WHERE watched = 1 AND next_look > ?1`
	setBackJobs     = `UPDATE job_runs SET last_ok = ?1 WHERE last_ok > ?1`
)

// ClockSetBack makes what was due by a clock that has been set back since due as much earlier, so
// that nothing rests for the difference. now is what the clock says since.
func (db *DB) ClockSetBack(ctx context.Context, now time.Time, by time.Duration) error {
	err := db.write(ctx, func(t *tx) error {
		at, ms := stamp(now), by.Milliseconds()
		if _, err := t.exec(setBackOrders, at, ms, jsonList(openStates)); err != nil {
			return err
		}
		for _, query := range []string{setBackRefunds, setBackMessages, setBackEvents, setBackLooks} {
			if _, err := t.exec(query, at, ms); err != nil {
				return err
			}
		}
		if _, err := t.exec(setBackJobs, at); err != nil {
			return err
		}
		t.outboxFilled, t.orderPaid, t.refundDue = true, true, true
		return nil
	})
	if err != nil {
		return fmt.Errorf("follow the clock back: %w", err)
	}
	return nil
}
