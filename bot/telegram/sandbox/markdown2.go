package sandbox

import "strings"

// ParseMarkdownV2 reads text as Telegram does in MarkdownV2 mode. The error is a *ParseError with Telegram's words.
//
// Source: the behaviour of TDLib, https://core.telegram.org/bots/api#markdownv2-style (read 2026-11).
func ParseMarkdownV2(text string) (string, []Entity, error) {
	p := mdParser{in: text, lineStart: true}
	for p.pos < len(text) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if p.innermost() == "blockquote" { // the end of the text ends a quotation
		p.endQuote()
	}
	if n := len(p.open); n > 0 {
		return "", nil, p.unended(p.open[n-1])
	}
	sortEntities(p.done)
	return string(p.out), p.done, nil
}

// mdNames are Telegram's names of kinds in its errors.
var mdNames = map[string]string{
	"bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough", "spoiler": "Spoiler", "code": "Code",
	"pre": "Pre", "text_link": "TextUrl", "custom_emoji": "CustomEmoji", "blockquote": "BlockQuote",
}

func (p *mdParser) unended(o mdOpen) error {
	name := mdNames[o.kind]
	if o.kind == "pre" && o.arg != "" {
		name = "PreCode"
	}
	return parseErr("Can't find end of %s entity at byte offset %d", name, o.begin)
}

func (p *mdParser) innermost() string {
	if len(p.open) == 0 {
		return ""
	}
	return p.open[len(p.open)-1].kind
}

func (p *mdParser) step() error {
	c, next := p.in[p.pos], p.ch(p.pos+1)
	if c == '\\' && next > 0 && next <= 126 {
		p.pos++
		p.copy()
		p.lineStart = false
		return nil
	}
	reserved := "_*[]()~`>#+-=|{}.!\n"
	kind := p.innermost()
	if kind == "code" || kind == "pre" {
		reserved = "`\n"
	}
	switch {
	case strings.IndexByte(reserved, c) < 0:
		p.copy()
		p.lineStart = false
		return nil
	case c == '\n':
		return p.newLine()
	case p.quote && kind != "spoiler" && kind != "code" && kind != "pre" && p.endsExpandable():
		if kind != "blockquote" {
			return p.unended(p.open[len(p.open)-1])
		}
		p.open[len(p.open)-1].arg = "expandable"
		p.pos += 2
		return nil
	case p.ends(kind, c):
		return p.end(kind)
	}
	return p.begin(c)
}

// newLine goes on with a quotation whose next line begins with ">", or ends it.
func (p *mdParser) newLine() error {
	if p.quote && p.ch(p.pos+1) != '>' {
		if p.innermost() != "blockquote" {
			return p.unended(p.open[len(p.open)-1])
		}
		p.copy() // the line break belongs to it
		p.endQuote()
		p.lineStart = true
		return nil
	}
	p.copy()
	if p.quote {
		p.pos++ // ">"
		p.lineStart = false
		return nil
	}
	p.lineStart = true
	return nil
}

// endsExpandable reports whether "||" stands at the end of a quotation's last line.
func (p *mdParser) endsExpandable() bool {
	if !strings.HasPrefix(p.in[p.pos:], "||") {
		return false
	}
	after := p.in[p.pos+2:]
	return after == "" || after[0] == '\n' && !strings.HasPrefix(after, "\n>")
}

func (p *mdParser) endQuote() {
	o := p.open[len(p.open)-1]
	p.open, p.quote = p.open[:len(p.open)-1], false
	e := Entity{Type: "blockquote", Offset: o.from, Length: p.at - o.from}
	if o.arg != "" {
		e.Type = "expandable_blockquote"
	}
	if e.Length > 0 {
		p.done = append(p.done, e)
	}
}

// ends reports whether c ends what is open innermost.
func (p *mdParser) ends(kind string, c byte) bool {
	next := p.ch(p.pos + 1)
	switch kind {
	case "bold":
		return c == '*'
	case "italic":
		return c == '_' && next != '_'
	case "underline":
		return c == '_' && next == '_'
	case "strikethrough":
		return c == '~'
	case "spoiler":
		return c == '|' && next == '|'
	case "code":
		return c == '`'
	case "pre":
		return p.fenced(p.pos)
	case "text_link", "custom_emoji":
		return c == ']'
	}
	return false
}

func (p *mdParser) begin(c byte) error {
	o := mdOpen{from: p.at, fromByte: len(p.out), begin: p.pos}
	next := p.ch(p.pos + 1)
	switch {
	case c == '_' && next == '_':
		o.kind = "underline"
		p.pos++
	case c == '_':
		o.kind = "italic"
	case c == '*':
		o.kind = "bold"
	case c == '~':
		o.kind = "strikethrough"
	case c == '|' && next == '|':
		o.kind = "spoiler"
		p.pos++
	case c == '[':
		o.kind = "text_link"
	case c == '!' && next == '[':
		o.kind = "custom_emoji"
		p.pos++
	case p.fenced(p.pos):
		o.kind = "pre"
		p.pos += 3
		o.arg = p.fence()
		p.pos--
	case c == '`':
		o.kind = "code"
	case c == '>' && p.lineStart && !p.quote:
		o.kind, p.quote = "blockquote", true
	default:
		return parseErr("Character '%c' is reserved and must be escaped with the preceding '\\'", c)
	}
	p.pos++
	p.open = append(p.open, o)
	return nil
}

func (p *mdParser) end(kind string) error {
	o := p.open[len(p.open)-1]
	e := Entity{Type: kind, Offset: o.from, Length: p.at - o.from}
	p.pos++
	keep := e.Length > 0
	switch kind {
	case "underline", "spoiler":
		p.pos++
	case "pre":
		p.pos += 2
		e.Language = o.arg
	case "text_link":
		link := string(p.out[o.fromByte:]) // without an address it leads to its own words
		if p.ch(p.pos) == '(' {
			var err error
			if link, err = p.address("Can't find end of a URL at byte offset %d"); err != nil {
				return err
			}
		}
		keep = e.target(link) && keep
	case "custom_emoji":
		if p.ch(p.pos) != '(' {
			return parseErr("Custom emoji entity must contain a tg://emoji URL")
		}
		link, err := p.address("Can't find end of a custom emoji URL at byte offset %d")
		if err == nil {
			err = e.marked(link)
		}
		if err != nil {
			return err
		}
	}
	p.open = p.open[:len(p.open)-1]
	if keep {
		p.done = append(p.done, e)
	}
	return nil
}

// address reads "(…)" at pos.
func (p *mdParser) address(unended string) (string, error) {
	p.pos++
	begin := p.pos
	var b strings.Builder
	for p.pos < len(p.in) && p.in[p.pos] != ')' {
		if next := p.ch(p.pos + 1); p.in[p.pos] == '\\' && next > 0 && next <= 126 {
			p.pos++
		}
		b.WriteByte(p.in[p.pos])
		p.pos++
	}
	if p.pos == len(p.in) {
		return "", parseErr(unended, begin)
	}
	p.pos++
	return b.String(), nil
}
