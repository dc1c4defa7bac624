package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// operate calls the control API and returns status and body.
func (w *world) operate(method, path, body string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.http.URL+controlRoot+path, strings.NewReader(body))
	must(w.t, err)
	resp, err := w.http.Client().Do(req)
	must(w.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(w.t, err)
	if !json.Valid(raw) {
		w.t.Fatalf("%s %s answered %.200s", method, path, raw)
	}
	return resp.StatusCode, string(bytes.TrimSpace(raw))
}

// done calls the control API, expects success, and reads the answer into out.
func (w *world) done(out any, method, path, body string) {
	w.t.Helper()
	status, answer := w.operate(method, path, body)
	if status != http.StatusOK {
		w.t.Fatalf("%s %s %s answered %d %s", method, path, body, status, answer)
	}
	must(w.t, json.Unmarshal([]byte(answer), out))
}

// TestEveryExampleOfTheListWorks plays the control API's own examples: the list cannot lie.
func TestEveryExampleOfTheListWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{UsageLag: Off})
	t.Cleanup(func() { w.Close() })
	tran := w.own("tx", "ES_1_7", 0)
	var list struct{ Endpoints []op }
	w.done(&list, "GET", "", "")
	if len(list.Endpoints) != len(operations()) || len(list.Endpoints) < 25 {
		t.Fatalf("%d endpoints", len(list.Endpoints))
	}
	for _, o := range list.Endpoints {
		path := strings.NewReplacer("{esimTranNo}", tran, "{action}", "burn").Replace(strings.TrimPrefix(o.Path, controlRoot))
		if strings.Contains(path, "{id}") {
			path = strings.ReplaceAll(path, "{id}", fmt.Sprint(w.faults.add(Fault{Kind: Slow, Count: 1})))
		}
		if strings.Contains(path, "{orderNo}") {
			w.Mend() // of the examples before it
			path = strings.ReplaceAll(path, "{orderNo}", w.buy("under way", "ES_1_7", 0))
		}
		if status, answer := w.operate(o.Method, path, o.Example); status != http.StatusOK || o.What == "" {
			t.Errorf("%s %s %s answered %d %s", o.Method, path, o.Example, status, answer)
		}
	}
}

func TestTheControlAPIIsStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	tran := w.own("tx", "ES_1_7", 0)
	tests := []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", "clock", `{"advance":"3h","x":1}`, 400, `unknown field \"x\"`},
		{"POST", "clock", `{"Advance":"3h"}`, 400, `unknown field \"Advance\"`},
		{"POST", "clock", `{"advance":"3h","advance":"4h"}`, 400, "twice"},
		{"POST", "clock", `{"advance":null}`, 400, "null"},
		{"POST", "clock", `{"advance":"3h"} {}`, 400, "not JSON"},
		{"POST", "clock", `[1]`, 400, "not a JSON object"},
		{"POST", "clock", `{"advance":3}`, 400, "a duration is a string"},
		{"POST", "clock", `{"advance":"a while"}`, 400, "not a duration"},
		{"POST", "clock", `{"advance":"-1h"}`, 400, "never goes back"},
		{"POST", "clock", `{"advance":"99999999h"}`, 400, "100 years"},
		{"POST", "clock", ``, 400, "never goes back"},
		{"POST", "balance", `{"balance":"5"}`, 400, "string where int64 belongs"},
		{"POST", "balance", `{"balance":-5}`, 400, "negative"},
		{"POST", "balance", `{}`, 400, "must be given"},
		{"POST", "price", `{"code":"nowhere","price":1}`, 404, "nowhere"},
		{"POST", "faults", `{"kind":"sad"}`, 400, "lose-answer"},
		{"POST", "faults", `{"kind":"slow"}`, 400, "delay"},
		{"POST", "faults", `{"kind":"slow","delay":"1000h"}`, 400, "delay"},
		{"POST", "faults", `{"kind":"refuse","code":"2"}`, 400, "six digits"},
		{"POST", "faults", `{"kind":"lose-answer","code":"200011"}`, 400, "refuse only"},
		{"POST", "faults", `{"kind":"lose-answer","worked":true}`, 400, "worked"},
		{"POST", "faults", `{"kind":"lose-answer","endpoint":"order"}`, 400, "endpoint"},
		{"POST", "faults", `{"kind":"lose-answer","count":-1}`, 400, "negative"},
		{"DELETE", "faults/7", ``, 404, "fault 7"},
		{"POST", "down", `{}`, 400, "true or false"},
		{"POST", "switches", `{"doubled":"yes"}`, 400, "doubled"},
		{"POST", "switches", `{"late":"-1h"}`, 400, "negative"},
		{"POST", "switches", `{"signed":true}`, 400, "secret"},
		{"POST", "switches", `{"repeatedOrder":"second"}`, 400, "310402"},
		{"POST", "switches", `{"rateLimit":-1}`, 400, "negative"},
		{"POST", "switches", `{"neverReported":"ES"}`, 400, "neverReported"},
		{"POST", "webhooks", `{"url":"ftp://x"}`, 400, "http"},
		{"POST", "profiles/1/install", ``, 404, "no such eSIM"},
		{"POST", "profiles/" + tran + "/fly", ``, 404, "install"},
		{"POST", "profiles/" + tran + "/burn", `{}`, 400, "either"},
		{"POST", "profiles/" + tran + "/burn", `{"bytes":1,"part":1}`, 400, "either"},
		{"POST", "profiles/" + tran + "/burn", `{"bytes":-1}`, 400, "negative"},
		{"POST", "profiles/" + tran + "/install", `{"x":1}`, 400, "unknown"},
		{"POST", "profiles/" + tran + "/delete", ``, 409, "not on a phone"},
		{"GET", "calls?last=x", ``, 400, "not a number"},
		{"GET", "nothing", ``, 404, "/_control/"},
		{"PUT", "clock", `{}`, 405, "GET, POST"},
		{"POST", "balance", strings.Repeat(" ", maxBody+1), 400, "too long"},
	}
	before, answer := w.operate("GET", "state", "")
	for _, tt := range tests {
		if status, got := w.operate(tt.method, tt.path, tt.body); status != tt.status || !strings.Contains(got, tt.says) || !strings.HasPrefix(got, `{"error":`) {
			t.Errorf("%s %s %.60s answered %d %s, want %d and %q", tt.method, tt.path, tt.body, status, got, tt.status, tt.says)
		}
	}
	if after, again := w.operate("GET", "state", ""); before != after || answer != again {
		t.Errorf("a refused request changed something: %s", again)
	}
}

func TestOtherSitesCannotPressTheButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for origin, want := range map[string]int{"https://evil.example": 403, w.http.URL: 200, "": 200} {
		req := httptest.NewRequest("POST", w.http.URL+controlRoot+"balance", strings.NewReader(`{"balance":1}`))
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("origin %q: %d, want %d", origin, rec.Code, want)
		}
	}
}

func TestTheControlAPIMovesAnESIMThroughItsLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{UsageLag: Off})
	tran := w.own("tx", "ES_1_7", 0)
	for _, step := range []struct{ action, body, smdp, esim string }{
		{"download", ``, "DOWNLOAD", "GOT_RESOURCE"},
		{"install", `{}`, "ENABLED", "GOT_RESOURCE"},
		{"use", ``, "ENABLED", "IN_USE"},
		{"disable", ``, "DISABLED", "IN_USE"},
		{"enable", ``, "ENABLED", "IN_USE"},
		{"suspend", ``, "ENABLED", "SUSPENDED"},
		{"unsuspend", ``, "ENABLED", "IN_USE"},
		{"burn", `{"part":0.5}`, "ENABLED", "IN_USE"},
		{"silence", ``, "ENABLED", "IN_USE"},
		{"burn", `{"bytes":2000000000}`, "ENABLED", "IN_USE"}, // nobody reports it
		{"unsilence", ``, "ENABLED", "USED_UP"},
		{"delete", ``, "DELETED", "USED_UP"},
		{"expire", ``, "DELETED", "USED_EXPIRED"},
	} {
		var p profileAnswer
		w.done(&p, "POST", "profiles/"+tran+"/"+step.action, step.body)
		if p.SMDPStatus != step.smdp || p.EsimStatus != step.esim {
			t.Errorf("after %s: %s %s, want %s %s", step.action, p.SMDPStatus, p.EsimStatus, step.smdp, step.esim)
		}
		if e := w.byTran(tran); e.EsimStatus != step.esim {
			t.Errorf("after %s the API says %s", step.action, e.EsimStatus)
		}
	}
	for action, want := range map[string]string{"cancel": "CANCEL", "revoke": "REVOKE"} {
		tran := w.own(action, "ES_1_7", 0)
		var p profileAnswer
		w.done(&p, "POST", "profiles/"+tran+"/"+action, "")
		if p.EsimStatus != want {
			t.Errorf("%s: %s", action, p.EsimStatus)
		}
	}
	if w.Exchanges() == 0 || len(w.Calls()) != w.Exchanges() {
		t.Errorf("%d calls, %d exchanges: the control API's own must not count", len(w.Calls()), w.Exchanges())
	}
}

func TestTheControlAPIOrdersFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	var id struct{ ID int }
	w.done(&id, "POST", "faults", `{"kind":"refuse","endpoint":"balance/query","code":"900001","text":"busy","count":1,"skip":1}`)
	w.done(&struct{}{}, "POST", "faults", `{"kind":"rate-burst"}`)
	if r := w.call("balance/query", `{}`); r.code() != codeTooFast {
		t.Errorf("skipped by the first, struck by the second: %s", r.Body)
	}
	if r := w.call("balance/query", `{}`); r.code() != "900001" || r.ErrorMsg != "busy" {
		t.Errorf("struck by the first: %s", r.Body)
	}
	var list faultsAnswer
	w.done(&list, "GET", "faults", "")
	if len(list.Faults) != 1 || list.Faults[0].Kind != "rate-burst" {
		t.Errorf("left: %+v", list)
	}
	w.done(&list, "DELETE", fmt.Sprint("faults/", list.Faults[0].ID), "")
	if r := w.call("balance/query", `{}`); !r.Success {
		t.Errorf("mended: %s", r.Body)
	}
	w.done(&struct{}{}, "POST", "down", `{"down":true}`)
	if _, err := w.try("balance/query", `{}`); err == nil {
		t.Error("down, and answering")
	}
	w.done(&list, "DELETE", "faults", "")
	w.call("balance/query", `{}`)
}

func TestSettingsThatAreNotGivenStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{AllocationTime: time.Minute, RepeatedOrder: Refuse310402})
	var a, b map[string]any
	w.done(&a, "GET", "switches", "")
	w.done(&b, "POST", "switches", `{"doubled":true,"late":"2d","neverReported":["ES"]}`)
	a["doubled"], a["late"], a["neverReported"] = true, "48h0m0s", []any{"ES"}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("want %v\ngot  %v", a, b)
	}
	w.done(&b, "POST", "switches", `{"allocation":"0s","repeatedOrder":"first","rateLimit":2}`)
	w.byOrder(w.buy("t", "ES_1_7", 0))
	w.refused(codeTooFast, "balance/query", `{}`)
	if sw := w.Quirks(); !sw.Doubled || sw.Late != 48*time.Hour {
		t.Errorf("%+v", sw)
	}
}

func TestResetIsANewAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Balance: 500_000})
	fresh := func() string {
		_, s := w.operate("GET", "state", "")
		return s
	}
	before := fresh()
	w.own("tx", "ES_1_7", 0)
	must(t, w.SetPrice("ES_1_7", 1))
	w.Break(Fault{Kind: LoseAnswer})
	must(t, w.SetQuirks(Quirks{Doubled: true}))
	w.done(&struct{}{}, "POST", "switches", `{"rateLimit":3,"allocation":"1h","usageLag":"1s","topupTime":"1s","repeatedOrder":"310402"}`)
	w.done(&struct{}{}, "POST", "reset", "")
	w.faults.mu.Lock()
	w.faults.seen = 0 // exchanges are counted on, for those who wait for one
	w.faults.mu.Unlock()
	if after := fresh(); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	if no := w.buy("tx", "ES_1_7", 0); w.Charged("tx") != 1 || w.Orders()[0].Amount == 1 || no == "" {
		t.Errorf("charged %d, %+v", w.Charged("tx"), w.Orders())
	}
}

// FuzzControl posts any body to any endpoint: the answer is JSON, an error says so, and what was
// refused as badly formed changed nothing.
func FuzzControl(f *testing.F) {
	for _, o := range operations() {
		for _, body := range []string{``, `{}`, `null`, `[]`, `{"a":`, o.Example, `{"advance":"9999999999d"}`, `{"part":1e308}`, `{"skip":1.5}`, `{"late":"1d","late":"2d"}`} {
			f.Add(o.Path, body)
		}
	}
	s, err := New(Options{Now: func() time.Time { return start }, RateLimit: Off})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if path == "webhooks" || strings.ContainsAny(path, " %?#\n") {
			t.Skip()
		}
		r, err := http.NewRequest("POST", controlRoot+path, strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, r)
		var got map[string]any
		if json.Unmarshal(rec.Body.Bytes(), &got) != nil || (rec.Code != 200) != (got["error"] != nil) {
			t.Errorf("%s %q: %d %s", path, body, rec.Code, rec.Body)
		}
		if rec.Code == 200 && strings.TrimSpace(body) != "" && !json.Valid([]byte(body)) {
			t.Errorf("%s took %q", path, body)
		}
	})
}
