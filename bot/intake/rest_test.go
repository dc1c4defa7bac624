package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
)

// With as many people as there are workers nothing can be done: others are served at once.
func TestWhatFailsKeepsNoWorker(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		inbox, _ := open(t, dir, "inbox.db")
		served := make(chan time.Time, 1)
		i := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler), Bot: updateFunc(func(u telegram.Update) error {
			if u.Callback.From.ID == 1 {
				served <- time.Now()
				return nil
			}
			return errors.New("nothing goes")
		})}
		ctx, cancel := context.WithCancel(t.Context())
		if err := i.Begin(t.Context(), ctx); err != nil {
			t.Fatal(err)
		}
		var batch []telegram.RawUpdate
		for id := range int64(Workers) {
			batch = append(batch, press(id+10, id+10))
		}
		if err := i.Store(ctx, batch); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // all have failed once
		sent := time.Now()
		if err := i.Store(ctx, updates(press(1, 1))); err != nil {
			t.Fatal(err)
		}
		if waited := (<-served).Sub(sent); waited > 0 {
			t.Errorf("somebody else was served after %s", waited)
		}
		cancel()
		i.Stop()
	})
}

// While Telegram wants a chat left alone, showing its screen is no failure of the update.
func TestAPauseThatTelegramAsksForIsNoFailure(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		inbox, _ := open(t, dir, "inbox.db")
		begun, shown := time.Now(), make(chan time.Duration, 1)
		i := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler), Bot: updateFunc(func(telegram.Update) error {
			if left := time.Hour - time.Since(begun); left > 0 {
				return fmt.Errorf("show screen: %w", &telegram.Error{Method: "editMessageText", Code: 429, RetryAfter: left})
			}
			shown <- time.Since(begun)
			return nil
		})}
		ctx, cancel := context.WithCancel(t.Context())
		if err := i.Begin(t.Context(), ctx); err != nil {
			t.Fatal(err)
		}
		if err := i.Store(ctx, updates(press(1, 1))); err != nil {
			t.Fatal(err)
		}
		if after := <-shown; after != time.Hour {
			t.Errorf("shown after %s", after)
		}
		cancel()
		i.Stop()
	})
}
