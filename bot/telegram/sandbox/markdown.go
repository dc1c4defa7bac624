package sandbox

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseModes are the parsers by parse_mode in small letters.
var parseModes = map[string]func(string) (string, []Entity, error){
	"html": ParseHTML, "markdown": ParseMarkdown, "markdownv2": ParseMarkdownV2,
}

// ParseMarkdown reads text as Telegram does in the old Markdown mode: nothing inside of anything. The error is a
// *ParseError with Telegram's words.
//
// Source: the behaviour of TDLib, https://core.telegram.org/bots/api#markdown-style (read 2026-11).
func ParseMarkdown(text string) (string, []Entity, error) {
	p := mdParser{in: text}
	for p.pos < len(text) {
		c := p.in[p.pos]
		switch {
		case c == '\\' && strings.IndexByte("_*`[", p.ch(p.pos+1)) >= 0 && p.ch(p.pos+1) != 0:
			p.pos++
			p.copy()
		case strings.IndexByte("_*`[", c) < 0:
			p.copy()
		default:
			if err := p.oldEntity(c); err != nil {
				return "", nil, err
			}
		}
	}
	sortEntities(p.done)
	return string(p.out), p.done, nil
}

type mdParser struct {
	in   string
	pos  int
	out  []byte
	at   int // UTF-16 length of out
	open []mdOpen
	done []Entity

	quote     bool // within a quotation
	lineStart bool
}

type mdOpen struct {
	kind, arg string
	from      int // UTF-16
	fromByte  int // of out
	begin     int // of in
}

// ch returns the byte at i, or 0 at the end.
func (p *mdParser) ch(i int) byte {
	if i >= len(p.in) {
		return 0
	}
	return p.in[i]
}

// copy takes the byte at pos over as it is.
func (p *mdParser) copy() {
	c := p.in[p.pos]
	if utf8.RuneStart(c) {
		p.at++
		if c >= 0xf0 {
			p.at++
		}
	}
	p.out = append(p.out, c)
	p.pos++
}

// fence reads what follows "```": a language, and one line break.
func (p *mdParser) fence() (language string) {
	end := p.pos
	for !isSpace(p.ch(end)) && p.ch(end) != '`' {
		end++
	}
	if end != p.pos && end < len(p.in) && p.in[end] != '`' {
		language, p.pos = p.in[p.pos:end], end
	}
	if c, next := p.ch(p.pos), p.ch(p.pos+1); c == '\n' || c == '\r' {
		p.pos++
		if (next == '\n' || next == '\r') && next != c {
			p.pos++
		}
	}
	return language
}

func (p *mdParser) fenced(i int) bool { return strings.HasPrefix(p.in[min(i, len(p.in)):], "```") }

// oldEntity reads one entity of the old mode, which begins at pos with c.
func (p *mdParser) oldEntity(c byte) error {
	begin, pre, end := p.pos, p.fenced(p.pos), c
	e := Entity{Type: map[byte]string{'_': "italic", '*': "bold", '`': "code", '[': "text_link"}[c], Offset: p.at}
	if p.pos++; c == '[' {
		end = ']'
	}
	if pre {
		e.Type = "pre"
		p.pos += 2
		e.Language = p.fence()
	}
	for p.pos < len(p.in) && (p.in[p.pos] != end || pre && !p.fenced(p.pos)) {
		p.copy()
	}
	if p.pos == len(p.in) {
		return parseErr("Can't find end of the entity starting at byte offset %d", begin)
	}
	p.pos++
	if pre {
		p.pos += 2
	}
	e.Length = p.at - e.Offset
	if e.Length == 0 {
		return nil
	}
	if end == ']' {
		var link string
		if p.ch(p.pos) == '(' {
			rest := p.in[p.pos+1:]
			n := strings.IndexByte(rest, ')')
			if n < 0 {
				n = len(rest)
			}
			link = rest[:n]
			p.pos = min(p.pos+1+n+1, len(p.in))
		}
		if !e.target(link) {
			return nil
		}
	}
	p.done = append(p.done, e)
	return nil
}

// target fills in where a link leads; false: nowhere.
func (e *Entity) target(link string) bool {
	if id := linkedUser(link); id != 0 {
		e.Type, e.UserID = "text_mention", id
		return true
	}
	var err error
	e.URL, err = checkLink(link)
	return err == nil
}

// telegramLink takes a link apart that begins with tg: and the name of a host.
func telegramLink(link, host string) (query string, ok bool) {
	rest, ok := strings.CutPrefix(asciiLower(link), "tg:")
	if !ok {
		return "", false
	}
	rest, ok = strings.CutPrefix(strings.TrimPrefix(rest, "//"), host)
	if !ok || rest != "" && !strings.ContainsRune("/?#", rune(rest[0])) {
		return "", false
	}
	rest, ok = strings.CutPrefix(strings.TrimPrefix(rest, "/"), "?")
	rest, _, _ = strings.Cut(rest, "#")
	return rest, ok
}

// linkedUser is X of tg://user?id=X, 0 if the link is none of these.
func linkedUser(link string) int64 {
	query, ok := telegramLink(link, "user")
	if !ok {
		return 0
	}
	for part := range strings.SplitSeq(query, "&") {
		if id, is := strings.CutPrefix(part, "id="); is {
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil || n <= 0 || n > maxID {
				return 0
			}
			return n
		}
	}
	return 0
}

// marked fills in what stands behind "![…]": a custom emoji or a time.
func (e *Entity) marked(link string) error {
	query, ok := telegramLink(link, "time")
	if v, _ := url.ParseQuery(query); ok {
		e.UnixTime, _ = strconv.ParseInt(v.Get("unix"), 10, 64)
		raw, _ := url.ParseQuery(link[strings.IndexByte(link, '?')+1:]) // a format's letters are not all small
		e.Type, e.Format = "date_time", raw.Get("format")
		if e.UnixTime <= 0 || !dateFormat.MatchString(e.Format) {
			return errMarked
		}
		return nil
	}
	query, _ = telegramLink(link, "emoji")
	v, _ := url.ParseQuery(query)
	if n, err := strconv.ParseInt(v.Get("id"), 10, 64); err != nil || n == 0 {
		return errMarked
	}
	e.CustomEmojiID = v.Get("id")
	return nil
}

var errMarked = parseErr("Invalid tg://emoji or tg://time URL specified")
