package storage

import (
	"context"
	"fmt"

	"esimbot/esim"
)

const (
	hurryWork = `UPDATE orders SET next_at = ?1 WHERE id = ?2
		AND (state IN ('paid', 'ordering', 'cancelling') OR state = 'allocating' AND allocated = 0)`
	hurryRefunds = `UPDATE payments SET next_at = ?1 WHERE order_id = ?2 AND status = 'refund_due'
		AND EXISTS (SELECT 1 FROM orders WHERE id = ?2 AND state = 'refunding')`
	// "status <> 'sent'" are the words of its index.
	hurryQR = `UPDATE outbox SET next_at = ?1 WHERE order_id = ?2 AND kind = 'qr' AND status <> 'sent' AND status = 'waiting'
		AND EXISTS (SELECT 1 FROM orders WHERE id = ?2 AND state = 'allocating' AND allocated = 1)`
)

// Hurry makes an order due now: the order itself, the money of one in Refunding, or the
// QR messages of one that waits only for them. esim.ErrConflict if no worker looks at it.
func (db *DB) Hurry(ctx context.Context, id esim.OrderID, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		now, hurried := stamp(db.now()), int64(0)
		for _, h := range []struct {
			query string
			wake  *bool
		}{{hurryWork, &t.orderPaid}, {hurryRefunds, &t.refundDue}, {hurryQR, &t.outboxFilled}} {
			n, err := t.exec(h.query, now, id)
			if err != nil {
				return err
			}
			if n > 0 {
				*h.wake = true
			}
			hurried += n
		}
		if hurried == 0 {
			return esim.ErrConflict
		}
		return db.auditOf(t, id, &entry)
	})
	if err != nil {
		return fmt.Errorf("hurry order %s: %w", id, err)
	}
	return nil
}

// SetBlocked notes that a customer may buy nothing any more, or may again, with the audit entry.
// esim.ErrNotFound if the customer is unknown.
func (db *DB) SetBlocked(ctx context.Context, customer esim.CustomerID, blocked bool, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		if err := mustChange(t.exec(`UPDATE people SET blocked = ? WHERE id = ?`, blocked, customer)); err != nil {
			return err
		}
		if entry.Customer == 0 {
			entry.Customer = customer
		}
		return db.audit(t, entry)
	})
	if err != nil {
		return fmt.Errorf("block or unblock a person: %w", err)
	}
	return nil
}

const (
	esimsByICCID  = `SELECT ` + esimColumns + ` FROM esims WHERE iccid = ? ORDER BY created DESC`
	esimsBySuffix = `SELECT ` + esimColumns + ` FROM esims WHERE substr(iccid, -length(?1)) = ?1 ORDER BY created DESC LIMIT 20`
)

// shortestICCID is how many of its last digits say something about an ICCID.
const shortestICCID = 4

// ESIMsByICCID lists eSIMs by their whole ICCID (the vendor gives one out again) or by
// its last digits, at least four; newest first. By digits all eSIMs are walked: it is
// for staff.
func (db *DB) ESIMsByICCID(ctx context.Context, iccid string) ([]esim.ESIM, error) {
	if len(iccid) < shortestICCID {
		return nil, nil
	}
	whole, err := db.esims(ctx, "eSIMs by ICCID", esimsByICCID, iccid)
	if err != nil || len(whole) > 0 {
		return whole, err
	}
	return db.esims(ctx, "eSIMs by the end of the ICCID", esimsBySuffix, iccid)
}
