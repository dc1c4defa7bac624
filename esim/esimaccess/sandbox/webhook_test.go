package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A receiver is a shop's webhook address.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int // to answer with
	got    []received
	during func(received) // called while the sender waits
}

type received struct {
	header http.Header
	body   string
	NotifyType, NotifyID,
	EventGenerateTime string
	Content map[string]any
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		got := received{header: req.Header, body: string(raw)}
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Errorf("webhook %s: %v", raw, err)
		}
		r.mu.Lock()
		r.got = append(r.got, got)
		status, during := r.status, r.during
		r.mu.Unlock()
		if during != nil {
			during(got)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// take returns what came since the last time.
func (r *receiver) take() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// short is an event in one word: what a test compares.
func (e received) short() string {
	c := e.Content
	switch e.NotifyType {
	case esimStatus:
		return "esim:" + c["esimStatus"].(string)
	case smdpEvent:
		return "smdp:" + c["smdpStatus"].(string)
	case dataUsage:
		return fmt.Sprint("data:", c["remainThreshold"])
	case validityUsage:
		return fmt.Sprint("validity:", c["remain"])
	case orderStatus:
		return "order:" + c["orderStatus"].(string)
	}
	return e.NotifyType
}

// newListening is a world whose webhooks go to a receiver. Each call of the returned function
// waits for what is due and says in short what came.
func newListening(t testing.TB, o Options) (*world, *receiver, func() string) {
	w, r := newWorld(t, o), newReceiver(t)
	w.signs = true
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.get(&struct{}{}, "webhook/save", `{"webhook":%q}`, r.URL+"/hook")
	if got := r.take(); len(got) != 1 || got[0].NotifyType != checkHealth || got[0].Content["orderNo"] != "1234567890" || got[0].Content["orderStatus"] != "Test" {
		t.Fatalf("after webhook/save came %+v", got)
	}
	return w, r, func() string {
		t.Helper()
		if err := w.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, e := range r.take() {
			words = append(words, e.short())
		}
		return strings.Join(words, " ")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestALifeIsToldByWebhooks(t *testing.T) {
	t.Parallel()
	w, _, came := newListening(t, Options{})
	expect := func(when, want string) {
		t.Helper()
		if got := came(); got != want {
			t.Errorf("%s came %q, want %q", when, got, want)
		}
	}
	tran := w.own("tx", "ES_1_7", 0)
	expect("after the allocation", "order:GOT_RESOURCE")
	must(t, w.Download(tran))
	expect("after the download", "smdp:DOWNLOAD")
	must(t, w.Install(tran))
	expect("after the installation", "smdp:INSTALLATION smdp:ENABLED")
	must(t, w.Burn(tran, 600<<20))
	expect("after the first use", "esim:IN_USE")
	must(t, w.Switch(tran, false))
	expect("switched off", "smdp:DISABLED")
	must(t, w.Burn(tran, 1<<20))
	expect("switched on by use", "smdp:ENABLED")
	w.Advance(defaultUsageLag - time.Second)
	expect("before the report", "")
	w.Advance(time.Second)
	expect("with the report", "data:0.5")
	must(t, w.Burn(tran, 900<<20))
	w.Advance(defaultUsageLag)
	expect("all used", "data:0.25 data:0.2 data:0.1 esim:USED_UP")
	w.get(&struct{}{}, "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_7","transactionId":"more"}`, tran)
	expect("topped up", "esim:IN_USE")
	must(t, w.Burn(tran, 600<<20))
	w.Advance(defaultUsageLag)
	expect("thresholds are armed again", "data:0.25")
	w.get(&struct{}{}, "esim/suspend", `{"esimTranNo":%q}`, tran)
	expect("suspended", "esim:SUSPENDED")
	w.get(&struct{}{}, "esim/unsuspend", `{"esimTranNo":%q}`, tran)
	expect("unsuspended", "esim:IN_USE")
	w.Advance(14*day - 2*day)
	expect("two days before the end", "")
	w.Advance(2 * day)
	expect("the end", "validity:1 esim:USED_EXPIRED")
	w.Advance(400 * day)
	expect("afterwards", "")
}

func TestMonthsInOneStepAreToldInOrder(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{})
	var words []string
	for i := range 2 {
		w.buy(fmt.Sprint("tx", i), "ES_1_7", 0)
	}
	w.Advance(defaultAllocation)
	a, b := w.Profiles()[1].EsimTranNo, w.Profiles()[0].EsimTranNo
	must(t, w.Burn(a, 800<<20))
	must(t, w.Burn(b, 900<<20))
	must(t, w.Settle(t.Context()))
	r.take()
	w.Advance(60 * day)
	must(t, w.Settle(t.Context()))
	var last string
	for _, e := range r.take() {
		words = append(words, e.short())
		if e.EventGenerateTime < last {
			t.Errorf("%s is of %s, after one of %s", e.short(), e.EventGenerateTime, last)
		}
		last = e.EventGenerateTime
	}
	want := "data:0.5 data:0.25 data:0.5 data:0.25 data:0.2 validity:1 validity:1 esim:USED_EXPIRED esim:USED_EXPIRED"
	if got := strings.Join(words, " "); got != want {
		t.Errorf("came %q, want %q", got, want)
	}
}

func TestOtherEndsAreTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(w *world, tran string)
		want string
	}{
		{"cancel", func(w *world, tran string) { w.get(&struct{}{}, "esim/cancel", `{"esimTranNo":%q}`, tran) }, "esim:CANCEL"},
		{"revoke has a word of its own", func(w *world, tran string) { w.get(&struct{}{}, "esim/revoke", `{"esimTranNo":%q}`, tran) }, "esim:REVOKED"},
		{"never used", func(w *world, tran string) { w.Advance(181 * day) }, "esim:UNUSED_EXPIRED"},
		{
			"installed and never used", func(w *world, tran string) { must(w.t, w.Install(tran)); w.Advance(181 * day) },
			"smdp:DOWNLOAD smdp:INSTALLATION smdp:ENABLED esim:UNUSED_EXPIRED",
		},
		{"expired early", func(w *world, tran string) { must(w.t, w.Expire(tran)) }, "esim:UNUSED_EXPIRED"},
		{
			"deleted", func(w *world, tran string) { must(w.t, w.Install(tran)); must(w.t, w.Delete(tran)) },
			"smdp:DOWNLOAD smdp:INSTALLATION smdp:ENABLED smdp:DELETED",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _, came := newListening(t, Options{})
			tran := w.own("tx", "ES_1_7", 0)
			came()
			tt.do(w, tran)
			if got := came(); got != tt.want {
				t.Errorf("came %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEventsAreToldWhileNobodyAsks(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{Now: time.Now, AllocationTime: 20 * time.Millisecond})
	arrived := make(chan received, 1)
	r.mu.Lock()
	r.during = func(e received) { arrived <- e }
	r.mu.Unlock()
	w.buy("tx", "ES_1_7", 0)
	if e := <-arrived; e.short() != "order:GOT_RESOURCE" || e.Content["transactionId"] != "tx" {
		t.Errorf("came %+v", e)
	}
}

func TestWhatFellDueBeforeAnActionIsToldOfItsOwnTime(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	w, r, _ := newListening(t, Options{Now: func() time.Time { return start.Add(time.Duration(late.Load())) }})
	w.buy("tx", "ES_1_7", 0)
	tran := w.Profiles()[0].EsimTranNo
	late.Store(int64(time.Hour)) // time passes, and nobody looks
	must(t, w.Install(tran))
	must(t, w.Settle(t.Context()))
	got := r.take()
	if len(got) != 4 || got[0].short() != "order:GOT_RESOURCE" || got[0].EventGenerateTime != "2026-11-23T10:20:33Z" || got[1].EventGenerateTime != "2026-11-23T11:20:30Z" {
		t.Errorf("%+v", got)
	}
}

func TestATopUpArmsTheWarningOfTheEndAgain(t *testing.T) {
	t.Parallel()
	w, _, came := newListening(t, Options{})
	tran := w.own("tx", "ES_1_7", 0)
	must(t, w.Burn(tran, 1))
	came()
	w.Advance(6 * day)
	if got := came(); got != "validity:1" {
		t.Errorf("on the last day came %q", got)
	}
	w.get(&struct{}{}, "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_7","transactionId":"more"}`, tran)
	w.Advance(7 * day)
	if got := came(); got != "validity:1" {
		t.Errorf("on the new last day came %q", got)
	}
}

func TestOrderStatusCanComeBeforeTheOrdersOwnAnswer(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{Quirks: Quirks{Early: true}})
	stop := w.BreakpointAt("esim/order", AfterWork)
	var g sync.WaitGroup
	g.Go(func() { w.buy("tx", "ES_1_7", 0) })
	<-stop.Reached()
	if got := r.take(); len(got) != 1 || got[0].short() != "order:GOT_RESOURCE" {
		t.Errorf("before the answer came %+v", got)
	}
	stop.Release()
	g.Wait()
}

func TestWebhooksHaveTheShapeOfTheVendorsSamples(t *testing.T) {
	t.Parallel()
	var file struct{ Samples []json.RawMessage }
	must(t, json.Unmarshal(readFile(t, filepath.Join(captured, "webhook-samples.json")), &file))
	w, r, _ := newListening(t, Options{})
	tran := w.own("tx", "ES_1_7", 0)
	must(t, w.Burn(tran, 600<<20))
	w.Advance(30 * day)
	must(t, w.Settle(t.Context()))
	ours := map[string]string{checkHealth: w.Webhooks()[0].Body}
	for _, e := range r.take() {
		ours[e.NotifyType] = e.body
		if e.short() == "esim:USED_EXPIRED" || e.short() == "smdp:ENABLED" {
			ours[e.NotifyType] = e.body
		}
	}
	if len(file.Samples) != 6 {
		t.Fatalf("%d samples", len(file.Samples))
	}
	for _, sample := range file.Samples {
		var kind struct{ NotifyType string }
		must(t, json.Unmarshal(sample, &kind))
		if a, b := fmt.Sprint(shapeOf(t, sample)), fmt.Sprint(shapeOf(t, []byte(ours[kind.NotifyType]))); a != b {
			t.Errorf("%s: captured\n%s\nours\n%s", kind.NotifyType, a, b)
		}
		if a, b := keys(t, sample), keys(t, []byte(ours[kind.NotifyType])); !slices.Equal(a, b) {
			t.Errorf("%s: captured order %v, ours %v", kind.NotifyType, a, b)
		}
	}
}

// keys are the member names of a JSON text in their order.
func keys(t testing.TB, raw []byte) (out []string) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out
		}
		must(t, err)
		if s, ok := tok.(string); ok && strings.Contains(string(raw), `"`+s+`":`) {
			out = append(out, s)
		}
	}
}
