package storage

import (
	"context"
	"errors"
	"time"

	"esimbot/esim"
)

var errPending = errors.New("not stored yet")

func (db *DB) ApplyTopUp(ctx context.Context, t esim.Topped) error { return errPending }
func (db *DB) Hurry(ctx context.Context, id esim.OrderID, act esim.Act) error {
	return errPending
}
func (db *DB) AddAct(ctx context.Context, act esim.Act) error                { return errPending }
func (db *DB) Grant(ctx context.Context, p esim.Posting, act esim.Act) error { return errPending }
func (db *DB) RefundedOut(ctx context.Context, payment string, at time.Time, notices []esim.Notice) (bool, error) {
	return false, errPending
}
func (db *DB) OrderByTx(ctx context.Context, txID string) (esim.Order, error) {
	return esim.Order{}, errPending
}
func (db *DB) NoteOrphan(ctx context.Context, tranNo string, order esim.OrderID, at time.Time, notices []esim.Notice) (bool, error) {
	return false, errPending
}
func (db *DB) LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error) { return nil, nil }

// ESIM returns an eSIM, or esim.ErrNotFound.
func (db *DB) ESIM(ctx context.Context, tranNo string) (esim.ESIM, error) {
	return one(db.read(ctx), scanESIM, selectESIM, tranNo)
}
