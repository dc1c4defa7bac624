//go:build soak

package esimaccess_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// What follows measures real times at the sandbox, which a stalled machine may spoil;
// the same rules are held in fake time by gate_test.go in every run.

// A counter stands in front of the sandbox and notes when calls arrive.
type counter struct {
	next http.Handler
	mu   sync.Mutex
	when []time.Time
	own  time.Duration // the vendor's own time for orders and for queries of an order
}

// note is told of each exchange by the sandbox.
func (c *counter) note(call sandbox.Call) {
	if call.Endpoint == "esim/order" || strings.Contains(call.Request, `"orderNo":"B`) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.own += call.Took
	}
}

func (c *counter) vendorsOwn() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.own
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.when = append(c.when, time.Now())
	c.mu.Unlock()
	c.next.ServeHTTP(w, r)
}

// fullest is how many calls the fullest second holds.
func (c *counter) fullest() (most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := 0
	for i, at := range c.when {
		for at.Sub(c.when[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// limited is a client with the default limit, a sandbox that refuses the ninth call of
// a second and takes a while for each, and the counter between them.
func limited(t *testing.T, o sandbox.Options, took time.Duration) (shop, *counter) {
	t.Helper()
	between := &counter{}
	o.OnCall = between.note
	vendor, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	vendor.Break(sandbox.Fault{Kind: sandbox.Slow, Delay: took})
	between.next = vendor
	server := httptest.NewServer(between)
	t.Cleanup(server.Close)
	client, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return shop{Client: client, vendor: vendor}, between
}

// TestTwentyAtOnceNeverExceedTheLimit takes about 20 seconds.
func TestTwentyAtOnceNeverExceedTheLimit(t *testing.T) {
	t.Parallel()
	s, between := limited(t, sandbox.Options{AllocationTime: sandbox.Off}, 40*time.Millisecond)
	s = s.stocked(t)
	began := time.Now()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for j := range 6 {
				var err error
				switch (i + j) % 3 {
				case 0:
					_, err = s.Balance(t.Context())
				case 1:
					_, err = s.Order(t.Context(), s.buy(fmt.Sprintf("eb-%d-%d", i, j), 1))
				case 2:
					_, err = s.Usage(t.Context(), []esim.ESIMID{"1"})
				}
				if err != nil { // 101013 as well
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	t.Logf("120 calls of 20 callers in %s: at most %d within a second", took.Round(time.Millisecond), between.fullest())
	if n := between.fullest(); n > 8 {
		t.Errorf("%d calls arrived within a second", n)
	}
	if took > 40*time.Second {
		t.Errorf("120 calls took %s: slower than need be", took)
	}
}

// TestPurchasesDuringASweep walks an account of 100,000 eSIMs and reads their usage from
// several sides, and buys meanwhile. It takes about 75 seconds.
func TestPurchasesDuringASweep(t *testing.T) {
	t.Parallel()
	const (
		eSIMs     = 100_000
		purchases = 40
		vendors   = 200 * time.Millisecond // for each call
	)
	s, between := limited(t, sandbox.Options{AllocationTime: sandbox.Off, Balance: 1 << 50}, vendors)
	s = s.stocked(t)
	s.fill(t, eSIMs)
	s.vendor.Break(sandbox.Fault{Kind: sandbox.Slow, Delay: vendors})

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	seen := 0
	wg.Go(func() {
		for page, err := range s.AllProfiles(ctx) {
			if err != nil {
				break // stopped: the purchases are over before the sweep
			}
			seen += len(page)
		}
	})
	for worker := range 8 {
		wg.Go(func() {
			for i := worker; ctx.Err() == nil; i += 8 {
				_, _ = s.Usage(ctx, []esim.ESIMID{esim.ESIMID(fmt.Sprint(i))})
			}
		})
	}
	var took, ours []time.Duration // ours: without the vendor's own time
	next := time.NewTicker(1500 * time.Millisecond)
	defer next.Stop()
	for i := range purchases {
		<-next.C
		began, own := time.Now(), between.vendorsOwn()
		no := s.order(t, s.buy(fmt.Sprint("eb-", i), 1))
		if p, err := s.OrderProfiles(t.Context(), no); err != nil || len(p) != 1 {
			t.Errorf("purchase %d: %d eSIMs, %v", i, len(p), err)
		}
		took = append(took, time.Since(began))
		ours = append(ours, took[i]-(between.vendorsOwn()-own))
	}
	stop()
	wg.Wait()
	slices.Sort(took)
	slices.Sort(ours)
	p95 := int(math.Ceil(0.95*purchases)) - 1
	t.Logf("%d purchases (order and query) while %d of %d eSIMs were listed: median %s, p95 %s, longest %s; without the vendor's own time median %s, p95 %s, longest %s; at most %d calls within a second",
		purchases, seen, eSIMs, took[purchases/2], took[p95], took[purchases-1], ours[purchases/2], ours[p95], ours[purchases-1], between.fullest())
	if ours[p95] > time.Second {
		t.Errorf("p95 %s beyond the vendor's own time, want at most 1 s", ours[p95])
	}
	if n := between.fullest(); n > 8 {
		t.Errorf("%d calls arrived within a second", n)
	}
}

// fill buys eSIMs with no limit, beside the client and in the vendor's own time.
func (s shop) fill(t *testing.T, eSIMs int) {
	t.Helper()
	server := httptest.NewServer(s.vendor)
	defer server.Close()
	beside, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: server.URL, PerSecond: math.MaxFloat64})
	if err != nil {
		t.Fatal(err)
	}
	s.vendor.Mend()
	for bought := 0; bought < eSIMs; bought += 30 {
		s.vendor.Advance(time.Second)
		b := esim.VendorPurchase{IdempotencyKey: fmt.Sprint("fill-", bought), Plan: s.fixed, Quantity: 30}
		if _, err := beside.Order(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	s.vendor.Advance(time.Second)
}
