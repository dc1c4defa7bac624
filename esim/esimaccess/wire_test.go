package esimaccess

import (
	"encoding/json"
	"testing"
	"time"
)

func TestScalarsTakeWhatIsWritten(t *testing.T) {
	t.Parallel()
	numbers := map[string]number{
		`5`: {5, true}, `-5`: {-5, true}, `"5"`: {5, true}, `" 5 "`: {5, true}, `5.0`: {5, true}, `1e3`: {1000, true},
		`9223372036854775807`: {1<<63 - 1, true}, `9223372036854775808`: {}, `5.5`: {}, `null`: {}, `""`: {}, `"x"`: {},
		`true`: {}, `[]`: {}, `{}`: {}, `1e400`: {}, `"NaN"`: {}, `"Inf"`: {},
	}
	for in, want := range numbers {
		var got number
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("number %s = %+v, %v, want %+v", in, got, err, want)
		}
	}
	texts := map[string]text{
		`"a b"`: "a b", `" a "`: "a", `5`: "5", `true`: "true", `null`: "", `""`: "", `[]`: "", `{"a":1}`: "", `"\u00c5"`: "Å",
	}
	for in, want := range texts {
		var got text
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("text %s = %q, %v, want %q", in, got, err, want)
		}
	}
	flags := map[string]flag{
		`true`: {true, true}, `false`: {false, true}, `"true"`: {true, true}, `0`: {false, true}, `1`: {true, true},
		`null`: {}, `""`: {}, `"yes"`: {}, `[]`: {},
	}
	for in, want := range flags {
		var got flag
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("flag %s = %+v, %v, want %+v", in, got, err, want)
		}
	}
	fractions := map[string]fraction{`0.25`: 0.25, `"0.1"`: 0.1, `null`: 0, `"x"`: 0, `"NaN"`: 0, `1e400`: 0, `[]`: 0}
	for in, want := range fractions {
		var got fraction
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("fraction %s = %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestMomentTakesAllForms(t *testing.T) {
	t.Parallel()
	want := time.Date(2024, 5, 29, 18, 34, 17, 0, time.UTC)
	for _, in := range []string{
		`"2024-05-29T18:34:17+0000"`, `"2024-05-29T18:34:17Z"`, `"2024-05-29T18:34:17+00:00"`, `"2024-05-29T18:34:17.000Z"`,
		`"2024-05-29T20:34:17+0200"`, `"2024-05-29T20:34:17+02:00"`, `"2024-05-29T18:34:17"`, `"2024-05-29 18:34:17"`,
	} {
		var got moment
		if err := json.Unmarshal([]byte(in), &got); err != nil || got.time() != want {
			t.Errorf("%s = %s, %v", in, got.time(), err)
		}
	}
	for _, in := range []string{`null`, `""`, `"soon"`, `5`, `{}`, `[]`, `"2024-13-29T18:34:17Z"`} {
		var got moment
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.time().IsZero() {
			t.Errorf("%s = %s, %v", in, got.time(), err)
		}
	}
}

func FuzzMoment(f *testing.F) {
	for _, s := range []string{`"2024-05-29T18:34:17+0000"`, `"2026-04-22T17:16:34Z"`, `"2024-05-29T20:34:17+02:00"`, `null`, `""`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m, again moment
		if json.Unmarshal(b, &m) != nil || m.time().IsZero() {
			return
		}
		if m.time().Location() != time.UTC {
			t.Errorf("%s is not UTC", b)
		}
		written, err := json.Marshal(writeTime(m.time()))
		if err != nil || json.Unmarshal(written, &again) != nil || !again.time().Equal(m.time().Truncate(time.Second)) {
			t.Errorf("%s: %s was written as %s and read as %s", b, m.time(), written, again.time())
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{`5`, `"5"`, `5.0`, `1e3`, `-9223372036854775808`, `null`, `"x"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var n, again number
		if json.Unmarshal(b, &n) != nil || !n.known {
			return
		}
		written, err := json.Marshal(n.n)
		if err != nil || json.Unmarshal(written, &again) != nil || again != n {
			t.Errorf("%s: %d was written as %s and read as %d", b, n.n, written, again.n)
		}
	})
}
