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

// BookPayment applies what esim.DecidePayment says of a payment that is told of for the first
// time. A move of the order takes the audit entry, if there is one, and the notifications
// with it. Store credit that does not cover the amount is esim.ErrInsufficientCredit. The order is the
// one after the booking; it is empty when there is none, or when it belongs to another
// customer than the payer.
func (db *DB) BookPayment(ctx context.Context, p esim.Payment, entry *esim.AuditEntry, notifications []esim.Notification) (esim.Order, esim.PaymentResult, error) {
	var order esim.Order
	var booking esim.PaymentResult
	err := db.write(ctx, func(t *tx) error {
		var err error
		if booking, err = db.book(t, p, entry, notifications); err != nil {
			return err
		}
		order, err = one(t, scanOrder, selectOrder, p.Order)
		if errors.Is(err, esim.ErrNotFound) || err == nil && order.Customer != p.Customer {
			order, err = esim.Order{}, nil
		}
		return err
	})
	if err != nil {
		return esim.Order{}, 0, fmt.Errorf("book payment for order %s: %w", p.Order, err)
	}
	return order, booking, nil
}

func (db *DB) book(t *tx, p esim.Payment, entry *esim.AuditEntry, notifications []esim.Notification) (esim.PaymentResult, error) {
	known, err := list(t, value[string], `SELECT status FROM payments WHERE id = ?`, p.ID)
	if err != nil {
		return 0, err
	}
	if len(known) > 0 {
		return esim.PaymentKnown, nil
	}
	var f esim.PaymentFacts
	switch found, err := one(t, scanOrder, selectOrder, p.Order); {
	case err == nil:
		f.Order = &found
		if f.Credit, err = t.creditFor(found); err != nil {
			return 0, err
		}
		if f.Reserve, err = t.reserveOf(found); err != nil {
			return 0, err
		}
		if found.EmergencyTopUp {
			if f.EmergencyTopUp, err = rescueFacts(t, found.Customer, found.ESIM); err != nil {
				return 0, err
			}
		}
	case !errors.Is(err, esim.ErrNotFound):
		return 0, err
	}
	r, err := esim.DecidePayment(f, p, db.now())
	if err != nil {
		return 0, err
	}
	for _, paid := range r.Payments {
		if err := db.addPayment(t, paid, f.Order != nil); err != nil {
			return 0, err
		}
	}
	if r.Result != esim.PaymentUnexplained { // its update came after all
		if _, err := t.exec(closeUnexplained, stamp(db.now()), p.ID); err != nil {
			return 0, err
		}
	}
	for _, posted := range r.Transactions {
		if _, err := db.post(t, p.At, posted); err != nil {
			return 0, err
		}
	}
	if r.Move == nil {
		return r.Result, nil
	}
	if f.Order.Promo != "" {
		use, err := t.promoFacts(f.Order.Promo, f.Order.Customer, f.Order.ID, db.now())
		if err != nil {
			return 0, err
		}
		notifications = append(slices.Clip(notifications), use.PaidLate(*f.Order)...)
	}
	r.Move.Audit, r.Move.Notifications = entry, notifications
	return r.Result, db.move(t, *r.Move)
}

func (db *DB) addPayment(t *tx, p esim.OrderPayment, orderKnown bool) error {
	t.refundDue = t.refundDue || p.Status == esim.PaymentRefundDue
	order := sql.NullString{String: string(p.Order), Valid: orderKnown}
	_, err := t.exec(`INSERT INTO payments (id, meant_for, order_id, person, minor, currency, rail, at, status, extra, attempts, next_at, reason, fee_minor)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
		p.ID, p.Order, order, p.Customer, p.Amount.Minor, p.Amount.Currency, method(p.Method), stamp(db.orNow(p.At)), p.Status, p.Surplus,
		stamp(db.now()), p.Reason, p.Fee.Minor)
	return err
}

const markPaymentsForRefund = `UPDATE payments SET status = 'refund_due', attempts = 0, next_at = ?, reason = ?
	WHERE order_id = ? AND status = 'kept'`

// giveBack makes what an order was paid with due to go back.
func (db *DB) giveBack(t *tx, id esim.OrderID, why string) error {
	t.refundDue = true
	_, err := t.exec(markPaymentsForRefund, stamp(db.now()), why, id)
	return err
}

// firstRefund is when the first payment that has to go back is due for a try.
const firstRefund = `SELECT min(next_at) FROM payments WHERE status = 'refund_due'`

const refundsDue = `SELECT p.id, p.meant_for, p.person, p.minor, p.currency, p.fee_minor, p.rail, p.at, p.attempts, p.extra,
		coalesce(o.person, 0), coalesce(o.retail_minor, 0), coalesce(o.retail_currency, ''), coalesce(o.credit_minor - o.debt_minor, 0),
		coalesce(o.quantity, 0), coalesce(o.returned + o.missing, 0), coalesce(o.amount_back, 0)
	FROM payments p LEFT JOIN orders o ON o.id = p.order_id
	WHERE p.status = 'refund_due' AND p.next_at <= ? ORDER BY p.next_at LIMIT +?`

// RefundsDue lists payments that have to go back and are due for a try, those that
// wait longest first.
func (db *DB) RefundsDue(ctx context.Context, now time.Time, limit int) ([]esim.DueRefund, error) {
	if none, err := db.noneBefore(ctx, now, firstRefund); none || err != nil {
		return nil, wrapped("refunds due", err)
	}
	due, err := workListOf(ctx, db, "refund of payment", func(rows *sql.Rows) (esim.DueRefund, error) {
		var d esim.DueRefund
		// An unknown payment method must not keep everybody else's money here: the refund
		// itself fails of it, and staff hear of that.
		err := rows.Scan(&d.ID, &d.Order, &d.Customer, &d.Amount.Minor, &d.Amount.Currency, &d.Fee.Minor, &d.Method, (*stamp)(&d.At),
			&d.Attempts, &d.Surplus, &d.OrderCustomer, &d.Retail.Minor, &d.Retail.Currency, &d.Credit.Minor,
			&d.Quantity, &d.Parts, &d.AmountBack.Minor)
		d.Fee = feeOf(d.Amount, d.Fee.Minor)
		return d, err
	}, limit, refundsDue, stamp(now))
	if err != nil {
		return nil, fmt.Errorf("refunds due: %w", err)
	}
	return due, nil
}

// PaymentRefunded marks a payment as returned, books it, and does what follows for its
// order (esim.Consequences); with the notifications. esim.ErrConflict if the payment was not due to go back, for instance because it went
// back before.
func (db *DB) PaymentRefunded(ctx context.Context, r esim.RefundedPayment) error {
	err := db.write(ctx, func(t *tx) error {
		p, err := one(t, scanOrderPayment, `SELECT `+paymentColumns+` FROM payments WHERE id = ? AND status = 'refund_due'`, r.Payment)
		if errors.Is(err, esim.ErrNotFound) {
			return esim.ErrConflict
		} else if err != nil {
			return err
		}
		if err := db.returned(t, p, r.At, r.Credited); err != nil {
			return err
		}
		if err := t.notifications(db.now(), r.Notifications); err != nil {
			return err
		}
		return db.follow(t, p.Order)
	})
	if err != nil {
		return fmt.Errorf("note refund: %w", err)
	}
	return nil
}

// returned marks a payment as gone back and books it.
func (db *DB) returned(t *tx, p esim.OrderPayment, at time.Time, credited esim.Money) error {
	sold, err := one(t, value[bool], transactionKnown, esim.DeliveryKey(p.Order))
	if err != nil {
		return err
	}
	o, err := one(t, scanOrder, selectOrder, p.Order)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	booked, err := p.RefundTransaction(o, sold, credited)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE payments SET status = ?, refunded_at = ?, credited_minor = ? WHERE id = ?`,
		esim.PaymentRefunded, stamp(db.orNow(at)), credited.Minor, p.ID); err != nil {
		return err
	}
	_, err = db.post(t, at, booked)
	return err
}

// RefundFailed notes a try and when to try again, with the notifications.
// esim.ErrConflict if the payment is not due to go back (any more).
func (db *DB) RefundFailed(ctx context.Context, id string, attempts int, nextAt time.Time, why string, notifications []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE payments SET attempts = ?, next_at = ?, reason = ? WHERE id = ? AND status = 'refund_due'`,
			attempts, stamp(nextAt), why, id)
		if err != nil {
			return err
		}
		if n != 1 {
			return esim.ErrConflict
		}
		return t.notifications(db.now(), notifications)
	})
	if err != nil {
		return fmt.Errorf("note failed refund: %w", err)
	}
	return nil
}

const (
	paymentColumns = `id, meant_for, person, minor, currency, fee_minor, rail, at, status, extra, refunded_at, credited_minor, reason`
	paymentsOf     = `SELECT ` + paymentColumns + ` FROM payments WHERE order_id = ? ORDER BY at, id`
)

func scanOrderPayment(rows *sql.Rows) (esim.OrderPayment, error) {
	p := esim.OrderPayment{Credited: esim.USDCents(0)}
	err := rows.Scan(&p.ID, &p.Order, &p.Customer, &p.Amount.Minor, &p.Amount.Currency, &p.Fee.Minor, (*method)(&p.Method), (*stamp)(&p.At),
		&p.Status, &p.Surplus, (*stamp)(&p.Refunded), &p.Credited.Minor, &p.Reason)
	p.Fee = feeOf(p.Amount, p.Fee.Minor)
	return p, err
}

// feeOf is the part of an amount that a payment provider keeps; the zero value for none.
func feeOf(amount esim.Money, minor int64) esim.Money {
	if minor == 0 {
		return esim.Money{}
	}
	return esim.Money{Minor: minor, Currency: amount.Currency}
}

// PaymentsOf lists the payments of an order, oldest first.
func (db *DB) PaymentsOf(ctx context.Context, order esim.OrderID) ([]esim.OrderPayment, error) {
	all, err := list(db.read(ctx), scanOrderPayment, paymentsOf, order)
	if err != nil {
		return nil, fmt.Errorf("payments of order %s: %w", order, err)
	}
	return all, nil
}
