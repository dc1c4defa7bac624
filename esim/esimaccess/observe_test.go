package esimaccess

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Every request is observed, also one of several tries, with what became of it.
func TestEveryRequestIsObserved(t *testing.T) {
	t.Parallel()
	n := 0
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			answering(`{"success":false,"errorCode":"101013","errorMsg":"too fast"}`)(w, r)
			return
		}
		answering(`{"success":true,"obj":{"balance":10000}}`)(w, r)
	})
	var seen []string
	clock := at("2026-11-23T12:00:00Z")
	c := newTestClient(t, v.URL, func(cfg *Config) {
		cfg.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
		cfg.Observe = func(endpoint string, took time.Duration, err error) {
			if took <= 0 {
				t.Errorf("it took %s", took)
			}
			if err == nil { // and not a nil pointer in it
				err = errors.New("well")
			}
			seen = append(seen, fmt.Sprint(endpoint, " ", err))
		}
	})
	if _, err := c.Balance(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.Close()
	if _, err := c.Balance(t.Context()); err == nil {
		t.Fatal("a vendor that is gone answers")
	}
	if len(seen) < 3 || seen[0] != "balance/query balance/query: error 101013: too fast" || seen[1] != "balance/query well" || seen[2] == seen[1] {
		t.Errorf("observed %q", seen)
	}
}
