package i18n

import (
	"fmt"
	"strconv"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Sentences are no text/template: one holds text and {{.name}}, nothing else, so
// translators cannot write programs, values are escaped where they are put in, and
// a missing value never prints "<no value>", which Telegram refuses as an unknown tag.

// A sentence alternates text and placeholder names: texts[0] names[0] texts[1] … .
type sentence struct {
	texts []string
	names []string
}

// compile cuts src at its placeholders. The error quotes the faulty part.
func compile(src string) (sentence, error) {
	var s sentence
	for {
		text, rest, found := strings.Cut(src, "{{")
		if strings.Contains(text, "}}") {
			return sentence{}, fmt.Errorf("%q closes a placeholder that was not opened", text)
		}
		s.texts = append(s.texts, text)
		if !found {
			return s, nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return sentence{}, fmt.Errorf("placeholder {{%s is not closed", rest)
		}
		if !strings.HasPrefix(name, ".") || !isName(name[1:]) {
			return sentence{}, fmt.Errorf("placeholder {{%s}} is not of the form {{.name}}", name)
		}
		s.names = append(s.names, name[1:])
		src = after
	}
}

// isName reports whether s is a placeholder name: a-z, then a-z, 0-9 or _.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		later := r >= '0' && r <= '9' || r == '_'
		if !letter && (i == 0 || !later) {
			return false
		}
	}
	return s != ""
}

// fill is what a sentence is executed with.
type fill struct {
	args   Args
	n      string // the number of N, already written; "" when there is none
	escape bool
	// isolate sets every value apart that would otherwise be mixed with a sentence that runs from right to left.
	isolate bool
}

// fill puts the values in: what is missing shows as {name}.
func (s sentence) fill(f fill) string {
	if len(s.names) == 0 {
		return s.texts[0]
	}
	var out strings.Builder
	inTag := false
	for i, name := range s.names {
		out.WriteString(s.texts[i])
		if f.escape {
			inTag = endsInTag(s.texts[i], inTag)
		}
		value := f.value(name)
		if f.isolate && !inTag && mixes(value) {
			value = isolated(value)
		}
		out.WriteString(value)
	}
	out.WriteString(s.texts[len(s.names)])
	if !f.isolate {
		return out.String()
	}
	said := outsideCode.Replace(out.String())
	if f.escape {
		said = turned(said)
	}
	return said
}

func (f fill) value(name string) string {
	if name == "n" && f.n != "" {
		return f.n
	}
	v, ok := f.args[name]
	if !ok {
		return "{" + name + "}"
	}
	if h, ok := v.(HTML); ok {
		if f.escape {
			return string(h)
		}
		return h.Text()
	}
	if f.escape {
		return Escape(text(v))
	}
	return strings.ToValidUTF8(text(v), "\uFFFD")
}

// straight takes out what would turn around all that stands behind a value that somebody typed: the signs that embed,
// override and isolate a direction, but for those that we set ourselves (bidi.go).
var straight = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\u2066", "", "\u2067", "")

// text writes a value as it is; numbers are not grouped, since they may be ids.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return straight.Replace(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	default:
		return fmt.Sprint(v)
	}
}

// forms returns the non-empty plural forms of m by their CLDR names.
func forms(m *goi18n.Message) map[string]string {
	all := map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	}
	for form, text := range all {
		if text == "" {
			delete(all, form)
		}
	}
	return all
}
