package storage

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestTheCauseOfAFailedWriteIsNamed: on a full disk SQLite takes back the whole transaction by itself, so
// that the job which met it cannot be taken back alone. "no such savepoint" is what comes of that and not
// the cause; whoever reads the log must find the full disk, and find it as SQLite's own error.
func TestTheCauseOfAFailedWriteIsNamed(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	pages := number(t, db, `PRAGMA page_count`)
	get(db.writer.conn.ExecContext(t.Context(), `PRAGMA max_page_count = `+strconv.Itoa(pages+1)))(t)
	full := func(tx *tx) error {
		for range 100 {
			if _, err := tx.exec(`INSERT INTO settings (key, value) VALUES (hex(randomblob(8)), hex(randomblob(4000)))`); err != nil {
				return err
			}
		}
		return nil
	}
	batch := []*job{
		{do: func(tx *tx) error { return nil }, done: make(chan struct{})},
		{do: full, done: make(chan struct{})},
		{do: func(tx *tx) error { return nil }, done: make(chan struct{})},
	}
	db.writer.serve(batch) // what the writer's loop does with jobs that come together
	for i, j := range batch {
		var se *sqlite.Error
		if j.err == nil || !strings.Contains(j.err.Error(), "full") {
			t.Errorf("job %d fails with %v", i, j.err)
		} else if !errors.As(j.err, &se) || se.Code() != sqlite3.SQLITE_FULL {
			t.Errorf("job %d: the cause is no error of SQLite's: %v", i, j.err)
		}
	}
	get(db.writer.conn.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`))(t)
	must(t, db.SetSetting(t.Context(), "a", "b")) // and it goes on when there is room
}
