package sandbox

import (
	"strings"
	"testing"
	"time"
)

func TestInlineQueries(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	answer := func(id, results string, kv ...string) reply {
		return w.call("answerInlineQuery", append([]string{"inline_query_id", id, "results", results}, kv...)...)
	}
	article := func(id, text string) string {
		return `{"type":"article","id":"` + id + `","title":"Japan","input_message_content":{"message_text":"` + text + `","parse_mode":"HTML"}}`
	}
	id := ann.Inline("japan", "")
	if got := queryID(t, w.take(), "inline_query"); got != id {
		t.Fatalf("query %s, want %s", got, id)
	}
	w.refused(answer(id, "null"), 400, "Bad Request: expected an Array of inline query results")
	w.refused(answer(id, "["+article("1", "x")+","+article("1", "x")+"]"), 400, "Bad Request: RESULT_ID_DUPLICATE")
	w.refused(answer(id, "["+article("1", "<b>x")+"]"), 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`)
	w.refused(answer(id, "["+strings.Repeat("{},", 50)+"{}]"), 400, "Bad Request: RESULTS_TOO_MUCH")
	w.refused(w.call("answerCallbackQuery", "callback_query_id", id), 400, "Bad Request: "+textTooOld)
	if r := answer(id, "["+article("1", "<b>x</b>")+"]", "is_personal", "true", "cache_time", "10"); !r.OK {
		t.Fatal(r.Description)
	}
	a, err := ann.WaitInline(soon(t), id)
	if err != nil || len(a.Results) != 1 || a.Results[0].Title != "Japan" || !a.Personal || a.CacheTime != 10 {
		t.Errorf("answer %+v %v", a, err)
	}
	late := ann.Inline("x", "")
	w.clock.at = w.clock.at.Add(31 * time.Second)
	w.refused(answer(late, "[]"), 400, "Bad Request: "+textTooOld)
	if n := len(w.Unanswered()); n != 0 {
		t.Errorf("%d inline queries are counted as presses", n)
	}
}
