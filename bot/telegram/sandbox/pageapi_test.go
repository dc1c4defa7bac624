package sandbox

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func (w *world) get(path string, into any) int {
	w.t.Helper()
	resp, err := http.Get(w.url + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		w.t.Fatalf("%s: %v", path, err)
	}
	return resp.StatusCode
}

func (w *world) post(path, body string, into any) int {
	w.t.Helper()
	resp, err := http.Post(w.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		w.t.Fatalf("%s: %v", path, err)
	}
	return resp.StatusCode
}

// events opens /api/events and returns a function that waits for the next event of a type.
func (w *world) events(person int64) func(kind string) map[string]any {
	w.t.Helper()
	req, err := http.NewRequestWithContext(soon(w.t), http.MethodGet, w.url+"/api/events?person="+itoa(person), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	lines.Scan() // "retry:" comes once the listener is in place
	return func(kind string) map[string]any {
		w.t.Helper()
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var e map[string]any
			if ok && json.Unmarshal([]byte(data), &e) == nil && e["type"] == kind {
				return e
			}
		}
		w.t.Fatalf("the stream ended without a %q event: %v", kind, lines.Err())
		return nil
	}
}

func TestPageShowsTheState(t *testing.T) {
	w := newWorld(t, Options{Panel: http.NotFoundHandler()})
	w.ok(nil, "setMyCommands", "commands", `[{"command":"start","description":"Begin"}]`)
	var st struct {
		Bot struct {
			ID       int64
			Username string
			Commands map[string][]Command
		}
		Now    string
		People []User
		Group  Group
		Panel  bool
	}
	w.get("/api/state", &st)
	if st.Bot.ID != 7000000001 || st.Bot.Commands["default"][0].Command != "start" || st.Now != "2026-11-23T10:00:00Z" || len(st.People) != 3 || !st.Panel || st.Group.ID == 0 {
		t.Errorf("state %+v", st)
	}
	for _, path := range []string{"/", "/page/index.html"} {
		resp, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
}

func TestPageStateTellsWhoHasBlockedTheBotAndTheirBalance(t *testing.T) {
	w := newWorld(t, Options{})
	var done map[string]any
	w.post("/api/block", `{"person":101,"blocked":true}`, &done)
	w.post("/api/stars", `{"person":102,"amount":23}`, &done)
	var st struct {
		People []struct {
			ID, Balance int64
			FirstName   string `json:"first_name"`
			Blocked     bool
		}
	}
	w.get("/api/state", &st)
	if p := st.People[0]; p.ID != 101 || p.FirstName == "" || !p.Blocked || p.Balance != 10_000 {
		t.Errorf("the first person is %+v", p)
	}
	if p := st.People[1]; p.ID != 102 || p.Blocked || p.Balance != 10_023 {
		t.Errorf("the second person is %+v", p)
	}
}

func TestPageReply(t *testing.T) {
	w := newWorld(t, Options{})
	var first, second struct{ Message Message }
	w.post("/api/send", `{"person":101,"chat":101,"text":"one"}`, &first)
	w.post("/api/send", fmt.Sprintf(`{"person":101,"chat":101,"text":"two","reply_to":%d}`, first.Message.ID), &second)
	if second.Message.ReplyTo != first.Message.ID || first.Message.ReplyTo != 0 {
		t.Errorf("replies to %d, want %d; the first to %d", second.Message.ReplyTo, first.Message.ID, first.Message.ReplyTo)
	}
}

func TestPageConversation(t *testing.T) {
	w := newWorld(t, Options{})
	next := w.events(101)
	var sent struct{ Message Message }
	if code := w.post("/api/send", `{"person":101,"chat":101,"text":"/start"}`, &sent); code != 200 || sent.Message.Text != "/start" {
		t.Fatalf("%d %+v", code, sent)
	}
	if e := next("message"); e["chat"] != 101.0 {
		t.Errorf("event %v", e)
	}
	w.take()
	w.ok(nil, "sendChatAction", "chat_id", "101", "action", "typing")
	if e := next("typing"); e["action"] != "typing" {
		t.Errorf("event %v", e)
	}
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "menu", "reply_markup", board)
	next("message")

	var list struct{ Messages []Message }
	var chats struct {
		Chats []struct {
			ID     int64
			Type   string
			Title  string
			Last   string
			Unread int
		}
	}
	w.get("/api/chats?person=101", &chats)
	if c := chats.Chats; len(c) != 1 || c[0].Unread != 1 || c[0].Last != "menu" || c[0].Title != "eSIM Shop" {
		t.Errorf("chats %+v", c)
	}
	w.get("/api/messages?person=101&chat=101", &list)
	if len(list.Messages) != 2 || list.Messages[1].Keyboard[0][0].Kind != "callback" {
		t.Errorf("messages %+v", list)
	}
	w.get("/api/chats?person=101", &chats)
	if chats.Chats[0].Unread != 0 {
		t.Error("what was shown is still unread")
	}

	var done struct {
		OK    bool
		Error string
	}
	w.post("/api/press", `{"person":101,"chat":101,"message_id":2,"data":"forged"}`, &done)
	if done.OK || done.Error == "" {
		t.Error("a button that is not there was pressed")
	}
	w.post("/api/press", `{"person":101,"chat":101,"message_id":2,"data":"forged","force":true}`, &done)
	w.post("/api/press", `{"person":101,"chat":101,"message_id":2,"data":"buy"}`, &done)
	id := queryID(t, w.take(), "callback_query")
	w.ok(nil, "answerCallbackQuery", "callback_query_id", id)
	if e := next("toast"); e["text"] != "" || e["alert"] != false || e["message_id"] != 2.0 {
		t.Errorf("toast %v", e)
	}
	w.ok(nil, "editMessageText", "chat_id", "101", "message_id", "2", "text", "bought")
	if e := next("edit"); e["message"].(map[string]any)["text"] != "bought" {
		t.Errorf("edit %v", e)
	}
	w.ok(nil, "deleteMessage", "chat_id", "101", "message_id", "2")
	if e := next("delete"); e["message_id"] != 2.0 {
		t.Errorf("delete %v", e)
	}
	w.ClockMoved()
	if e := next("clock"); e["now"] != "2026-11-23T10:00:00Z" {
		t.Errorf("clock %v", e)
	}
	next("calls")
}

func TestPagePays(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	m := w.invoice()
	var sheet struct {
		Form
		Error string
	}
	body := fmt.Sprintf(`{"person":101,"chat":101,"message_id":%d}`, m.ID)
	w.post("/api/invoice", body, &sheet)
	if sheet.ID == "" || sheet.Total != 450 || sheet.Balance != 10_000 {
		t.Fatalf("sheet %+v", sheet)
	}
	w.cashier("ok", "false", "error_message", "Sold out")
	var done struct {
		OK    bool
		Error string
	}
	w.post("/api/pay", `{"person":101,"form_id":"`+sheet.ID+`"}`, &done)
	if done.OK || done.Error != "Sold out" {
		t.Errorf("pay %+v", done)
	}
	if code := w.post("/api/pay", `{"person":102,"form_id":"`+sheet.ID+`"}`, &done); code != 404 {
		t.Errorf("somebody else's form: %d", code)
	}
	var stars struct{ Balance int64 }
	w.post("/api/stars", `{"person":101,"amount":5}`, &stars)
	if stars.Balance != 10_005 {
		t.Errorf("balance %d", stars.Balance)
	}
}

func TestPageRefusals(t *testing.T) {
	w := newWorld(t, Options{})
	var e struct{ Error string }
	for path, want := range map[string]int{
		"/api/chats?person=9": 404, "/api/messages?person=101&chat=102": 404, "/api/messages?person=101&chat=x": 400,
		"/api/messages?person=101&chat=" + itoa(w.Group().ID): 404, "/api/file/none": 404, "/api/events?person=9": 404,
	} {
		if code := w.get(path, &e); code != want || e.Error == "" {
			t.Errorf("%s: %d %q, want %d", path, code, e.Error, want)
		}
	}
	if code := w.post("/api/person", `{"first_name":" "}`, &e); code != 400 {
		t.Errorf("a person without a name: %d", code)
	}
	resp, err := http.Post(w.url+"/api/block", "text/plain", bytes.NewReader([]byte(`{"person":101,"blocked":true}`)))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 400 {
		t.Errorf("a form of another site: %d", resp.StatusCode)
	}
	var p struct{ Person User }
	w.post("/api/person", `{"first_name":"Carl","language_code":"de"}`, &p)
	if p.Person.ID == 0 || p.Person.LanguageCode != "de" || len(w.Users()) != 4 {
		t.Errorf("person %+v", p)
	}
}

func TestCallsAreListedWithoutTheToken(t *testing.T) {
	var seen []Call
	w := newWorld(t, Options{OnCall: func(c Call) { seen = append(seen, c) }})
	w.started(101)
	w.call("sendMessage", "chat_id", "101", "text", "my token is "+w.Token())
	w.call("sendMessage", "chat_id", "101")
	var list struct {
		Calls []Call
		Last  int64
	}
	w.get("/api/calls?after=0", &list)
	var names []string
	for i, c := range list.Calls {
		names = append(names, fmt.Sprintf("%s %s %d %v", c.Dir, c.Name, c.Status, c.OK))
		if strings.Contains(c.Request+c.Answer, w.Token()) {
			t.Errorf("the token is in %+v", c)
		}
		if c.N != int64(i+1) {
			t.Errorf("number %d at %d", c.N, i)
		}
	}
	got := strings.Join(names, "\n")
	want := "telegram→bot message 200 true\nbot→telegram getUpdates 200 true\nbot→telegram sendMessage 200 true\nbot→telegram sendMessage 400 false"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(seen) != 4 || list.Last != 4 {
		t.Errorf("OnCall saw %d, last %d", len(seen), list.Last)
	}
}

func TestSlowListenersAreCutOff(t *testing.T) {
	w := newWorld(t, Options{})
	l := &listener{person: 101, ch: make(chan []byte, hearerBuffer)}
	w.mu.Lock()
	w.hearers[l] = true
	for range hearerBuffer + 1 {
		w.tellAll(event{Type: "clock"})
	}
	_, there := w.hearers[l]
	w.mu.Unlock()
	if there {
		t.Error("a listener that does not read is still served")
	}
}

// A picture chosen on the page is sent as a photo with the text as its caption, anything else as a
// document; both reach the bot.
func TestPageSendsFiles(t *testing.T) {
	w := newWorld(t, Options{})
	var got struct{ Message Message }
	data := base64.StdEncoding.EncodeToString(picture(t, 40, 30))
	if code := w.post("/api/file", `{"person":101,"name":"screen.png","text":"it says this","file":"`+data+`"}`, &got); code != 200 ||
		got.Message.Photo == nil || got.Message.Text != "it says this" {
		t.Fatalf("%d %+v", code, got)
	}
	if code := w.post("/api/file", `{"person":101,"name":"log.txt","file":"aGVsbG8="}`, &got); code != 200 || got.Message.Document == nil {
		t.Fatalf("%d %+v", code, got)
	}
	var refused struct{ Error string }
	if code := w.post("/api/file", `{"person":101,"name":"empty.txt","file":""}`, &refused); code != 400 || refused.Error == "" {
		t.Errorf("an empty file: %d %+v", code, refused)
	}
}
