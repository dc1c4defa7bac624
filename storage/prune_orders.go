package storage

import (
	"context"
	"fmt"
	"time"
)

// keepUnpaid is how long an order that expired unpaid stays: staff can still book money that came
// by hand, and statistics of a season see it.
const keepUnpaid = 90 * 24 * time.Hour

// oldUnpaid finds orders that expired long ago and are in no book: no payment, no transaction, no
// act of staff, no eSIM, and no message about them that waits.
const oldUnpaid = `SELECT id FROM orders AS o WHERE state = 'expired' AND created < ?1 AND changed < ?1
	AND NOT EXISTS (SELECT 1 FROM payments WHERE order_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM ledger WHERE order_id <> '' AND order_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM audit WHERE order_id <> '' AND order_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM esims WHERE order_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM unexplained_payments WHERE meant_for = o.id)
	AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = o.person AND status = 'waiting' AND order_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = o.person AND status = 'held' AND order_id = o.id)
	ORDER BY created LIMIT +?2`

// pruneUnpaid deletes them, with what hangs on them.
func (db *DB) pruneUnpaid(ctx context.Context, now time.Time) error {
	for {
		n := 0
		err := db.write(ctx, func(t *tx) error {
			ids, err := list(t, value[string], oldUnpaid, stamp(now.Add(-keepUnpaid)), pruneChunk)
			if err != nil || len(ids) == 0 {
				return err
			}
			n = len(ids)
			in := jsonList(ids)
			for _, remove := range []string{
				`DELETE FROM order_events WHERE order_id IN (SELECT value FROM json_each(?))`,
				`DELETE FROM order_messages WHERE order_id IN (SELECT value FROM json_each(?))`,
				`DELETE FROM invoice_messages WHERE order_id IN (SELECT value FROM json_each(?))`,
				`DELETE FROM orders WHERE id IN (SELECT value FROM json_each(?))`,
			} {
				if _, err := t.exec(remove, in); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("delete orders that were never paid: %w", err)
		}
		if n < pruneChunk {
			return nil
		}
	}
}
