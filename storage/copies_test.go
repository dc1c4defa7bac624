package storage

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// change runs a statement on a file that no shop has open.
func change(t *testing.T, path, statement string) {
	t.Helper()
	pool, err := sql.Open("sqlite", fileURI(path))
	must(t, err)
	defer pool.Close()
	_, err = pool.ExecContext(t.Context(), statement)
	must(t, err)
}

func TestACopyIsChecked(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	paid(t, db, "o-1", ann, 1)
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	r, err := Backup(t.Context(), db.path, good)
	if err != nil || r.Orders != 1 || r.Payments != 1 || !r.Newest.Equal(noon) || r.Size == 0 {
		t.Fatalf("%+v %v", r, err)
	}
	if info, err := os.Stat(good); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: a copy is for its owner alone", info.Mode(), err)
	}
	if _, err := Backup(t.Context(), db.path, good); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a copy is written over: %v", err)
	}
	if _, err := Backup(t.Context(), filepath.Join(dir, "none.db"), filepath.Join(dir, "x.db")); err == nil {
		t.Error("what is not there is copied")
	}
	whole, err := os.ReadFile(good)
	must(t, err)
	for name, spoil := range map[string]func(path string){
		"half of it": func(path string) { must(t, os.Truncate(path, r.Size/2)) },
		"a page of nothing": func(path string) {
			spoilt := append([]byte(nil), whole...)
			clear(spoilt[len(spoilt)-8192:])
			must(t, os.WriteFile(path, spoilt, 0o600))
		},
		"no text": func(path string) { must(t, os.WriteFile(path, []byte("not a database at all, a text"), 0o600)) },
		"empty":   func(path string) { must(t, os.Truncate(path, 0)) },
		"books that are off": func(path string) {
			change(t, path, `INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES ('x', 0, '', '', 'sales', 1, 'XTR', '')`)
		},
		"a row that points nowhere": func(path string) {
			change(t, path, `PRAGMA foreign_keys = 0; UPDATE orders SET person = 99`)
		},
		"another program's": func(path string) { change(t, path, `PRAGMA application_id = 7`) },
	} {
		path := filepath.Join(dir, "spoilt.db")
		must(t, os.WriteFile(path, whole, 0o600))
		spoil(path)
		if _, err := CheckCopy(t.Context(), path); !errors.Is(err, ErrBadCopy) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Restore(t.Context(), path, filepath.Join(dir, "restored.db")); err == nil {
			t.Errorf("%s: restored", name)
		}
		if _, err := os.Stat(filepath.Join(dir, "restored.db")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: something was left: %v", name, err)
		}
	}
	newer := filepath.Join(dir, "newer.db")
	must(t, os.WriteFile(newer, whole, 0o600))
	change(t, newer, `PRAGMA user_version = 9999`)
	if _, err := CheckCopy(t.Context(), newer); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer one: %v", err)
	}
}

func TestRestoreWritesNothingOver(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	dir := t.TempDir()
	good, to := filepath.Join(dir, "good.db"), filepath.Join(dir, "shop.db")
	_, err := Backup(t.Context(), db.path, good)
	must(t, err)
	for _, left := range []string{"", "-wal", "-shm", "-journal"} {
		must(t, os.WriteFile(to+left, []byte("somebody's"), 0o600))
		if _, err := Restore(t.Context(), good, to); err == nil || !strings.Contains(err.Error(), to+left+" exists") {
			t.Errorf("%q: %v", left, err)
		}
		if b, _ := os.ReadFile(to + left); string(b) != "somebody's" {
			t.Errorf("%q is %q", left, b)
		}
		must(t, os.Remove(to+left))
	}
	_, err = Restore(t.Context(), good, to)
	must(t, err)
	again, err := Open(t.Context(), to, Options{})
	must(t, err)
	must(t, again.Close())
}

func TestCopiesOfDaysAreRotated(t *testing.T) {
	t.Parallel()
	day := noon
	db := get(Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), Options{Now: func() time.Time { return day }}))(t)
	defer db.Close()
	dir := t.TempDir()
	foreign := filepath.Join(dir, "esimbot-holidays.db")
	must(t, os.WriteFile(foreign, []byte("somebody's"), 0o600))
	var paths []string
	for range 4 {
		path, _, err := db.CopyInto(t.Context(), dir, 2, nil)
		must(t, err)
		paths = append(paths, path)
		day = day.Add(24 * time.Hour)
	}
	for i, path := range append(paths, foreign) {
		if _, err := os.Stat(path); (err == nil) != (i >= 2) {
			t.Errorf("copy %d: %v", i, err)
		}
	}
	if _, _, err := db.CopyInto(t.Context(), dir, 2, func() (int64, error) { return roomBeside, nil }); err == nil || !strings.Contains(err.Error(), "free") {
		t.Errorf("a copy on a full disk: %v", err)
	}
	// What another process notes is seen.
	must(t, NoteJob(t.Context(), db.path, "backup", day))
	if at, err := db.LastJobSuccess(context.Background(), "backup"); err != nil || !at.Equal(day) {
		t.Errorf("noted: %v %v", at, err)
	}
}
