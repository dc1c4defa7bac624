package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func article(id, text string) string {
	return `{"type":"article","id":"` + id + `","title":"Japan","input_message_content":{"message_text":"` + text + `","parse_mode":"HTML"}}`
}

func answerInline(w *world, id, results string, kv ...string) reply {
	return w.call("answerInlineQuery", append([]string{"inline_query_id", id, "results", results}, kv...)...)
}

func TestInlineQueries(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	id := ann.Inline("japan", "")
	if got := queryID(t, w.take(), "inline_query"); got != id {
		t.Fatalf("query %s, want %s", got, id)
	}
	const cannot = "Bad Request: can't parse inline query result: "
	for _, c := range []struct{ results, words string }{
		{"null", "Bad Request: expected an Array of inline query results"},
		{"[", "Bad Request: can't parse JSON encoded inline query results"},
		{"[1]", cannot + "Inline query result must be an object"},
		{`[{"id":"1"}]`, cannot + `Can't find field "type"`},
		{`[{"type":"article"}]`, cannot + `Can't find field "id"`},
		{`[{"type":"text","id":"1"}]`, cannot + `type "text" is unsupported for the inline query result`},
		{`[{"type":"article","id":"1","input_message_content":{"message_text":"x"}}]`, cannot + `Can't find field "title"`},
		{`[{"type":"article","id":"1","title":"x"}]`, cannot + "Message content is not specified"},
		{`[{"type":"article","id":"1","title":"x","input_message_content":{}}]`, cannot + `Can't find field "message_text"`},
		{"[" + article("1", "x") + "," + article("1", "x") + "]", "Bad Request: RESULT_ID_DUPLICATE"},
		{"[" + article("", "x") + "]", "Bad Request: RESULT_ID_EMPTY"},
		{"[" + article(strings.Repeat("я", 33), "x") + "]", "Bad Request: RESULT_ID_INVALID"},
		{"[" + strings.Replace(article("1", "x"), "Japan", "", 1) + "]", "Bad Request: ARTICLE_TITLE_EMPTY"},
		{"[" + article("1", "<b>x") + "]", `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"[" + article("1", "") + "]", "Bad Request: message text is empty"},
		{"[" + article("1", strings.Repeat("x", 4097)) + "]", "Bad Request: MESSAGE_TOO_LONG"},
		{"[" + strings.Repeat("{},", 50) + "{}]", "Bad Request: too many inline query results specified"},
		{`[{"type":"article","id":"1","title":"x","input_message_content":{"message_text":"x"},"reply_markup":{"remove_keyboard":true}}]`, "Bad Request: inline keyboard expected"},
		{`[{"type":"article","id":"1","title":"x","input_message_content":{"message_text":"x"},"reply_markup":{"inline_keyboard":[[{"text":"Pay","pay":true}]]}}]`, "Bad Request: BUTTON_TYPE_INVALID"},
	} {
		w.refused(answerInline(w, id, c.results), 400, c.words)
	}
	w.refused(answerInline(w, id, "[]", "next_offset", strings.Repeat("x", 65)), 400, "Bad Request: NEXT_OFFSET_INVALID")
	w.refused(answerInline(w, id, "[]", "button", `{"text":"Open","start_parameter":""}`), 400, "Bad Request: can't use empty start_parameter")
	w.refused(answerInline(w, id, "[]", "button", `{"text":"Open","start_parameter":"a b"}`), 400, "Bad Request: unallowed characters in start_parameter are used")
	w.refused(answerInline(w, id, "[]", "button", fmt.Sprintf(`{"text":"Open","start_parameter":"%065d"}`, 1)), 400, "Bad Request: too long start_parameter specified")
	w.refused(w.call("answerCallbackQuery", "callback_query_id", id), 400, "Bad Request: "+textTooOld)
	if r := answerInline(w, id, "["+article("1", "<b>x</b>")+"]", "is_personal", "true", "cache_time", "10", "button", `{"text":"Open","start_parameter":"help"}`); !r.OK {
		t.Fatal(r.Description)
	}
	a, err := ann.WaitInline(soon(t), id)
	if err != nil || len(a.Results) != 1 || a.Results[0].Title != "Japan" || !a.Personal || a.CacheTime != 10 || a.Button.Start != "help" {
		t.Errorf("answer %+v %v", a, err)
	}
	w.refused(answerInline(w, id, "[]"), 400, "Bad Request: "+textTooOld)
	late := ann.Inline("x", "")
	w.clock.at = w.clock.at.Add(31 * time.Second)
	w.refused(answerInline(w, late, "[]"), 400, "Bad Request: "+textTooOld)
	if n := len(w.Unanswered()); n != 0 {
		t.Errorf("%d inline queries are counted as presses", n)
	}
}

// A chosen result is the person's message, via the bot: with formatting and buttons, also in a group.
func TestAChosenInlineResultIsSentByThePerson(t *testing.T) {
	w := newWorld(t, Options{})
	for _, h := range []*UserClient{w.started(101), w.User(201).In(w.Group().ID)} {
		id := h.Inline("japan", "")
		w.take()
		markup := `,"reply_markup":{"inline_keyboard":[[{"text":"Open","url":"https://t.me/x?start=JP"}]]}}`
		if r := answerInline(w, id, "["+strings.TrimSuffix(article("jp", "<b>Japan</b>"), "}")+markup+"]"); !r.OK {
			t.Fatal(r.Description)
		}
		m, err := h.SendInline(id, "jp")
		if err != nil || m.From.ID != h.ID() || m.ViaBot != w.Username() || m.HTML() != "<b>Japan</b>" || len(m.Labels()) != 1 {
			t.Errorf("sent %+v, %v", m, err)
		}
		if u := string(w.take()[0]["message"]); !strings.Contains(u, `"via_bot"`) {
			t.Errorf("the bot heard %s", u)
		}
		if _, err := h.SendInline(id, "other"); err == nil {
			t.Error("a result that was not offered is sent")
		}
	}
}

// An answer is repeated from the cache: to whoever asked if it is personal, else to everybody.
func TestInlineAnswersAreCached(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	for _, c := range []struct {
		text, personal, seconds string
		asksBob, asksAnn        bool
	}{
		{"mine", "true", "60", true, false},
		{"everybody's", "false", "60", false, false},
		{"of no customer", "false", "0", true, true},
	} {
		id := ann.Inline(c.text, "")
		w.take()
		if r := answerInline(w, id, "["+article("1", "x")+"]", "is_personal", c.personal, "cache_time", c.seconds); !r.OK {
			t.Fatal(r.Description)
		}
		w.mu.Lock()
		asksBob, asksAnn := w.cached(102, c.text, "") == nil, w.cached(101, c.text, "") == nil
		w.mu.Unlock()
		if asksBob != c.asksBob || asksAnn != c.asksAnn {
			t.Errorf("%s: asked again by Bob %t, by Ann %t", c.text, asksBob, asksAnn)
		}
	}
	if a, err := ann.AskInline(soon(t), "mine", ""); err != nil || len(a.Results) != 1 {
		t.Errorf("from the cache: %+v, %v", a, err)
	}
	w.clock.at = w.clock.at.Add(time.Hour)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cached(101, "mine", "") != nil {
		t.Error("an answer is kept past its cache_time")
	}
}

func TestABotWithoutInlineModeIsNotAsked(t *testing.T) {
	w := newWorld(t, Options{NoInline: true})
	ann := w.started(101)
	if _, err := ann.AskInline(soon(t), "japan", ""); err == nil {
		t.Error("it was asked")
	}
	if me := string(w.call("getMe").Result); !strings.Contains(me, `"supports_inline_queries":false`) {
		t.Error(me)
	}
}
