package shop

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
)

// lastRuns is a JobStore in memory: what it keeps is tested with the real one in
// package storage; here the clock is the bubble's.
type lastRuns struct {
	mu sync.Mutex
	ok map[string]time.Time
}

func (l *lastRuns) LastJobSuccess(_ context.Context, name string) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.ok[name]; ok {
		return at, nil
	}
	return time.Time{}, esim.ErrNotFound
}

func (l *lastRuns) NoteJobSuccess(_ context.Context, name string, at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ok[name] = at
	return nil
}

func runs(now time.Time, ago map[string]time.Duration) *lastRuns {
	l := &lastRuns{ok: map[string]time.Time{}}
	for name, d := range ago {
		l.ok[name] = now.Add(-d)
	}
	return l
}

// closing is a JobStore that hears of a success at the moment at which the shop closes.
type closing struct {
	*lastRuns
	stop func()
}

func (c closing) NoteJobSuccess(ctx context.Context, name string, at time.Time) error {
	c.stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.lastRuns.NoteJobSuccess(ctx, name, at)
}

// A job that was done is not done again after the next start, and no error is logged, as the shop
// closes between its end and the note of it.
func TestASuccessIsNotedThoughTheShopCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log strings.Builder
		store := closing{runs(time.Now(), nil), stop}
		j, err := StartJobs(ctx, slog.New(slog.NewTextHandler(&log, nil)), time.Now, store, []Job{{Name: "job", Spec: "@every 30m", Run: func(context.Context) error { return nil }}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		j.Stop()
		if _, noted := store.ok["job"]; !noted || log.Len() > 0 {
			t.Errorf("noted: %t, log: %q", noted, log.String())
		}
	})
}

func startJobs(t *testing.T, store JobStore, jobs ...Job) *Jobs {
	t.Helper()
	j, err := StartJobs(t.Context(), slog.New(slog.DiscardHandler), time.Now, store, jobs, nil)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// after lets the bubble's clock run and everything settle.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestOverdueJobsRunAtStart(t *testing.T) {
	tests := []struct {
		name string
		last map[string]time.Duration
		want int
	}{
		{"never run", nil, 1},
		{"last run longer ago than the interval", map[string]time.Duration{"job": 31 * time.Minute}, 1},
		{"last run exactly the interval ago", map[string]time.Duration{"job": 30 * time.Minute}, 1},
		{"run a moment ago", map[string]time.Duration{"job": time.Minute}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int32
				j := startJobs(t, runs(time.Now(), tt.last), Job{Name: "job", Spec: "@every 30m", Run: func(context.Context) error { n.Add(1); return nil }})
				synctest.Wait()
				if int(n.Load()) != tt.want {
					t.Errorf("ran %d times at start, want %d", n.Load(), tt.want)
				}
				after(30 * time.Minute)
				if int(n.Load()) != tt.want+1 {
					t.Errorf("ran %d times in the first interval, want %d", n.Load(), tt.want+1)
				}
				j.Stop()
			})
		})
	}
}

// A job that runs often runs at each start, and is nothing that the disk is to be flushed for.
func TestWhatRunsOftenIsNotNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := runs(time.Now(), map[string]time.Duration{"often": time.Second})
		before := store.ok["often"]
		var n atomic.Int32
		j := startJobs(t, store, Job{Name: "often", Spec: "@every 1m", Run: func(context.Context) error { n.Add(1); return nil }, Often: true})
		synctest.Wait()
		if n.Load() != 1 {
			t.Errorf("ran %d times at start, want once", n.Load())
		}
		after(5*time.Minute + time.Second)
		j.Stop()
		if n.Load() != 6 || store.ok["often"] != before {
			t.Errorf("ran %d times, noted at %v; want 6 times and not at all", n.Load(), store.ok["often"])
		}
	})
}

func TestAJobNeverOverlapsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, most, begun := 0, 0, 0
		j := startJobs(t, runs(time.Now(), nil), Job{Name: "slow", Spec: "@every 1m", Run: func(context.Context) error {
			running++
			begun++
			most = max(most, running)
			<-time.After(150 * time.Second)
			running--
			return nil
		}})
		after(10 * time.Minute)
		if most != 1 {
			t.Errorf("%d runs at once", most)
		}
		if begun < 3 {
			t.Errorf("ran %d times in ten minutes: one long run stops the next ones for ever", begun)
		}
		j.Stop()
	})
}

func TestAPanicInAJobIsSurvived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n, other atomic.Int32
		store := runs(time.Now(), nil)
		j := startJobs(t, store,
			Job{Name: "bad", Spec: "@every 1m", Run: func(context.Context) error { n.Add(1); panic("on purpose") }},
			Job{Name: "good", Spec: "@every 1m", Run: func(context.Context) error { other.Add(1); return nil }})
		after(3*time.Minute + time.Second)
		if n.Load() < 3 || other.Load() < 3 {
			t.Errorf("the bad job ran %d times, the other %d; want 3 or more of each", n.Load(), other.Load())
		}
		if _, err := store.LastJobSuccess(t.Context(), "bad"); err == nil {
			t.Error("a panic was noted as a success")
		}
		j.Stop()
	})
}

func TestAFailedJobIsNotNotedAsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fail atomic.Bool
		fail.Store(true)
		store := runs(time.Now(), nil)
		j := startJobs(t, store, Job{Name: "job", Spec: "@every 1m", Run: func(context.Context) error {
			if fail.Load() {
				return errors.New("no luck")
			}
			return nil
		}})
		synctest.Wait()
		if _, err := store.LastJobSuccess(t.Context(), "job"); err == nil {
			t.Error("a failure was noted as a success")
		}
		fail.Store(false)
		after(time.Minute)
		if _, err := store.LastJobSuccess(t.Context(), "job"); err != nil {
			t.Errorf("a success was not noted: %v", err)
		}
		j.Stop()
	})
}

func TestStopCancelsAndWaitsForJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Int32
		work := func(ctx context.Context) error {
			<-ctx.Done()
			<-time.After(3 * time.Second) // what a job needs to put its tools away
			ended.Add(1)
			return ctx.Err()
		}
		store := runs(time.Now(), map[string]time.Duration{"by the clock": time.Second})
		j := startJobs(t, store, Job{Name: "overdue", Spec: "@every 1h", Run: work}, Job{Name: "by the clock", Spec: "@every 1m", Run: work})
		after(2 * time.Minute)
		j.Stop()
		if ended.Load() != 2 {
			t.Errorf("Stop returned when %d of 2 jobs had ended", ended.Load())
		}
		after(time.Hour)
		if ended.Load() != 2 {
			t.Error("a job ran after Stop")
		}
	})
}

func TestABadScheduleIsRefused(t *testing.T) {
	_, err := StartJobs(t.Context(), slog.New(slog.DiscardHandler), time.Now, runs(time.Now(), nil), []Job{{Name: "job", Spec: "now and then"}}, nil)
	if err == nil {
		t.Error("taken")
	}
}

// The shop's own table parses, and names nothing twice.
func TestTheTableOfJobs(t *testing.T) {
	seen := map[string]bool{}
	a := &App{cfg: Config{PublicURL: "https://shop.example.com"}, Webhooks: &Webhooks{}, Business: &Business{
		Checkout: &esim.Checkout{}, Catalog: &esim.CatalogCache{}, Monitor: &esim.VendorMonitor{}, Watcher: &esim.Watcher{}, Admin: &esim.OrderAdmin{},
	}}
	synctest.Test(t, func(t *testing.T) {
		jobs := a.table("@every 30m")
		for i := range jobs {
			if seen[jobs[i].Name] {
				t.Errorf("job %s stands twice", jobs[i].Name)
			}
			seen[jobs[i].Name] = true
			jobs[i].Run = func(context.Context) error { return nil }
		}
		startJobs(t, runs(time.Now(), nil), jobs...).Stop()
	})
	for _, name := range []string{"catalog", "balance", sweepJob, "remind", "expire", "prune", "vendor-webhook", "telegram-webhook"} {
		if !seen[name] {
			t.Errorf("no job %s", name)
		}
	}
}
