package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

// ordersDue: the few orders under work are found through a partial index, whose words
// these are; most orders are delivered and not in it. Those being taken back, and those
// that need a human, have their eSIMs already.
const (
	ordersDue = `SELECT ` + orderColumns + ` FROM orders
		WHERE (allocated = 0 OR state IN ('cancelling', 'needs_human')) AND state IN (SELECT value FROM json_each(?1)) AND next_at <= ?2 ORDER BY created, id LIMIT +?3`
	ordersDueNext = `SELECT min(next_at) FROM orders
		WHERE (allocated = 0 OR state IN ('cancelling', 'needs_human')) AND state IN (SELECT value FROM json_each(?1)) AND next_at > ?2`
	firstOrder = `SELECT min(next_at) FROM orders
		WHERE (allocated = 0 OR state IN ('cancelling', 'needs_human')) AND state IN (SELECT value FROM json_each(?1))`
)

// OrdersDue lists orders in the given states that are due and not Allocated, oldest
// first, and tells when the next of the others is due (zero: none). Orders in StateCancelling
// and StateNeedsHuman are listed even if Allocated.
func (db *DB) OrdersDue(ctx context.Context, states []esim.State, now time.Time, limit int) ([]esim.Order, time.Time, error) {
	in := jsonList(states)
	if first, err := db.firstDue(ctx, firstOrder, in); err != nil || first.IsZero() || first.After(now) {
		return nil, first, wrapped("orders due", err)
	}
	due, err := workListOf(ctx, db, "order", scanOrder, limit, ordersDue, in, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("orders due: %w", err)
	}
	next, err := one(db.read(ctx), moment, ordersDueNext, in, stamp(now))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("next order due: %w", err)
	}
	return due, next, nil
}

// ApplyTransition applies a Transition and what follows from it (esim.Consequences), or returns
// esim.ErrConflict if the order is not in From (or does not exist). Attempts begin anew;
// that staff were told stays.
func (db *DB) ApplyTransition(ctx context.Context, m esim.Transition) error {
	if !esim.CanMove(m.From, m.To) {
		return fmt.Errorf("order %s: %s -> %s is not allowed", m.Order, m.From, m.To)
	}
	err := db.write(ctx, func(t *tx) error { return db.move(t, m) })
	if err != nil {
		return fmt.Errorf("move order %s from %s to %s: %w", m.Order, m.From, m.To, err)
	}
	return nil
}

// resumedSince is when an order came to a state that it left for another and goes back to.
const resumedSince = `SELECT max(at) FROM order_events WHERE order_id = ? AND became = ? AND was <> ?`

// move is the only place where the state of an order changes.
func (db *DB) move(t *tx, m esim.Transition) error {
	now := db.now()
	if err := db.setState(t, m, now); err != nil {
		return err
	}
	if err := t.moved(m, now); err != nil {
		return err
	}
	if m.Release {
		if err := db.release(t, m.Order); err != nil {
			return err
		}
	}
	if err := db.postAll(t, m.Transactions); err != nil {
		return err
	}
	credited, err := db.refundPart(t, m.Order, m.Part, m.PaysSwap)
	if err != nil {
		return err
	}
	if m.Undelivered {
		if _, err := t.exec(notDelivered, stamp(now), m.Order); err != nil {
			return err
		}
	}
	if m.RefundPayments {
		if err := db.vendorGaveBack(t, m.Order); err != nil {
			return err
		}
		if err := db.giveBack(t, m.Order, m.Why); err != nil {
			return err
		}
		o, err := one(t, scanOrder, selectOrder, m.Order)
		if err != nil {
			return err
		}
		if err := db.creditReferral(t, o, esim.ReferralReturned); err != nil {
			return err
		}
	}
	if m.RefundPayments && m.PaysSwap {
		if credited, err = db.creditAll(t, m.Order); err != nil {
			return err
		}
	}
	if m.EndsSwap != "" {
		if err := db.endSwap(t, m, credited); err != nil {
			return err
		}
	}
	if err := db.auditOf(t, m.Order, m.Audit); err != nil {
		return err
	}
	if err := t.notifications(now, m.Notifications); err != nil {
		return err
	}
	t.orderPaid = t.orderPaid || m.Wake
	if !m.To.HasConsequences() {
		return nil
	}
	return db.follow(t, m.Order)
}

// setState moves the order itself, and keeps in its history that it did.
func (db *DB) setState(t *tx, m esim.Transition, now time.Time) error {
	if m.Guarded {
		if err := guard(t, m); err != nil {
			return err
		}
	}
	changed := now
	if m.Resumed {
		since, err := one(t, moment, resumedSince, m.Order, m.To, m.From)
		if err != nil {
			return err
		}
		if !since.IsZero() {
			changed = since
		}
	}
	n, err := t.exec(`UPDATE orders SET state = ?1, reason = ?2, changed = ?3, next_at = ?4, attempts = 0,
			vendor_order = iif(?5 = '', vendor_order, ?5), unsure = iif(?6, 0, unsure), paid_at = coalesce(?7, paid_at), giving_back = ?10, tx_id = iif(?11 = '', tx_id, ?11),
			swapped_for = ?12, swapped = iif(?13, 1, swapped)
		WHERE id = ?8 AND state = ?9`,
		m.To, m.Why, stamp(changed), stamp(db.orNow(m.NextAt)), m.VendorOrder, m.OutcomeKnown, stamp(m.PaidAt), m.Order, m.From, m.CancellingESIM, m.IdempotencyKey,
		m.SwappedFor, m.SwapDone)
	if err != nil {
		return err
	}
	if n != 1 {
		return esim.ErrConflict
	}
	return t.event(m.Order, now, m.From, m.To, m.Why)
}

// qrUnsent finds a QR message of an order that the messenger did not accept (yet). Its
// conditions are the words of its index. That of an eSIM which was given back is awaited no more.
const qrUnsent = `SELECT EXISTS (SELECT 1 FROM outbox WHERE order_id = ? AND kind = 'qr' AND status <> 'sent'
	AND NOT EXISTS (SELECT 1 FROM esims e WHERE e.tran_no = outbox.esim AND e.returned = 1))`

// follow gathers the facts about an order and does what follows from them. An order that
// does not exist has no consequences.
func (db *DB) follow(t *tx, id esim.OrderID) error {
	var f esim.OrderFacts
	var err error
	if f.Order, err = one(t, scanOrder, selectOrder, id); errors.Is(err, esim.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if f.Payments, err = list(t, scanOrderPayment, paymentsOf, id); err != nil {
		return err
	}
	if f.Unsent, err = one(t, value[bool], qrUnsent, id); err != nil {
		return err
	}
	transactions, next := esim.Consequences(f, db.now())
	if err := db.postAll(t, transactions); err != nil {
		return err
	}
	if f.Order.State == esim.StateDelivered {
		if err := db.creditReferral(t, f.Order, esim.ReferralEarned); err != nil {
			return err
		}
	}
	if next == nil {
		return nil
	}
	return db.move(t, *next)
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

// firstUnpaid is when the first order that waits for its payment expires.
const firstUnpaid = `SELECT min(next_at) FROM orders WHERE state = 'awaiting_payment' AND allocated = 0`

const unpaidBefore = `SELECT ` + orderColumns + ` FROM orders WHERE state = 'awaiting_payment' AND allocated = 0 AND next_at <= ? ORDER BY next_at LIMIT +?`

const unpaidBy = `SELECT ` + orderColumns + ` FROM orders WHERE state = 'awaiting_payment' AND allocated = 0 AND next_at <= ?
	AND rail IN (SELECT value FROM json_each(?)) ORDER BY next_at, id`

// UnpaidOrders lists orders that wait for payment by one of the methods, and expire before the
// given time.
func (db *DB) UnpaidOrders(ctx context.Context, by []esim.PaymentMethod, before time.Time) ([]esim.Order, error) {
	if none, err := db.noneBefore(ctx, before, firstUnpaid); none || err != nil {
		return nil, wrapped("unpaid orders", err)
	}
	all, err := workList(ctx, db, "order", scanOrder, unpaidBy, stamp(before), jsonList(by))
	if err != nil {
		return nil, fmt.Errorf("unpaid orders: %w", err)
	}
	return all, nil
}

// AbandonOrder moves an order that waits for payment to Expired, as esim.Abandonment says;
// esim.ErrConflict if it does not wait any more. The order is the one after it.
func (db *DB) AbandonOrder(ctx context.Context, id esim.OrderID) (esim.Order, error) {
	var left esim.Order
	err := db.write(ctx, func(t *tx) error {
		o, err := one(t, scanOrder, selectOrder, id)
		if err != nil {
			return err
		}
		if o.State != esim.StateAwaitingPayment {
			return esim.ErrConflict
		}
		r, err := t.reserveOf(o)
		if err != nil {
			return err
		}
		if err := db.move(t, esim.Abandonment(o, r, db.now())); err != nil {
			return err
		}
		left, err = one(t, scanOrder, selectOrder, id)
		return err
	})
	if err != nil {
		return esim.Order{}, fmt.Errorf("leave order %s: %w", id, err)
	}
	return left, nil
}

// expireChunk bounds for how long expiring keeps others from writing.
const expireChunk = 200

// ExpireOrders moves orders that wait for payment and whose NextAt has passed to
// Expired, and returns how many. It writes only if there are any.
func (db *DB) ExpireOrders(ctx context.Context, now time.Time) (int, error) {
	if none, err := db.noneBefore(ctx, now, firstUnpaid); none || err != nil {
		return 0, wrapped("expire orders", err)
	}
	some, err := workListOf(ctx, db, "order", scanOrder, 1, unpaidBefore, stamp(now))
	if err != nil {
		return 0, fmt.Errorf("expire orders: %w", err)
	}
	total := 0
	if len(some) == 0 {
		return total, nil
	}
	for {
		n := 0
		err := db.write(ctx, func(t *tx) error {
			unpaid, err := list(t, scanOrder, unpaidBefore, stamp(now), expireChunk)
			if err != nil {
				return err
			}
			for _, o := range unpaid {
				if err := db.expire(t, o); err != nil {
					return err
				}
			}
			n = len(unpaid)
			return nil
		})
		if err != nil && ctx.Err() == nil { // one of them is in the way of the others
			each, err := db.expireEach(ctx, now)
			return total + each, err
		}
		if err != nil {
			return total, fmt.Errorf("expire orders: %w", err)
		}
		total += n
		if n < expireChunk {
			return total, nil
		}
	}
}

// expireEach expires what is due one by one: what fails is tried again the next time.
func (db *DB) expireEach(ctx context.Context, now time.Time) (total int, err error) {
	unpaid, err := workListOf(ctx, db, "order", scanOrder, expireMost, unpaidBefore, stamp(now))
	if err != nil {
		return 0, fmt.Errorf("expire orders: %w", err)
	}
	var errs []error
	var bad []badRow
	for _, o := range unpaid {
		err := db.write(ctx, func(t *tx) error {
			now, err := one(t, scanOrder, selectOrder, o.ID) // it may have been paid since it was listed
			if err != nil || now.State != o.State || !now.NextAt.Equal(o.NextAt) {
				return err
			}
			total++
			return db.expire(t, now)
		})
		if ctx.Err() != nil {
			return total, ctx.Err()
		}
		if err != nil {
			total--
			bad = append(bad, badRow{string(o.ID), err})
			if errs = append(errs, fmt.Errorf("expire order %s: %w", o.ID, err)); len(errs) >= expireFailing {
				break
			}
		}
	}
	if len(errs) < expireFailing {
		db.unreadable(ctx, "order", bad)
	}
	return total, errors.Join(errs...)
}

// One by one expireMost are looked at, and after expireFailing it is not the orders.
const (
	expireMost    = 10_000
	expireFailing = 20
)
