package i18n

import (
	"testing"
	"testing/fstest"
)

// TestTheProgramsOwnFilesCanBeRead reads all that a start of the program leaves for later.
func TestTheProgramsOwnFilesCanBeRead(t *testing.T) {
	if _, err := LoadFrom(localeFiles); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsCutAsJSONIs(t *testing.T) {
	for raw, want := range map[string]map[string]string{
		`{}`:                          {},
		"{\n}":                        {},
		`{"a": "x"}`:                  {"a": `"x"`},
		`{"a":"x" , "b" : "y" }`:      {"a": `"x"`, "b": `"y"`},
		`{"a": "\"}, {\\", "b": "y"}`: {"a": `"\"}, {\\"`, "b": `"y"`},
		`{"a": {"one": "}", "b": [1, {"c": "]"}]}, "d": 1.5 }`: {"a": `{"one": "}", "b": [1, {"c": "]"}]}`, "d": "1.5"},
		`{"\u0061\"": "x"}`:       {`a"`: `"x"`},
		`{"a": "x", "a": "y"}`:    {"a": `"y"`},
		` { "a" : null , "": {}}`: {"a": "null", "": "{}"},
		``:                        nil, `{`: nil, `[]`: nil, `{"a`: nil, `{"a"`: nil, `{"a":`: nil, `{"a": "x"`: nil, `{"a": "x" "b": "y"}`: nil, `{"a": "x\`: nil, `{1: 2}`: nil,
	} {
		f := newLocaleFile(fstest.MapFS{"en.json": {Data: []byte(raw)}}, "en.json")
		all, err := f.members()
		if (err == nil) != (want != nil) {
			t.Errorf("%s: error %v", raw, err)
		}
		for key, value := range want {
			if got, err := f.value(key); err != nil || string(got) != value {
				t.Errorf("%s: %q is %s, %v, want %s", raw, key, got, err, value)
			}
		}
		if got, err := f.value("none"); got != nil || want != nil && err != nil {
			t.Errorf("%s: none is %s, %v", raw, got, err)
		}
		keys := map[uint64]bool{}
		for _, m := range all {
			keys[m.hash] = true
		}
		if len(keys) != len(want) {
			t.Errorf("%s: %d members, want %d", raw, len(keys), len(want))
		}
	}
}
