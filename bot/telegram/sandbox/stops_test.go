package sandbox

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// victim sends a call that can be killed: dead is closed when the client has given up or was answered.
func (w *world) victim(name, kind string, body io.Reader) (kill func(), dead <-chan error) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.api(name), body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	done := make(chan error, 1)
	hc := &http.Client{Transport: &http.Transport{}}
	go func() {
		resp, err := hc.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		hc.CloseIdleConnections()
		done <- err
	}()
	return cancel, done
}

const formType = "application/x-www-form-urlencoded"

func (w *world) wait(what string, c <-chan struct{}) {
	w.t.Helper()
	select {
	case <-c:
	case <-soon(w.t).Done():
		w.t.Fatalf("%s never happened", what)
	}
}

func hello() io.Reader {
	return strings.NewReader(url.Values{"chat_id": {"101"}, "text": {"hello"}}.Encode())
}

// chunked is a multipart body of unknown length, as the bot's library sends its uploads.
func chunked(t *testing.T) (string, io.Reader) {
	t.Helper()
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	_ = mw.WriteField("chat_id", "101")
	part, err := mw.CreateFormFile("photo", "qr.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(picture(t, 64, 64))
	_ = mw.Close()
	return mw.FormDataContentType(), io.MultiReader(&b)
}

func TestAClientThatDiesAtAStop(t *testing.T) {
	for _, tt := range []struct {
		name   string
		stage  ExchangeStage
		upload bool
		done   int // messages that Ann sees in the end
	}{
		{"before the work: it is never done", BeforeWork, false, 0},
		{"after the work: it stays done", AfterWork, false, 1},
		{"before the work on an upload: it is never done", BeforeWork, true, 0},
		{"after the work on an upload: it stays done", AfterWork, true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			ann := w.started(101)
			before := len(ann.Chat())
			stop := w.BreakpointAtExchange(1, tt.stage)
			name, kind, body := "sendMessage", formType, hello()
			if tt.upload {
				name = "sendPhoto"
				kind, body = chunked(t)
			}
			kill, dead := w.victim(name, kind, body)
			w.wait("the stop", stop.Reached())
			if got := len(ann.Chat()) - before; got != tt.done || stop.Method() != name || stop.ClientGone() {
				t.Errorf("at the stop of %q %d messages are there, want %d", stop.Method(), got, tt.done)
			}
			kill()
			if err := <-dead; err == nil {
				t.Error("the dead client was answered")
			}
			w.wait("passing", stop.Passed())
			stop.Release() // too late to change anything
			if !stop.ClientGone() {
				t.Error("the death went unnoticed")
			}
			w.ok(nil, "sendMessage", "chat_id", "101", "text", "others are not held")
			if got := len(ann.Chat()) - before - 1; got != tt.done {
				t.Errorf("%d messages came of it, want %d", got, tt.done)
			}
		})
	}
}

func TestAReleasedCallGoesOn(t *testing.T) {
	for _, stage := range []ExchangeStage{BeforeWork, AfterWork} {
		w := newWorld(t, Options{})
		ann := w.started(101)
		before := len(ann.Chat())
		stop := w.BreakpointAt("sendmessage", stage)
		w.ok(nil, "sendChatAction", "chat_id", "101", "action", "typing") // others pass
		if stop.Method() != "" {
			t.Errorf("nobody has come, but the stop holds %q", stop.Method())
		}
		_, dead := w.victim("sendMessage", formType, hello())
		w.wait("the stop", stop.Reached())
		if got := len(ann.Chat()) - before; got != int(stage) {
			t.Errorf("stage %d: %d messages at the stop", stage, got)
		}
		stop.Release()
		stop.Release()
		if err := <-dead; err != nil || len(ann.Chat()) != before+1 || stop.ClientGone() {
			t.Errorf("stage %d: %v, %d messages", stage, err, len(ann.Chat())-before)
		}
	}
}

func TestExchangesAreCountedAndHeldByNumber(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	from := w.Exchanges()
	w.ok(nil, "getMe")
	w.ok(nil, "getUpdates")
	w.call("noSuchMethod")
	w.call("sendMessage", "chat_id", "101", "text", "\xff")
	if got := w.Exchanges() - from; got != 0 {
		t.Errorf("%d exchanges, though nothing happened that counts", got)
	}
	third, fourth := w.BreakpointAtExchange(3, BeforeWork), w.BreakpointAtExchange(3, BeforeWork)
	w.Break("sendMessage", 1, Fault{Kind: TooMany})
	w.call("sendMessage", "chat_id", "101", "text", "x") // a refusal is an exchange
	w.ok(nil, "getMe")
	w.ok(nil, "getStarTransactions")
	for i, stop := range []*Breakpoint{third, fourth} { // of the same number: the younger takes the next
		_, dead := w.victim("sendMessage", formType, hello())
		w.wait("the stop", stop.Reached())
		if got := w.Exchanges() - from; got != 3+i || stop.Method() != "sendMessage" {
			t.Errorf("held %s as exchange %d, want %d", stop.Method(), got, 3+i)
		}
		stop.Release()
		if err := <-dead; err != nil {
			t.Error(err)
		}
	}
	early := w.BreakpointAt("getMe", AfterWork)
	early.Release()
	w.ok(nil, "getMe")
	w.wait("passing", early.Passed())
}

func TestAStopAfterWorkHoldsARefusalToo(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	stop := w.BreakpointAt("sendMessage", AfterWork)
	w.Break("sendMessage", 1, Fault{Kind: BadGateway})
	_, dead := w.victim("sendMessage", formType, hello())
	w.wait("the stop", stop.Reached())
	stop.Release()
	if err := <-dead; err != nil {
		t.Error(err)
	}
	held := w.BreakpointAt("sendMessage", BeforeWork)
	_, dead = w.victim("sendMessage", formType, hello())
	w.wait("the stop", held.Reached())
	w.Close() // ends what is held
	if err := <-dead; err == nil || held.ClientGone() {
		t.Errorf("closed: %v", err)
	}
}
