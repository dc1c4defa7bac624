package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"esimbot/esim"
)

// An Inspection is what can be told of a database from outside, while a shop runs on it or not.
type Inspection struct {
	Version int // of its tables
	Newest  int // version that this program knows
	Open    int // orders paid and not finished
	Size    int64
	// Log is how many bytes stand in the log beside the file and not in it yet.
	Log    int64
	Copied time.Time // when a copy of ours was last made; zero: never
}

// Inspect reads a database and changes nothing, its tables neither. job is under which name copies are noted.
// esim.ErrNotFound if there is no file.
func Inspect(ctx context.Context, path, job string) (l Inspection, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return l, fmt.Errorf("%s: %w", path, esim.ErrNotFound)
	} else if err != nil {
		return l, err
	}
	l.Size = info.Size()
	if info, err := os.Stat(path + "-wal"); err == nil {
		l.Log = info.Size()
	}
	files, err := readMigrations()
	if err != nil {
		return l, err
	}
	l.Newest = len(files)
	pool, err := openPool(fileURI(path)+commonOptions+"&mode=ro", 1)
	if err != nil {
		return l, err
	}
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return l, fmt.Errorf("open %s to read: %w", path, err)
	}
	defer conn.Close()
	if l.Version, err = version(ctx, conn); err != nil || l.Version == 0 {
		return l, err
	}
	if l.Version > l.Newest {
		return l, fmt.Errorf("it is at version %d, this program knows %d: %w", l.Version, l.Newest, ErrNewer)
	}
	var at int64
	if err := conn.QueryRowContext(ctx, `SELECT coalesce(max(last_ok), 0) FROM job_runs WHERE name = ?`, job).Scan(&at); err != nil {
		return l, fmt.Errorf("last copy: %w", err)
	}
	if at > 0 {
		l.Copied = time.UnixMilli(at).UTC()
	}
	if err := conn.QueryRowContext(ctx, countOpen, jsonList(openStates)).Scan(&l.Open); err != nil {
		return l, fmt.Errorf("count open orders: %w", err)
	}
	return l, nil
}

// Sizes are how many bytes the database has, and the log beside it that is not in it yet.
func (db *DB) Sizes() (file, log int64, err error) {
	info, err := os.Stat(db.path)
	if err != nil {
		return 0, 0, fmt.Errorf("size of the database: %w", err)
	}
	if beside, err := os.Stat(db.path + "-wal"); err == nil {
		log = beside.Size()
	}
	return info.Size(), log, nil
}
