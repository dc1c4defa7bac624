//go:build soak

package esimaccess_test

import (
	"strings"
	"sync"
	"testing"

	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// TestTheVendorsLimitIsNeverMet takes about two seconds.
func TestTheVendorsLimitIsNeverMet(t *testing.T) {
	var mu sync.Mutex
	refused := 0
	s := newShop(t, sandbox.Options{RateLimit: 8, OnCall: func(c sandbox.Call) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(c.Answer, "101013") {
			refused++
		}
	}}, func(cfg *esimaccess.Config) { cfg.PerSecond = 0 })
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := s.Balance(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if refused != 0 {
		t.Errorf("%d calls were too fast", refused)
	}
}
