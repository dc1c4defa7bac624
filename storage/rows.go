package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"esimbot/esim"
)

// A stamp is a time as the database has it: UTC milliseconds since 1970, and NULL
// for the zero time.
type stamp time.Time

// Value implements driver.Valuer.
func (s stamp) Value() (driver.Value, error) {
	if time.Time(s).IsZero() {
		return nil, nil
	}
	return time.Time(s).UnixMilli(), nil
}

// Scan implements sql.Scanner.
func (s *stamp) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = stamp{}
	case int64:
		*s = stamp(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("a time is kept as an integer, not as %T", src)
	}
	return nil
}

// A method is a payment method as the database has it. An unknown one is
// esim.ErrNoPaymentMethod in both directions: taken for another it would move money.
type method esim.PaymentMethod

// Value implements driver.Valuer.
func (m method) Value() (driver.Value, error) {
	if _, err := esim.ParsePaymentMethod(string(m)); err != nil {
		return nil, err
	}
	return string(m), nil
}

// Scan implements sql.Scanner.
func (m *method) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("a payment method is kept as text, not as %T", src)
	}
	known, err := esim.ParsePaymentMethod(s)
	if err != nil {
		return err
	}
	*m = method(known)
	return nil
}

// orNow is at, or the present where the zero time means "at once".
func (db *DB) orNow(at time.Time) time.Time {
	if at.IsZero() {
		return db.now()
	}
	return at
}

// A source of rows is the readers or a transaction.
type source interface {
	query(query string, args ...any) (*sql.Rows, error)
}

// reading is the readers with the context of one call.
type reading struct {
	ctx   context.Context
	db    *DB
	short bool // once begun it is finished
}

// read begins a read outside of transactions: it sees all that was committed. The end of a caller without a deadline
// does not cut it off: to watch for that takes two goroutines and costs as much as the read, most of which take
// microseconds. Those that may take long are begun by walk.
func (db *DB) read(ctx context.Context) reading {
	_, bounded := ctx.Deadline()
	return reading{ctx, db, !bounded}
}

// walk begins a read of much, which ends with its caller.
func (db *DB) walk(ctx context.Context) reading { return reading{ctx, db, false} }

func (r reading) query(query string, args ...any) (*sql.Rows, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	if r.short {
		r.ctx = context.WithoutCancel(r.ctx)
	}
	if r.db.beforeRead != nil {
		if err := r.db.beforeRead(); err != nil {
			return nil, err
		}
	}
	if r.db.statement != nil {
		r.db.statement(query, args)
	}
	s, ok := r.db.stmts.Load(query)
	if !ok {
		fresh, err := r.db.reads.PrepareContext(r.ctx, query)
		if err != nil {
			return nil, err
		}
		if s, ok = r.db.stmts.LoadOrStore(query, fresh); ok {
			fresh.Close() // another goroutine was faster
		}
	}
	return s.(*sql.Stmt).QueryContext(r.ctx, args...)
}

// list runs a query and scans all rows. It never returns an ErrNoRows.
func list[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := src.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// one runs a query for a single row; esim.ErrNotFound if there is none.
func one[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) (T, error) {
	all, err := list(src, scan, query, args...)
	if err == nil && len(all) == 0 {
		err = esim.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// value scans a row of one column.
func value[T any](rows *sql.Rows) (T, error) {
	var v T
	err := rows.Scan(&v)
	return v, err
}

// moment scans a row of one time; zero for NULL.
func moment(rows *sql.Rows) (time.Time, error) {
	s, err := value[stamp](rows)
	return time.Time(s), err
}

// jsonList writes values for `IN (SELECT value FROM json_each(?))`, which keeps the
// text of a query constant.
func jsonList[T any](values []T) string {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(b)
}
