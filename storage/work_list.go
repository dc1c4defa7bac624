package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"esimbot/esim"
)

// What a worker works through is listed by workList and workListOf: a row that cannot be read, or whose reading panics, costs that
// row. Staff are told of it, once a day for as long as it is met, and the others are worked on. A list that one decision hangs
// on as a whole (the eSIMs of an order, its payments) is read by list: half of it would decide wrongly.

// A badRow could not be read.
type badRow struct {
	id  string // its first column
	err error
}

// workList lists all rows that can be read. what names one of them.
func workList[T any](ctx context.Context, db *DB, what string, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	all, bad, err := readable(db.read(ctx), scan, query, args...)
	if err == nil {
		db.unreadable(ctx, what, bad)
	}
	return all, err
}

// workListOf is workList for a query whose last argument bounds it: rows that cannot be read do not count.
func workListOf[T any](ctx context.Context, db *DB, what string, scan func(*sql.Rows) (T, error), limit int, query string, args ...any) ([]T, error) {
	for most := limit; ; {
		all, bad, err := readable(db.read(ctx), scan, query, append(args[:len(args):len(args)], most)...)
		if err != nil {
			return nil, err
		}
		if len(all) < limit && len(all)+len(bad) >= most { // behind them there may be more
			most = limit + 2*len(bad)
			continue
		}
		db.unreadable(ctx, what, bad)
		return all[:min(limit, len(all))], nil
	}
}

// readable runs a query and scans the rows that can be scanned.
func readable[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) (all []T, bad []badRow, err error) {
	if r, ok := src.(reading); ok {
		none, found := r.nothing(query, args)
		if none {
			return nil, nil, nil
		}
		defer func() { found(len(all)+len(bad) > 0 || err != nil) }()
	}
	rows, err := src.query(query, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scanSafely(rows, scan)
		if err != nil {
			id, failed := firstColumn(rows)
			if failed != nil { // it is not the row
				return nil, nil, errors.Join(err, failed)
			}
			bad = append(bad, badRow{id, err})
			continue
		}
		all = append(all, v)
	}
	return all, bad, rows.Err()
}

func scanSafely[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) (v T, err error) {
	err = isolated(func() (err error) {
		v, err = scan(rows)
		return err
	})
	return v, err
}

// isolated does the work on one item of a list; a panic in it is that item's failure.
func isolated(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return work()
}

func firstColumn(rows *sql.Rows) (string, error) {
	row, err := anyRow(rows)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(row[0].Value), nil
}

// toldRows are the rows that staff were told of, by the day on which they were: a worker meets them every few seconds.
type toldRows struct {
	mu sync.Mutex
	on map[string]string
}

// fresh reports whether nobody was told of a row on a day, and notes that somebody is.
func (r *toldRows) fresh(row, day string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on[row] == day {
		return false
	}
	if r.on == nil {
		r.on = map[string]string{}
	}
	r.on[row] = day
	return true
}

func (r *toldRows) forget(row string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.on, row)
}

// unreadable tells staff of rows that could not be read, or not be changed.
func (db *DB) unreadable(ctx context.Context, what string, bad []badRow) {
	now := db.now()
	for _, b := range bad {
		row := what + " " + b.id
		if !db.told.fresh(row, now.UTC().Format(time.DateOnly)) {
			continue
		}
		db.log.Error("a row cannot be worked on; the others go on", "what", what, "id", b.id, "err", b.err)
		n := esim.NewStaffStuck(what, b.id, "", fmt.Sprintf("%s cannot be worked on: %v", b.id, b.err), now)
		if err := db.AddNotifications(ctx, []esim.Notification{n}); err != nil {
			db.told.forget(row)
			db.log.Error("staff were not told of a row that cannot be read", "what", what, "id", b.id, "err", err)
		}
	}
}
