package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram/sandbox/apitable"
)

// clock is the world's time in a test: it stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// world is a simulator on a real port with a bot that does only what the test says.
type world struct {
	*Server
	t     *testing.T
	url   string
	clock *clock // of Options.Now; set only when nobody else is looking
}

func newWorld(t *testing.T, o Options) *world {
	t.Helper()
	c := &clock{time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	if o.Now == nil {
		o.Now = c.now
	}
	s := New(o)
	srv := httptest.NewServer(apitable.Hold(t, "../../..", s, true))
	t.Cleanup(func() { s.Close(); srv.Close() })
	return &world{s, t, srv.URL, c}
}

// reply is an answer of the Bot API.
type reply struct {
	Status      int
	Header      http.Header
	OK          bool
	Result      json.RawMessage
	Code        int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		Migrate    int64 `json:"migrate_to_chat_id"`
	}
}

func (w *world) api(name string) string { return w.url + "/bot" + w.Token() + "/" + name }

func (w *world) read(resp *http.Response, err error) reply {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	var r reply
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &r); err != nil {
			w.t.Fatalf("%s: %v", body, err)
		}
	}
	r.Status, r.Header = resp.StatusCode, resp.Header
	return r
}

// call sends urlencoded parameters: name, value, name, value.
func (w *world) call(name string, kv ...string) reply {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	return w.read(http.PostForm(w.api(name), form))
}

// ok is call for what must succeed; into may be nil.
func (w *world) ok(into any, name string, kv ...string) {
	w.t.Helper()
	r := w.call(name, kv...)
	if !r.OK {
		w.t.Fatalf("%s %v: %d %s", name, kv, r.Code, r.Description)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result, into); err != nil {
			w.t.Fatalf("%s: %v in %s", name, err, r.Result)
		}
	}
}

// refused checks the exact words and that the HTTP status is the code.
func (w *world) refused(r reply, code int, words string) {
	w.t.Helper()
	if r.OK || r.Status != code || r.Code != code || r.Description != words {
		w.t.Errorf("got %d %d %q\nwant %d %q", r.Status, r.Code, r.Description, code, words)
	}
}

func (w *world) upload(name, field string, data []byte, kv ...string) reply {
	w.t.Helper()
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	part, err := mw.CreateFormFile(field, "qr.png")
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write(data)
	for i := 0; i < len(kv); i += 2 {
		_ = mw.WriteField(kv[i], kv[i+1])
	}
	_ = mw.Close()
	return w.read(http.Post(w.api(name), mw.FormDataContentType(), &body))
}

type sentMessage struct {
	ID   int   `json:"message_id"`
	Date int64 `json:"date"`
	Chat struct {
		ID int64
	}
	Text     string
	Caption  string
	Entities []Entity
	Photo    []struct {
		FileID string `json:"file_id"`
	}
	Markup json.RawMessage `json:"reply_markup"`
}

// started returns somebody who has started the bot; the update is confirmed.
func (w *world) started(id int64) *UserClient {
	w.t.Helper()
	h := w.User(id)
	if _, err := h.Send("/start"); err != nil {
		w.t.Fatal(err)
	}
	w.take()
	return h
}

// take fetches all waiting updates and confirms them.
func (w *world) take() []map[string]json.RawMessage {
	w.t.Helper()
	var list []map[string]json.RawMessage
	w.ok(&list, "getUpdates")
	if n := len(list); n > 0 {
		var last int64
		_ = json.Unmarshal(list[n-1]["update_id"], &last)
		w.ok(nil, "getUpdates", "offset", itoa(last+1), "limit", "1")
	}
	return list
}

// kinds names what is in updates.
func kinds(list []map[string]json.RawMessage) string {
	var out []string
	for _, u := range list {
		for k := range u {
			if k != "update_id" {
				out = append(out, k)
			}
		}
	}
	return strings.Join(out, " ")
}

// queryID returns the id of the query in the newest update.
func queryID(t *testing.T, list []map[string]json.RawMessage, kind string) string {
	t.Helper()
	if len(list) == 0 {
		t.Fatalf("no updates, want a %s", kind)
	}
	var q struct{ ID string }
	if err := json.Unmarshal(list[len(list)-1][kind], &q); err != nil || q.ID == "" {
		t.Fatalf("no %s in %v", kind, list)
	}
	return q.ID
}

func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

const board = `{"inline_keyboard":[[{"text":"Buy","callback_data":"buy"}]]}`
