package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"esimbot/esim"
)

// PaymentRefundedElsewhere notes that a payment was refunded by somebody else: it is marked and booked
// as refunded, and its order goes where esim.RefundedElsewhere says; of one that had become store
// credit staff are told that its customer has both. mended is false, and the notifications are not
// stored, if that was known, if the payment is unknown, or if a refund of ours is under way.
func (db *DB) PaymentRefundedElsewhere(ctx context.Context, payment string, at time.Time, notifications []esim.Notification) (mended bool, err error) {
	if _, _, how, err := elsewhere(db.read(ctx), payment); err == nil && how == esim.ElsewhereKnown {
		return false, nil // as nearly always: nothing is written for it
	}
	err = db.write(ctx, func(t *tx) error {
		p, o, how, err := elsewhere(t, payment)
		if err != nil {
			return err
		}
		switch how {
		case esim.ElsewhereKnown:
			return nil
		case esim.ElsewhereTwice:
			if mended, err = db.returnedTwice(t, p, at); err != nil || !mended {
				return err
			}
			return db.creditReferral(t, o, esim.ReferralReturned)
		}
		if err := db.returned(t, p, at, esim.Money{}); err != nil {
			return err
		}
		mended = true
		if err := db.creditReferral(t, o, esim.ReferralReturned); err != nil {
			return err
		}
		if p.Customer.Forgotten() { // nobody is there to be told, and nothing of theirs to be stopped
			return t.notifications(db.now(), slices.DeleteFunc(slices.Clone(notifications), func(n esim.Notification) bool { return !n.Kind.ForStaff() }))
		}
		m := esim.RefundedElsewhere(o, db.now())
		if m == nil {
			if err := t.notifications(db.now(), notifications); err != nil {
				return err
			}
			return db.follow(t, p.Order)
		}
		m.Notifications = notifications
		return db.move(t, *m)
	})
	if err != nil {
		return false, fmt.Errorf("note a refund made elsewhere: %w", err)
	}
	return mended, nil
}

// elsewhere is what it means that somebody else gave a payment back. Nothing new for an unknown one.
func elsewhere(src source, payment string) (p esim.OrderPayment, o esim.Order, how esim.RefundElsewhere, err error) {
	p, err = one(src, scanOrderPayment, paymentByID, payment)
	if errors.Is(err, esim.ErrNotFound) {
		return p, o, esim.ElsewhereKnown, nil
	} else if err != nil {
		return p, o, esim.ElsewhereKnown, err
	}
	o, err = one(src, scanOrder, selectOrder, p.Order)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return p, o, esim.ElsewhereKnown, err
	}
	return p, o, p.Elsewhere(o), nil
}

const paymentByID = `SELECT ` + paymentColumns + ` FROM payments WHERE id = ?`

// returnedTwice books that a payment went back which had become store credit, and tells staff.
func (db *DB) returnedTwice(t *tx, p esim.OrderPayment, at time.Time) (fresh bool, err error) {
	loss, err := p.RefundedTwiceTransaction()
	if err != nil {
		return false, err
	}
	if fresh, err = db.post(t, at, loss); err != nil || !fresh {
		return false, err
	}
	return true, t.notifications(db.now(), []esim.Notification{esim.NewStaffRefundedTwice(p)})
}

const orderByTx = `SELECT ` + orderColumns + ` FROM orders WHERE tx_id = ?`

// OrderByIdempotencyKey returns the order with a key for the vendor, or esim.ErrNotFound.
func (db *DB) OrderByIdempotencyKey(ctx context.Context, txID string) (esim.Order, error) {
	o, err := one(db.read(ctx), scanOrder, orderByTx, txID)
	if err != nil {
		return esim.Order{}, fmt.Errorf("order by its key: %w", err)
	}
	return o, nil
}

const insertOrphan = `INSERT INTO orphans (tran_no, order_id, seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`

// NoteUnmatchedESIM remembers an eSIM of the vendor that belongs to no order, with the notifications, and
// reports whether it is new.
func (db *DB) NoteUnmatchedESIM(ctx context.Context, esimID esim.ESIMID, order esim.OrderID, at time.Time, notifications []esim.Notification) (fresh bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(insertOrphan, esimID, order, stamp(db.orNow(at)))
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := t.exec(`UPDATE orphans SET seen = ? WHERE tran_no = ?`, stamp(db.orNow(at)), esimID)
			return err
		}
		fresh = true
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return false, fmt.Errorf("note orphan %s: %w", esimID, err)
	}
	return fresh, nil
}

// UnmatchedESIMs lists eSIMs of no order that the vendor still had at a time. One whose order was found, or paid again, since is
// its order's.
func (db *DB) UnmatchedESIMs(ctx context.Context, since time.Time) ([]esim.ESIMID, error) {
	return db.esimIDs(ctx, "orphans", `SELECT o.tran_no FROM orphans o WHERE o.seen >= ? AND NOT EXISTS (SELECT 1 FROM esims e WHERE e.tran_no = o.tran_no)
		ORDER BY o.tran_no`, stamp(since))
}

// BookCommission writes what an affiliate got of a payment, or gave back, once, if the payment is in the books.
func (db *DB) BookCommission(ctx context.Context, at time.Time, p esim.Transaction) error {
	if known, err := one(db.read(ctx), value[bool], transactionKnown, p.Key); err == nil && known {
		return nil // as nearly always: lines are read again and again
	}
	err := db.write(ctx, func(t *tx) error {
		_, err := db.post(t, at, p)
		return err
	})
	if err != nil {
		return fmt.Errorf("book a commission of order %s: %w", p.Order, err)
	}
	return nil
}

// costsCameBack: the keys are those of esim.CostBackTransaction and esim.LateReturnTransaction; the sign after ":" ends them.
const costsCameBack = `SELECT (SELECT count(DISTINCT key) FROM ledger WHERE key >= 'cost-back:' || ?1 || ':' AND key < 'cost-back:' || ?1 || ';'),
	EXISTS (SELECT 1 FROM ledger WHERE key = 'cost-back:' || ?1)`

// CostsCameBack is for how many eSIMs of an order alone the vendor gave back what they cost, and whether it did for all of it.
func (db *DB) CostsCameBack(ctx context.Context, id esim.OrderID) (esims int, whole bool, err error) {
	_, err = one(db.read(ctx), func(rows *sql.Rows) (struct{}, error) { return struct{}{}, rows.Scan(&esims, &whole) }, costsCameBack, id)
	if err != nil {
		return 0, false, fmt.Errorf("whether the cost of order %s came back: %w", id, err)
	}
	return esims, whole, nil
}

// BookLateReturn writes a transaction about an eSIM that came after its order's refund, with
// the notifications.
func (db *DB) BookLateReturn(ctx context.Context, p esim.Transaction, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		if _, err := db.post(t, db.now(), p); err != nil {
			return err
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("note a late eSIM of order %s: %w", p.Order, err)
	}
	return nil
}
