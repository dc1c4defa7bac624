package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// stubborn is an inbox whose database another process holds: nothing can be noted in it for a
// while.
type stubborn struct {
	mu      sync.Mutex
	until   time.Time
	counted int
	handled []int64
}

var errLocked = errors.New("database is locked")

func (s *stubborn) AddUpdates(_ context.Context, updates []esim.Update) ([]esim.Update, error) {
	return updates, nil
}

func (s *stubborn) UnhandledUpdates(context.Context, int) ([]esim.Update, error) { return nil, nil }

func (s *stubborn) UpdateFailed(context.Context, int64, string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.until) {
		return 0, errLocked
	}
	s.counted++
	return s.counted, nil
}

func (s *stubborn) UpdateHandled(_ context.Context, ids ...int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.until) {
		return errLocked
	}
	s.handled = append(s.handled, ids...)
	return nil
}

// handlerFunc works an update off.
type handlerFunc func() error

func (f handlerFunc) Handle(context.Context, telegram.Update) error { return f() }

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
		booked bool
	}{
		{"the database is locked for 11 seconds", paymentUpdate, 11 * time.Second, 11 * time.Second, true},
		{"the database is locked for 16 seconds", paymentUpdate, 16 * time.Second, 16 * time.Second, true},
		{"booking fails for a day", paymentUpdate, 24 * time.Hour, 0, true},
		{"a text whose handling fails for a day", textUpdate, 24 * time.Hour, 0, false},
		{"a text while the inbox is locked", textUpdate, 30 * time.Second, 30 * time.Second, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				inbox := &stubborn{until: begin.Add(tt.locked)}
				booked := false
				ctx, cancel := context.WithCancel(t.Context())
				i := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler), Bot: handlerFunc(func() error {
					if time.Since(begin) < tt.fails {
						return errLocked
					}
					booked = true
					return nil
				})}
				if err := i.Begin(ctx); err != nil {
					t.Fatal(err)
				}
				if err := i.Store(ctx, []telegram.RawUpdate{{ID: 1, Person: 7, Kind: "message", Raw: []byte(tt.raw)}}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.fails + 2*time.Minute) // of the bubble's time
				cancel()
				i.Stop()
				if booked != tt.booked || len(inbox.handled) != 1 {
					t.Errorf("booked: %t, want %t; marked as handled: %v", booked, tt.booked, inbox.handled)
				}
			})
		})
	}
}
