package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A lock keeps a second process off a database. It is an empty SQLite file beside
// the database with an exclusive transaction that stays open: the operating
// system ends it with the process however that dies, it works wherever SQLite
// does (flock is not in every system's standard library), and tools that only
// look at the database, such as Litestream or sqlite3, are not shut out, as they
// would be by SQLite's exclusive mode on the database itself.
type lock struct {
	pool *sql.DB
	tx   *sql.Tx
}

// lockOf takes the lock of the database at path, whatever links lead there: ErrInUse if another process has it.
func lockOf(ctx context.Context, path string) (*lock, error) {
	file, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("where the database is: %w", err)
	}
	return takeLock(ctx, file+".lock")
}

// takeLock takes the lock at once or returns ErrInUse.
func takeLock(ctx context.Context, path string) (*lock, error) {
	pool, err := openPool(fileURI(path)+"?_busy_timeout=0&_txlock=exclusive", 1)
	if err != nil {
		return nil, err
	}
	// Not with ctx, whose end would roll the transaction back.
	tx, err := pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err == nil {
		return &lock{pool, tx}, nil
	}
	if isBusy(err) {
		err = ErrInUse
	}
	return nil, errors.Join(err, pool.Close())
}

// release ends the lock. A second call does nothing.
func (l *lock) release() error {
	err := l.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return errors.Join(err, l.pool.Close())
}

// isBusy reports whether SQLite gave up waiting for a lock.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}
