package intake

import (
	"context"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/storage"
)

// between is a real inbox in which something happens right after it was read or written, before
// whoever did it goes on.
type between struct {
	*storage.DB
	read, written func()
}

func (b *between) UnhandledUpdates(ctx context.Context, limit int) ([]esim.Update, error) {
	all, err := b.DB.UnhandledUpdates(ctx, limit)
	if b.read != nil {
		b.read()
	}
	return all, err
}

func (b *between) AddUpdates(ctx context.Context, updates []esim.Update) ([]esim.Update, error) {
	fresh, err := b.DB.AddUpdates(ctx, updates)
	if b.written != nil {
		b.written()
	}
	return fresh, err
}

// A look into the inbox comes at the worst moments: each update is handled once all the same.
func TestALookIntoTheInboxHandlesNothingTwice(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(t *testing.T, i *Intake, b *between, handled <-chan int64, goOn chan<- struct{}){
		"the update is done while the look is under way": func(t *testing.T, i *Intake, b *between, handled <-chan int64, goOn chan<- struct{}) {
			b.read = func() { // what it read is worked off and marked before it goes on
				goOn <- struct{}{}
				<-handled
				i.people.wait()
			}
			store(t, i, press(7, 1))
			look(t, i)
		},
		"the update is stored and not queued yet": func(t *testing.T, i *Intake, b *between, handled <-chan int64, goOn chan<- struct{}) {
			b.written = func() { look(t, i) }
			store(t, i, press(7, 1))
			goOn <- struct{}{}
			<-handled
		},
		"Telegram tells of it twice at once": func(t *testing.T, i *Intake, b *between, handled <-chan int64, goOn chan<- struct{}) {
			b.written = func() {
				b.written = nil
				store(t, i, press(7, 1)) // the other request, which finds it known
				look(t, i)
			}
			store(t, i, press(7, 1))
			look(t, i)
			goOn <- struct{}{}
			<-handled
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handled, goOn := make(chan int64, 10), make(chan struct{}, 10)
			i, db := taking(t, func(u telegram.Update) error {
				<-goOn
				handled <- u.ID
				return nil
			})
			b := &between{DB: db}
			i.Inbox = b
			at(t, i, b, handled, goOn)
			b.read, b.written = nil, nil
			close(goOn)
			look(t, i)
			i.people.wait()
			if n := len(handled); n > 0 {
				t.Errorf("it was handled %d times more", n)
			}
			if left, err := db.UnhandledUpdates(t.Context(), 10); err != nil || len(left) > 0 {
				t.Errorf("%d updates are left, %v", len(left), err)
			}
		})
	}
}

func store(t *testing.T, i *Intake, u telegram.RawUpdate) {
	t.Helper()
	if err := i.Store(t.Context(), updates(u)); err != nil {
		t.Fatal(err)
	}
}

func look(t *testing.T, i *Intake) {
	t.Helper()
	if err := i.RequeueUnhandled(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// wait returns when nothing waits or runs.
func (d *Dispatcher) wait() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.size > 0 {
		d.space.Wait()
	}
}
