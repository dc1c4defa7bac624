package intake

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/storage"
)

// TestAnUpdateThatIsGivenUpIsTold: what cannot be handled is let go so that its chat goes on, and staff
// read whose it was and what kind of thing, once; what it says stays with its sender. While they cannot
// be told nothing is let go.
func TestAnUpdateThatIsGivenUpIsTold(t *testing.T) {
	unreadable := `{"a secret of mine`
	for _, tt := range []struct {
		name, raw string
		handle    func() error
		failing   int // how often staff cannot be told
	}{
		{"it fails", textUpdate, func() error { return errors.New("poison") }, 0},
		{"it panics", textUpdate, func() error { panic("poison") }, 0},
		{"it cannot be read", unreadable, func() error { return nil }, 0},
		{"it fails and the disk is full", textUpdate, func() error { return errors.New("poison") }, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				db, _ := open(t, dir, "inbox.db")
				inbox, served := &cannotTell{DB: db, times: tt.failing}, 0
				i := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler), Bot: updateFunc(func(u telegram.Update) error {
					if u.ID == 3 {
						served++
						return nil
					}
					return tt.handle()
				})}
				ctx, cancel := context.WithCancel(t.Context())
				if err := i.Begin(t.Context(), ctx); err != nil {
					t.Fatal(err)
				}
				raw := strings.ReplaceAll(tt.raw, "hello", "a secret of mine")
				if err := i.Store(ctx, updates(telegram.RawUpdate{ID: 2, UserID: 7, Kind: "message", Raw: []byte(raw)}, press(3, 7))); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour) // of the bubble's time
				cancel()
				i.Stop()
				left, err := db.UnhandledUpdates(t.Context(), 10)
				if err != nil || len(left) > 0 || served != 1 {
					t.Errorf("%d updates are left, the next of that customer was served %d times, %v", len(left), served, err)
				}
				told, _, err := db.DueMessages(t.Context(), time.Now(), 10)
				if err != nil || len(told) != 1 || told[0].Kind != esim.StaffGivenUp {
					t.Fatalf("staff are told %+v, %v", told, err)
				}
				if note := told[0].Note; !strings.Contains(note, "customer 7") || !strings.Contains(note, "message") || strings.Contains(note, "secret") {
					t.Errorf("they read %q", note)
				}
			})
		})
	}
}

// cannotTell is an inbox that cannot tell staff anything for some times.
type cannotTell struct {
	*storage.DB
	times int
}

func (d *cannotTell) AddNotifications(ctx context.Context, n []esim.Notification) error {
	if d.times > 0 {
		d.times--
		return errors.New("database or disk is full")
	}
	return d.DB.AddNotifications(ctx, n)
}
