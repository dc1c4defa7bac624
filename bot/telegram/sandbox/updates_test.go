package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestUpdatesAreConfirmedByOffsetOnly(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.User(101)
	for i := range 3 {
		if _, err := ann.Send(fmt.Sprint("text ", i)); err != nil {
			t.Fatal(err)
		}
	}
	var first, again, rest []struct {
		ID      int64 `json:"update_id"`
		Message sentMessage
	}
	w.ok(&first, "getUpdates", "limit", "2")
	w.ok(&again, "getUpdates")
	if len(first) != 2 || len(again) != 3 || first[0].ID != again[0].ID {
		t.Fatalf("delivered %d, then %d: not confirmed means delivered again", len(first), len(again))
	}
	if first[0].ID+1 != first[1].ID || first[0].Message.ID+1 != first[1].Message.ID {
		t.Error("ids do not grow one by one")
	}
	w.ok(&rest, "getUpdates", "offset", itoa(again[1].ID+1))
	if len(rest) != 1 || rest[0].Message.Text != "text 2" {
		t.Errorf("after confirming two: %+v", rest)
	}
	if _, err := ann.Send("newest"); err != nil {
		t.Fatal(err)
	}
	w.ok(&rest, "getUpdates", "offset", "-1")
	if len(rest) != 1 || rest[0].Message.Text != "newest" {
		t.Errorf("offset -1: %+v", rest)
	}
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "reply_markup", board)
	act := func() string {
		_, _ = ann.Press("Buy")
		_, _ = ann.Send("hello")
		return kinds(w.take())
	}
	w.ok(nil, "getUpdates", "allowed_updates", `["callback_query"]`)
	if got := act(); got != "callback_query" {
		t.Errorf("asked for presses, got %q", got)
	}
	if got := act(); got != "callback_query" {
		t.Errorf("an absent list keeps the last one, got %q", got)
	}
	w.ok(nil, "getUpdates", "allowed_updates", `[]`)
	if got := act(); got != "callback_query message" {
		t.Errorf("an empty list is the default, got %q", got)
	}
	w.refused(w.call("getUpdates", "allowed_updates", "x"), 400, "Bad Request: can't parse allowed_updates JSON object")
}

func TestUpdatesExpire(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "reply_markup", board)
	if _, err := ann.Press("Buy"); err != nil {
		t.Fatal(err)
	}
	_, _ = ann.Send("hello")
	w.clock.at = w.clock.at.Add(150 * time.Second)
	if got := kinds(w.take()); got != "message" {
		t.Errorf("after 150s: %q, want the press gone", got)
	}
	_, _ = ann.Send("again")
	w.clock.at = w.clock.at.Add(24 * time.Hour)
	if got := kinds(w.take()); got != "" {
		t.Errorf("after 24h: %q", got)
	}
}

// polling starts a long poll and waits until it is in place.
func (w *world) polling(kv ...string) chan reply {
	got := make(chan reply, 1)
	go func() { got <- w.call("getUpdates", append(kv, "timeout", "50")...) }()
	for ctx := soon(w.t); ctx.Err() == nil; {
		w.mu.Lock()
		there := w.updates.poll != nil
		w.mu.Unlock()
		if there {
			break
		}
	}
	return got
}

func TestLongPollEndsWithTheUpdate(t *testing.T) {
	w := newWorld(t, Options{})
	got := w.polling()
	if _, err := w.User(101).Send("hello"); err != nil {
		t.Fatal(err)
	}
	if r := <-got; !r.OK || !strings.Contains(string(r.Result), "hello") {
		t.Errorf("long poll: %+v %s", r, r.Result)
	}
}

func TestConflicts(t *testing.T) {
	w := newWorld(t, Options{})
	one := w.polling()
	w.ok(nil, "getUpdates")
	w.refused(<-one, 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	two := w.polling()
	w.ok(nil, "setWebhook", "url", "https://example.com/hook")
	w.refused(<-two, 409, "Conflict: terminated by setWebhook request")
	w.refused(w.call("getUpdates"), 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	w.ok(nil, "deleteWebhook")
	w.ok(nil, "getUpdates")
}

func TestWebhook(t *testing.T) {
	var refuse atomic.Int32
	refuse.Store(2)
	got := make(chan string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var u struct {
			ID      int64 `json:"update_id"`
			Message sentMessage
		}
		_ = json.NewDecoder(r.Body).Decode(&u)
		if refuse.Add(-1) >= 0 {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		got <- r.Header.Get("X-Telegram-Bot-Api-Secret-Token") + " " + u.Message.Text
	}))
	defer hook.Close()
	w := newWorld(t, Options{WebhookPause: time.Millisecond})
	w.ok(nil, "setWebhook", "url", hook.URL, "secret_token", "s3cret", "allowed_updates", `["message"]`)
	ann := w.User(101)
	_, _ = ann.Send("one")
	_, _ = ann.Send("two")
	if a, b := <-got, <-got; a != "s3cret one" || b != "s3cret two" {
		t.Errorf("delivered %q, %q: want both, in order, after two refusals", a, b)
	}
	var info struct {
		URL     string
		Pending int    `json:"pending_update_count"`
		Error   string `json:"last_error_message"`
		Allowed []string
	}
	w.ok(&info, "getWebhookInfo")
	if info.URL != hook.URL || !strings.Contains(info.Error, "500") {
		t.Errorf("info %+v", info)
	}
	calls, _ := w.Calls(0)
	if text := fmt.Sprint(calls); strings.Contains(text, "s3cret") || strings.Contains(text, w.Token()) {
		t.Error("a secret is in the list of calls")
	}
}

func TestRepeatedAndStrangeUpdates(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.User(101)
	w.RepeatUpdates(1)
	w.StrangeFields(1)
	_, _ = ann.Send("hello")
	id := w.Inject(map[string]any{"gift_premium_galaxy": map[string]any{"stars": 1}})
	list := w.take()
	if kinds(list) == "" || len(list) != 3 || string(list[0]["update_id"]) != string(list[1]["update_id"]) {
		t.Fatalf("want one update twice and an injected one: %v", list)
	}
	if list[0]["future_field"] == nil || !strings.Contains(string(list[0]["message"]), "another_future_field") {
		t.Error("no strange fields")
	}
	if string(list[2]["update_id"]) != itoa(id) || list[2]["gift_premium_galaxy"] == nil {
		t.Errorf("injected %v", list[2])
	}
}

func TestFaults(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	send := func(text string) (reply, error) {
		resp, err := http.PostForm(w.api("sendMessage"), map[string][]string{"chat_id": {"101"}, "text": {text}})
		if err != nil {
			return reply{}, err
		}
		return w.read(resp, nil), nil
	}
	w.Break("sendMessage", 1, Fault{Kind: TooMany, RetryAfter: 7})
	w.Break("sendmessage", 1, Fault{Kind: BadGateway})
	w.Break("sendMessage", 1, Fault{Kind: GatewayTimeout})
	w.Break("sendMessage", 1, Fault{Kind: LoseRequest})
	w.Break("*", 1, Fault{Kind: LoseAnswer})
	r, _ := send("a")
	w.refused(r, 429, "Too Many Requests: retry after 7")
	for _, want := range []int{502, 504} {
		if r, _ := send("b"); r.Status != want || r.Header.Get("Content-Type") != "text/html" {
			t.Errorf("got %d %s, want %d in HTML", r.Status, r.Header.Get("Content-Type"), want)
		}
	}
	if _, err := send("cut"); err == nil {
		t.Error("the connection was not cut")
	}
	if n := len(ann.Chat()); n != 1 {
		t.Fatalf("%d messages: nothing should have been sent", n)
	}
	if _, err := send("lost"); err == nil || ann.Last().Text != "lost" {
		t.Errorf("a lost answer: err %v, chat ends with %q", err, ann.Last().Text)
	}
	for mode, status := range map[string]int{"429": 429, "502": 502} {
		if err := w.SetMode(mode); err != nil {
			t.Fatal(err)
		}
		if r := w.call("getMe"); r.Status != status {
			t.Errorf("mode %s: %d", mode, r.Status)
		}
	}
	if err := w.SetMode("wild"); err == nil {
		t.Error("an unknown mode was taken")
	}
	_ = w.SetMode("ok")
	w.ok(nil, "getMe")
}

func TestSlowAnswersComeAfterTheWork(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.Break("sendMessage", 1, Fault{Kind: Slow, Delay: time.Hour})
	go func() {
		resp, err := http.PostForm(w.api("sendMessage"), map[string][]string{"chat_id": {"101"}, "text": {"slow"}})
		if err == nil {
			resp.Body.Close()
		}
	}()
	if _, err := ann.WaitText(soon(t), "slow"); err != nil {
		t.Error(err)
	}
	w.Close()
}
