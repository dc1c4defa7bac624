// Package storage keeps the shop in one SQLite file: it is every store that
// package esim asks for, the inbox of updates and the outbox of messages. It
// knows SQL, and neither the messenger, nor the vendor, nor any sentence.
//
// Open brings a database of an older release to the newest tables (the numbered files of
// migrations, each run once and never edited after its release) and keeps a copy from before.
// All writes go through one connection and share commits; reads have connections of their
// own and never wait for a write.
package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"

	"esimbot/esim"
)

// DB is everything the shop has to remember. Its methods may be called from
// several goroutines.
type DB struct {
	path  string
	now   func() time.Time
	log   *slog.Logger
	told  toldRows
	hooks hooks

	writer *writer
	reads  *sql.DB
	stmts  sync.Map // query text → *sql.Stmt of reads
	lock   *lock
	mark   func(esim.CustomerID) string

	beforeRead func() error
	statement  func(query string, args []any)
	changes    changes
}

var (
	_ esim.CheckoutStore     = (*DB)(nil)
	_ esim.FulfilStore       = (*DB)(nil)
	_ esim.RefundStore       = (*DB)(nil)
	_ esim.WatchStore        = (*DB)(nil)
	_ esim.VendorEventStore  = (*DB)(nil)
	_ esim.PlanStore         = (*DB)(nil)
	_ esim.NotificationStore = (*DB)(nil)
	_ esim.OrderAdminStore   = (*DB)(nil)
	_ esim.ReconcileStore    = (*DB)(nil)
	_ esim.OpenCostSource    = (*DB)(nil)
	_ esim.PersonalStore     = (*DB)(nil)
	_ esim.ForgetStore       = (*DB)(nil)
)

// Options are what Open may be told. The zero value works.
type Options struct {
	Now func() time.Time // default: time.Now
	Log *slog.Logger     // default: none

	// The following are called after a commit, from the goroutine that wrote, and
	// must return at once: they wake workers that would else have to poll.

	// OutboxFilled: there are new notifications, or held ones became due.
	OutboxFilled func()
	// OrderPaid: an order was paid, or staff hurried one or sent it on.
	OrderPaid func()
	// RefundDue: a payment has to go back.
	RefundDue func()
	// BroadcastsMoved: one was begun or resumed, or goes on no more.
	BroadcastsMoved func()

	// Mark is how a customer who was forgotten is recognised (esim.NewReturnMark); nil: they are not.
	Mark func(esim.CustomerID) string

	// NoSync leaves it to the system when commits reach the disk. Only for tests and simulations:
	// a power cut loses what a customer paid for.
	NoSync bool
	// Readers is how many reads run at once, 0 for what two cores can use. Each connection prepares for itself: a simulation in
	// which a run of the program lasts days, and one goroutine reads at a time, has fewer.
	Readers int
	// AroundCommit, if set, stands around every commit and returns its error: tests let the program
	// die right before or after one, or the disk be full.
	AroundCommit func(commit func() error) error
	// BeforeRead, if set, is called before every read outside of a write; its error is the read's: tests
	// let the disk fail.
	BeforeRead func() error
	// OnStatement, if set, sees every statement before it runs, those of writes from inside their transaction. It may panic: tests
	// let the work on one item do so.
	OnStatement func(query string, args []any)
}

// ErrInUse is returned by Open when another process works on the database.
var ErrInUse = errors.New("another esimbot is running on this database")

// ErrClosed is returned by writes after Close.
var ErrClosed = errors.New("the database is closed")

// readers is how many reads run at once. On two cores more gain nothing.
const readers = 4

// Open opens the database file at path, makes it if there is none, and brings its
// tables to the version this program knows. ctx bounds the opening only.
// It fails with ErrInUse, ErrNewer, and with a sentence that says what to do when
// the folder does not exist or cannot be written to.
func Open(ctx context.Context, path string, opts Options) (_ *DB, err error) {
	if err := checkFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	db := &DB{path: path, now: opts.Now, log: opts.Log, hooks: hooks{opts.OutboxFilled, opts.OrderPaid, opts.RefundDue, opts.BroadcastsMoved}, mark: opts.Mark}
	if db.now == nil {
		db.now = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	// The file is made before the lock is taken: only of a file that is there can be told which it is.
	if err := create(path); err != nil {
		return nil, err
	}
	if db.lock, err = lockOf(ctx, path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if db.writer, err = openWriter(ctx, path); err != nil {
		return nil, fmt.Errorf("open %s for writing: %w", path, err)
	}
	if opts.NoSync {
		if _, err := db.writer.conn.ExecContext(ctx, "PRAGMA synchronous=OFF"); err != nil {
			return nil, fmt.Errorf("open %s without waiting for the disk: %w", path, err)
		}
	}
	files, err := readMigrations()
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	if err := migrate(ctx, db.writer.conn, path, files, db.log); err != nil {
		return nil, fmt.Errorf("migrate %s: %w", path, err)
	}
	if db.reads, err = openPool(readerDSN(path), cmp.Or(opts.Readers, readers)); err != nil {
		return nil, fmt.Errorf("open %s for reading: %w", path, err)
	}
	db.beforeRead, db.statement = opts.BeforeRead, opts.OnStatement
	db.writer.statement = opts.OnStatement
	if opts.AroundCommit != nil {
		db.writer.around = opts.AroundCommit
	}
	db.writer.changed = db.changes.note
	if err := db.writer.listen(); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.writer.start()
	return db, nil
}

// Close ends all writing after what was begun, brings the file up to date with its
// log, and lets go of it. The methods of a closed DB fail.
func (db *DB) Close() error {
	var errs []error
	if db.reads != nil {
		db.stmts.Range(func(_, s any) bool {
			errs = append(errs, s.(*sql.Stmt).Close())
			return true
		})
		errs = append(errs, db.reads.Close())
		db.changes.forget()
	}
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.release())
	}
	return errors.Join(errs...)
}

// Writable reports whether a commit reaches the disk before ctx ends, by making one.
func (db *DB) Writable(ctx context.Context) error {
	wrote := make(chan error, 1)
	go func() { wrote <- db.NoteJobSuccess(ctx, "healthz", db.now()) }()
	select {
	case err := <-wrote:
		return err
	case <-ctx.Done(): // a disk that hangs does not end on its own
		return fmt.Errorf("write to the database: %w", ctx.Err())
	}
}

// The options of all connections. The driver applies them to each one it opens,
// unlike a PRAGMA that is run once; it validates these keys and their values.
// Names and order of application: https://pkg.go.dev/modernc.org/sqlite#Driver.Open.
const (
	// temp_store: where neither /tmp nor the working folder can be written SQLite finds no place
	// for temporary files (6410, SQLITE_IOERR_GETTEMPPATH), and writes fail now and then.
	commonOptions = "?_busy_timeout=5000&_foreign_keys=1&_dqs=0&_defensive=1&_pragma=temp_store(memory)"
	// FULL: after a power cut NORMAL may have lost the last commits. Immediate: a
	// transaction that reads and then writes waits for its turn instead of failing
	// in the middle. secure_delete: what is deleted is overwritten, and not only forgotten where it is.
	writerOptions = commonOptions + "&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_pragma=secure_delete(on)"
	// Readers never write, but SQLite's checkpoints at their closing do: FULL as well.
	readerOptions = commonOptions + "&_synchronous=FULL&_query_only=1"
)

func writerDSN(path string) string { return fileURI(path) + writerOptions }
func readerDSN(path string) string { return fileURI(path) + readerOptions }

// fileURI writes a path as SQLite's URI: https://www.sqlite.org/uri.html.
func fileURI(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// openPool opens n connections that stay open. All of this package come from here: SQLite takes the
// kind of its locks only before its first file.
func openPool(dsn string, n int) (*sql.DB, error) {
	if err := useOFDLocks(); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// useOFDLocks asks for locks that survive it when any other code of this process
// opens and closes the database file: POSIX locks are dropped then, and an
// operator's sqlite3 would delete the live log. Where there are none (not Linux)
// SQLite's usual locks serve.
func useOFDLocks() error {
	_, err := sqlite.OFDLocking(true)
	if err != nil && !errors.Is(err, sqlite.ErrOFDLockingUnavailable) {
		return fmt.Errorf("choose the kind of file locks: %w", err)
	}
	return nil
}

// checkFolder says plainly what SQLite would call "unable to open database file".
func checkFolder(dir string) error {
	f, err := os.CreateTemp(dir, ".esimbot-write-test-*")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s for the database does not exist: make it, or mount the volume there: %w", dir, err)
	case err != nil:
		return fmt.Errorf("the folder %s for the database cannot be written to by user %d: give it to that user (chown), or choose another: %w", dir, os.Getuid(), err)
	}
	f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return fmt.Errorf("remove the write test in %s: %w", dir, err)
	}
	return nil
}

// create makes the file for its owner only: it holds activation codes and what
// customers wrote. SQLite gives its log files the same permissions.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // a link to a file that is not there yet
	}
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return f.Close()
}
