package esimaccess

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"esimbot/esim"
)

// A crowdedVendor answers every listing with eSIMs of so many orders, and notes what it was asked.
type crowdedVendor struct {
	orders int
	mu     sync.Mutex
	asked  []string
}

func (v *crowdedVendor) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.asked = append(v.asked, string(body))
	v.mu.Unlock()
	var rows []string
	for n := range v.orders {
		rows = append(rows, fmt.Sprintf(`{"esimTranNo":"T%d","orderNo":"B%d","ac":"LPA:1$a$%d","esimStatus":"GOT_RESOURCE","smdpStatus":"RELEASED"}`, n, n, n))
	}
	answer := `{"success":true,"obj":{"esimList":[` + strings.Join(rows, ",") + `]}}`
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(answer)), Request: r,
	}, nil
}

// crowded is a client whose one place is taken until the pass is done with.
func (v *crowdedVendor) crowded(t *testing.T) (*Client, *pass) {
	t.Helper()
	c := newTestClient(t, "http://vendor", func(cfg *Config) { cfg.PerSecond, cfg.HTTPClient = 1, &http.Client{Transport: v} })
	place, err := c.limiter.enter(t.Context(), priorityPurchase)
	if err != nil {
		t.Fatal(err)
	}
	return c, place
}

// Where each question would have to wait for its turn one listing answers all of them: each order gets
// its own eSIM, and one that is not in it is to be asked for again, never taken for one that does not come.
func TestARushAsksForItsESIMsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &crowdedVendor{orders: 20}
		c, place := v.crowded(t)
		var wg sync.WaitGroup
		for n := range 21 {
			wg.Go(func() {
				got, err := c.OrderProfiles(t.Context(), fmt.Sprintf("B%d", n))
				if n == 20 {
					if pe := providerError(t, err); pe.Action != esim.ActionRetry || len(got) > 0 {
						t.Errorf("an order that is not listed: %v, %+v", got, pe)
					}
					return
				}
				if err != nil || len(got) != 1 || got[0].ID != esim.ESIMID(fmt.Sprintf("T%d", n)) {
					t.Errorf("order %d: %v, %v", n, got, err)
				}
			})
		}
		synctest.Wait()
		place.done()
		wg.Wait()
		if len(v.asked) != 1 || strings.Contains(v.asked[0], "B") {
			t.Errorf("the vendor was asked %q", v.asked)
		}
	})
}

// The page of a listing may end within an order: that one is asked for by its number, since a part of it
// is not the whole. The others have their answer.
func TestAnOrderCutByTheEndOfThePageIsAskedForAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &crowdedVendor{orders: pageSize}
		c, place := v.crowded(t)
		var wg sync.WaitGroup
		for _, n := range []int{0, pageSize - 1} {
			wg.Go(func() {
				if got, err := c.OrderProfiles(t.Context(), fmt.Sprintf("B%d", n)); err != nil || len(got) != 1 {
					t.Errorf("order %d: %v, %v", n, got, err)
				}
			})
		}
		synctest.Wait()
		place.done()
		wg.Wait()
		if alone := fmt.Sprintf(`"orderNo":"B%d"`, pageSize-1); len(v.asked) != 2 || !strings.Contains(v.asked[1], alone) {
			t.Errorf("the vendor was asked %q", v.asked)
		}
	})
}

// Whoever asks first may stop waiting: the others have their answer all the same.
func TestWhoLeavesARushLeavesTheOthersTheirAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &crowdedVendor{orders: 2}
		c, place := v.crowded(t)
		ctx, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.OrderProfiles(ctx, "B0"); providerError(t, err).Outcome != esim.OutcomeNotDone {
				t.Errorf("who left: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if got, err := c.OrderProfiles(t.Context(), "B1"); err != nil || len(got) != 1 {
				t.Errorf("who stayed: %v, %v", got, err)
			}
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		place.done()
		wg.Wait()
		if len(v.asked) != 1 {
			t.Errorf("the vendor was asked %q", v.asked)
		}
	})
}

// Where there is room an order is asked for by its number, as ever.
func TestWithoutARushAnOrderIsAskedForByItsNumber(t *testing.T) {
	t.Parallel()
	v := &crowdedVendor{orders: 1}
	c := newTestClient(t, "http://vendor", func(cfg *Config) { cfg.HTTPClient = &http.Client{Transport: v} })
	if got, err := c.OrderProfiles(t.Context(), "B0"); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if len(v.asked) != 1 || !strings.Contains(v.asked[0], `"B0"`) {
		t.Errorf("the vendor was asked %q", v.asked)
	}
}
