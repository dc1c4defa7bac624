package esimaccess

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The scalar types below take whatever the vendor has been seen to write for such a
// value, and anything else as absent: an odd field never costs the whole answer.

// An envelope is around every answer.
type envelope struct {
	Success   flag            `json:"success"`
	ErrorCode text            `json:"errorCode"` // null, "0", six digits; a number too
	ErrorMsg  text            `json:"errorMsg"`
	ErrorText text            `json:"errorMessage"` // some endpoints call it so
	Obj       json.RawMessage `json:"obj"`
}

// genuine reports whether this is an envelope at all and not some other JSON.
func (e envelope) genuine() bool { return e.Success.known || e.ErrorCode != "" }

func (e envelope) success() bool {
	if e.Success.known {
		return e.Success.set
	}
	return e.ErrorCode == "0" && len(e.Obj) > 0
}

func (e envelope) message() string {
	if e.ErrorMsg != "" {
		return string(e.ErrorMsg)
	}
	return string(e.ErrorText)
}

// A text is a string; numbers and booleans are taken as they are written.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch {
	case len(b) == 0 || b[0] == '{' || b[0] == '[' || string(b) == "null":
	case b[0] == '"' && len(b) > 1 && utf8.Valid(b) && bytes.IndexByte(b, '\\') < 0: // as nearly all are
		*t = text(strings.TrimSpace(string(b[1 : len(b)-1])))
	case b[0] == '"':
		var s string
		if json.Unmarshal(b, &s) == nil {
			*t = text(strings.TrimSpace(s))
		}
	default:
		*t = text(b)
	}
	return nil
}

// A number is an integer, also one written as a string.
type number struct {
	n     int64
	known bool // false: absent, null, empty or not a number
}

// UnmarshalJSON never fails.
func (n *number) UnmarshalJSON(b []byte) error {
	*n = number{}
	s := string(bytes.Trim(b, `" `))
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		*n = number{i, true}
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && f == math.Trunc(f) && math.Abs(f) <= 1<<53 { // beyond that a float is no exact integer
		*n = number{int64(f), true}
	}
	return nil
}

func (n number) int() int {
	if n.n != int64(int32(n.n)) { // no count and no number of days is that large
		return 0
	}
	return int(n.n)
}

// A fraction is a decimal number, also one written as a string.
type fraction float64

// UnmarshalJSON never fails.
func (f *fraction) UnmarshalJSON(b []byte) error {
	*f = 0
	v, err := strconv.ParseFloat(string(bytes.Trim(b, `" `)), 64)
	if err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
		*f = fraction(v)
	}
	return nil
}

// A flag is a boolean, also one written as a string or as 0 and 1.
type flag struct{ set, known bool }

// UnmarshalJSON never fails.
func (f *flag) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseBool(string(bytes.Trim(b, `" `)))
	*f = flag{v && err == nil, err == nil}
	return nil
}

// A moment is a time as the API ("2024-05-29T18:34:17+0000"), its webhooks
// ("2026-04-22T17:16:34Z") or other clients ("+00:00") write it. Without a zone it is UTC.
type moment time.Time

var momentLayouts = []string{
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
}

// UnmarshalJSON never fails: null, "" and what cannot be read are the zero time.
func (m *moment) UnmarshalJSON(b []byte) error {
	*m = moment{}
	s := string(bytes.Trim(b, `" `))
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			*m = moment(t.UTC())
			break
		}
	}
	return nil
}

func (m moment) time() time.Time { return time.Time(m) }

// writeTime writes a time as requests do.
func writeTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+0000") }

// days is a duration in whole days; units other than DAY have never been seen and
// give 0, so that nothing is sold for longer than it lasts.
func days(duration number, unit text) int {
	if unit == "" || strings.EqualFold(string(unit), "DAY") {
		return max(0, duration.int())
	}
	return 0
}

// place normalises a country code: upper case, and ISO 3166-1 where the vendor writes UK.
func place(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if code == "UK" {
		return "GB"
	}
	return code
}
