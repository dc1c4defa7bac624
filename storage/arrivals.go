package storage

import (
	"context"
	"database/sql"
	"fmt"

	"esimbot/esim"
)

// AddArrival notes by which link a customer came. The first of its kind stays; first is false for a later
// one. The customer must be known.
func (db *DB) AddArrival(ctx context.Context, a esim.Arrival) (first bool, err error) {
	err = db.write(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO arrivals (person, kind, code, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			a.Customer, a.Kind, a.Code, stamp(a.At))
		first = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note how a customer came: %w", err)
	}
	return first, nil
}

// ArrivalsOf lists by which links a customer came, at most one of each kind.
func (db *DB) ArrivalsOf(ctx context.Context, customer esim.CustomerID) ([]esim.Arrival, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.Arrival, error) {
		var a esim.Arrival
		err := rows.Scan(&a.Customer, &a.Kind, &a.Code, (*stamp)(&a.At))
		return a, err
	}, `SELECT person, kind, code, at FROM arrivals WHERE person = ? ORDER BY kind`, customer)
	if err != nil {
		return nil, fmt.Errorf("how a customer came: %w", err)
	}
	return all, nil
}
