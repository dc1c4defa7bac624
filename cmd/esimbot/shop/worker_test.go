package shop

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

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
				Idle: time.Minute, MinInterval: func() time.Duration { return rarely("worker") }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
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
