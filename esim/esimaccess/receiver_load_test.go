package esimaccess

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestOnlyWhatIsStoredIsAnswered: without a 200 the vendor sends the event again.
func TestOnlyWhatIsStoredIsAnswered(t *testing.T) {
	t.Parallel()
	s := shelf{err: errors.New("disk full")}
	r := newReceiver(t, &s)
	w := httptest.NewRecorder()
	if r.ServeHTTP(w, knock(usedUp)); w.Code != 500 || r.Counts() != (EventCounts{Failed: 1}) {
		t.Errorf("status %d, %+v", w.Code, r.Counts())
	}
	w = httptest.NewRecorder()
	if r.ServeHTTP(w, knock(healthy)); w.Code != 200 {
		t.Errorf("the check of health needs no store: %d", w.Code)
	}
	s.err = nil
	w = httptest.NewRecorder()
	if r.ServeHTTP(w, knock(usedUp)); w.Code != 200 || len(s.events) != 1 {
		t.Errorf("again: status %d, %d stored", w.Code, len(s.events))
	}
}

func TestASenderThatHangsUpDoesNotKeepItsEventFromBeingStored(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, &shelf{})
	var ctxErr error
	limited := false
	r.Store = func(ctx context.Context, _ Event) error {
		ctxErr = ctx.Err()
		_, limited = ctx.Deadline()
		return nil
	}
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	r.ServeHTTP(httptest.NewRecorder(), knock(usedUp).WithContext(ctx))
	if ctxErr != nil || !limited {
		t.Errorf("storing: %v, limited %v", ctxErr, limited)
	}
}

// TestSoManyEventsAtOnce holds the full number in Store and sends one more.
func TestSoManyEventsAtOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, &shelf{})
	inside, release := make(chan struct{}), make(chan struct{})
	r.Store = func(context.Context, Event) error {
		inside <- struct{}{}
		<-release
		return nil
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	send := func() (int, string) {
		req, err := http.NewRequest(http.MethodPost, server.URL+hookPath, strings.NewReader(usedUp))
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		req.Header.Set("Fly-Client-IP", vendorsIP)
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	var wg sync.WaitGroup
	for range maxEventsAtOnce {
		wg.Go(func() {
			if status, body := send(); status != 200 || body != "ok" {
				t.Errorf("status %d, %q", status, body)
			}
		})
	}
	for range maxEventsAtOnce {
		<-inside
	}
	if status, _ := send(); status != 503 {
		t.Errorf("one too many: status %d", status)
	}
	close(release)
	wg.Wait()
	go func() { <-inside }()
	if status, _ := send(); status != 200 {
		t.Errorf("afterwards: status %d", status)
	}
	is(t, "counts", r.Counts(), EventCounts{Received: maxEventsAtOnce + 1, Failed: 1, Last: r.Now()})
}

// TestASenderThatNeverEndsIsCutOff: slow senders must not hold all the places.
func TestASenderThatNeverEndsIsCutOff(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, &shelf{})
	r.patience = 50 * time.Millisecond
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	body, end := io.Pipe()
	t.Cleanup(func() { _ = end.Close() })
	req, err := http.NewRequest(http.MethodPost, server.URL+hookPath, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Fly-Client-IP", vendorsIP)
	go func() { _, _ = io.WriteString(end, usedUp[:20]) }() // and no more
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	is(t, "status", resp.StatusCode, 400)
	is(t, "counts", r.Counts(), EventCounts{Refused: 1})
}

// FuzzReceiver: whatever comes, nothing panics, only an event is answered with 200, and
// only one that is no check of health is stored.
func FuzzReceiver(f *testing.F) {
	f.Add("POST", hookPath, vendorsIP, "", []byte(usedUp))
	f.Add("POST", hookPath, vendorsIP, "", []byte(healthy))
	f.Add("POST", hookPath, vendorsIP, "00", []byte(usedUp))
	f.Add("GET", hookPath, vendorsIP, "", []byte(usedUp))
	f.Add("POST", hookPath+"/", vendorsIP, "", []byte(usedUp))
	f.Add("POST", hookPath, "::1%eth0", "", []byte(usedUp))
	f.Add("POST", hookPath, vendorsIP, "", []byte(`{"notifyType":"X","content":[]}`))
	f.Add("POST", hookPath, vendorsIP, "", bytes.Repeat([]byte(" "), maxEvent+1))
	f.Fuzz(func(t *testing.T, method, path, ip, signature string, body []byte) {
		var s shelf
		r := newReceiver(t, &s)
		req := knock("")
		req.Method, req.URL.Path, req.Body = method, path, io.NopCloser(bytes.NewReader(body))
		req.Header.Set("Fly-Client-IP", ip)
		if signature != "" {
			req.Header.Set(headerSignature, signature)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		e, err := ParseEvent(body)
		event := err == nil && method == "POST" && path == hookPath && len(body) <= maxEvent
		if w.Code == 200 && !event || len(s.events) > 1 {
			t.Errorf("status %d, %d stored", w.Code, len(s.events))
		}
		if stored := len(s.events) == 1; stored != (w.Code == 200 && e.Kind != CheckHealth) || stored && s.events[0] != e {
			t.Errorf("status %d, stored %+v", w.Code, s.events)
		}
		if w.Code == 200 && (signature != "" || strings.TrimSpace(ip) == "") {
			t.Errorf("let in with address %q and signature %q", ip, signature)
		}
	})
}

// BenchmarkReceiver is one signed event, checked and handed to Store.
func BenchmarkReceiver(b *testing.B) {
	r := newReceiver(b, &shelf{})
	r.Store = func(context.Context, Event) error { return nil }
	b.ReportAllocs()
	for b.Loop() {
		req := knock(usedUp)
		sign(req, testSecret, usedUp)
		w := httptest.NewRecorder()
		if r.ServeHTTP(w, req); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
