//go:build soak

package esimaccess

import (
	"sync"
	"testing"
	"time"
)

// What follows asserts real times at the server, which a stalled machine may
// spoil; the same rules are held in fake time by gate_test.go in every run.

// TestTheAccountsLimitHolds takes about three seconds: real calls, timed by the server.
func TestTheAccountsLimitHolds(t *testing.T) {
	v := newVendor(t, answering(`{"success":true,"obj":{"balance":1,"orderNo":"B1"}}`))
	c := newTestClient(t, v.URL, func(cfg *Config) { cfg.PerSecond = 0 }) // the default
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			var err error
			if i%2 == 0 {
				_, err = c.Balance(t.Context())
			} else {
				_, err = c.Order(t.Context(), testBuy)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	calls := v.received()
	for i := 8; i < len(calls); i++ {
		if d := calls[i].at.Sub(calls[i-8].at); d < time.Second {
			t.Errorf("calls %d to %d arrived within %s", i-7, i+1, d)
		}
	}
	if took := calls[19].at.Sub(calls[0].at); took > 4*time.Second {
		t.Errorf("20 calls took %s: slower than need be", took)
	}
}
