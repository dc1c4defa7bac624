package telegram

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram/sandbox"
)

// An inbox is a Store that counts how often it was given each update.
type inbox struct {
	mu     sync.Mutex
	times  map[int64]int
	stores int
}

func (i *inbox) store(_ context.Context, updates []RawUpdate) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.times == nil {
		i.times = map[int64]int{}
	}
	i.stores++
	for _, u := range updates {
		i.times[u.ID]++
	}
	return nil
}

// seen returns how many updates came, how often one of them at most, and in how many batches.
func (i *inbox) seen() (updates, most, batches int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, n := range i.times {
		most = max(most, n)
	}
	return len(i.times), most, i.stores
}

// Before, the offset only ever went up: the same hundred updates came 2,000 times in three
// seconds, the hundred and first never.
func TestAfterAQuietWeekPollingGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tg := sandbox.New(sandbox.Options{NoFlood: true})
		defer tg.Close()
		c, _, end := dialMemory(t, tg, Config{Token: tg.Token(), BaseURL: "http://telegram", Limits: noLimits})
		defer end()
		box := &inbox{}
		r := &Receiver{Client: c, Store: box.store}
		done := poll(t, r)
		defer done()

		ann := tg.User(101)
		ann.Send("/start")
		synctest.Wait()
		if n, _, _ := box.seen(); n != 1 {
			t.Fatalf("%d updates before the week, want 1", n)
		}
		time.Sleep(8 * 24 * time.Hour)
		tg.ResetUpdateIDs()
		for i := range 150 {
			ann.Send(fmt.Sprint("message ", i))
		}
		time.Sleep(3 * time.Second)
		if n, most, batches := box.seen(); n != 151 || most > 1 || batches > 152 {
			t.Errorf("%d updates, one of them %d times, %d batches; want 151 updates once", n, most, batches)
		}
		if p := r.PollHealth(); p.Repeated != 0 || p.Failures != 0 {
			t.Errorf("state %+v after a quiet week that went well", p)
		}
		time.Sleep(2 * time.Minute)
		if age := time.Since(r.LastPoll()); age > time.Minute {
			t.Errorf("last poll %v ago", age)
		}
	})
}

func TestABatchThatBringsNothingNewPausesAndIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var stuck atomic.Bool // the server reads it in goroutines of its own
		stuck.Store(true)
		c, book, end := dialPipe(t, s, noLimits)
		defer end()
		same := func(w http.ResponseWriter, r *http.Request) {
			if stuck.Load() {
				ok200(`[{"update_id":7,"message":{"from":{"id":42}}},{"update_id":8,"message":{"from":{"id":42}}}]`)(w, r)
				return
			}
			quiet(w, r)
		}
		for range 1000 {
			s.next("getUpdates", same)
		}
		box := &inbox{}
		r := &Receiver{Client: c, Store: box.store}
		began := time.Now()
		done := poll(t, r)
		defer done()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		calls := len(s.took("getUpdates"))
		if calls > 40 {
			t.Errorf("asked %d times in ten minutes for what it had", calls)
		}
		p := r.PollHealth()
		if p.Repeated < 5 || p.Repeated != p.Failures || p.Since.IsZero() || p.Err == nil {
			t.Errorf("state %+v, want the repeats counted", p)
		}
		if age := time.Since(p.LastPoll); age < 9*time.Minute || p.LastPoll.Before(began.Add(-time.Millisecond)) {
			t.Errorf("last poll %v ago: health stays green", age)
		}
		if n := strings.Count(book.String(), "nothing new"); n == 0 || n > calls {
			t.Errorf("told %d times:\n%s", n, book)
		}
		stuck.Store(false)
		time.Sleep(3 * time.Minute)
		if p := r.PollHealth(); p.Failures != 0 || p.Err != nil || p.Repeated == 0 {
			t.Errorf("state %+v after it was mended", p)
		}
	})
}

// The next offset is the last id of the batch plus one, even where ids do not go up.
func TestTheOffsetFollowsTheBatchDownwards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("getUpdates", ok200(`[{"update_id":900}]`), ok200(`[{"update_id":40},{"update_id":41}]`), quiet)
		box := &inbox{}
		done := poll(t, &Receiver{Client: c, Store: box.store})
		defer done()
		time.Sleep(time.Second)
		if got := s.last("getUpdates")["offset"]; got != "42" {
			t.Errorf("asks from %s, want 42", got)
		}
	})
}
