package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// start is when the tests' clock stands, unless a test moves it.
var start = time.Date(2026, 11, 23, 10, 20, 30, 0, time.UTC)

// A world is a sandbox behind a real HTTP server, with a base clock that stands still.
type world struct {
	*Sandbox
	t    testing.TB
	http *httptest.Server
	// header is sent with each call.
	header http.Header
	signs  bool // if the sandbox has a secret
}

func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return start }
	}
	if o.RateLimit == 0 {
		o.RateLimit = Off // the base clock stands still, so all calls fall into one second
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return &world{Sandbox: s, t: t, http: srv, header: http.Header{"Rt-Accesscode": {"code"}}}
}

// A reply is an answer, taken apart.
type reply struct {
	Status    int             `json:"-"`
	Body      string          `json:"-"`
	Success   bool            `json:"success"`
	ErrorCode *string         `json:"errorCode"`
	ErrorMsg  string          `json:"errorMsg"`
	ErrorText string          `json:"errorMessage"`
	Obj       json.RawMessage `json:"obj"`
}

// code is the error code, "" if there is none.
func (r reply) code() string {
	if r.Success {
		return ""
	}
	if r.ErrorCode == nil {
		return "success is false without a code"
	}
	return *r.ErrorCode
}

// try posts body and returns what came, or the error of the transport.
func (w *world) try(endpoint, body string) (reply, error) {
	req, err := http.NewRequest(http.MethodPost, w.http.URL+root+endpoint, bytes.NewBufferString(body))
	if err != nil {
		return reply{}, err
	}
	req.Header = w.header.Clone()
	if w.opt.Secret != "" && w.signs {
		at, id := strconv.FormatInt(w.Time().UnixMilli(), 10), "4ce9d9cdac9e4e17b3a2c66c358c1ce2"
		req.Header.Set("RT-Timestamp", at)
		req.Header.Set("RT-RequestID", id)
		req.Header.Set("RT-Signature", signature(w.opt.Secret, at, id, w.header.Get("RT-AccessCode"), []byte(body)))
	}
	resp, err := w.http.Client().Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{Status: resp.StatusCode, Body: string(raw)}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("not an envelope: %w", err)
	}
	return r, nil
}

// call posts body and expects an envelope.
func (w *world) call(endpoint, body string, args ...any) reply {
	w.t.Helper()
	r, err := w.try(endpoint, fmt.Sprintf(body, args...))
	if err != nil {
		w.t.Fatalf("%s: %v", endpoint, err)
	}
	return r
}

// get posts body, expects success, and reads obj into out.
func (w *world) get(out any, endpoint, body string, args ...any) {
	w.t.Helper()
	r := w.call(endpoint, body, args...)
	if !r.Success {
		w.t.Fatalf("%s: %s", endpoint, r.Body)
	}
	if err := json.Unmarshal(r.Obj, out); err != nil {
		w.t.Fatalf("%s: reading obj: %v", endpoint, err)
	}
}

// refused posts body and expects code.
func (w *world) refused(code, endpoint, body string, args ...any) {
	w.t.Helper()
	if r := w.call(endpoint, body, args...); r.code() != code {
		w.t.Errorf("%s answered %.200s, want code %s", endpoint, r.Body, code)
	}
}

// buy orders one eSIM of slug (days > 0: a day pass) and returns its order number.
func (w *world) buy(tx, slug string, days int) (orderNo string) {
	w.t.Helper()
	var o struct{ OrderNo, TransactionID string }
	period := ""
	if days > 0 {
		period = fmt.Sprintf(`,"periodNum":%d`, days)
	}
	w.get(&o, "esim/order", `{"transactionId":%q,"packageInfoList":[{"packageCode":%q,"count":1%s}]}`, tx, slug, period)
	return o.OrderNo
}

// own buys an eSIM, waits for it, and returns its esimTranNo.
func (w *world) own(tx, slug string, days int) string {
	w.t.Helper()
	no := w.buy(tx, slug, days)
	w.Advance(defaultAllocation)
	return w.byOrder(no).EsimTranNo
}

// An esim is a row of esim/query as a client reads it.
type esim struct {
	EsimTranNo, OrderNo, TransactionID, ICCID, IMSI, EID, AC string
	MSISDN, PIN, PUK, APN                                    string
	SMDPStatus, EsimStatus                                   string
	ActivateTime, ExpiredTime, InstallationTime              *string
	TotalVolume, OrderUsage                                  int64
	TotalDuration                                            int
	PackageList                                              []struct {
		PackageCode, Slug, CreateTime string
		Duration                      int
		Volume                        int64
	}
}

type esimList struct {
	EsimList []esim
	Pager    struct{ PageSize, PageNum, Total int }
}

func (w *world) byOrder(orderNo string) esim {
	w.t.Helper()
	var l esimList
	w.get(&l, "esim/query", `{"orderNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, orderNo)
	if len(l.EsimList) == 0 {
		w.t.Fatalf("order %s has no eSIMs", orderNo)
	}
	return l.EsimList[0]
}

func (w *world) byTran(tran string) esim {
	w.t.Helper()
	var l esimList
	w.get(&l, "esim/query", `{"esimTranNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, tran)
	if len(l.EsimList) != 1 {
		w.t.Fatalf("esimTranNo %s has %d rows", tran, len(l.EsimList))
	}
	return l.EsimList[0]
}

// written is a time as answers write it.
func written(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+0000") }

func show(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

func TestABuyerGetsAnESIMAndUsesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	before := w.Balance()
	no := w.buy("tx-1", "ES_1_7", 0)
	if spent := before - w.Balance(); spent != w.catalog.byCode["ES_1_7"].Price {
		t.Errorf("the order took %d units at once, want the plan's price", spent)
	}
	w.refused("200010", "esim/query", `{"orderNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, no)

	w.Advance(3 * time.Second)
	e := w.byOrder(no)
	if e.EsimStatus != "GOT_RESOURCE" || e.SMDPStatus != "RELEASED" || e.AC == "" || e.TransactionID != "tx-1" {
		t.Fatalf("new eSIM: %+v", e)
	}
	if err := w.Install(e.EsimTranNo); err != nil {
		t.Fatal(err)
	}
	if e = w.byOrder(no); e.EsimStatus != "GOT_RESOURCE" || e.SMDPStatus != "ENABLED" || e.EID == "" {
		t.Errorf("installed: %+v", e)
	}
	if err := w.Burn(e.EsimTranNo, 600<<20); err != nil {
		t.Fatal(err)
	}
	if e = w.byOrder(no); e.EsimStatus != "IN_USE" || e.OrderUsage != 0 {
		t.Errorf("just used: %s, usage %d", e.EsimStatus, e.OrderUsage)
	}
	w.Advance(defaultUsageLag)
	if e = w.byOrder(no); e.OrderUsage != 600<<20 {
		t.Errorf("usage after the lag is %d", e.OrderUsage)
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Now: time.Now, AllocationTime: Off})
	var g sync.WaitGroup
	for i := range 16 {
		g.Go(func() {
			no := w.buy(fmt.Sprint("tx-", i), "JP_1_7", 0)
			e := w.byOrder(no)
			if err := w.Burn(e.EsimTranNo, 1<<20); err != nil {
				t.Error(err)
			}
			w.Advance(time.Minute)
			w.Profiles()
			w.Orders()
			w.call("package/list", `{"locationCode":"JP"}`)
			if i%8 == 0 {
				w.call("package/list", `{}`)
			}
			w.call("location/list", `{}`)
			w.call("balance/query", `{}`)
			w.call("esim/usage/query", `{"esimTranNoList":[%q]}`, e.EsimTranNo)
		})
	}
	g.Wait()
	if n := w.Charged(""); n != 16 {
		t.Errorf("charged %d times, want 16", n)
	}
}
