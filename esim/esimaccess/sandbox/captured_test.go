package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestADayPassWithoutPeriodNumIsOneDay is the capture of 2026-03-31: the order, and a top-up alike.
func TestADayPassWithoutPeriodNumIsOneDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	price := w.catalog.byCode["ES_1_Daily"].Price
	tran := w.own("t", "ES_1_Daily", 0)
	if e := w.byTran(tran); e.TotalDuration != 1 || defaultBalance-w.Balance() != price {
		t.Errorf("%d days for %d", e.TotalDuration, defaultBalance-w.Balance())
	}
	r := w.call("esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"up"}`, tran)
	if e := w.byTran(tran); !r.Success || e.TotalDuration != 2 || defaultBalance-w.Balance() != 2*price {
		t.Errorf("%s: %d days for %d", r.Body, e.TotalDuration, defaultBalance-w.Balance())
	}
}

// TestAnOrdersAnswerAndItsPackageAsCaptured holds the two bodies of that capture.
func TestAnOrdersAnswerAndItsPackageAsCaptured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	r := w.call("esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_Daily","count":1}]}`)
	if want := `{"success":true,"errorCode":"0","errorMsg":null,"obj":{"orderNo":"B26112310200001","transactionId":"t"}}`; r.Body != want {
		t.Errorf("%s", r.Body)
	}
	w.Advance(defaultAllocation)
	var l struct {
		EsimList []struct {
			EsimTranNo, TransactionID string
			PackageList               []struct{ EsimTranNo, TransactionID string }
		}
	}
	w.get(&l, "esim/query", `{"orderNo":"B26112310200001","pager":{"pageNum":"1","pageSize":"20"}}`)
	e := l.EsimList[0]
	if p := e.PackageList[0]; p.EsimTranNo != e.EsimTranNo || p.EsimTranNo == "" || p.TransactionID != "t" {
		t.Errorf("%+v", e)
	}
}

func TestWholeNumbersMayBeStrings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	price := w.catalog.byCode["ES_1_Daily"].Price
	if r := w.call("esim/order", `{"transactionId":"t","amount":"%d","packageInfoList":[{"packageCode":"ES_1_Daily","count":"1","periodNum":"2","price":"%d"}]}`, 2*price, price); !r.Success {
		t.Fatal(r.Body)
	}
	w.Advance(defaultAllocation)
	tran := w.Profiles()[0].EsimTranNo
	for _, bad := range []string{`"1.5"`, `""`, `" 1"`, `"1e3"`, `"one"`, `1.5`, `true`} {
		w.refused("000104", "esim/order", `{"transactionId":"u","packageInfoList":[{"packageCode":"ES_1_7","count":%s}]}`, bad)
	}
	// One integrator met this refusal; another sends the string all the same.
	w.refused("000104", "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"v","periodNum":"2","amount":"%d"}`, tran, 2*price)
	if r := w.call("esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"v","periodNum":"2","amount":%d}`, tran, 2*price); !r.Success {
		t.Error(r.Body)
	}
}

func TestAWebhookByItsOtherName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{WebhookClient: &http.Client{Transport: roundTrip(func(*http.Request) int { return 200 })}})
	if r := w.call("webhook/save", `{"webhookUrl":"http://shop.example/hook"}`); !r.Success {
		t.Fatal(r.Body)
	}
	var got struct{ Webhook string }
	if w.get(&got, "webhook/query", `{}`); got.Webhook != "http://shop.example/hook" {
		t.Error(got)
	}
	w.refused("000105", "webhook/save", `{"url":"http://shop.example/hook"}`)
}

// A roundTrip answers every request with a status.
type roundTrip func(*http.Request) int

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: f(r), Body: http.NoBody, Request: r, Header: http.Header{}}, nil
}

func TestWhatIsNotSettledHasASwitchEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	ask := func(path string) string { return w.call(path, `{"esimTranNo":%q}`, tran).code() }
	if got := ask("esim/query"); got != "000105" {
		t.Errorf("without a pager: %s", got)
	}
	must(t, w.SetQuirks(Quirks{PagerOptional: true, ActivatedOnly: true, DayPassSteps: true}))
	for path, want := range map[string]string{"esim/query": "", "esim/suspend": "200002", "esim/revoke": "200002"} {
		if got := ask(path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	w.refused("000105", "esim/query", `{"pager":{}}`)
	must(t, w.Install(tran))
	if got := ask("esim/suspend"); got != "" {
		t.Errorf("an installed eSIM: %s", got)
	}
	day := w.catalog.byCode["ES_1_Daily"].Price
	for _, tt := range []struct{ days, hundredths int64 }{{6, 600}, {7, 7 * 95}, {15, 15 * 90}, {30, 30 * 80}} {
		before, cost := w.Balance(), day*tt.hundredths/10_000*100
		pass := w.own(fmt.Sprint("d", tt.days), "ES_1_Daily", int(tt.days))
		if spent := before - w.Balance(); spent != cost {
			t.Errorf("%d days cost %d, want %d", tt.days, spent, cost)
		}
		w.refused("200006", "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_Daily","transactionId":"u","periodNum":%d,"amount":%d}`, pass, tt.days, cost-100)
		if w.call("esim/cancel", `{"esimTranNo":%q}`, pass); w.Balance() != before {
			t.Errorf("%d days: %d came back of %d", tt.days, w.Balance()-before+cost, cost)
		}
	}
}

func TestLiveUsageIsAheadOfTheReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("t", "ES_1_7", 0)
	must(t, w.Burn(tran, 1000))
	e := w.byTran(tran)
	if e.OrderUsage != 0 {
		t.Fatalf("reported at once: %d", e.OrderUsage)
	}
	share := func(token string) string {
		resp, err := w.http.Client().Get(w.http.URL + shareUsage + "?token=" + token)
		must(t, err)
		defer resp.Body.Close()
		var r reply
		must(t, json.NewDecoder(resp.Body).Decode(&r))
		if !r.Success {
			return r.code()
		}
		return string(r.Obj)
	}
	want := fmt.Sprintf(`{"iccid":%q,"totalVolume":1073741824,"dataUsage":1000,"expiredTime":`, e.ICCID)
	link := w.book.byTran[tran].link
	if got := share(link); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, `"totalDuration":7,"dataType":1}`) {
		t.Errorf("%s", got)
	}
	for _, token := range []string{"", "x", tran} {
		if got := share(token); got != "310404" {
			t.Errorf("token %q: %s", token, got)
		}
	}
	r := w.call("esim/realtimeBalance/query", `{"esimTranNo":%q}`, tran)
	if want := fmt.Sprintf(`{"dataBalance":{"dataRemaining":1073740824,"lastUpdateTime":"%s"}}`, w.Time().UTC().Format("2006-01-02T15:04:05+0000")); string(r.Obj) != want {
		t.Errorf("%s", r.Body)
	}
	w.refused("310404", "esim/realtimeBalance/query", `{"esimTranNo":"1"}`)
}

// TestEveryAnswerTakesItsLatency measures on the wall clock: less than what is asked for is a fault
// on any machine.
func TestEveryAnswerTakesItsLatency(t *testing.T) {
	t.Parallel()
	const latency = 30 * time.Millisecond
	w := newWorld(t, Options{Latency: latency})
	for _, path := range []string{"balance/query", "esim/order"} {
		began := time.Now()
		if w.call(path, `{}`); time.Since(began) < latency {
			t.Errorf("%s answered after %v", path, time.Since(began))
		}
	}
	w.done(&struct{}{}, "POST", "switches", `{"latency":"0s"}`)
	var set settings
	w.done(&set, "GET", "switches", ``)
	if *set.Latency != 0 {
		t.Errorf("%v", *set.Latency)
	}
}
