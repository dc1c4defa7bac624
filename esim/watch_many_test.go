package esim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/storage"
)

const gb = 1 << 30

// A farm is the two questions of watching, answered for so many eSIMs that the
// simulator would be at it all day.
type farm struct {
	mu        sync.Mutex
	now       time.Time
	rows      []farmRow      // newest first
	index     map[string]int // by esimTranNo
	requests  map[string]int
	usageRead map[string]int // by esimTranNo
}

type farmRow struct {
	tran, status, smdp string
	used, total        int64
	activated, expires time.Time
	silent             bool // left out of answers about usage
}

func (f *farm) time() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *farm) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var q struct {
		EsimTranNo     string
		EsimTranNoList []string
		Pager          struct{ PageNum, PageSize int }
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/api/v1/open/")
	f.requests[name]++
	var b bytes.Buffer
	switch {
	case name == "esim/usage/query":
		f.usage(&b, q.EsimTranNoList)
	case q.EsimTranNo != "":
		f.page(&b, f.named(q.EsimTranNo), 1, 500)
	default:
		from := min((q.Pager.PageNum-1)*q.Pager.PageSize, len(f.rows))
		f.page(&b, f.rows[from:min(from+q.Pager.PageSize, len(f.rows))], q.Pager.PageNum, q.Pager.PageSize)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b.Bytes())
}

// named is the row of an eSIM, if there is one. The tests move rows about, so the index
// is only trusted where it is right.
func (f *farm) named(tran string) []farmRow {
	if i, ok := f.index[tran]; ok && i < len(f.rows) && f.rows[i].tran == tran {
		return f.rows[i : i+1]
	}
	f.index = make(map[string]int, len(f.rows))
	for i, r := range f.rows {
		f.index[r.tran] = i
	}
	if i, ok := f.index[tran]; ok {
		return f.rows[i : i+1]
	}
	return nil
}

const vendorTime = "2006-01-02T15:04:05+0000"

func (f *farm) page(b *bytes.Buffer, rows []farmRow, num, size int) {
	b.WriteString(`{"success":true,"errorCode":"0","errorMsg":null,"obj":{"esimList":[`)
	for i, r := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		activated := "null"
		if !r.activated.IsZero() {
			activated = `"` + r.activated.Format(vendorTime) + `"`
		}
		fmt.Fprintf(b, `{"esimTranNo":%q,"orderNo":"B1","transactionId":"eb-1","imsi":"454006109846571","iccid":"8985203103000000000","smsStatus":1,"msisdn":"",`+
			`"ac":"LPA:1$rsp-eu.simlessly.com$%s","qrCodeUrl":"https://p.qrsim.net/0.png","shortUrl":"https://p.qrsim.net/0","smdpStatus":%q,"eid":"","activeType":2,`+
			`"dataType":1,"activateTime":%s,"expiredTime":%q,"totalVolume":%d,"totalDuration":30,"durationUnit":"DAY","orderUsage":%d,"esimStatus":%q,"pin":"","puk":"","apn":"plus",`+
			`"packageList":[{"packageName":"Japan 10GB 30Days","packageCode":"PJP10","slug":"JP_10_30","duration":30,"volume":%d,"locationCode":"JP"}]}`,
			r.tran, r.tran, r.smdp, activated, r.expires.Format(vendorTime), r.total, r.used, r.status, r.total)
	}
	fmt.Fprintf(b, `],"pager":{"pageSize":%d,"pageNum":%d,"total":%d}}}`, size, num, len(f.rows))
}

func (f *farm) usage(b *bytes.Buffer, trans []string) {
	b.WriteString(`{"success":true,"errorCode":"0","errorMsg":null,"obj":{"esimUsageList":[`)
	asOf := f.now.Add(-2 * time.Hour).Format(vendorTime)
	n := 0
	for _, tran := range trans {
		f.usageRead[tran]++
		for _, r := range f.named(tran) {
			if r.silent {
				continue
			}
			if n++; n > 1 {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, `{"esimTranNo":%q,"dataUsage":%d,"totalData":%d,"lastUpdateTime":%q}`, r.tran, r.used, r.total, asOf)
		}
	}
	b.WriteString(`]}}`)
}

// A fleet is a farm whose eSIMs are all ours, in a real database, asked through the
// real client.
type fleet struct {
	*farm
	watcher *esim.Watcher
	db      *storage.DB
}

// newFleet makes n eSIMs; set says what each of them is like.
func newFleet(t testing.TB, n int, set func(i int, r *farmRow)) *fleet {
	t.Helper()
	f := &farm{now: noon, requests: map[string]int{}, usageRead: map[string]int{}}
	for i := range n {
		r := farmRow{
			tran: fmt.Sprintf("26%012d", i), status: "IN_USE", smdp: "ENABLED", total: 10 * gb,
			activated: noon.Add(-5 * 24 * time.Hour), expires: noon.Add(25 * 24 * time.Hour),
		}
		set(i, &r)
		f.rows = append(f.rows, r)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: server.URL, Now: f.time, PerSecond: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), storage.Options{Now: f.time})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for from := 0; from < n; from += 10_000 {
		own(t, db, f.rows[from:min(from+10_000, n)], from)
	}
	return &fleet{f, &esim.Watcher{Store: db, Source: client, Now: f.time}, db}
}

// own stores eSIMs as bought by Ann and not looked at since.
func own(t testing.TB, db *storage.DB, rows []farmRow, from int) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: ann, Chat: int64(ann), Language: "en", Name: "Ann"})
	must(err)
	plan := esim.Plan{Code: "PJP10", Name: "Japan 10GB 30Days", Places: []string{"JP"}, Wholesale: esim.USDTenThousandths(80_000), Data: 10 * gb, Kind: esim.TotalVolume, Days: 30}
	o := esim.Order{
		ID: esim.OrderID(fmt.Sprintf("F%07d", from)), Customer: ann, Kind: esim.Purchase, Plan: plan, Quantity: len(rows), IdempotencyKey: fmt.Sprintf("eb-%d", from),
		Wholesale: esim.USDTenThousandths(1), Retail: esim.USDCents(1), Price: esim.Stars(1), Method: esim.MethodStars, State: esim.StateAwaitingPayment, Created: noon, Changed: noon,
	}
	_, err = db.AddOrder(t.Context(), o, "", nil)
	must(err)
	o, _, err = db.BookPayment(t.Context(), esim.Payment{ID: "c-" + string(o.ID), Order: o.ID, Customer: ann, Amount: o.Price, Method: o.Method, At: noon}, nil, nil)
	must(err)
	for _, to := range []esim.State{esim.StateOrdering, esim.StateAllocating} {
		must(db.ApplyTransition(t.Context(), o.TransitionTo(to, "test", noon)))
		o.State = to
	}
	esims := make([]esim.ESIM, len(rows))
	for i, r := range rows {
		esims[i] = esim.ESIM{
			Profile:  esim.Profile{ID: esim.ESIMID(r.tran), ActivationCode: "LPA:1$a$b", SMDPStatus: esim.SMDPReleased, Status: esim.ProfileGotResource, Total: r.total},
			Customer: ann, Order: o.ID, Index: i + 1, Plan: plan, Created: noon,
		}
	}
	must(db.Allocate(t.Context(), esim.Allocation{Order: esim.Order{ID: o.ID, Allocated: true}, ESIMs: esims}))
}

// sweep sweeps and returns how many requests the vendor counted.
func (f *fleet) sweep(t testing.TB) (esim.SweepReport, int) {
	t.Helper()
	clear(f.requests)
	clear(f.usageRead)
	rep, err := f.watcher.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, n := range f.requests {
		counted += n
	}
	if rep.Requests != counted {
		t.Errorf("reports %d requests, the vendor counted %d", rep.Requests, counted)
	}
	return rep, counted
}

// TestManyESIMsAreSweptWithinTheShare: 100,000 in use (with the soak tag) are looked at
// with at most 210 requests, and those nearest to a warning are metered.
func TestManyESIMsAreSweptWithinTheShare(t *testing.T) {
	t.Parallel()
	f := newFleet(t, many, func(i int, r *farmRow) {
		r.used = int64(i%70) * r.total / 100
		if i%1000 == 7 { // one in a thousand is about to be warned
			r.used = r.total*8/10 - 1<<20
		}
	})
	for round := range 3 {
		begun := time.Now()
		rep, counted := f.sweep(t)
		t.Logf("round %d: %+v in %s", round, rep, time.Since(begun).Round(time.Millisecond))
		if counted > 210 || rep.Watched != many || rep.Seen != many && round == 0 {
			t.Errorf("round %d: %+v", round, rep)
		}
		near := 0
		for tran := range f.usageRead {
			if r := f.named(tran)[0]; r.used == r.total*8/10-1<<20 {
				near++
			}
		}
		if want := min(rep.UsageRead, many/1000); near < want {
			t.Errorf("round %d: %d of %d metered are near a warning, want %d", round, near, rep.UsageRead, want)
		}
		f.pass(30 * time.Minute)
	}
}

func BenchmarkSweep100k(b *testing.B) {
	f := newFleet(b, 100_000, func(i int, r *farmRow) { r.used = int64(i%70) * r.total / 100 })
	f.sweep(b)
	for b.Loop() {
		f.pass(6 * time.Hour)
		for i := range f.rows {
			f.rows[i].used += 1 << 20
		}
		rep, _ := f.sweep(b)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(rep.Requests), "requests")
		b.ReportMetric(float64(m.HeapSys)/(1<<20), "MB-heap")
	}
}
