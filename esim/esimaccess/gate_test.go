package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
)

// queued is how many wait in a lane.
func (g *gate) queued(l lane) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting[l])
}

// A turnstile notes in which order and when callers came through a gate.
type turnstile struct {
	gate *gate
	mu   sync.Mutex
	who  []string
	when []time.Time
	wg   sync.WaitGroup
}

func (s *turnstile) enter(ctx context.Context, l lane, who string) {
	s.wg.Go(func() {
		if s.gate.enter(ctx, l) != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.who = append(s.who, who)
		s.when = append(s.when, time.Now())
	})
	synctest.Wait() // it stands in line now
}

func TestTheMostUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{gate: newGate(defaultPerSecond)}
		for i := range 3 {
			s.enter(t.Context(), laneSweep, fmt.Sprint("sweep ", i))
		}
		s.enter(t.Context(), lanePerson, "person")
		for i := range 2 {
			s.enter(t.Context(), lanePurchase, fmt.Sprint("purchase ", i))
		}
		s.wg.Wait()
		// The first sweep found the gate open.
		want := []string{"sweep 0", "purchase 0", "purchase 1", "person", "sweep 1", "sweep 2"}
		if !slices.Equal(s.who, want) {
			t.Errorf("order %q, want %q", s.who, want)
		}
	})
}

func TestAPurchaseThatComesLateStillGoesNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{gate: newGate(defaultPerSecond)}
		for i := range 5 {
			s.enter(t.Context(), laneSweep, fmt.Sprint("sweep ", i))
		}
		time.Sleep(265 * time.Millisecond) // just before the third turn, at 266 ms
		s.enter(t.Context(), lanePurchase, "purchase")
		s.wg.Wait()
		if want := []string{"sweep 0", "sweep 1", "purchase"}; !slices.Equal(s.who[:3], want) {
			t.Errorf("order %q, want %q first", s.who, want)
		}
	})
}

func TestTurnsNeverComeTooClose(t *testing.T) {
	tests := map[string]time.Duration{"a machine in time": 0, "a machine that wakes late at times": 290 * time.Millisecond}
	for name, late := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkSpacing(t, late) })
		})
	}
}

func checkSpacing(t *testing.T, late time.Duration) {
	s := turnstile{gate: newGate(defaultPerSecond)}
	naps := 0
	s.gate.sleep = func(d time.Duration) {
		if naps++; naps%10 == 0 {
			d += late
		}
		time.Sleep(d)
	}
	for burst := range 4 {
		for i := range 20 {
			s.enter(t.Context(), lane(i%int(lanes)), "")
		}
		s.wg.Wait()
		time.Sleep(time.Duration(burst*burst) * 700 * time.Millisecond) // idle time saves nothing up
	}
	for i := 8; i < len(s.when); i++ {
		if d := s.when[i].Sub(s.when[i-8]); d <= time.Second {
			t.Fatalf("calls %d to %d are within %s", i-8, i, d)
		}
	}
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{gate: newGate(defaultPerSecond)}
		why := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		s.enter(t.Context(), laneSweep, "first")
		s.enter(ctx, laneSweep, "gives up")
		s.enter(t.Context(), laneSweep, "last")
		var err error
		go func() { err = s.gate.enter(ctx, laneSweep) }()
		synctest.Wait()
		cancel(why)
		synctest.Wait()
		if !errors.Is(err, why) {
			t.Errorf("error %v, want %v", err, why)
		}
		s.wg.Wait()
		if want := []string{"first", "last"}; !slices.Equal(s.who, want) {
			t.Errorf("order %q, want %q", s.who, want)
		}
		if took := s.when[1].Sub(s.when[0]); took > 140*time.Millisecond {
			t.Errorf("the last waited %s: who gave up kept a place", took)
		}
	})
}

func TestWaitingForATurnIsNotSending(t *testing.T) {
	v := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B1"}}`))
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 0.001 })
	if _, err := c.Order(t.Context(), testBuy); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for c.gate.queued(lanePurchase) == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	_, err := c.Order(ctx, testBuy)
	if pe := providerError(t, err); pe.Outcome != esim.NotDone || pe.Verdict != esim.Retry || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v", pe)
	}
	if n := len(v.received()); n != 1 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestPurchasesOvertakeSweepsAtTheServer lets sweeps queue up first and then sends
// purchases: the server must see the purchases before the sweeps that waited.
func TestPurchasesOvertakeSweepsAtTheServer(t *testing.T) {
	const sweeps, purchases = 9, 3
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		answering(`{"success":true,"obj":{"orderNo":"B1","esimUsageList":[],"packageList":[],"esimList":[]}}`)(w, r)
	})
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 5 })
	var wg sync.WaitGroup
	for i := range sweeps {
		wg.Go(func() {
			var err error
			switch i % 3 {
			case 0:
				_, err = c.Plans(t.Context())
			case 1:
				_, err = c.Usage(t.Context(), []string{"1"})
			case 2:
				for _, e := range c.Account(t.Context()) {
					err = e
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	for c.gate.queued(laneSweep) < sweeps-2 { // a few are through already
		runtime.Gosched()
	}
	through := sweeps - c.gate.queued(laneSweep)
	for i := range purchases {
		wg.Go(func() {
			var err error
			if i == 0 {
				_, err = c.OrderProfiles(t.Context(), "B1")
			} else {
				_, err = c.Order(t.Context(), testBuy)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var order []string
	last := 0
	for i, r := range v.received() {
		bought := r.path == pathOrder || strings.Contains(r.body, `"B1"`)
		if bought {
			last = i
		}
		order = append(order, r.path)
	}
	if len(order) != sweeps+purchases {
		t.Fatalf("%d calls arrived", len(order))
	}
	// One turn may pass while the purchases are on their way into the queue.
	if last > through+purchases {
		t.Errorf("with %d sweeps through, the last purchase came in place %d: %q", through, last+1, order)
	}
}
