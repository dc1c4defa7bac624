package sandbox

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestKeyboardsComeBackAsTheyWere(t *testing.T) {
	const in = `{"inline_keyboard":[[{"text":"a","callback_data":"x"},{"text":"b","url":"https://example.com/p"}],` +
		`[{"text":"c","copy_text":{"text":"LPA:1$x"}},{"text":"d","web_app":{"url":"https://example.com/"}},{"text":"e","switch_inline_query":""}]]}`
	kb, err := decodeMarkup(in)
	if err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(wireKeyboard(kb.inline))
	var a, b any
	_ = json.Unmarshal([]byte(in), &a)
	_ = json.Unmarshal(out, &b)
	if !reflect.DeepEqual(a, b) {
		t.Errorf("got %s", out)
	}
}

func FuzzDecodeMarkup(f *testing.F) {
	for _, s := range []string{
		board, `null`, `{"inline_keyboard":[]}`, `{"inline_keyboard":null}`, `{"inline_keyboard":[[{"text":"x","url":"tg://user?id=1"}]]}`,
		`{"inline_keyboard":[[{"text":"x","pay":true}],[{"text":"y","copy_text":{"text":"z"}}]]}`, `{"keyboard":[["a",{"text":"b"}]]}`, `{"remove_keyboard":true}`, `[`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		kb, err := decodeMarkup(in)
		if err != nil || kb.inline == nil {
			return
		}
		again, err := decodeMarkup(string(mustJSON(wireKeyboard(kb.inline))))
		if err != nil || !reflect.DeepEqual(kb, again) {
			t.Fatalf("%q: %+v, again %+v %v", in, kb, again, err)
		}
	})
}
