package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// queued is how many wait in a priority.
func (g *limiter) queued(l priority) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting[l])
}

// A turnstile notes in which order and when callers came through a limiter.
type turnstile struct {
	limiter *limiter
	mu      sync.Mutex
	who     []string
	when    []time.Time
	wg      sync.WaitGroup
}

// enter stands in line for a call that is answered the moment it is sent.
func (s *turnstile) enter(ctx context.Context, l priority, who string) {
	s.wg.Go(func() {
		p, err := s.limiter.enter(ctx, l)
		if err != nil {
			return
		}
		defer p.done()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.who = append(s.who, who)
		s.when = append(s.when, time.Now())
	})
	synctest.Wait() // it stands in line now
}

func TestTheMostUrgentGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{limiter: newLimiter(1)}
		for i := range 3 {
			s.enter(t.Context(), prioritySweep, fmt.Sprint("sweep ", i))
		}
		s.enter(t.Context(), priorityCustomer, "person")
		for i := range 2 {
			s.enter(t.Context(), priorityPurchase, fmt.Sprint("purchase ", i))
		}
		s.wg.Wait()
		// The first sweep found the limiter open.
		want := []string{"sweep 0", "purchase 0", "purchase 1", "person", "sweep 1", "sweep 2"}
		if !slices.Equal(s.who, want) {
			t.Errorf("order %q, want %q", s.who, want)
		}
	})
}

func TestAPurchaseThatComesLateStillGoesNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{limiter: newLimiter(1)}
		for i := range 5 {
			s.enter(t.Context(), prioritySweep, fmt.Sprint("sweep ", i))
		}
		time.Sleep(2*limiterSpan - time.Millisecond) // just before the third turn
		s.enter(t.Context(), priorityPurchase, "purchase")
		s.wg.Wait()
		if want := []string{"sweep 0", "sweep 1", "purchase"}; !slices.Equal(s.who[:3], want) {
			t.Errorf("order %q, want %q first", s.who, want)
		}
	})
}

func TestAfterAQuietSecondNobodyWaits(t *testing.T) {
	t.Parallel()
	for _, lanes := range [][]priority{
		{priorityPurchase, priorityPurchase, priorityPurchase}, // order, query, query
		{priorityPurchase, priorityPurchase, priorityPurchase, priorityPurchase, priorityPurchase, priorityPurchase, priorityPurchase},
		{priorityCustomer, priorityCustomer, priorityCustomer, priorityCustomer, priorityCustomer, priorityPurchase, priorityPurchase},
		{prioritySweep, priorityCustomer, priorityCustomer, priorityCustomer, priorityCustomer, priorityPurchase, priorityPurchase},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, began := turnstile{limiter: newLimiter(defaultPerSecond)}, time.Now()
			for i, l := range lanes {
				s.enter(t.Context(), l, fmt.Sprint(i))
			}
			s.enter(t.Context(), priorityPurchase, "one more")
			s.wg.Wait()
			for i := range lanes {
				if wait := s.when[i].Sub(began); wait != 0 {
					t.Errorf("lanes %v: call %d waited %s", lanes, i, wait)
				}
			}
			if wait := s.when[7%len(s.when)].Sub(began); len(lanes) == 7 && wait != limiterSpan {
				t.Errorf("the eighth waited %s, want %s", wait, limiterSpan)
			}
		})
	}
}

// A receiver stands where the vendor stands: behind handshakes and networks.
type receiver struct {
	mu   sync.Mutex
	when []time.Time
}

func (r *receiver) receive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.when = append(r.when, time.Now())
}

// most is how many calls the fullest second holds.
func (r *receiver) most() int {
	slices.SortFunc(r.when, time.Time.Compare)
	most, from := 0, 0
	for i, at := range r.when {
		for at.Sub(r.when[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// call is one exchange of which only its own end tells how long each part took.
func (r *receiver) call(g *limiter, l priority, connect, transit, answer time.Duration) {
	p, err := g.enter(context.Background(), l)
	if err != nil {
		return
	}
	time.Sleep(connect)
	p.written()
	time.Sleep(transit)
	r.receive()
	time.Sleep(answer)
	p.done()
}

// TestNoSecondAtTheReceiverHoldsTooManyCalls is what a limit by the sender's clock
// alone cannot do: seven calls that shake hands for a second meet the seven after them.
func TestNoSecondAtTheReceiverHoldsTooManyCalls(t *testing.T) {
	t.Parallel()
	upTo := func(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d) + 1)) }
	tests := []struct {
		name                     string
		connect, transit, answer time.Duration // the longest
	}{
		{"answers at once", 0, 0, 0},
		{"a fast network", 0, 30 * time.Millisecond, 50 * time.Millisecond},
		{"handshakes now and then", 900 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond},
		{"a network that squeezes", 0, 900 * time.Millisecond, 0},
		{"top-ups that take 16 s", 300 * time.Millisecond, 950 * time.Millisecond, 16 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, r := newLimiter(defaultPerSecond), receiver{}
				var wg sync.WaitGroup
				for client := range 20 {
					rnd := rand.New(rand.NewPCG(uint64(client), 1))
					wg.Go(func() {
						for range 25 {
							connect := time.Duration(0)
							if rnd.IntN(3) == 0 {
								connect = upTo(rnd, tt.connect)
							}
							r.call(g, priority(rnd.IntN(int(priorities))), connect, upTo(rnd, tt.transit), upTo(rnd, tt.answer))
							time.Sleep(upTo(rnd, 2*time.Second))
						}
					})
				}
				wg.Wait()
				if n := r.most(); n > defaultPerSecond || n < 5 || len(r.when) != 500 {
					t.Errorf("%d calls, %d of them within a second", len(r.when), n)
				}
			})
		})
	}
}

func TestACallThatWasNeverWrittenKeepsItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, r := newLimiter(1), receiver{}
		var wg sync.WaitGroup
		wg.Go(func() { r.call(g, priorityPurchase, 10*time.Second, 0, 0) })
		synctest.Wait()
		wg.Go(func() { r.call(g, priorityPurchase, 0, 0, 0) })
		wg.Wait()
		if d := r.when[1].Sub(r.when[0]); d != limiterSpan {
			t.Errorf("the second was received %s after the first", d)
		}
	})
}

// TestSlowAnswersDoNotBlockPurchases: whoever tops up waits 16 s, and nobody else does.
func TestSlowAnswersDoNotBlockPurchases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, r := newLimiter(defaultPerSecond), receiver{}
		var wg sync.WaitGroup
		for range defaultPerSecond {
			wg.Go(func() { r.call(g, priorityPurchase, 0, 900*time.Millisecond, 16*time.Second) })
		}
		synctest.Wait()
		began := time.Now()
		for range defaultPerSecond {
			r.call(g, priorityPurchase, 0, 0, 0)
		}
		if d := time.Since(began); d != limiterTransit+limiterSpan {
			t.Errorf("purchases waited %s", d)
		}
		wg.Wait()
		if n := r.most(); n > defaultPerSecond {
			t.Errorf("%d calls within a second", n)
		}
	})
}

// TestASweepLeavesRoomForPurchases: while sweeps and persons press from all sides, a
// purchase's order and its first query go at once, and the third call soon.
func TestASweepLeavesRoomForPurchases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		persons int
		third   time.Duration // the longest wait of a third call
	}{
		{"a sweep", 0, 300 * time.Millisecond},
		{"a sweep and many persons", 10, limiterSpan + 200*time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, r := newLimiter(defaultPerSecond), receiver{}
				ctx, stop := context.WithCancel(t.Context())
				var wg sync.WaitGroup
				press := func(l priority) {
					for ctx.Err() == nil {
						r.call(g, l, 0, 50*time.Millisecond, 150*time.Millisecond)
					}
				}
				for range 10 {
					wg.Go(func() { press(prioritySweep) })
				}
				for range tt.persons {
					wg.Go(func() { press(priorityCustomer) })
				}
				for i := range 40 {
					time.Sleep(2500*time.Millisecond + time.Duration(i)*37*time.Millisecond)
					for call, longest := range []time.Duration{0, 0, tt.third} {
						began := time.Now()
						p, err := g.enter(t.Context(), priorityPurchase)
						if err != nil {
							t.Fatal(err)
						}
						if wait := time.Since(began); wait > longest {
							t.Errorf("purchase %d, call %d waited %s", i, call, wait)
						}
						p.done()
					}
				}
				stop()
				wg.Wait()
				if n := r.most(); n > defaultPerSecond {
					t.Errorf("%d calls within a second", n)
				}
			})
		})
	}
}

func TestSweepsAreSpaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{limiter: newLimiter(defaultPerSecond)}
		for range 40 {
			s.enter(t.Context(), prioritySweep, "")
		}
		s.wg.Wait()
		for i := 1; i < len(s.when); i++ {
			if d := s.when[i].Sub(s.when[i-1]); d < 250*time.Millisecond || d > 260*time.Millisecond {
				t.Errorf("sweep %d came %s after the one before", i, d)
			}
		}
	})
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := turnstile{limiter: newLimiter(1)}
		why := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		s.enter(t.Context(), prioritySweep, "first")
		s.enter(ctx, prioritySweep, "gives up")
		s.enter(t.Context(), prioritySweep, "last")
		var err error
		go func() { _, err = s.limiter.enter(ctx, prioritySweep) }()
		synctest.Wait()
		cancel(why)
		synctest.Wait()
		if !errors.Is(err, why) {
			t.Errorf("error %v, want %v", err, why)
		}
		if _, err := s.limiter.enter(ctx, prioritySweep); !errors.Is(err, why) {
			t.Errorf("error %v before standing in line, want %v", err, why)
		}
		s.wg.Wait()
		if want := []string{"first", "last"}; !slices.Equal(s.who, want) {
			t.Errorf("order %q, want %q", s.who, want)
		}
		if took := s.when[1].Sub(s.when[0]); took != limiterSpan {
			t.Errorf("the last waited %s: who gave up kept a place", took)
		}
	})
}

// TestWhoGivesUpAtItsTurnGivesThePlaceBack: giving up and being let out may happen at
// the same moment, and the place must not be lost for ever.
func TestWhoGivesUpAtItsTurnGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newLimiter(1)
		p, err := g.enter(t.Context(), priorityPurchase)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		g.leave(p, make(chan struct{})) // a turn that is in no line has come
		if _, err := g.enter(t.Context(), priorityPurchase); err != nil || !time.Now().Equal(began) {
			t.Errorf("the next came in after %s, %v", time.Since(began), err)
		}
	})
}

// TestAPlaceIsGivenBackOnce: a transport may report that it wrote a request after the
// answer came or the caller left.
func TestAPlaceIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newLimiter(1)
		p, err := g.enter(t.Context(), priorityPurchase)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		p.written()
		p.done()
		time.Sleep(limiterSpan / 2)
		p.written()
		p.done()
		q, err := g.enter(t.Context(), priorityPurchase)
		if took := time.Since(began); err != nil || took != limiterSpan {
			t.Errorf("the next came in after %s, %v", took, err)
		}
		p.done()
		p.giveBack()
		if g.held != [priorities]int{priorityPurchase: 1} {
			t.Errorf("places held: %v", g.held)
		}
		q.done()
		time.Sleep(limiterSpan)
	})
}
