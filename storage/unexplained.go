package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const insertUnexplained = `INSERT INTO unexplained_payments (id, meant_for, person, minor, currency, at, why, older)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

// NoteUnexplained remembers a payment that no order explains, and reports whether it is new.
func (db *DB) NoteUnexplained(ctx context.Context, u esim.UnexplainedPayment) (fresh bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(insertUnexplained,
			u.ID, u.Order, u.Customer, u.Amount.Minor, u.Amount.Currency, stamp(u.At), u.Why, u.Older)
		fresh = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note an unexplained payment: %w", err)
	}
	return fresh, nil
}

const closeUnexplained = `UPDATE unexplained_payments SET closed = ? WHERE id = ? AND closed IS NULL`

// CloseUnexplained notes that an unexplained payment went back. It writes only if there is one.
func (db *DB) CloseUnexplained(ctx context.Context, id string, at time.Time) error {
	open, err := list(db.read(ctx), value[string], `SELECT id FROM unexplained_payments WHERE id = ? AND closed IS NULL`, id)
	if err == nil && len(open) == 0 {
		return nil
	}
	err = db.write(ctx, func(t *tx) error {
		_, err := t.exec(closeUnexplained, stamp(db.orNow(at)), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("close an unexplained payment: %w", err)
	}
	return nil
}

const unexplained = `SELECT id, meant_for, person, minor, currency, at, why, older FROM unexplained_payments WHERE closed IS NULL ORDER BY at`

// UnexplainedPayments lists those that are open, oldest first.
func (db *DB) UnexplainedPayments(ctx context.Context) ([]esim.UnexplainedPayment, error) {
	all, err := workList(ctx, db, "unexplained payment", func(rows *sql.Rows) (esim.UnexplainedPayment, error) {
		var u esim.UnexplainedPayment
		err := rows.Scan(&u.ID, &u.Order, &u.Customer, &u.Amount.Minor, &u.Amount.Currency, (*stamp)(&u.At), &u.Why, &u.Older)
		return u, err
	}, unexplained)
	if err != nil {
		return nil, fmt.Errorf("unexplained payments: %w", err)
	}
	return all, nil
}

// SettleUnexplained closes an unexplained payment and writes down what staff decided about it.
// esim.ErrConflict if it is not open any more.
func (db *DB) SettleUnexplained(ctx context.Context, d esim.UnexplainedDecision, at time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		switch n, err := t.exec(closeUnexplained, stamp(db.orNow(at)), d.ID); {
		case err != nil:
			return err
		case n == 0:
			return esim.ErrConflict
		}
		if d.Payment != nil {
			_, err := one(t, scanOrder, selectOrder, d.Payment.Order)
			if err != nil && !errors.Is(err, esim.ErrNotFound) {
				return err
			}
			if err := db.addPayment(t, *d.Payment, err == nil); err != nil {
				return err
			}
			if _, err := db.post(t, d.Payment.At, d.Transaction); err != nil {
				return err
			}
		}
		return db.audit(t, d.Audit)
	})
	if err != nil {
		return fmt.Errorf("settle an unexplained payment: %w", err)
	}
	return nil
}
