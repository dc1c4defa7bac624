package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/storage"
)

// taking is a real inbox with an intake in front of it; handle works its updates off.
func taking(t *testing.T, handle func(telegram.Update) error) (*Intake, *storage.DB) {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), storage.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	i := &Intake{Bot: updateFunc(handle), Inbox: db, Log: slog.New(slog.DiscardHandler)}
	if err := i.Begin(t.Context(), context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		i.Stop()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return i, db
}

type updateFunc func(telegram.Update) error

func (f updateFunc) Handle(_ context.Context, u telegram.Update) error { return f(u) }

func press(id, person int64) telegram.RawUpdate {
	return telegram.RawUpdate{ID: id, Kind: telegram.KindCallback, UserID: person, Raw: fmt.Appendf(nil,
		`{"update_id":%d,"callback_query":{"id":"%[1]d","from":{"id":%d,"first_name":"A"},"data":"menu",`+
			`"message":{"message_id":1,"date":1,"chat":{"id":%[2]d,"type":"private"}}}}`, id, person)}
}

func payment(id, person int64) telegram.RawUpdate {
	return telegram.RawUpdate{ID: id, Kind: telegram.KindMessage, UserID: person, Raw: fmt.Appendf(nil,
		`{"update_id":%d,"message":{"message_id":5,"date":1,"from":{"id":%d,"first_name":"A"},"chat":{"id":%[2]d,"type":"private"},`+
			`"successful_payment":{"currency":"XTR","total_amount":48,"invoice_payload":"K7M2XQ4P","telegram_payment_charge_id":"c%[1]d","provider_payment_charge_id":""}}}`, id, person)}
}

func updates(raw ...telegram.RawUpdate) []telegram.RawUpdate { return raw }

// A text is a text, whatever stands in it.
func text(id, person int64, words string) telegram.RawUpdate {
	return telegram.RawUpdate{ID: id, Kind: telegram.KindMessage, UserID: person, Raw: fmt.Appendf(nil,
		`{"update_id":%d,"message":{"message_id":5,"date":1,"from":{"id":%d,"first_name":"A"},"chat":{"id":%[2]d,"type":"private"},"text":%[3]q}}`,
		id, person, words)}
}

// One person presses 5,000 times while the first press hangs: others are served, the payment
// of the one who presses is kept, and nothing is left in the inbox.
func TestWhoPressesWithoutEndKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]func(id int64) telegram.RawUpdate{
		"presses":              func(id int64) telegram.RawUpdate { return press(id, 1) },
		"texts about payments": func(id int64) telegram.RawUpdate { return text(id, 1, `my "successful_payment":{} of today`) },
		"what the bot does not know": func(id int64) telegram.RawUpdate {
			return telegram.RawUpdate{ID: id, Kind: telegram.KindMyChatMember, UserID: 1, Raw: fmt.Appendf(nil, `{"update_id":%d}`, id)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			floods(t, one)
		})
	}
}

func floods(t *testing.T, one func(id int64) telegram.RawUpdate) {
	t.Helper()
	hang, served, paidFor := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	presses := 0
	i, db := taking(t, func(u telegram.Update) error {
		switch {
		case u.Message != nil && u.Message.Payment != nil:
			close(paidFor)
		case u.Callback != nil && u.Callback.From.ID == 2:
			close(served)
		default:
			<-hang
			mu.Lock()
			presses++
			mu.Unlock()
		}
		return nil
	})
	id := int64(0)
	for range 5 {
		var batch []telegram.RawUpdate
		for range 1000 {
			id++
			batch = append(batch, one(id))
		}
		if err := i.Store(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.Store(t.Context(), updates(payment(id+1, 1), press(id+2, 2))); err != nil {
		t.Fatal(err)
	}
	<-served
	close(hang)
	<-paidFor
	i.Stop()
	if left, err := db.UnhandledUpdates(t.Context(), 10); err != nil || len(left) > 0 {
		t.Errorf("%d updates are left, %v", len(left), err)
	}
	if presses > messagesOf || presses > pressesOf && one(1).Kind == telegram.KindCallback {
		t.Errorf("%d of a person's flood were worked off", presses)
	}
}

// An update that was stored though storing seemed to fail is told of again, and is not new
// then: looking into the inbox finds it.
func TestAnUpdateThatWasPassedOverIsFound(t *testing.T) {
	t.Parallel()
	booked := make(chan int64, 10)
	i, db := taking(t, func(u telegram.Update) error {
		booked <- u.ID
		return nil
	})
	raw := payment(7, 1)
	stored := esim.Update{ID: raw.ID, Sender: raw.UserID, Kind: string(raw.Kind), Raw: raw.Raw}
	if _, err := db.AddUpdates(t.Context(), []esim.Update{stored}); err != nil {
		t.Fatal(err)
	}
	if err := i.Store(t.Context(), updates(raw)); err != nil { // Telegram tells of it again
		t.Fatal(err)
	}
	for range 2 { // the second look finds nothing to do
		if err := i.RequeueUnhandled(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if id := <-booked; id != 7 {
		t.Errorf("update %d was handled", id)
	}
	i.Stop()
	if len(booked) > 0 {
		t.Error("it was handled twice")
	}
	if left, err := db.UnhandledUpdates(t.Context(), 10); err != nil || len(left) > 0 {
		t.Errorf("%d updates are left, %v", len(left), err)
	}
}

// deaf is an inbox that cannot be told what was handled.
type deaf struct {
	*storage.DB
	mu   sync.Mutex
	told chan struct{}
	full bool
}

func (d *deaf) UpdateHandled(ctx context.Context, ids ...int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		d.told <- struct{}{}
		return errors.New("the disk is full")
	}
	return d.DB.UpdateHandled(ctx, ids...)
}

// What was handled while the disk was full is marked later, and not handled twice.
func TestWhatWasHandledOnAFullDiskIsNotHandledTwice(t *testing.T) {
	t.Parallel()
	handled := make(chan int64, 10)
	i, db := taking(t, func(u telegram.Update) error {
		handled <- u.ID
		return nil
	})
	inbox := &deaf{DB: db, full: true, told: make(chan struct{}, 10)}
	i.Inbox = inbox
	if err := i.Store(t.Context(), updates(payment(7, 1))); err != nil {
		t.Fatal(err)
	}
	<-inbox.told
	// The worker notes that it could not mark the update a moment after it was told so.
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i.RequeueUnhandled(t.Context()) == nil {
		if patience.Err() != nil {
			t.Fatal("it could be marked")
		}
		runtime.Gosched()
	}
	inbox.mu.Lock()
	inbox.full = false
	inbox.mu.Unlock()
	for range 2 {
		if err := i.RequeueUnhandled(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	i.Stop()
	if left, err := db.UnhandledUpdates(t.Context(), 10); err != nil || len(left) > 0 || len(handled) != 1 {
		t.Errorf("%d left, handled %d times, %v", len(left), len(handled), err)
	}
}

// A panic of a handler costs its update, and not even that if it brings money.
func TestAPanicCostsOneUpdateAndNoPayment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { panicOnce(t) }) // the second try comes after a pause
}

func panicOnce(t *testing.T) {
	t.Helper()
	tries, other := make(chan int64, 100), make(chan struct{})
	var mu sync.Mutex
	healed := false
	i, _ := taking(t, func(u telegram.Update) error {
		if u.Message == nil {
			close(other)
			return nil
		}
		tries <- u.ID
		mu.Lock()
		defer mu.Unlock()
		if !healed {
			healed = true
			panic("a fault of ours")
		}
		return nil
	})
	if err := i.Store(t.Context(), updates(payment(7, 1), press(8, 2))); err != nil {
		t.Fatal(err)
	}
	<-other
	<-tries
	<-tries
}
