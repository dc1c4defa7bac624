package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// together makes the writer serve jobs in one transaction. Its loop has nothing to
// do meanwhile.
func together(db *DB, jobs ...func(*tx) error) []error {
	batch := make([]*job, len(jobs))
	for i, do := range jobs {
		batch[i] = &job{do: do, done: make(chan struct{})}
	}
	db.writer.serve(batch)
	errs := make([]error, len(jobs))
	for i, j := range batch {
		<-j.done
		errs[i] = j.err
	}
	return errs
}

func set(key string) func(*tx) error {
	return func(t *tx) error {
		_, err := t.exec(`INSERT INTO settings VALUES (?, 'x')`, key)
		return err
	}
}

func TestAFailedWriteIsTakenBackAlone(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	boom := errors.New("boom")
	errs := together(db,
		set("first"),
		func(t *tx) error { return errors.Join(set("half")(t), boom) },
		set("first"), // the key exists
		func(t *tx) error { must1(set("panicked")(t)); panic("ouch") },
		set("last"),
	)
	for i, ok := range []bool{true, false, false, false, true} {
		if (errs[i] == nil) != ok {
			t.Errorf("job %d: %v", i, errs[i])
		}
	}
	if !errors.Is(errs[1], boom) || !strings.Contains(fmt.Sprint(errs[3]), "ouch") {
		t.Errorf("errors %v, %v", errs[1], errs[3])
	}
	if n := number(t, db, `SELECT count(*) FROM settings WHERE key IN ('first', 'last')`); n != 2 {
		t.Errorf("%d of the good writes were kept", n)
	}
	if n := number(t, db, `SELECT count(*) FROM settings`); n != 2 {
		t.Errorf("%d writes in all: a failed one left something", n)
	}
	must(t, db.SetSetting(t.Context(), "after", "y"))
}

func must1(err error) {
	if err != nil {
		panic(err)
	}
}

func TestAPanicInALoneWriteIsAnError(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	err := db.write(t.Context(), func(t *tx) error { must1(set("panicked")(t)); panic("ouch") })
	if err == nil || number(t, db, `SELECT count(*) FROM settings`) != 0 {
		t.Errorf("panic: %v", err)
	}
	must(t, db.SetSetting(t.Context(), "after", "y"))
}

// A commit that fails is everybody's failure: nobody may believe to be on the disk.
func TestAFailedCommitFailsAll(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	errs := together(db, set("a"), func(t *tx) error {
		_, err := t.exec(`ROLLBACK`) // as SQLite does by itself when the disk is full
		return errors.Join(err, errors.New("disk is full"))
	}, set("b"))
	for i, err := range errs {
		if err == nil {
			t.Errorf("job %d was told that it is done", i)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM settings`); n != 0 {
		t.Errorf("%d writes were kept", n)
	}
	must(t, db.SetSetting(t.Context(), "after", "y"))
}

func TestAWriteThatBeganIsFinished(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.write(ctx, func(t *tx) error { cancel(); return set("k")(t) })
	if err != nil || number(t, db, `SELECT count(*) FROM settings`) != 1 {
		t.Errorf("a context that ended meanwhile: %v", err)
	}
	if err := db.write(ctx, set("never")); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended before: %v", err)
	}
	if n := number(t, db, `SELECT count(*) FROM settings`); n != 1 {
		t.Error("a write refused was done")
	}
}

func TestWritableDoesNotHang(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	must(t, db.Writable(t.Context()))
	busy, free := make(chan struct{}), make(chan struct{})
	go db.write(t.Context(), func(*tx) error { close(busy); <-free; return nil })
	<-busy
	defer close(free)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := db.Writable(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a disk that hangs: %v", err)
	}
}
