package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The codes of the vendor's error table that the sandbox uses.
const (
	codeUnknown       = "000001"
	codeHeaderMissing = "000101"
	codeHeaderBad     = "000102"
	codeMethod        = "000103"
	codeJSON          = "000104"
	codeMissing       = "000105"
	codeNullValue     = "000106"
	codeLength        = "000107"
	codeTooFast       = "101013"
	codeExpired       = "101001"
	codeSignature     = "101003"
	codeValidation    = "400001"
	codeAccess        = "401001"
	codeStatus        = "200002"
	codePrice         = "200005"
	codeAmount        = "200006"
	codeBalance       = "200007"
	codeParams        = "200008"
	codeAllocating    = "200010"
	codeNoPackage     = "310241"
	codeNoTopUp       = "310242"
	codeNoOrder       = "310272"
	codeRepeated      = "310402"
	codeNoICCID       = "310404"
)

// A refused is a "no" of the vendor: HTTP 200 and a six-digit code.
type refused struct {
	code, text string
	// header is set for faults found in the headers, whose answers call the text errorMessage.
	header bool
}

func (r *refused) Error() string { return r.code + ": " + r.text }

func refuse(code, format string, args ...any) error {
	return &refused{code: code, text: fmt.Sprintf(format, args...)}
}

// A style is how an endpoint's answers say that there is no error; captures differ by endpoint.
type style int

const (
	codeZero style = iota // "errorCode":"0", after success
	codeNull              // "errorCode":null, before it
)

func success(st style, obj any, sw Quirks) answer {
	head := `{"success":true,"errorCode":"0","errorMsg":null,"obj":`
	switch {
	case sw.NumberCodes:
		head = `{"success":true,"errorCode":0,"errorMsg":null,"obj":`
	case st == codeNull:
		head = `{"errorCode":null,"errorMsg":null,"success":true,"obj":`
	}
	raw, ok := obj.(json.RawMessage)
	if !ok {
		raw = encode(obj)
	}
	if sw.NewFields {
		head = `{"traceId":"7b2f","elapsed":{"ms":12},` + head[1:]
	}
	body := make([]byte, 0, len(head)+len(raw)+1)
	body = append(append(append(body, head...), raw...), '}')
	return answer{http.StatusOK, "application/json", body}
}

// refusal is the answer for err. Anything but a *refused is the sandbox's own fault and reads
// as the vendor's unknown error.
func refusal(err error) answer {
	var r *refused
	if !errors.As(err, &r) {
		r = &refused{code: codeUnknown, text: "UNKNOWN_ERROR"}
	}
	key := "errorMsg"
	if r.header {
		key = "errorMessage"
	}
	body := fmt.Sprintf(`{"success":false,"errorCode":%s,"%s":%s,"obj":null}`, encode(r.code), key, encode(r.text))
	return answer{http.StatusOK, "application/json", []byte(body)}
}

var errUnknown = refuse(codeUnknown, "UNKNOWN_ERROR")

// notFound is the answer to a path that is none, as captured.
func notFound(path string) answer {
	body := fmt.Sprintf(`{"success":false,"errorCode":"404","errorMsg":%s}`, encode("path: "+path))
	return answer{http.StatusNotFound, "application/json", []byte(body)}
}

// encode writes v compactly and leaves & < > as they are, as the vendor does.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("sandbox: encoding %T: %v", v, err)) // only our own plain structs come here
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// stamp is a time as the API writes it, null if there is none.
type stamp time.Time

func (s stamp) MarshalJSON() ([]byte, error) {
	t := time.Time(s)
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05+0000"`)), nil
}

// UnmarshalJSON reads what MarshalJSON wrote, from a saved state.
func (s *stamp) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*s = stamp{}
		return nil
	}
	t, err := time.Parse(`"2006-01-02T15:04:05+0000"`, string(raw))
	*s = stamp(t.UTC())
	return err
}
