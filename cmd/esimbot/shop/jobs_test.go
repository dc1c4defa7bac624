package shop

import (
	"context"
	"errors"
	"log/slog"
	"slices"
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

func (l *lastRuns) LastOK(_ context.Context, name string) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.ok[name]; ok {
		return at, nil
	}
	return time.Time{}, esim.ErrNotFound
}

func (l *lastRuns) JobOK(_ context.Context, name string, at time.Time) error {
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
		if _, err := store.LastOK(t.Context(), "bad"); err == nil {
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
		if _, err := store.LastOK(t.Context(), "job"); err == nil {
			t.Error("a failure was noted as a success")
		}
		fail.Store(false)
		after(time.Minute)
		if _, err := store.LastOK(t.Context(), "job"); err != nil {
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

// aWorker runs in a bubble and notes when it ran.
func aWorker(t *testing.T, run func(n int) (time.Time, error)) (w *Worker, at *[]time.Duration, stop func()) {
	t.Helper()
	begun := time.Now()
	at = new([]time.Duration)
	w = &Worker{Name: "w", Idle: time.Minute, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	w.Run = func(context.Context) (time.Time, error) {
		*at = append(*at, time.Since(begun))
		return run(len(*at))
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Loop(ctx, ctx)
	}()
	synctest.Wait()
	return w, at, func() { cancel(); <-done }
}

func idle(int) (time.Time, error) { return time.Time{}, nil }

func TestAWorkerRunsWhenWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, at, stop := aWorker(t, idle)
		after(10 * time.Second)
		for range 5 {
			w.Wake() // five wakes before it looks are one run
		}
		synctest.Wait()
		if n := len(*at); n < 2 || n > 3 || (*at)[1] != 10*time.Second {
			t.Errorf("ran at %v, want at the start and when woken at 10 s", *at)
		}
		stop()
	})
}

// On a full disk every try wakes the next one: the worker rests all the same, longer each time,
// and is at once itself again when a run went well.
func TestAWorkerRestsAfterAnErrorHoweverOftenItIsWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, at, stop := aWorker(t, func(n int) (time.Time, error) {
			if n <= 6 {
				return time.Now(), errors.New("database or disk is full")
			}
			return time.Time{}, nil
		})
		for range 1000 {
			w.Wake()
			after(100 * time.Millisecond)
		}
		stop()
		want := []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 31 * time.Second, 61 * time.Second}
		if len(*at) < len(want) || !slices.Equal((*at)[:len(want)], want) || len(*at) < 300 {
			t.Errorf("%d runs, the first at %v, want %v and then with every wake", len(*at), (*at)[:min(len(*at), 8)], want)
		}
	})
}

// A wake that comes during a run is not lost: the run may have looked already.
func TestAWakeDuringARunIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w *Worker
		var at *[]time.Duration
		w, at, stop := aWorker(t, func(n int) (time.Time, error) {
			if n == 2 {
				w.Wake()
			}
			return time.Time{}, nil
		})
		after(time.Second)
		w.Wake()
		synctest.Wait()
		if len(*at) != 3 {
			t.Errorf("ran at %v, want a third time for the wake during the second", *at)
		}
		stop()
	})
}

func TestAWorkerRunsWhenItsWorkIsDue(t *testing.T) {
	tests := []struct {
		name string
		due  time.Duration // after the first run; 0: nothing known
		want time.Duration
	}{
		{"what is due soon", 7 * time.Second, 7 * time.Second},
		{"nothing known to be due", 0, time.Minute},
		{"what is due later than the longest pause", time.Hour, time.Minute},
		{"what was due long ago, without spinning", -time.Hour, leastPause},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, at, stop := aWorker(t, func(n int) (time.Time, error) {
					if n == 1 && tt.due != 0 {
						return time.Now().Add(tt.due), nil
					}
					return time.Time{}, nil
				})
				after(90 * time.Second)
				if len(*at) < 2 || (*at)[1] != tt.want {
					t.Errorf("ran at %v, want the second run at %s", *at, tt.want)
				}
				stop()
			})
		})
	}
}

func TestAWorkerSurvivesPanicsAndErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, at, stop := aWorker(t, func(n int) (time.Time, error) {
			if n == 1 {
				panic("on purpose")
			}
			return time.Time{}, errors.New("no luck")
		})
		w.Wake()
		after(61 * time.Second)
		if len(*at) < 3 {
			t.Errorf("ran at %v, want on and on", *at)
		}
		stop()
	})
}

// What looks by the clock alone looks as rarely as a simulation says at that moment; a fixed hour
// of the day and what a worker knows to be due stay as they are.
func TestHowRarelyIsAskedEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var least atomic.Int64
		rarely := func(name string) time.Duration {
			if name == "always" {
				return 0
			}
			return time.Duration(least.Load())
		}
		var fixed, always, daily, idle, due atomic.Int64
		counting := func(n *atomic.Int64) func(context.Context) error {
			return func(context.Context) error { n.Add(1); return nil }
		}
		j, err := StartJobs(t.Context(), slog.New(slog.DiscardHandler), time.Now, runs(time.Now(), map[string]time.Duration{
			"job": 0, "always": 0, "daily": 0,
		}), []Job{{Name: "job", Spec: "@every 1m", Run: counting(&fixed)}, {Name: "always", Spec: "@every 1m", Run: counting(&always)}, {Name: "daily", Spec: "0 12 * * *", Run: counting(&daily)}}, rarely)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		for n, next := range map[*atomic.Int64]time.Duration{&idle: 0, &due: 2 * time.Minute} {
			w := &Worker{
				Idle: time.Minute, Rarely: func() time.Duration { return rarely("worker") }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
				Run: func(context.Context) (time.Time, error) {
					if n.Add(1); next == 0 {
						return time.Time{}, nil
					}
					return time.Now().Add(next), nil
				},
			}
			go w.Loop(ctx, ctx)
		}
		after(time.Second)
		for _, step := range []struct {
			least                           time.Duration
			fixed, always, daily, idle, due int64
		}{
			{time.Hour, 24, 1440, 1, 24, 720},
			{0, 1440, 1440, 1, 1440, 1440},
		} {
			least.Store(int64(step.least))
			after(2 * time.Hour) // until nobody waits as before
			for _, n := range []*atomic.Int64{&fixed, &always, &daily, &idle, &due} {
				n.Store(0)
			}
			after(24 * time.Hour)
			for name, n := range map[string][2]int64{
				"job": {fixed.Load(), step.fixed}, "always": {always.Load(), step.always}, "daily": {daily.Load(), step.daily}, "worker": {idle.Load(), step.idle}, "what is due": {due.Load(), step.due},
			} {
				if d := n[0] - n[1]; d < -1 || d > 1 {
					t.Errorf("least %s: %s ran %d times, want %d", step.least, name, n[0], n[1])
				}
			}
		}
		stop()
		j.Stop()
	})
}
