package shop

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/storage"
)

// A disk that is full for four minutes costs nobody anything; after the fifth look in a
// row the program ends, with the reason, so that whoever watches it starts it anew.
func TestTheWatchdogGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("database or disk is full")
		ctx, fail := context.WithCancelCause(t.Context())
		defer fail(nil)
		var looks atomic.Int32
		broken := func(look int32) bool { return look > 1 && look != 6 }
		w := &Worker{Name: "watchdog", Idle: time.Minute, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		w.Run = giveUp(func(context.Context) error {
			if broken(looks.Add(1)) {
				return full
			}
			return nil
		}, fail)
		begun := time.Now()
		go w.Loop(ctx, t.Context())
		after(9*time.Minute + time.Second) // well, four times full, well, four times full
		if looks.Load() != 10 || ctx.Err() != nil {
			t.Fatalf("%d looks in nine minutes; given up: %v", looks.Load(), context.Cause(ctx))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Hour):
			t.Fatal("the watchdog never gives up")
		}
		if took := time.Since(begun); took != 10*time.Minute {
			t.Errorf("it gave up after %s, want 10 minutes", took)
		}
		if err := context.Cause(ctx); !errors.Is(err, full) {
			t.Errorf("the reason is lost: %v", err)
		}
	})
}

// What the watchdog of a shop looks at is the shop's own database.
func TestTheWatchdogLooksAtTheDatabase(t *testing.T) {
	db, err := storage.Open(t.Context(), t.TempDir()+"/shop.db", storage.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, fail := context.WithCancelCause(t.Context())
	defer fail(nil)
	dog := (&App{DB: db, Now: time.Now, log: slog.New(slog.DiscardHandler)}).watchdog(fail)
	if _, err := dog.Run(t.Context()); err != nil {
		t.Errorf("a database that is well: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range watchdogTries {
		if ctx.Err() != nil {
			t.Fatal("given up too soon")
		}
		dog.Run(t.Context())
	}
	if err := context.Cause(ctx); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("the program goes on without a database: %v", err)
	}
}
