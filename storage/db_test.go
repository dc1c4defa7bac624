package storage

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
)

// noon is when the tests take place; clock moves it.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A clock is a Now that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// open opens a new database in a folder of its own. All are copies of one: to migrate each through every version
// would take longer than most tests.
func open(t testing.TB) (*DB, *clock) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, os.WriteFile(path, get(empty())(t), 0o600))
	c := &clock{at: noon}
	return openAt(t, path, Options{Now: c.now}), c
}

// empty is the file of a database that was opened once and closed.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "esimbot-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "esimbot.db")
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func openAt(t testing.TB, path string, opts Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// must fails the test at once on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// get is must for calls with a result.
func get[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// number asks the database itself.
func number(t testing.TB, db *DB, query string, args ...any) int {
	t.Helper()
	var n int
	must(t, db.reads.QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

func TestEveryConnectionIsConfigured(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	conns := map[string]*sql.Conn{"writer": db.writer.conn}
	for i := range readers { // all of them at once, so that none is asked twice
		c := get(db.reads.Conn(t.Context()))(t)
		defer c.Close()
		conns["reader "+string(rune('1'+i))] = c
	}
	for name, c := range conns {
		want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "1", "temp_store": "2"}
		if name == "writer" {
			want["query_only"] = "0"
		}
		for pragma, value := range want {
			var got string
			must(t, c.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			if got != value {
				t.Errorf("%s: %s is %s, want %s", name, pragma, got, value)
			}
		}
		if _, err := c.ExecContext(t.Context(), `DELETE FROM people`); (err == nil) != (name == "writer") {
			t.Errorf("%s deletes: %v", name, err)
		}
		var word string
		if err := c.QueryRowContext(t.Context(), `SELECT "word"`).Scan(&word); err == nil {
			t.Errorf("%s takes an unknown column in double quotes for a string", name)
		}
	}
}

// Two writers that read before they write: with deferred transactions the second
// to write fails at once, whatever the busy timeout.
func TestReadThenWriteNeverFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	openAt(t, path, Options{}).Close()
	var wg sync.WaitGroup
	for range 4 {
		pool := get(openPool(writerDSN(path), 1))(t)
		defer pool.Close()
		wg.Go(func() {
			for range 50 {
				if err := readThenWrite(t.Context(), pool); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	db := openAt(t, path, Options{})
	if n := number(t, db, `SELECT last_ok FROM job_runs WHERE name = 'count'`); n != 200 {
		t.Errorf("counted %d of 200", n)
	}
}

func readThenWrite(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var n int
	if err := tx.QueryRow(`SELECT coalesce(max(last_ok), 0) FROM job_runs WHERE name = 'count'`).Scan(&n); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO job_runs VALUES ('count', ?1) ON CONFLICT DO UPDATE SET last_ok = ?1`, n+1); err != nil {
		return err
	}
	return tx.Commit()
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	other := filepath.Join(dir, "other.db")
	pool := get(openPool(fileURI(other), 1))(t)
	get(pool.Exec(`CREATE TABLE songs (title TEXT)`))(t)
	must(t, pool.Close())
	text := filepath.Join(dir, "text.db")
	must(t, os.WriteFile(text, []byte(strings.Repeat("this is not a database\n", 100)), 0o600))

	tests := []struct{ name, path, want string }{
		{"the folder is missing", filepath.Join(dir, "nowhere", "esimbot.db"), "does not exist"},
		{"the folder is no folder", filepath.Join(file, "esimbot.db"), "cannot be written to by user"},
		{"another program's database", other, "another program"},
		{"no database at all", text, "not a database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(t.Context(), tt.path, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open: %v, want an error with %q", err, tt.want)
			}
		})
	}
	t.Run("a folder of somebody else", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root may write everywhere")
		}
		locked := filepath.Join(dir, "locked")
		must(t, os.Mkdir(locked, 0o500))
		_, err := Open(t.Context(), filepath.Join(locked, "esimbot.db"), Options{})
		if err == nil || !strings.Contains(err.Error(), "cannot be written to by user") {
			t.Errorf("Open: %v", err)
		}
	})
}

func TestPathMayHaveAnyCharacter(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "50% off? #1 & 'more'")
	must(t, os.Mkdir(dir, 0o700))
	path := filepath.Join(dir, "esim bot.db")
	db := openAt(t, path, Options{})
	must(t, db.SetSetting(t.Context(), "a", "b"))
	must(t, db.CopyTo(t.Context(), path+".copy"))
	for _, p := range []string{path, path + ".copy"} {
		if info, err := os.Stat(p); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, %v", p, info, err)
		}
	}
}

func TestDatabaseIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	must(t, db.SetSetting(t.Context(), "a", "b"))
	must(t, db.CopyTo(t.Context(), path+".copy"))
	for _, p := range []string{path, path + "-wal", path + "-shm", path + ".copy"} {
		info := get(os.Stat(p))(t)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %s", p, info.Mode())
		}
	}
}

func TestWritesEndWithClose(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	must(t, db.Writable(t.Context()))
	must(t, db.SetSetting(t.Context(), "a", "b"))
	get(db.Setting(t.Context(), "a"))(t)
	must(t, db.Close())
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there after Close: %v", err)
	}
	if err := db.SetSetting(t.Context(), "a", "c"); !errors.Is(err, ErrClosed) {
		t.Errorf("write after Close: %v, want ErrClosed", err)
	}
	if _, err := db.Setting(t.Context(), "a"); err == nil {
		t.Error("read after Close succeeded")
	}
	must(t, db.Close())
	again := openAt(t, path, Options{})
	if v := get(again.Setting(t.Context(), "a"))(t); v != "b" {
		t.Errorf("after reopening a is %q", v)
	}
}

func TestTimesAreMilliseconds(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	at := time.Date(2026, 11, 23, 15, 4, 5, 678_999_999, time.FixedZone("", 3*3600))
	must(t, db.NoteJobSuccess(t.Context(), "sweep", at))
	if n := number(t, db, `SELECT last_ok FROM job_runs WHERE name = 'sweep'`); int64(n) != at.UnixMilli() {
		t.Errorf("stored %d, want %d", n, at.UnixMilli())
	}
	got := get(db.LastJobSuccess(t.Context(), "sweep"))(t)
	if want := at.UTC().Truncate(time.Millisecond); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if all := get(db.LastJobSuccesses(t.Context()))(t); len(all) != 1 || all["sweep"] != got {
		t.Errorf("the jobs ended well at %v", all)
	}
	if _, err := db.LastJobSuccess(t.Context(), "never"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("a job that never ran: %v", err)
	}
	// No column may hold a time as text: STRICT tables refuse it.
	if _, err := db.writer.conn.ExecContext(t.Context(), `UPDATE job_runs SET last_ok = '2026-11-23'`); err == nil {
		t.Error("a time was stored as text")
	}
}

func TestForeignKeysAreHeld(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	if err := db.SetProgressMessage(t.Context(), "NOORDER1", 1, 2); err == nil {
		t.Error("a message for an order that does not exist was stored")
	}
}
