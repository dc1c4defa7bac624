package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// params are the arguments of one call, however they came: in the query, as a form,
// as JSON or as multipart.
type params struct {
	ctx    context.Context
	values map[string]string
	files  map[string]upload
	noted  []callRec // updates this call carried to the bot
}

type upload struct {
	name string
	data []byte
}

func readParams(w http.ResponseWriter, r *http.Request) (*params, *apiError) {
	p := &params{ctx: r.Context(), values: map[string]string{}}
	p.addValues(r.URL.Query())
	if r.Body == nil {
		return p, p.check()
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFileBytes+1<<20)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		if err := p.readMultipart(r); err != nil {
			return p, bodyError(err)
		}
		return p, p.check()
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return p, bodyError(err)
	}
	switch kind {
	case "application/json":
		if len(bytes.TrimSpace(body)) == 0 {
			break
		}
		if !utf8.Valid(body) {
			return p, bad(textNotUTF8)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(body, &fields); err != nil {
			return p, bad("can't parse request body JSON object")
		}
		for k, v := range fields {
			p.addJSON(k, v)
		}
	default: // urlencoded, and whatever forgot to say so
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return p, bad("can't parse request body")
		}
		p.addValues(form)
	}
	return p, p.check()
}

func bodyError(err error) *apiError {
	if _, ok := err.(*http.MaxBytesError); ok || strings.Contains(err.Error(), "too large") {
		return &apiError{code: 413, desc: "Request Entity Too Large"}
	}
	return bad("can't read the request: %s", err)
}

func (p *params) addValues(v url.Values) {
	for k, list := range v {
		p.values[k] = list[0]
	}
}

func (p *params) addJSON(key string, v json.RawMessage) {
	var s string
	if json.Unmarshal(v, &s) == nil && len(v) > 0 && v[0] == '"' {
		p.values[key] = s
		return
	}
	if string(v) == "null" && key != "suggested_tip_amounts" {
		return
	}
	p.values[key] = string(v)
}

func (p *params) readMultipart(r *http.Request) error {
	mr, err := r.MultipartReader()
	if err != nil {
		return err
	}
	for {
		part, err := mr.NextPart()
		if err == io.EOF {
			// To its very end: only then net/http notices that a client has gone away.
			_, err = io.Copy(io.Discard, r.Body)
			return err
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() == "" {
			p.values[part.FormName()] = string(data)
			continue
		}
		if p.files == nil {
			p.files = map[string]upload{}
		}
		p.files[part.FormName()] = upload{part.FileName(), data}
	}
}

func (p *params) check() *apiError {
	for _, v := range p.values {
		if !utf8.ValidString(v) {
			return bad(textNotUTF8)
		}
	}
	return nil
}

func (p *params) str(key string) string { return p.values[key] }

func (p *params) has(key string) bool { _, ok := p.values[key]; return ok }

func (p *params) bool(key string) bool {
	switch strings.ToLower(p.values[key]) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// int returns def for what is missing or not a number, as Telegram does.
func (p *params) int(key string, def int64) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p.values[key]), 10, 64)
	if err != nil {
		return def
	}
	return n
}

// json decodes a parameter that is itself JSON; absent is not an error.
func (p *params) json(key string, into any) error {
	v := p.values[key]
	if v == "" {
		return nil
	}
	return json.Unmarshal([]byte(v), into)
}

// required returns a parameter that must not be empty.
func (p *params) required(key string) (string, *apiError) {
	if v := p.values[key]; v != "" {
		return v, nil
	}
	return "", bad("parameter %q is required", key)
}

// record renders the arguments for the list of calls.
func (p *params) record() string {
	fields := make(map[string]any, len(p.values)+len(p.files))
	for k, v := range p.values {
		if len(v) > 0 && (v[0] == '{' || v[0] == '[') && json.Valid([]byte(v)) {
			fields[k] = json.RawMessage(v)
		} else {
			fields[k] = v
		}
	}
	for k, f := range p.files {
		fields[k] = fmt.Sprintf("(%s, %d bytes)", f.name, len(f.data))
	}
	b, err := json.Marshal(fields)
	if err != nil {
		return "{}"
	}
	return string(b)
}
