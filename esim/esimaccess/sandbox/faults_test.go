package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const oneOrder = `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`

func TestEachFaultIsWhatItSays(t *testing.T) {
	t.Parallel()
	lost := func(r reply, err error) bool { return err != nil && r.Body == "" }
	tests := []struct {
		name   string
		fault  Fault
		seen   func(reply, error) bool
		bought int
	}{
		{"request lost", Fault{Kind: LoseRequest}, lost, 0},
		{"answer lost", Fault{Kind: LoseAnswer}, lost, 1},
		{"slow", Fault{Kind: Slow, Delay: time.Millisecond}, func(r reply, err error) bool { return err == nil && r.Success }, 1},
		{"slow after the work", Fault{Kind: Slow, Delay: time.Millisecond, Worked: true}, func(r reply, err error) bool { return err == nil && r.Success }, 1},
		{"502 instead of the work", Fault{Kind: BadGateway}, func(r reply, err error) bool { return r.Status == 502 && strings.Contains(r.Body, "<html>") }, 0},
		{"502 after the work", Fault{Kind: BadGateway, Worked: true}, func(r reply, err error) bool { return r.Status == 502 && strings.Contains(r.Body, "<html>") }, 1},
		{"cut body", Fault{Kind: CutBody}, func(r reply, err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }, 1},
		{"a code", Fault{Kind: Refuse, Code: "200011", Text: "no profiles"}, func(r reply, err error) bool {
			return r.code() == "200011" && r.Status == 200 && r.ErrorMsg == "no profiles"
		}, 0},
		{"rate burst", Fault{Kind: RateBurst}, func(r reply, err error) bool { return r.code() == "101013" && r.Status == 200 }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			tt.fault.Endpoint, tt.fault.Count = "esim/order", 1
			w.Break(tt.fault)
			if r, err := w.try("esim/order", oneOrder); !tt.seen(r, err) {
				t.Errorf("the client saw %+v, %v", r, err)
			}
			if n := w.Charged("t"); n != tt.bought {
				t.Errorf("charged %d times, want %d", n, tt.bought)
			}
			// The next try meets no fault, and one eSIM is bought whatever happened before.
			if r := w.call("esim/order", oneOrder); !r.Success || w.Charged("t") != 1 {
				t.Errorf("again: %s, charged %d times", r.Body, w.Charged("t"))
			}
		})
	}
}

func TestFaultsStrikeWhereAndHowOftenTheyAreToldTo(t *testing.T) {
	t.Parallel()
	struck := func(w *world, endpoint string, n int) string {
		var b strings.Builder
		for range n {
			if _, err := w.try(endpoint, `{}`); err != nil {
				b.WriteByte('x')
			} else {
				b.WriteByte('.')
			}
		}
		return b.String()
	}
	tests := []struct {
		name     string
		fault    Fault
		endpoint string
		want     string
	}{
		{"twice", Fault{Kind: LoseAnswer, Count: 2}, "balance/query", "xx..."},
		{"after two", Fault{Kind: LoseAnswer, Count: 1, Skip: 2}, "balance/query", "..x.."},
		{"until mended", Fault{Kind: LoseAnswer}, "balance/query", "xxxxx"},
		{"here", Fault{Kind: LoseAnswer, Endpoint: "balance/query"}, "balance/query", "xxxxx"},
		{"elsewhere", Fault{Kind: LoseAnswer, Endpoint: "esim/order"}, "balance/query", "....."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			mend := w.Break(tt.fault)
			if got := struck(w, tt.endpoint, 5); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			mend()
			mend() // a second time does no harm
			if got := struck(w, tt.endpoint, 1); got != "." {
				t.Error("still broken after mending")
			}
		})
	}
	t.Run("one after another", func(t *testing.T) {
		w := newWorld(t, Options{})
		w.Break(Fault{Kind: LoseAnswer, Count: 1})
		w.Break(Fault{Kind: LoseRequest, Count: 1})
		if got := struck(w, "balance/query", 3); got != "xx." {
			t.Errorf("got %s", got)
		}
	})
	t.Run("down is down for all", func(t *testing.T) {
		w := newWorld(t, Options{})
		w.Down(true)
		if got := struck(w, "balance/query", 2) + struck(w, "location/list", 1); got != "xxx" {
			t.Errorf("got %s", got)
		}
		w.Down(false)
		if got := struck(w, "balance/query", 2); got != ".." {
			t.Errorf("up again: %s", got)
		}
		w.Down(true)
		w.Break(Fault{Kind: LoseAnswer})
		w.Mend()
		if got := struck(w, "balance/query", 2); got != ".." {
			t.Errorf("mended: %s", got)
		}
	})
}

func TestAClientThatGivesUpDoesNotStopTheWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.Break(Fault{Kind: Slow, Delay: time.Hour, Count: 1})
	arrived, done := w.BreakpointAt("esim/order", BeforeWork), w.BreakpointAt("esim/order", AfterWork)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.http.URL+root+"esim/order", strings.NewReader(oneOrder))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = w.header
	go func() {
		<-arrived.Reached()
		cancel()
	}()
	if _, err := http.DefaultClient.Do(req); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	<-done.Reached()
	if w.Charged("t") != 1 {
		t.Error("the order was not made")
	}
	done.Release()
}

func TestAnExchangeCanBeStoppedAndLookedAt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		stage   ExchangeStage
		charged int
	}{{BeforeWork, 0}, {AfterWork, 1}} {
		w := newWorld(t, Options{})
		stop := w.BreakpointAt("esim/order", tt.stage)
		w.call("balance/query", `{}`) // others pass
		var g sync.WaitGroup
		g.Go(func() {
			if r := w.call("esim/order", oneOrder); !r.Success {
				t.Errorf("answered %s", r.Body)
			}
		})
		<-stop.Reached()
		if n := w.Charged("t"); n != tt.charged {
			t.Errorf("stage %d: charged %d times, want %d", tt.stage, n, tt.charged)
		}
		stop.Release()
		stop.Release()
		g.Wait()
		w.call("esim/order", oneOrder) // held once only
	}
}

func TestEveryExchangeIsTold(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var calls []Call
	w := newWorld(t, Options{OnCall: func(c Call) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, c)
	}})
	w.header.Set("RT-AccessCode", "very secret")
	w.call("esim/order", oneOrder)
	w.Break(Fault{Kind: LoseAnswer, Count: 1})
	_, _ = w.try("balance/query", `{}`)
	w.Break(Fault{Kind: BadGateway, Count: 1})
	_, _ = w.try("balance/query", `{}`)
	_, _ = w.try("no/such", `{}`)

	if len(calls) != 4 {
		t.Fatalf("%d calls told: %+v", len(calls), calls)
	}
	for i, want := range []Call{
		{Endpoint: "esim/order", Status: 200, Request: oneOrder},
		{Endpoint: "balance/query", Status: 0, Request: `{}`, Fault: "answer lost"},
		{Endpoint: "balance/query", Status: 502, Request: `{}`, Fault: "502"},
		{Endpoint: "no/such", Status: 404, Request: `{}`},
	} {
		got := calls[i]
		if got.Endpoint != want.Endpoint || got.Status != want.Status || got.Request != want.Request || got.Fault != want.Fault {
			t.Errorf("call %d: %+v", i, got)
		}
		if got.Answer == "" || got.At.IsZero() || strings.Contains(got.Request+got.Answer, "very secret") {
			t.Errorf("call %d: %+v", i, got)
		}
	}
}
