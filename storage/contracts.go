package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	withdrawalColumns = `id, person, order_id, esim, name, at, outcome`
	withdrawalOf      = `SELECT ` + withdrawalColumns + ` FROM contract_withdrawals WHERE order_id = ? AND esim = ?`
	// undecided: a person decides on the statement w about the order o, and staff did nothing about it since ?1.
	undecided = `w.outcome = 'person' AND w.at > ?1 AND o.state NOT IN ('refunding', 'refunded')
		AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.order_id <> '' AND a.order_id = w.order_id AND a.at >= w.at)
		AND NOT EXISTS (SELECT 1 FROM thread_messages m WHERE m.person = w.person AND m.from_staff = 1 AND m.at >= w.at)`
	withdrawalsUndecided = `SELECT w.id, w.person, w.order_id, w.esim, w.name, w.at, w.outcome FROM contract_withdrawals w JOIN orders o ON o.id = w.order_id
		WHERE ` + undecided + ` ORDER BY w.at LIMIT +?2`
	withdrawalsDue  = `SELECT ` + withdrawalColumns + ` FROM contract_withdrawals WHERE outcome = '' AND next_at <= ? ORDER BY next_at LIMIT 100`
	firstWithdrawal = `SELECT min(next_at) FROM contract_withdrawals WHERE outcome = ''`
)

func scanWithdrawal(rows *sql.Rows) (esim.ContractWithdrawal, error) {
	var w esim.ContractWithdrawal
	err := rows.Scan(&w.ID, &w.Customer, &w.Order, &w.ESIM, &w.Name, (*stamp)(&w.At), &w.Outcome)
	return w, err
}

// AddWithdrawal stores a statement and its acknowledgement; the one that is there for the same eSIM of the same order is
// returned instead.
func (db *DB) AddWithdrawal(ctx context.Context, w esim.ContractWithdrawal) (made esim.ContractWithdrawal, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO contract_withdrawals (person, order_id, esim, name, at, outcome, next_at) VALUES (?1, ?2, ?3, ?4, ?5, '', ?5)
			ON CONFLICT DO NOTHING`, w.Customer, w.Order, w.ESIM, w.Name, stamp(w.At))
		if err != nil {
			return err
		}
		if made, err = one(t, scanWithdrawal, withdrawalOf, w.Order, w.ESIM); err != nil || n == 0 {
			return err
		}
		return t.notifications(db.now(), []esim.Notification{esim.NewContractWithdrawal(made)})
	})
	if err != nil {
		return esim.ContractWithdrawal{}, fmt.Errorf("note a withdrawal from order %s: %w", w.Order, err)
	}
	return made, nil
}

// WithdrawalOf is the statement about an order, or an eSIM of it, or esim.ErrNotFound.
func (db *DB) WithdrawalOf(ctx context.Context, order esim.OrderID, esimID esim.ESIMID) (esim.ContractWithdrawal, error) {
	w, err := one(db.read(ctx), scanWithdrawal, withdrawalOf, order, esimID)
	if err != nil {
		return w, fmt.Errorf("withdrawal from order %s: %w", order, err)
	}
	return w, nil
}

// OpenWithdrawals lists those that are due.
func (db *DB) OpenWithdrawals(ctx context.Context, now time.Time) ([]esim.ContractWithdrawal, error) {
	if none, err := db.noneBefore(ctx, now, firstWithdrawal); none || err != nil {
		return nil, wrapped("open withdrawals", err)
	}
	all, err := workList(ctx, db, "withdrawal from a contract", scanWithdrawal, withdrawalsDue, stamp(now))
	if err != nil {
		return nil, fmt.Errorf("open withdrawals: %w", err)
	}
	return all, nil
}

// UndecidedWithdrawals lists the statements made since a time that staff decide on and did nothing about, oldest first.
func (db *DB) UndecidedWithdrawals(ctx context.Context, since time.Time, limit int) ([]esim.ContractWithdrawal, error) {
	all, err := workListOf(ctx, db, "withdrawal from a contract", scanWithdrawal, limit, withdrawalsUndecided, stamp(since))
	if err != nil {
		return nil, fmt.Errorf("withdrawals that staff decide on: %w", err)
	}
	return all, nil
}

// SettleWithdrawal notes the outcome, with the notifications. One that is settled stays as it is.
func (db *DB) SettleWithdrawal(ctx context.Context, id int64, outcome esim.WithdrawalOutcome, told []esim.Notification) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE contract_withdrawals SET outcome = ? WHERE id = ? AND outcome = ''`, outcome, id)
		if err != nil || n == 0 {
			return err
		}
		return t.notifications(db.now(), told)
	})
	if err != nil {
		return fmt.Errorf("settle a withdrawal: %w", err)
	}
	return nil
}

// PostponeWithdrawal has it looked at later.
func (db *DB) PostponeWithdrawal(ctx context.Context, id int64, next time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE contract_withdrawals SET next_at = ? WHERE id = ?`, stamp(next), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("postpone a withdrawal: %w", err)
	}
	return nil
}
