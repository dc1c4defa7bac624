package sandbox

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// fields are the members of a JSON object in a request. Names are compared exactly, as the vendor's
// decoder does and Go's own does not. A value of the wrong type is refused, not converted: a client
// that passes here must not fail there. The one exception is the real API's as well: it reads a
// whole number out of a string.
type fields map[string]json.RawMessage

var errJSON = refuse(codeJSON, "request json invalid")

// readFields reads the body of a request. No body at all counts as {} (captured of balance/query).
func readFields(body []byte) (fields, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return fields{}, nil
	}
	var f fields
	if err := json.Unmarshal(body, &f); err != nil || f == nil {
		return nil, errJSON
	}
	return f, nil
}

// given reports whether name is there with a value: not absent, not null.
func (f fields) given(name string) bool {
	raw, ok := f[name]
	return ok && string(raw) != "null"
}

// text is the string name, "" if it is not given: clients send "" for "no filter".
func (f fields) text(name string) (string, error) {
	if !f.given(name) {
		return "", nil
	}
	var s string
	if json.Unmarshal(f[name], &s) != nil {
		return "", errJSON
	}
	return s, nil
}

// texts reads several strings at once, in order.
func (f fields) texts(names ...string) ([]string, error) {
	out := make([]string, len(names))
	for i, n := range names {
		s, err := f.text(n)
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

// required is the string name, which must be there, filled, and at most max characters long.
func (f fields) required(name string, max int) (string, error) {
	if err := f.need(name); err != nil {
		return "", err
	}
	s, err := f.text(name)
	switch {
	case err != nil:
		return "", err
	case s == "":
		return "", refuse(codeMissing, "Req Param:[%s] is empty", name)
	case len([]rune(s)) > max:
		return "", refuse(codeLength, "Req Param:[%s] length exceeds %d", name, max)
	}
	return s, nil
}

// need refuses a request without name, or with null for it.
func (f fields) need(name string) error {
	raw, ok := f[name]
	switch {
	case !ok:
		return refuse(codeMissing, "Req Param:[%s] is missing", name)
	case string(raw) == "null":
		return refuse(codeNullValue, "Req Param:[%s] is null", name)
	}
	return nil
}

// integer is the whole number name, written as one or as a string; ok is false if it is not given.
func (f fields) integer(name string) (n int64, ok bool, err error) {
	if n, ok, err = f.number(name); err == nil {
		return n, ok, nil
	}
	s, err := f.text(name)
	if err != nil {
		return 0, false, err
	}
	if n, err = strconv.ParseInt(s, 10, 64); err != nil {
		return 0, false, errJSON
	}
	return n, true, nil
}

// number is the whole number name, which must not be written as a string.
func (f fields) number(name string) (n int64, ok bool, err error) {
	if !f.given(name) {
		return 0, false, nil
	}
	if json.Unmarshal(f[name], &n) != nil {
		return 0, false, errJSON
	}
	return n, true, nil
}

// object is the object name, empty if it is not given.
func (f fields) object(name string) (fields, error) {
	if !f.given(name) {
		return nil, nil
	}
	return readFields(f[name])
}

// objects is the array of objects name.
func (f fields) objects(name string) ([]fields, error) {
	if err := f.need(name); err != nil {
		return nil, err
	}
	var list []fields
	if json.Unmarshal(f[name], &list) != nil {
		return nil, errJSON
	}
	for _, o := range list {
		if o == nil {
			return nil, errJSON
		}
	}
	return list, nil
}

// strings is the array of strings name.
func (f fields) strings(name string) ([]string, error) {
	if err := f.need(name); err != nil {
		return nil, err
	}
	var list []*string
	if json.Unmarshal(f[name], &list) != nil {
		return nil, errJSON
	}
	out := make([]string, len(list))
	for i, s := range list {
		if s == nil {
			return nil, errJSON
		}
		out[i] = *s
	}
	return out, nil
}

// when is the time name in one of the forms clients were seen to send; zero if it is not given.
func (f fields) when(name string) (time.Time, error) {
	s, err := f.text(name)
	if err != nil || s == "" {
		return time.Time{}, err
	}
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, refuse(codeValidation, "Req Param:[%s] is not a time", name)
}
