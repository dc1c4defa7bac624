package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A CopyReport is what a copy of the database holds.
type CopyReport struct {
	Version  int // of its tables
	Orders   int
	Payments int
	Newest   time.Time // of its orders; zero: there are none
	Size     int64     // bytes
}

// ErrBadCopy is returned for a file from which no shop should be restored.
var ErrBadCopy = errors.New("this copy is not sound")

// CheckCopy reads a copy from end to end: whether it is a shop's database, of no later release than this program, whole by
// SQLite's own account, with nothing that points nowhere, and with books that sum to zero. The file is not changed.
func CheckCopy(ctx context.Context, path string) (r CopyReport, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return r, fmt.Errorf("look at the copy: %w", err)
	}
	r.Size = info.Size()
	pool, err := openPool(fileURI(path)+commonOptions+"&mode=ro", 1)
	if err != nil {
		return r, err
	}
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return r, fmt.Errorf("%w: %w", ErrBadCopy, err)
	}
	defer conn.Close()
	if r.Version, err = version(ctx, conn); err != nil {
		return r, fmt.Errorf("%w: %w", ErrBadCopy, err)
	}
	files, err := readMigrations()
	switch {
	case err != nil:
		return r, err
	case r.Version > len(files):
		return r, fmt.Errorf("it is at version %d, this program knows %d; use the release that wrote it: %w", r.Version, len(files), ErrNewer)
	case r.Version == 0:
		return r, fmt.Errorf("%w: there is nothing in it", ErrBadCopy)
	}
	if err := soundness(ctx, conn); err != nil {
		return r, fmt.Errorf("%w: %w", ErrBadCopy, err)
	}
	var newest int64
	err = conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM payments), (SELECT coalesce(max(created), 0) FROM orders)`).
		Scan(&r.Orders, &r.Payments, &newest)
	if err != nil {
		return r, fmt.Errorf("%w: %w", ErrBadCopy, err)
	}
	if newest > 0 {
		r.Newest = time.UnixMilli(newest).UTC()
	}
	return r, nil
}

// soundness is what is wrong with a database.
func soundness(ctx context.Context, conn *sql.Conn) error {
	var said string
	if err := conn.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&said); err != nil {
		return fmt.Errorf("integrity check: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("integrity check: %s", said)
	}
	var lost int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil {
		return fmt.Errorf("foreign keys: %w", err)
	}
	if lost > 0 {
		return fmt.Errorf("%d rows point nowhere", lost)
	}
	var off sql.NullString
	err := conn.QueryRowContext(ctx, `SELECT group_concat(minor || ' ' || currency, ', ')
		FROM (SELECT currency, sum(minor) AS minor FROM ledger GROUP BY currency HAVING sum(minor) <> 0)`).Scan(&off)
	if err != nil {
		return fmt.Errorf("sum of the books: %w", err)
	}
	if off.Valid {
		return fmt.Errorf("its books are off by %s", off.String)
	}
	return nil
}

// Backup writes a checked copy of the database file from, which may be in use, to the file to, which must not exist.
// A copy that is not sound is taken away again.
func Backup(ctx context.Context, from, to string) (CopyReport, error) {
	if _, err := os.Stat(from); err != nil {
		return CopyReport{}, fmt.Errorf("the database: %w", err)
	}
	if _, err := os.Lstat(to); err == nil {
		return CopyReport{}, fmt.Errorf("%s exists: name a new file, nothing is ever written over", to)
	}
	if err := Copy(ctx, from, to); err != nil {
		return CopyReport{}, err
	}
	r, err := CheckCopy(ctx, to)
	if err != nil {
		return r, errors.Join(err, os.Remove(to))
	}
	return r, nil
}

// Restore puts a copy in the place of a database that is not there. Nothing is written over: no database, and no log of one,
// which SQLite would play into the restored file. The shop finds out by itself that it is a copy.
func Restore(ctx context.Context, from, to string) (CopyReport, error) {
	r, err := CheckCopy(ctx, from)
	if err != nil {
		return r, err
	}
	for _, path := range []string{to, to + "-wal", to + "-shm", to + "-journal"} {
		if _, err := os.Lstat(path); err == nil {
			return r, fmt.Errorf("%s exists, and nothing is ever written over: move it away first (all of %s*)", path, to)
		}
	}
	return Backup(ctx, from, to)
}

// NoteJob notes in the database at path, which may be in use by another process, that a job ended well.
func NoteJob(ctx context.Context, path, name string, at time.Time) error {
	pool, err := openPool(fileURI(path)+writerOptions+"&mode=rw", 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, noteJob, name, stamp(at)); err != nil {
		return fmt.Errorf("note run of job %s: %w", name, err)
	}
	return nil
}

// What the daily copies are called: the time stands in the middle, so that names sort by it.
const copyPrefix, copySuffix = "esimbot-", ".db"

// CopyInto writes a checked copy into a folder under a name with the time in it, and throws away the oldest of those that
// are more than keep. free, if set, is how many bytes that folder's disk has: a copy that would fill it is not begun,
// since the shop may live on the same one.
func (db *DB) CopyInto(ctx context.Context, dir string, keep int, free func() (int64, error)) (path string, r CopyReport, err error) {
	info, err := os.Stat(db.path)
	if err != nil {
		return "", r, fmt.Errorf("the database: %w", err)
	}
	if free != nil {
		left, err := free()
		if need := info.Size() + roomBeside; err == nil && left < need {
			return "", r, fmt.Errorf("%d MB are free in %s, and a copy needs %d", left>>20, dir, need>>20)
		}
	}
	path = filepath.Join(dir, copyPrefix+db.now().UTC().Format("20060102T150405Z")+copySuffix)
	if r, err = Backup(ctx, db.path, path); err != nil {
		return "", r, err
	}
	return path, r, rotate(dir, keep)
}

// roomBeside is what a copy leaves free for the shop.
const roomBeside = 100 << 20

// rotate removes the oldest copies of a folder, and nothing that is not one.
func rotate(dir string, keep int) error {
	entries, err := os.ReadDir(dir) // sorted
	if err != nil {
		return fmt.Errorf("look for old copies: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !e.Type().IsRegular() || !isCopy(e.Name()) })
	var errs []error
	for _, e := range entries[:max(0, len(entries)-keep)] {
		errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
	}
	return errors.Join(errs...)
}

func isCopy(name string) bool {
	middle, ok := strings.CutPrefix(name, copyPrefix)
	middle, ends := strings.CutSuffix(middle, copySuffix)
	_, err := time.Parse("20060102T150405Z", middle)
	return ok && ends && err == nil
}
