package esimaccess

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/esim"
)

func TestWaitingForATurnIsNotSending(t *testing.T) {
	t.Parallel()
	v := newVendor(t, answering(`{"success":true,"obj":{"orderNo":"B1"}}`))
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 0.001 })
	if _, err := c.Order(t.Context(), testBuy); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for c.limiter.queued(priorityPurchase) == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	_, err := c.Order(ctx, testBuy)
	if pe := providerError(t, err); pe.Outcome != esim.OutcomeNotDone || pe.Action != esim.ActionRetry || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v", pe)
	}
	if n := len(v.received()); n != 1 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestTheLimiterLearnsFromTheExchange: when a request was written and when its answer
// began, not only when all is over.
func TestTheLimiterLearnsFromTheExchange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		transit time.Duration
		begin   string // of the answer, before the rest is held back
	}{
		{"the request was written", 0, ""},
		{"the answer began", time.Hour, `{"success":true,`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			second := make(chan struct{})
			var n atomic.Int32
			v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
				rest := `{"success":true,"obj":{"balance":1}}`
				if n.Add(1) == 2 {
					close(second)
				} else if tt.begin != "" {
					rest = strings.TrimPrefix(rest, tt.begin)
					_, _ = io.WriteString(w, tt.begin)
					_ = http.NewResponseController(w).Flush()
				}
				<-second
				_, _ = io.WriteString(w, rest)
			})
			c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 1 })
			c.limiter.span, c.limiter.transit = 0, tt.transit
			var wg sync.WaitGroup
			for range 2 { // the second gets in only while the first is not over
				wg.Go(func() {
					if _, err := c.Balance(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// TestPurchasesOvertakeSweepsAtTheServer lets sweeps queue up first and then sends
// purchases: the server must see the purchases before the sweeps that waited.
func TestPurchasesOvertakeSweepsAtTheServer(t *testing.T) {
	t.Parallel()
	const sweeps, purchases = 4, 2
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		answering(`{"success":true,"obj":{"orderNo":"B1","esimUsageList":[],"packageList":[],"esimList":[]}}`)(w, r)
	})
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 4 })
	var wg sync.WaitGroup
	for range sweeps {
		wg.Go(func() {
			if _, err := c.Usage(t.Context(), []esim.ESIMID{"1"}); err != nil {
				t.Error(err)
			}
		})
	}
	for c.limiter.queued(prioritySweep) < sweeps-1 { // the first went through
		runtime.Gosched()
	}
	if _, err := c.Order(t.Context(), testBuy); err != nil {
		t.Error(err)
	}
	if _, err := c.OrderProfiles(t.Context(), "B1"); err != nil {
		t.Error(err)
	}
	waiting := c.limiter.queued(prioritySweep)
	wg.Wait()
	if n := len(v.received()); n != sweeps+purchases {
		t.Errorf("%d calls arrived", n)
	}
	if waiting == 0 {
		t.Error("the purchases waited for all sweeps")
	}
}

func TestLimitsBelowAndBeyond(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		perSecond float64
		calls     int
		within    time.Duration
	}{
		{"one call in two seconds", 0.5, 3, 4 * limiterSpan},
		{"three a second", 3.9, 6, limiterSpan},
		{"no limit", limiterOff, 5000, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, began := turnstile{limiter: newLimiter(tt.perSecond)}, time.Now()
				for range tt.calls {
					s.enter(t.Context(), priorityPurchase, "")
				}
				s.wg.Wait()
				if took := time.Since(began); took != tt.within {
					t.Errorf("%d calls took %s, want %s", tt.calls, took, tt.within)
				}
			})
		})
	}
}
