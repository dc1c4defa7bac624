package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRequestsThatAreNoneOfTheAPIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	send := func(method, path, body string) (int, string, string) {
		t.Helper()
		req, err := http.NewRequest(method, w.http.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = w.header.Clone()
		resp, err := w.http.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Content-Type"), string(raw)
	}
	for _, path := range []string{"/", "/api/v1/open/", "/api/v1/open/esim", "/api/v1/open/esim/order/", "/api/v2/open/esim/order", "/api/v1/open/esim/list"} {
		status, kind, body := send(http.MethodPost, path, `{}`)
		if want := `{"success":false,"errorCode":"404","errorMsg":"path: ` + path + `"}`; status != 404 || kind != "application/json" || body != want {
			t.Errorf("%s: %d %s %s", path, status, kind, body)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		status, kind, body := send(method, root+"balance/query", "")
		if status != 200 || kind != "application/json" || !strings.Contains(body, `"errorCode":"000103"`) {
			t.Errorf("%s: %d %s %s", method, status, kind, body)
		}
	}
	for _, tt := range []struct{ body, code string }{
		{`{`, "000104"},
		{`null`, "000104"},
		{`[]`, "000104"},
		{`"x"`, "000104"},
		{`{} {}`, "000104"},
		{`{"a":1,}`, "000104"},
		{`{"x":"` + strings.Repeat("x", maxBody) + `"}`, "000107"},
	} {
		w.refused(tt.code, "balance/query", "%s", tt.body)
	}
	if r := w.call("balance/query", ``); r.Body != `{"success":true,"errorCode":"0","errorMsg":null,"obj":{"balance":10000000}}` {
		t.Errorf("no body at all: %s", r.Body)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Balance: 12345})
	if w.Balance() != 12345 {
		t.Errorf("balance %d", w.Balance())
	}
	if w := newWorld(t, Options{Balance: Off}); w.Balance() != 0 {
		t.Errorf("balance %d, want none", w.Balance())
	}
	w = newWorld(t, Options{AllocationTime: Off})
	w.byOrder(w.buy("t", "ES_1_7", 0)) // at once
}

func TestTheClockNeverGoesBack(t *testing.T) {
	t.Parallel()
	now := start
	s, err := New(Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Advance(time.Hour); got != start.Add(time.Hour) || s.Time() != got {
		t.Errorf("advanced to %v", got)
	}
	if got := s.Advance(-time.Hour); got != start.Add(time.Hour) {
		t.Errorf("moved back to %v", got)
	}
	now = now.Add(-time.Minute) // somebody sets the computer's clock
	if got := s.Time(); got.Before(start.Add(time.Hour)) {
		t.Errorf("followed the base clock back to %v", got)
	}
}

func TestNumbersNeverRepeat(t *testing.T) {
	t.Parallel()
	var c counter
	seen := map[string]bool{}
	for i := range 30000 {
		at := start
		if i%3 == 0 {
			at = start.Add(-time.Minute) // a clock that was a little behind
		}
		n := c.next(at)
		if seen[n] || len(n) < 14 {
			t.Fatalf("number %q again, or too short", n)
		}
		seen[n] = true
	}
	if n := c.next(start.Add(time.Minute)); n != "26112310210001" {
		t.Errorf("first of a new minute: %s", n)
	}
}

// FuzzRequests sends any body to any endpoint: the answer is always a whole envelope, never the
// unknown error that a fault of the sandbox itself would read as.
func FuzzRequests(f *testing.F) {
	for name := range routes {
		for _, body := range []string{
			``, `{}`, `null`, `[]`, oneOrder, `{"pager":{"pageNum":1,"pageSize":50}}`, `{"esimTranNoList":["1"]}`,
			`{"orderNo":1,"pager":{"pageNum":1e3,"pageSize":-5}}`, `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_Daily","count":2,"periodNum":9}]}`,
			`{"type":"TOPUP","slug":"ES_1_7","dataType":"1"}`, `{"startTime":"2026-11-23T10:00:00+0000","endTime":"2026-11-23T10:00:00Z","pager":{"pageNum":1,"pageSize":5}}`,
			`{"esimTranNo":"1","packageCode":"ES_1_7","transactionId":"u","message":"hello"}`,
		} {
			f.Add(name, body)
		}
	}
	s, err := New(Options{Now: func() time.Time { return start }, RateLimit: Off})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name, body string) {
		if _, ok := routes[name]; !ok || name == "webhook/save" { // which would call whom the fuzzer names
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodPost, root+name, bytes.NewBufferString(body))
		r.Header.Set("RT-AccessCode", "code")
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, r)
		var e reply
		if err := json.Unmarshal(rec.Body.Bytes(), &e); err != nil || rec.Code != 200 || e.Success != (e.code() == "") || e.code() == "000001" {
			t.Errorf("%s %q: %d %s", name, body, rec.Code, rec.Body)
		}
	})
}
