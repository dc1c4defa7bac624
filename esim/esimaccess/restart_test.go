package esimaccess_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/cmd/esimbot/memnet"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// inBubble runs f with a simulated vendor in virtual time; dial makes clients of its account.
func inBubble(t *testing.T, o sandbox.Options, f func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		vendor, err := sandbox.New(o)
		if err != nil {
			t.Fatal(err)
		}
		network := memnet.New()
		stop := network.Serve("vendor:80", vendor)
		var clients []*http.Client
		defer func() {
			for _, c := range clients {
				c.CloseIdleConnections()
			}
			stop()
			if err := vendor.Close(); err != nil {
				t.Error(err)
			}
		}()
		f(t, vendor, func(cfg esimaccess.Config) *esimaccess.Client {
			t.Helper()
			hc := network.Client()
			clients = append(clients, hc)
			cfg.AccessCode, cfg.BaseURL, cfg.HTTPClient = "code", "http://vendor", hc
			c, err := esimaccess.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			return c
		})
	})
}

// A process that was killed had used up the second; the next one knew nothing of it: 36
// refused calls in 12 kills.
func TestARestartDoesNotExceedTheVendorsSecond(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	refused := 0
	o := sandbox.Options{OnCall: func(c sandbox.Call) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(c.Answer, `"101013"`) {
			refused++
		}
	}}
	inBubble(t, o, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		for range 12 { // each is killed when it has made its calls, and starts in no time
			c := dial(esimaccess.Config{})
			var wg sync.WaitGroup
			for range 7 {
				wg.Go(func() {
					if _, err := c.FindPurchase(t.Context(), "eb-1", time.Now().Add(-time.Hour), time.Now()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if refused != 0 {
			t.Errorf("101013 %d times in 12 restarts", refused)
		}
	})
}

func TestAPurchaseRightAfterTheStartWaitsAboutASecond(t *testing.T) {
	t.Parallel()
	inBubble(t, sandbox.Options{}, func(t *testing.T, vendor *sandbox.Sandbox, dial func(esimaccess.Config) *esimaccess.Client) {
		for _, rested := range []bool{false, true} {
			c, began := dial(esimaccess.Config{Rested: rested}), time.Now()
			if _, err := c.Balance(t.Context()); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); rested != (took == 0) || took > 1100*time.Millisecond {
				t.Errorf("rested %v: %v", rested, took)
			}
			time.Sleep(2 * time.Second)
			began = time.Now()
			if _, err := c.Balance(t.Context()); err != nil || time.Since(began) != 0 {
				t.Errorf("the next one waits %v: %v", time.Since(began), err)
			}
		}
		// With one call in a long while the start is not that while.
		c, began := dial(esimaccess.Config{PerSecond: 0.001}), time.Now()
		if _, err := c.Balance(t.Context()); err != nil || time.Since(began) > 2*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}
