package storage

import (
	"context"
	"fmt"
	"time"

	"esimbot/esim"
)

// ordersDue: the few orders under work are found through a partial index, whose words
// these are; most orders are delivered and not in it. Those being taken back, and those
// that need a human, have their eSIMs already.
const (
	ordersDue = `SELECT ` + orderColumns + ` FROM orders
		WHERE (allocated = 0 OR state IN ('cancelling', 'needs_human')) AND state IN (SELECT value FROM json_each(?1)) AND next_at <= ?2 ORDER BY created, id LIMIT ?3`
	ordersDueNext = `SELECT min(next_at) FROM orders
		WHERE (allocated = 0 OR state IN ('cancelling', 'needs_human')) AND state IN (SELECT value FROM json_each(?1)) AND next_at > ?2`
)

// OrdersDue lists orders in the given states that are due and not Allocated, oldest
// first, and tells when the next of the others is due (zero: none). Orders in Cancelling
// and NeedsHuman are listed even if Allocated.
func (db *DB) OrdersDue(ctx context.Context, states []esim.State, now time.Time, limit int) ([]esim.Order, time.Time, error) {
	in := jsonList(states)
	due, err := list(db.read(ctx), scanOrder, ordersDue, in, stamp(now), limit)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("orders due: %w", err)
	}
	next, err := one(db.read(ctx), moment, ordersDueNext, in, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("next order due: %w", err)
	}
	return due, next, nil
}

// MoveOrder applies a Move, with its event, its postings, its act and its notifications, or
// returns esim.ErrConflict if the order is not in From (or does not exist). Attempts begin
// anew; that staff were told stays. A move to Refunding makes the order's payment
// due to go back, and goes on to Refunded where all was given back before.
func (db *DB) MoveOrder(ctx context.Context, m esim.Move) error {
	if !esim.CanMove(m.From, m.To) {
		return fmt.Errorf("order %s: %s -> %s is not allowed", m.Order, m.From, m.To)
	}
	err := db.write(ctx, func(t *tx) error { return db.move(t, m) })
	if err != nil {
		return fmt.Errorf("move order %s from %s to %s: %w", m.Order, m.From, m.To, err)
	}
	return nil
}

// move is the only place where the state of an order changes.
func (db *DB) move(t *tx, m esim.Move) error {
	now := db.now()
	// A call whose end is unknown is settled when the vendor's answer is, and the
	// domain gives money back from Ordering only when nothing was bought.
	settled := m.To == esim.Allocating || m.To == esim.Delivered || m.From == esim.Ordering && m.To == esim.Refunding
	n, err := t.exec(`UPDATE orders SET state = ?1, reason = ?2, changed = ?3, next_at = ?4, attempts = 0,
			vendor_order = iif(?5 = '', vendor_order, ?5), unsure = iif(?6, 0, unsure)
		WHERE id = ?7 AND state = ?8`,
		m.To, m.Why, stamp(now), stamp(db.orNow(m.NextAt)), m.VendorOrder, settled, m.Order, m.From)
	if err != nil {
		return err
	}
	if n != 1 {
		return esim.ErrConflict
	}
	if m.Quote != nil {
		if _, err := t.exec(`UPDATE orders SET wholesale_minor = ?, wholesale_currency = ? WHERE id = ?`,
			m.Quote.Wholesale.Minor, m.Quote.Wholesale.Currency, m.Order); err != nil {
			return err
		}
	}
	if err := t.event(m.Order, now, m.From, m.To, m.Why); err != nil {
		return err
	}
	if err := db.postMove(t, m); err != nil {
		return err
	}
	if err := db.auditOf(t, m.Order, m.Audit); err != nil {
		return err
	}
	if err := t.notifications(now, m.Notifications); err != nil {
		return err
	}
	if m.From == esim.NeedsHuman {
		t.orderPaid = true // staff sent it on, and its worker may be asleep
	}
	switch m.To {
	case esim.Paid:
		t.orderPaid = true
	case esim.Refunding:
		return db.giveBack(t, m.Order, m.Why)
	case esim.Allocating:
		return db.deliverIfSent(t, m.Order) // again in Allocating, with all QR messages out before
	}
	return nil
}

const paidFor = `SELECT minor, currency FROM payments WHERE order_id = ? AND extra = 0 AND status <> 'refunded'`

// postMove writes into the books what a change of state means for money. Each posting's
// key makes it happen once, however often an order comes by.
func (db *DB) postMove(t *tx, m esim.Move) error {
	bought := m.To == esim.Allocating || m.From == esim.Ordering && m.To == esim.Delivered
	givenBack := m.From == esim.Cancelling && m.To == esim.Refunding
	if bought || givenBack {
		o, err := one(t, scanOrder, selectOrder, m.Order)
		if err != nil {
			return err
		}
		p := esim.CostTransaction(o)
		if givenBack {
			p = esim.CostBackTransaction(o)
		}
		if _, err := db.post(t, db.now(), p); err != nil {
			return err
		}
	}
	if m.To != esim.Delivered {
		return nil
	}
	paid, err := list(t, scanMoney, paidFor, m.Order)
	if err != nil {
		return err
	}
	for _, amount := range paid { // at most one: it is what payments_one_per_order says
		if _, err := db.post(t, db.now(), esim.DeliveryTransaction(m.Order, amount)); err != nil {
			return err
		}
	}
	return nil
}

// qrUnsent finds a QR message of an order that the messenger did not accept (yet).
const qrUnsent = `SELECT 1 FROM outbox WHERE order_id = ? AND kind = 'qr' AND status <> 'sent' LIMIT 1`

const allocatingDone = `SELECT count(*) FROM orders WHERE id = ? AND state = 'allocating' AND allocated = 1`

// deliverIfSent moves an order from Allocating to Delivered if its eSIMs are stored
// and the messenger took every QR message of it.
func (db *DB) deliverIfSent(t *tx, id esim.OrderID) error {
	stored, err := one(t, value[int], allocatingDone, id)
	if err != nil || stored == 0 {
		return err
	}
	if unsent, err := list(t, value[int], qrUnsent, id); err != nil || len(unsent) > 0 {
		return err
	}
	return db.move(t, esim.Move{Order: id, From: esim.Allocating, To: esim.Delivered, Why: "every QR message was accepted"})
}

// NoteWork stores the work fields of o (Attempts, OutcomeUnknown, OutcomeUnknownAt, NextAt,
// StaffTold, Reason, Wholesale) and the notifications, if its state is still o.State;
// else esim.ErrConflict.
func (db *DB) NoteWork(ctx context.Context, o esim.Order, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE orders SET attempts = ?, unsure = ?, unsure_at = ?, next_at = ?, staff_told = ?, reason = ?,
				wholesale_minor = ?, wholesale_currency = ?
			WHERE id = ? AND state = ?`,
			o.Attempts, o.OutcomeUnknown, stamp(o.OutcomeUnknownAt), stamp(db.orNow(o.NextAt)), o.StaffTold, o.Reason,
			o.Wholesale.Minor, o.Wholesale.Currency, o.ID, o.State)
		if err != nil {
			return err
		}
		if n != 1 {
			return esim.ErrConflict
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("note work on order %s: %w", o.ID, err)
	}
	return nil
}

// Allocate stores the eSIMs of an order in Allocating and marks it Allocated, with
// the notifications. esim.ErrConflict if it was not waiting for that.
func (db *DB) Allocate(ctx context.Context, id esim.OrderID, esims []esim.ESIM, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE orders SET allocated = 1, reason = '' WHERE id = ? AND state = 'allocating' AND allocated = 0`, id)
		if err != nil {
			return err
		}
		if n != 1 {
			return esim.ErrConflict
		}
		for _, e := range esims {
			if err := t.addESIM(e); err != nil {
				return err
			}
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("allocate order %s: %w", id, err)
	}
	return nil
}

const unpaidBefore = `SELECT id FROM orders WHERE state = 'awaiting_payment' AND allocated = 0 AND next_at <= ? ORDER BY next_at LIMIT ?`

// expireChunk bounds for how long expiring keeps others from writing.
const expireChunk = 200

// ExpireOrders moves orders that wait for payment and whose NextAt has passed to
// Expired, and returns how many.
func (db *DB) ExpireOrders(ctx context.Context, now time.Time) (int, error) {
	total := 0
	for {
		n := 0
		err := db.write(ctx, func(t *tx) error {
			ids, err := list(t, value[esim.OrderID], unpaidBefore, stamp(now), expireChunk)
			if err != nil {
				return err
			}
			for _, id := range ids {
				m := esim.Move{Order: id, From: esim.AwaitingPayment, To: esim.Expired, Why: "not paid in time"}
				if err := db.move(t, m); err != nil {
					return err
				}
			}
			n = len(ids)
			return nil
		})
		if err != nil {
			return total, fmt.Errorf("expire orders: %w", err)
		}
		total += n
		if n < expireChunk {
			return total, nil
		}
	}
}
