package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

const (
	hurryWork    = `UPDATE orders SET next_at = ?1 WHERE id = ?2`
	hurryRefunds = `UPDATE payments SET next_at = ?1 WHERE order_id = ?2 AND status = 'refund_due'`
	// "status <> 'sent'" are the words of its index.
	hurryQR = `UPDATE outbox SET next_at = ?1 WHERE order_id = ?2 AND kind = 'qr' AND status <> 'sent' AND status = 'waiting'`
)

// ExpediteOrder makes due now what an order waits for (esim.Order.WaitsFor). esim.ErrConflict if it
// waits for nothing, or if there is no such order.
func (db *DB) ExpediteOrder(ctx context.Context, id esim.OrderID, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		o, err := one(t, scanOrder, selectOrder, id)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return err
		}
		var query string
		switch o.WaitsFor() {
		case esim.WaitingForWorker:
			query, t.orderPaid = hurryWork, true
		case esim.WaitingForRefund:
			query, t.refundDue = hurryRefunds, true
		case esim.WaitingForMessages:
			query, t.outboxFilled = hurryQR, true
		default:
			return esim.ErrConflict
		}
		if n, err := t.exec(query, stamp(db.now()), id); err != nil {
			return err
		} else if n == 0 {
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

// RefundAmount does what esim.AmountRefund.Decide says, with the audit entry. esim.ErrConflict: it was done before.
func (db *DB) RefundAmount(ctx context.Context, a esim.AmountRefund, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		var f esim.AmountFacts
		var err error
		if f.Order, err = one(t, scanOrder, selectOrder, a.Order); err != nil {
			return err
		}
		if f.Payments, err = list(t, scanOrderPayment, paymentsOf, a.Order); err != nil {
			return err
		}
		if f.Sold, err = one(t, value[bool], transactionKnown, esim.DeliveryKey(a.Order)); err != nil {
			return err
		}
		booked, told, err := a.Decide(f)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE orders SET amount_back = amount_back + ? WHERE id = ?`, a.Amount.Minor, a.Order); err != nil {
			return err
		}
		if fresh, err := db.post(t, db.now(), booked); err != nil {
			return err
		} else if !fresh {
			return fmt.Errorf("%s is in the books: %w", booked.Key, esim.ErrConflict)
		}
		if err := db.auditOf(t, a.Order, &entry); err != nil {
			return err
		}
		return t.notifications(db.now(), told)
	})
	if err != nil {
		return fmt.Errorf("give %s of order %s back: %w", a.Amount, a.Order, err)
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
