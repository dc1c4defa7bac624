package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A span is a duration in the control API: "90s", "2h30m", "10d".
type span time.Duration

func (s span) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).String()) }

// UnmarshalJSON reads what Go writes, and days.
func (s *span) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return errors.New(`a duration is a string such as "90s", "2h30m" or "10d"`)
	}
	unit, number := time.Duration(1), text
	if days, ok := strings.CutSuffix(text, "d"); ok {
		unit, number = 24, days+"h"
	}
	d, err := time.ParseDuration(number)
	if err != nil || d.Abs() > maxSpan/unit {
		return fmt.Errorf(`%q is not a duration such as "90s", "2h30m" or "10d", of at most 100 years`, text)
	}
	*s = span(d * unit)
	return nil
}

const maxSpan = 100 * 365 * day

// decode reads a JSON object into the struct that to points at, and nothing else: names are exact,
// unknown and repeated ones and whatever follows the object are errors. An empty text is {}.
func decode(raw []byte, to any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	known := names(reflect.TypeOf(to).Elem())
	given, err := members(raw)
	if err != nil {
		return err
	}
	for i, name := range given {
		switch {
		case !slices.Contains(known, name):
			return fmt.Errorf("unknown field %q; known are: %s", name, strings.Join(known, ", "))
		case slices.Contains(given[:i], name):
			return fmt.Errorf("field %q is there twice", name)
		}
	}
	if err := json.Unmarshal(raw, to); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return fmt.Errorf("field %q: %s where %s belongs", wrong.Field, wrong.Value, wrong.Type)
		}
		return err
	}
	return nil
}

// members are the names in an object that is a whole JSON text.
func members(raw []byte) (out []string, err error) {
	if !json.Valid(raw) {
		return nil, errors.New("the body is not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return nil, errors.New("the body is not a JSON object")
	}
	for d.More() {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		out = append(out, tok.(string)) // of an object's members the first token is the name
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if string(value) == "null" {
			return nil, fmt.Errorf("field %q is null; leave it out instead", tok)
		}
	}
	if _, err := d.Token(); err != nil && err != io.EOF {
		return nil, err
	}
	return out, nil
}

// names are the JSON names of a struct's fields, those of embedded structs among them.
func names(t reflect.Type) (out []string) {
	for f := range t.Fields() {
		if f.Anonymous {
			out = append(out, names(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}
