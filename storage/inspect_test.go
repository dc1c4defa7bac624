package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"esimbot/esim"
)

// TestLookAtLeavesADatabaseAsItIs: one that is used tells the same as one that is not, and an old one stays old.
func TestLookAtLeavesADatabaseAsItIs(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.db")
	if _, err := Inspect(t.Context(), path, "backup"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("nothing there: %v", err)
	}
	db := get(Open(t.Context(), path, Options{Now: func() time.Time { return noon }}))(t)
	meet(t, db, ann)
	paid(t, db, "o-1", ann, 1)
	look := get(Inspect(t.Context(), path, "backup"))(t)
	if look.Open != 1 || look.Version != look.Newest || !look.Copied.IsZero() || look.Log == 0 {
		t.Errorf("used: %+v", look)
	}
	must(t, NoteJob(t.Context(), path, "backup", noon))
	must(t, db.Close())
	change(t, path, `PRAGMA user_version = 1`)
	before, err := os.ReadFile(path)
	must(t, err)
	look = get(Inspect(t.Context(), path, "backup"))(t)
	if look.Open != 1 || look.Version != 1 || !look.Copied.Equal(noon) || look.Log != 0 {
		t.Errorf("closed: %+v", look)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it was changed: %v", err)
	}
	change(t, path, `PRAGMA user_version = 9999`)
	if _, err := Inspect(t.Context(), path, "backup"); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}
