package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// control calls the control API and returns status and body.
func (w *world) control(method, path, body string, header ...string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestControlAPI(t *testing.T) {
	t.Parallel()
	c := &clock{time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	w := newWorld(t, Options{Now: c.now, Advance: func(d time.Duration) { c.at = c.at.Add(d) }})
	w.started(101)
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/_control/", "", 200, `"path":"/_control/clock"`},
		{"GET", "/_control/clock", "", 200, `{"time":"2026-11-23T10:00:00Z"}`},
		{"POST", "/_control/clock", `{"advance":"24h"}`, 200, `{"time":"2026-11-24T10:00:00Z"}`},
		{"POST", "/_control/clock", `{"advance":"-1h"}`, 400, "no time to move on"},
		{"POST", "/_control/clock", `{"forward":"1h"}`, 400, "unknown field"},
		{"POST", "/_control/faults", `{"method":"sendMessage","count":1,"kind":"too-many","retry_after":3}`, 200, "ok"},
		{"POST", "/_control/faults", `{"method":"sendMessage","count":1,"kind":"gone"}`, 400, "too-many, bad-gateway"},
		{"POST", "/_control/faults", `{"method":"sendMessage","kind":"slow"}`, 400, "a count"},
		{"POST", "/_control/mode", `{"mode":"up"}`, 400, "want ok, 429, 502 or cut"},
		{"POST", "/_control/payments", `{"repeat":1}`, 200, "ok"},
	} {
		if status, got := w.control(tt.method, tt.path, tt.body); status != tt.status || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.body, status, got)
		}
	}
	if r := w.call("sendMessage", "chat_id", "101", "text", "x"); r.Status != 429 || r.Parameters.RetryAfter != 3 {
		t.Errorf("the fault did not strike: %+v", r)
	}
	if status, _ := w.control("POST", "/_control/mode", `{"mode":"502"}`, "Sec-Fetch-Site", "cross-site"); status == 200 {
		t.Error("another site's page breaks this one")
	}
}

// TestTheListOfEndpointsIsTrue: each is served, and its example can be read.
func TestTheListOfEndpointsIsTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, o := range ops {
		if o.Example != "" && !json.Valid([]byte(o.Example)) {
			t.Errorf("%s: %s", o.Path, o.Example)
		}
		if status, body := w.control(o.Method, o.Path, "{}"); status == 404 && !strings.Contains(body, "error") || status == 405 {
			t.Errorf("%s %s: %d %s", o.Method, o.Path, status, body)
		}
	}
}
