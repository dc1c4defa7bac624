package sandbox

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// dateFormat is what a time's format may be: relative, or a weekday, a date and a time, each in one way of two.
var dateFormat = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

// tagTypes are the tags Telegram knows. "span" needs a class, see openTag.
var tagTypes = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time",
}

// ParseHTML reads text as Telegram does in HTML parse mode, before trimming and before it
// looks for links and commands. The error is a *ParseError with Telegram's words.
//
// Source: the behaviour of TDLib, https://core.telegram.org/bots/api#html-style (read 2026-11).
func ParseHTML(text string) (string, []Entity, error) {
	p := htmlParser{in: text}
	for p.pos < len(text) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, parseErr("Can't find end tag corresponding to start tag %q", raw(p.open[n-1].name))
	}
	out := string(p.out)
	if !utf8.ValidString(out) {
		return "", nil, parseErr("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	for i := range p.done {
		if p.done[i].Type == "code" {
			p.done[i].Language = "" // only <pre><code class="language-x"> keeps it
		}
	}
	sortEntities(p.done)
	return out, p.done, nil
}

// A ParseError says why a text is not valid HTML for Telegram, in its own words.
type ParseError struct{ Text string }

func (e *ParseError) Error() string { return "can't parse entities: " + e.Text }

// raw prints with %q as Telegram prints: quoted, nothing escaped.
type raw string

func (r raw) Format(f fmt.State, _ rune) { fmt.Fprint(f, `"`, string(r), `"`) }

func parseErr(format string, args ...any) error { return &ParseError{fmt.Sprintf(format, args...)} }

type openTag struct {
	name, arg, extra string
	from             int // UTF-16
	fromByte         int
}

type htmlParser struct {
	in   string
	pos  int
	out  []byte
	at   int // UTF-16 length of out
	open []openTag
	done []Entity
}

// ch returns the byte at i, or 0 at the end, which ends every loop below.
func (p *htmlParser) ch(i int) byte {
	if i >= len(p.in) {
		return 0
	}
	return p.in[i]
}

// isSpace counts the end of the text (0) as space: Telegram's parser relies on it.
func isSpace(c byte) bool { return c == ' ' || c == 0 || c >= '\t' && c <= '\r' && c != '\f' }

func (p *htmlParser) skipSpace() {
	for p.ch(p.pos) != 0 && isSpace(p.ch(p.pos)) {
		p.pos++
	}
}

func (p *htmlParser) step() error {
	c := p.in[p.pos]
	switch {
	case c == '<' && p.ch(p.pos+1) == '/':
		return p.endTag()
	case c == '<':
		return p.startTag()
	case c == '&':
		if r, n := decodeCharRef(p.in[p.pos:]); n > 0 {
			p.out = appendRune(p.out, r)
			p.at += utf16Len(r)
			p.pos += n
			return nil
		}
	}
	if utf8.RuneStart(c) {
		p.at++
		if c >= 0xf0 {
			p.at++
		}
	}
	p.out = append(p.out, c)
	p.pos++
	return nil
}

func (p *htmlParser) startTag() error {
	begin := p.pos
	p.pos++
	for !isSpace(p.ch(p.pos)) && p.ch(p.pos) != '>' {
		p.pos++
	}
	if p.ch(p.pos) == 0 {
		return parseErr("Unclosed start tag at byte offset %d", begin)
	}
	t := openTag{name: asciiLower(p.in[begin+1 : p.pos]), from: p.at, fromByte: len(p.out)}
	if tagTypes[t.name] == "" {
		return parseErr("Unsupported start tag %q at byte offset %d", raw(t.name), begin)
	}
	for p.ch(p.pos) != '>' {
		p.skipSpace()
		if p.ch(p.pos) == '>' {
			break
		}
		if err := p.attribute(&t, begin); err != nil {
			return err
		}
	}
	p.pos++
	if t.name == "span" && t.arg != "spoiler" {
		return parseErr(`Tag "span" must have class "tg-spoiler" at byte offset %d`, begin)
	}
	p.open = append(p.open, t)
	return nil
}

func (p *htmlParser) attribute(t *openTag, begin int) error {
	from := p.pos
	for c := p.ch(p.pos); !isSpace(c) && strings.IndexByte(`=>/"'`, c) < 0; c = p.ch(p.pos) {
		p.pos++
	}
	name := p.in[from:p.pos]
	if name == "" {
		if p.ch(p.pos) == 0 {
			return parseErr("Unclosed start tag %q at byte offset %d", raw(t.name), begin)
		}
		return parseErr("Empty attribute name in the tag %q at byte offset %d", raw(t.name), begin)
	}
	p.skipSpace()
	var value string
	if p.ch(p.pos) == '=' {
		p.pos++
		p.skipSpace()
		if p.ch(p.pos) == 0 {
			return parseErr("Unclosed start tag %q at byte offset %d", raw(t.name), begin)
		}
		var err error
		if value, err = p.attributeValue(); err != nil {
			return err
		}
	}
	if p.ch(p.pos) == 0 {
		return parseErr("Unclosed start tag at byte offset %d", begin)
	}
	t.set(asciiLower(name), value)
	return nil
}

func (p *htmlParser) attributeValue() (string, error) {
	from := p.pos
	quote := p.ch(p.pos)
	if quote != '\'' && quote != '"' {
		for c := p.ch(p.pos); isAlnum(c) || c == '.' || c == '-'; c = p.ch(p.pos) {
			p.pos++
		}
		if c := p.ch(p.pos); !isSpace(c) && c != '>' {
			return "", parseErr("Unexpected end of name token at byte offset %d", from)
		}
		return asciiLower(p.in[from:p.pos]), nil
	}
	var value []byte
	for p.pos++; p.ch(p.pos) != quote && p.ch(p.pos) != 0; {
		if p.in[p.pos] == '&' {
			if r, n := decodeCharRef(p.in[p.pos:]); n > 0 {
				value = appendRune(value, r)
				p.pos += n
				continue
			}
		}
		value = append(value, p.in[p.pos])
		p.pos++
	}
	if p.ch(p.pos) == quote {
		p.pos++
	}
	return string(value), nil
}

// set keeps the attributes that mean something and forgets the rest, as Telegram does.
func (t *openTag) set(name, value string) {
	switch t.name + " " + name {
	case "a href", "tg-emoji emoji-id", "tg-time unix":
		t.arg = value
	case "tg-time format":
		t.extra = value
	case "code class":
		if lang, ok := strings.CutPrefix(value, "language-"); ok {
			t.arg = lang
		}
	case "span class":
		if class, ok := strings.CutPrefix(value, "tg-"); ok {
			t.arg = class
		}
	case "blockquote expandable":
		t.arg = "1"
	}
}

func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return parseErr("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += 2
	for !isSpace(p.ch(p.pos)) && p.ch(p.pos) != '>' {
		p.pos++
	}
	name := asciiLower(p.in[begin+2 : p.pos])
	p.skipSpace()
	if p.ch(p.pos) != '>' {
		return parseErr("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	t := p.open[len(p.open)-1]
	if name != "" && name != t.name {
		return parseErr("Unmatched end tag at byte offset %d, expected %q, found %q", begin, raw("</"+t.name+">"), raw("</"+name+">"))
	}
	p.open = p.open[:len(p.open)-1]
	if p.at == t.from {
		return nil // an empty tag leaves no trace
	}
	return p.close(t)
}

func (p *htmlParser) close(t openTag) error {
	e := Entity{Type: tagTypes[t.name], Offset: t.from, Length: p.at - t.from}
	switch t.name {
	case "a":
		if !e.link(t.arg, string(p.out[t.fromByte:])) {
			return nil
		}
	case "tg-emoji":
		if n, err := strconv.ParseInt(t.arg, 10, 64); err != nil || n == 0 {
			return parseErr("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = t.arg
	case "tg-time":
		n, err := strconv.ParseInt(t.arg, 10, 64)
		if err != nil || n <= 0 {
			return nil // plain text
		}
		if e.UnixTime, e.Format = n, t.extra; !dateFormat.MatchString(e.Format) {
			return parseErr("Invalid date format used")
		}
	case "blockquote":
		if t.arg != "" {
			e.Type = "expandable_blockquote"
		}
	case "pre", "code":
		if p.joinsCode(t, e) {
			return nil
		}
		if t.name == "code" {
			e.Language = t.arg
		}
	}
	p.done = append(p.done, e)
	return nil
}

// joinsCode makes one entity of a "pre" and a "code" around the same text of which the "code" names a language.
func (p *htmlParser) joinsCode(t openTag, e Entity) bool {
	if len(p.done) == 0 {
		return false
	}
	last := &p.done[len(p.done)-1]
	if last.Offset != e.Offset || last.Length != e.Length {
		return false
	}
	switch {
	case t.name == "pre" && last.Type == "code" && last.Language != "":
		last.Type = "pre"
		return true
	case t.name == "code" && last.Type == "pre" && last.Language == "" && t.arg != "":
		last.Language = t.arg
		return true
	}
	return false
}

// link fills in where a text link leads. A link to nowhere leaves plain text: no error.
func (e *Entity) link(href, shown string) bool {
	if href == "" {
		href = shown
	}
	return e.target(href)
}
