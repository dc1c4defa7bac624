package intake

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/storage"
)

// open opens a database in dir.
func open(t *testing.T, dir, name string) (db *storage.DB, path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	db, err := storage.Open(t.Context(), path, storage.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, path
}

// lock keeps a database from being written to for a while, as another process does.
func lock(t *testing.T, path string, d time.Duration) {
	t.Helper()
	if d == 0 {
		return
	}
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := other.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(d, func() {
		_, err := conn.ExecContext(context.Background(), "ROLLBACK")
		if err := errors.Join(err, conn.Close(), other.Close()); err != nil {
			t.Error(err)
		}
	})
}

// books is a handler that writes into a database of its own.
type books struct {
	db     *storage.DB
	booked atomic.Int64
}

func (b *books) Handle(ctx context.Context, u telegram.Update) error {
	_, _, err := b.db.UpsertCustomer(ctx, esim.Customer{ID: 7, Chat: 7, Language: "en", Name: "A"})
	if err == nil {
		b.booked.Add(1)
	}
	return err
}

const (
	paymentUpdate = `{"update_id":1,"message":{"message_id":5,"date":1,"from":{"id":7,"first_name":"A"},"chat":{"id":7,"type":"private"},` +
		`"successful_payment":{"currency":"XTR","total_amount":48,"invoice_payload":"K7M2XQ4P","telegram_payment_charge_id":"c","provider_payment_charge_id":""}}}`
	textUpdate = `{"update_id":2,"message":{"message_id":6,"date":1,"from":{"id":7,"first_name":"A"},"chat":{"id":7,"type":"private"},"text":"hello"}}`
)

// TestAPaymentIsNeverGivenUp: neither when its booking fails for a day, nor when not even that can
// be noted; anything else is given up in the end, so that its chat goes on.
func TestAPaymentIsNeverGivenUp(t *testing.T) {
	for _, tt := range []struct {
		name   string
		raw    string
		fails  time.Duration // the booking
		locked time.Duration // the inbox
		booked int
	}{
		{"the database is locked for 11 seconds", paymentUpdate, 11 * time.Second, 11 * time.Second, 1},
		{"the database is locked for 16 seconds", paymentUpdate, 16 * time.Second, 16 * time.Second, 1},
		{"booking fails for a day", paymentUpdate, 24 * time.Hour, 0, 1},
		{"a text whose handling fails for a day", textUpdate, 24 * time.Hour, 0, 0},
		{"a text while the inbox is locked", textUpdate, 30 * time.Second, 30 * time.Second, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				inbox, inboxPath := open(t, dir, "inbox.db")
				db, path := open(t, dir, "books.db")
				handler := &books{db: db}
				ctx, cancel := context.WithCancel(t.Context())
				i := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler), Bot: handler}
				if err := i.Begin(t.Context(), ctx); err != nil {
					t.Fatal(err)
				}
				lock(t, path, tt.fails)
				if err := i.Store(ctx, []telegram.RawUpdate{{ID: 1, UserID: 7, Kind: "message", Raw: []byte(tt.raw)}}); err != nil {
					t.Fatal(err)
				}
				lock(t, inboxPath, tt.locked)
				time.Sleep(tt.fails + 2*time.Minute) // of the bubble's time
				cancel()
				i.Stop()
				left, err := inbox.UnhandledUpdates(t.Context(), 10)
				if err != nil {
					t.Fatal(err)
				}
				if n := handler.booked.Load(); n != int64(tt.booked) || len(left) != 0 {
					t.Errorf("booked %d times, want %d; not marked as handled: %v", n, tt.booked, left)
				}
			})
		})
	}
}
