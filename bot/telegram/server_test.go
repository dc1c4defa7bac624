package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"esimbot/cmd/esimbot/memnet"
)

// The token has the shape of a real one, and the base path is odd on purpose.
const (
	testToken = "123456789:AAE-test_test_test_test_test_test_te"
	oddBase   = "/odd/base"
)

// A seen is one request as the server saw it.
type seen struct {
	method string
	params map[string]string
	files  map[string]string // field -> file name and content
}

// A server answers for Telegram. It is strict about the path and about parameters
// that hold JSON, and keeps every request.
type server struct {
	t *testing.T

	mu      sync.Mutex
	calls   []seen
	answers map[string][]http.HandlerFunc // used up one by one, then the default
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, ok := strings.CutPrefix(r.URL.Path, oddBase+"/bot"+testToken+"/")
	if !ok || r.Method != http.MethodPost {
		s.t.Errorf("%s %s is not below the base path with the token", r.Method, r.URL.Path)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	in := seen{method: method, params: map[string]string{}, files: map[string]string{}}
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		s.t.Errorf("%s: body: %v", method, err)
	}
	for k, v := range r.PostForm {
		in.params[k] = v[0]
		for _, name := range []string{"reply_markup", "prices", "suggested_tip_amounts", "allowed_updates", "link_preview_options", "reply_parameters", "commands", "scope", "results"} {
			if k == name && (!json.Valid([]byte(v[0])) || strings.Contains(v[0], "null")) {
				s.t.Errorf("%s: %s is not JSON or has a null: %s", method, k, v[0])
			}
		}
	}
	if r.MultipartForm != nil {
		for field, hs := range r.MultipartForm.File {
			f, err := hs[0].Open()
			if err != nil {
				s.t.Error(err)
				continue
			}
			b, _ := io.ReadAll(f)
			in.files[field] = hs[0].Filename + "|" + string(b)
		}
	}
	s.mu.Lock()
	s.calls = append(s.calls, in)
	var answer http.HandlerFunc
	if q := s.answers[method]; len(q) > 0 {
		answer, s.answers[method] = q[0], q[1:]
	}
	s.mu.Unlock()
	if answer == nil {
		answer = ok200(defaultResult(method))
	}
	answer(w, r)
}

func defaultResult(method string) string {
	switch {
	case strings.HasPrefix(method, "send") && method != "sendChatAction", method == "copyMessage":
		return `{"message_id":7,"photo":[{"file_id":"small"},{"file_id":"large"}]}`
	case method == "getUpdates":
		return `[]`
	}
	return `true`
}

// next queues answers for a method.
func (s *server) next(method string, answers ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[method] = append(s.answers[method], answers...)
}

// took returns the requests of a method so far.
func (s *server) took(method string) []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []seen
	for _, c := range s.calls {
		if c.method == method {
			out = append(out, c)
		}
	}
	return out
}

// last returns the parameters of the last request of a method.
func (s *server) last(method string) map[string]string {
	s.t.Helper()
	calls := s.took(method)
	if len(calls) == 0 {
		s.t.Fatalf("%s was never called", method)
	}
	return calls[len(calls)-1].params
}

func ok200(result string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":`+result+`}`)
	}
}

// no is a refusal in Telegram's form; extra is its parameters object, or empty.
func no(code int, description, extra string) http.HandlerFunc {
	if extra != "" {
		extra = `,"parameters":` + extra
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		d, _ := json.Marshal(description)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":`+jsonInt(code)+`,"description":`+string(d)+extra+`}`)
	}
}

func jsonInt(n int) string { b, _ := json.Marshal(n); return string(b) }

func flood(seconds int) http.HandlerFunc {
	return no(429, "Too Many Requests: retry after "+jsonInt(seconds), `{"retry_after":`+jsonInt(seconds)+`}`)
}

// page is an answer of something that is not the Bot API.
func page(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<html><head><title>"+http.StatusText(code)+"</title></head></html>")
	}
}

// cut promises more than it sends, and hangs up.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":`)
}

// hangUp ends the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func newServer(t *testing.T) *server {
	return &server{t: t, answers: map[string][]http.HandlerFunc{}}
}

// A logBook keeps what is logged, and fails the test when the token is in it.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newLog(t *testing.T) (*slog.Logger, *logBook) {
	book := &logBook{}
	t.Cleanup(func() {
		if strings.Contains(book.String(), "AAE-test") {
			t.Errorf("the token is in the log:\n%s", book)
		}
	})
	return slog.New(slog.NewTextHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug})), book
}

var noLimits = Limits{PerSecond: -1, BulkPerSecond: -1, PerChat: -1, PerGroupMinute: -1}

// dial starts s over real HTTP and returns a client for it, without limits.
func dial(t *testing.T, s *server) (*Client, *logBook) {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	log, book := newLog(t)
	c, err := New(Config{Token: testToken, BaseURL: web.URL + oddBase + "/", Log: log, Limits: noLimits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, book
}

// dialPipe is dial inside a synctest bubble: real HTTP over connections in memory, which
// the bubble's clock understands. The caller calls the returned function at the end.
func dialPipe(t *testing.T, s *server, limits Limits) (*Client, *logBook, func()) {
	t.Helper()
	return dialMemory(t, s, Config{Token: testToken, BaseURL: "http://telegram" + oddBase, Limits: limits})
}

// dialMemory is dialPipe for any server, such as the simulator.
func dialMemory(t *testing.T, h http.Handler, cfg Config) (*Client, *logBook, func()) {
	t.Helper()
	network := memnet.New()
	stop := network.Serve("telegram:80", h)
	cfg.HTTPClient = network.Client()
	var book *logBook
	cfg.Log, book = newLog(t)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, book, func() { c.Close(); stop() }
}

func newWeb(t *testing.T, h http.Handler) string {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return web.URL
}
