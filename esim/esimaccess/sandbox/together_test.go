package sandbox

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestEverythingAtOnce is for the race detector: API, control API, phones, clock, webhooks, file,
// settings and a reset, all from goroutines of their own.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{Now: time.Now, AllocationTime: Off, UsageLag: Off, File: filepath.Join(t.TempDir(), "v.json")})
	var g sync.WaitGroup
	for i := range 4 {
		g.Go(func() {
			for j := range 4 {
				no := w.buy(fmt.Sprint("tx-", i, "-", j), "ES_1_7", 0)
				tran := w.byOrder(no).EsimTranNo
				for _, step := range []string{"install", "use", "disable", "enable", "burn", "suspend"} {
					body := ""
					if step == "burn" {
						body = `{"part":0.6}`
					}
					if status, s := w.operate("POST", "profiles/"+tran+"/"+step, body); status != 200 {
						t.Errorf("%s: %s", step, s)
					}
				}
				w.Advance(time.Second)
			}
		})
	}
	g.Go(func() {
		for i := range 6 {
			w.operate("POST", "switches", fmt.Sprintf(`{"doubled":%v,"outOfOrder":true,"rateLimit":0,"neverReported":["JP"]}`, i%2 == 0))
			must(t, w.SetPrice("JP_1_7", int64(5000+i)))
		}
	})
	g.Go(func() {
		for range 6 {
			for _, path := range []string{"state", "profiles", "orders", "webhooks", "calls", "faults", "switches"} {
				w.operate("GET", path, "")
			}
		}
	})
	g.Go(func() {
		for range 6 {
			must(t, w.Settle(t.Context()))
			w.Webhooks()
			w.Break(Fault{Kind: Slow, Delay: time.Nanosecond, Count: 1})
		}
	})
	g.Wait()
	must(t, w.Settle(t.Context()))
	if n := w.Charged(""); n != 16 {
		t.Errorf("charged %d times, want 16", n)
	}
	seen := map[string]bool{}
	for _, e := range r.take() {
		seen[e.NotifyID] = true
	}
	// For each eSIM: the order, four of the phone, off, on, in use, half used, suspended.
	if want := 16 * (1 + 3 + 2 + 1 + 1 + 1); len(seen) != want {
		t.Errorf("%d events, want %d", len(seen), want)
	}
	g.Go(func() {
		for range 3 {
			must(t, w.Reset())
		}
	})
	g.Go(func() {
		for i := range 10 {
			w.call("esim/order", `{"transactionId":"after-%d","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, i)
			w.operate("GET", "state", "")
		}
	})
	g.Wait()
}
