// Package apitable holds what is said to a Telegram, and what it says, to the Bot API's own table of methods and
// types. It is for tests; the table lies beside the repository, and not in it.
package apitable

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Table is the Bot API: which methods there are with which parameters, and which types with which fields. A type
// is written "Integer|String" or "Array of X"; with "!" before it, it must be there.
type Table struct {
	Version string
	Methods map[string]Method
	Types   map[string]Type
}

// A Method has parameters, and returns a type.
type Method struct {
	Returns string
	Params  map[string]string
}

// A Type is an object with fields, or one of several other types.
type Type struct {
	Fields map[string]string
	OneOf  []string `json:"one_of"`
}

// Read reads a table.
func Read(file string) (*Table, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the Bot API's table: %w", err)
	}
	var t Table
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, fmt.Errorf("the Bot API's table: %w", err)
	}
	return &t, nil
}

// Method finds a method by its name; Telegram ignores case. The name is the usual spelling.
func (t *Table) Method(any string) (name string, m Method, ok bool) {
	if m, ok = t.Methods[any]; ok {
		return any, m, true
	}
	for name, m := range t.Methods {
		if strings.EqualFold(name, any) {
			return name, m, true
		}
	}
	return any, Method{}, false
}

// A Problem is one thing that does not agree with the table.
type Problem struct {
	Type, Field, What string // Type: of the Bot API, or a method's name
}

func (p Problem) String() string {
	if p.Field == "" {
		return p.Type + ": " + p.What
	}
	return p.Type + "." + p.Field + ": " + p.What
}

// Value checks a value of a type; in says whose and which field it is.
func (t *Table) Value(in Problem, kind string, raw json.RawMessage) []Problem {
	raw = bytes.TrimSpace(raw)
	kind = strings.TrimPrefix(kind, "!")
	if alternatives := strings.Split(kind, "|"); len(alternatives) > 1 {
		return t.best(in, alternatives, raw)
	}
	if of, ok := strings.CutPrefix(kind, "Array of "); ok {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil || list == nil {
			return wrong(in, kind, raw)
		}
		var out []Problem
		for _, one := range list {
			out = append(out, t.Value(in, of, one)...)
		}
		return out
	}
	if d, ok := t.Types[kind]; ok {
		if len(d.OneOf) > 0 {
			return t.best(in, d.OneOf, raw)
		}
		return t.object(in, kind, d, raw)
	}
	if !plain(kind, raw) {
		return wrong(in, kind, raw)
	}
	return nil
}

func wrong(in Problem, kind string, raw json.RawMessage) []Problem {
	in.What = fmt.Sprintf("%.80s is no %s", raw, kind)
	return []Problem{in}
}

// plain reports whether a value is of one of the types that are no objects.
func plain(kind string, raw json.RawMessage) bool {
	if len(raw) == 0 {
		return false
	}
	number := raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'
	switch kind {
	case "String":
		return raw[0] == '"'
	case "Integer":
		return number && !bytes.ContainsAny(raw, ".eE")
	case "Float":
		return number
	case "Boolean":
		return string(raw) == "true" || string(raw) == "false"
	case "True":
		return string(raw) == "true"
	case "InputFile":
		return raw[0] == '"' // an id, an address, or attach://
	}
	return false
}

// best checks against each of several types and returns what is wrong with the one that fits best.
func (t *Table) best(in Problem, kinds []string, raw json.RawMessage) []Problem {
	var out []Problem
	for i, kind := range kinds {
		found := t.Value(in, kind, raw)
		if len(found) == 0 {
			return nil
		}
		if i == 0 || len(found) < len(out) {
			out = found
		}
	}
	return out
}

func (t *Table) object(in Problem, name string, d Type, raw json.RawMessage) []Problem {
	var given map[string]json.RawMessage
	if json.Unmarshal(raw, &given) != nil || given == nil {
		return wrong(in, name, raw)
	}
	return t.fields(name, d.Fields, given, func(kind string, v json.RawMessage, at Problem) []Problem { return t.Value(at, kind, v) })
}

// fields checks what is given against what there is.
func (t *Table) fields(name string, known map[string]string, given map[string]json.RawMessage, value func(string, json.RawMessage, Problem) []Problem) []Problem {
	var out []Problem
	for field, kind := range known {
		v, there := given[field]
		at := Problem{Type: name, Field: field}
		switch {
		case there:
			out = append(out, value(kind, v, at)...)
		case strings.HasPrefix(kind, "!"):
			at.What = "is required, and not there"
			out = append(out, at)
		}
	}
	for field := range given {
		if _, ok := known[field]; !ok {
			out = append(out, Problem{name, field, "is not known"})
		}
	}
	slices.SortFunc(out, func(a, b Problem) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// Params checks the parameters of a call. Those that came as a form are texts, in which other types are written as JSON.
func (t *Table) Params(method string, given map[string]json.RawMessage, form bool) []Problem {
	name, m, ok := t.Method(method)
	if !ok {
		return []Problem{{Type: name, What: "is no method"}}
	}
	return t.fields(name, m.Params, given, func(kind string, v json.RawMessage, at Problem) []Problem {
		var text string
		if form && json.Unmarshal(v, &text) == nil && !strings.Contains("|"+strings.TrimPrefix(kind, "!")+"|", "|String|") && kind != "InputFile" {
			if !json.Valid([]byte(text)) {
				return wrong(at, kind, v)
			}
			v = json.RawMessage(text)
		}
		return t.Value(at, kind, v)
	})
}

// Result checks what a method returned.
func (t *Table) Result(method string, raw json.RawMessage) []Problem {
	name, m, ok := t.Method(method)
	if !ok {
		return []Problem{{Type: name, What: "is no method"}}
	}
	return t.Value(Problem{Type: name, Field: "result"}, m.Returns, raw)
}
