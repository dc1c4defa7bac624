package apitable

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// A Watch stands between a bot and a Telegram, and holds both to the table.
type Watch struct {
	// AnswersOnly: parameters are not looked at.
	AnswersOnly bool

	table *Table
	next  http.Handler

	mu       sync.Mutex
	problems map[string]int
	methods  map[string]bool
}

// NewWatch returns a handler that hands everything on to next.
func NewWatch(t *Table, next http.Handler) *Watch {
	return &Watch{table: t, next: next, problems: map[string]int{}, methods: map[string]bool{}}
}

// Problems are what did not agree so far, in the order of the alphabet, each once.
func (w *Watch) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]string, 0, len(w.problems))
	for p := range w.problems {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Called reports whether a method was called and answered without an error.
func (w *Watch) Called(method string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.methods[method]
}

// note remembers what was found.
func (w *Watch) note(list []Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range list {
		w.problems[p.String()]++
	}
}

// Update checks an update that came by another way than through the watch: by webhook.
func (w *Watch) Update(raw json.RawMessage) {
	w.note(w.table.Value(Problem{Type: "Update"}, "Update", raw))
}

// ServeHTTP hands a call on, and checks it and its answer.
func (w *Watch) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !strings.HasPrefix(r.URL.Path, "/bot") || !ok {
		w.next.ServeHTTP(rw, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.next.ServeHTTP(rw, r)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := &recorder{ResponseWriter: rw}
	w.next.ServeHTTP(rec, r)

	given, form := parameters(r, body)
	var answer struct {
		OK     bool
		Result json.RawMessage
	}
	if json.Unmarshal(rec.body.Bytes(), &answer) != nil {
		return // a fault
	}
	if !answer.OK {
		return // what is refused may be anything
	}
	name, _, _ := w.table.Method(method)
	if !w.AnswersOnly {
		w.note(w.table.Params(method, given, form))
	}
	w.note(w.table.Result(method, answer.Result))
	w.mu.Lock()
	w.methods[name] = true
	w.mu.Unlock()
}

// parameters are those of a call, and whether they came as texts.
func parameters(r *http.Request, body []byte) (given map[string]json.RawMessage, form bool) {
	given = map[string]json.RawMessage{}
	add := func(list url.Values) {
		for k, v := range list {
			given[k], _ = json.Marshal(v[0]) // a text
		}
	}
	kind, with, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	add(r.URL.Query())
	switch kind {
	case "application/json":
		_ = json.Unmarshal(body, &given) // what cannot be read is refused by the other side
		return given, false
	case "multipart/form-data":
		files := map[string]bool{}
		parts := multipart.NewReader(bytes.NewReader(body), with["boundary"])
		for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
			data, _ := io.ReadAll(part)
			if part.FileName() != "" {
				files[part.FormName()] = true
				data = []byte("attach://" + part.FormName())
			}
			given[part.FormName()], _ = json.Marshal(string(data))
		}
		for name := range files { // those that a parameter names are none themselves
			if bytes.Contains(body, []byte("attach://"+name)) {
				delete(given, name)
			}
		}
	default:
		list, _ := url.ParseQuery(string(body))
		add(list)
	}
	return given, true
}

// A recorder keeps what is written.
type recorder struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
