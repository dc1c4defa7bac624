package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"unicode/utf8"
)

// TestHTMLAgreesWithTelegram holds ParseHTML to 400 answers of Telegram's own parser.
func TestHTMLAgreesWithTelegram(t *testing.T) {
	const cases = "../../../../shared/data/telegram-html-cases.jsonl"
	f, err := os.Open(cases)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("../shared is absent: cannot compare with " + cases)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var c struct {
			Text string
			Want struct {
				OK          bool
				Text        string
				Description string
				Entities    []Entity
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		text, ents, err := ParseHTML(c.Text)
		if err != nil {
			if got := bad("%s", err).desc; got != c.Want.Description {
				t.Errorf("%q\n got %s\nwant %s", c.Text, got, c.Want.Description)
			}
			continue
		}
		if len(ents) == 0 {
			ents = []Entity{}
		}
		if !c.Want.OK || text != c.Want.Text || !reflect.DeepEqual(ents, c.Want.Entities) {
			t.Errorf("%q\n got %q %+v\nwant %+v", c.Text, text, ents, c.Want)
		}
	}
	if n != 400 {
		t.Errorf("compared %d cases, want 400", n)
	}
}

func TestHTMLBeyondTheCases(t *testing.T) {
	tests := []struct {
		name, in, text string
		want           []Entity
		err            string
	}{
		{"a language makes pre of pre and code", `<pre><code class="language-go">x</code></pre>`, "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}, ""},
		{"code around pre does the same", `<code class="language-go"><pre>x</pre></code>`, "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}, ""},
		{"a language without pre is forgotten", `<code class="language-go">x</code>`, "x", []Entity{{Type: "code", Length: 1}}, ""},
		{"an expandable quote", `<blockquote expandable>x</blockquote>`, "x", []Entity{{Type: "expandable_blockquote", Length: 1}}, ""},
		{"a link to a person", `<a href="tg://user?id=5">x</a>`, "x", []Entity{{Type: "text_mention", Length: 1, UserID: 5}}, ""},
		{"a link without an address links to its words", `<a>example.com</a>`, "example.com", []Entity{{Type: "text_link", Length: 11, URL: "http://example.com/"}}, ""},
		{"a link to nowhere is plain text", `<a href="nowhere">x</a>`, "x", nil, ""},
		{"a link ends with a path", `<a href="HTTPS://Example.com">x</a>`, "x", []Entity{{Type: "text_link", Length: 1, URL: "https://example.com/"}}, ""},
		{"tags in capitals", `<B>x</b >`, "x", []Entity{{Type: "bold", Length: 1}}, ""},
		{"a custom emoji", `<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, CustomEmojiID: "5368324170671202286"}}, ""},
		{"a time", `<tg-time unix="1647531900" format="wDT">then</tg-time>`, "then", []Entity{{Type: "date_time", Length: 4, UnixTime: 1647531900, Format: "wDT"}}, ""},
		{"hexadecimal reference without semicolon", "&#x1F30D!", "🌍!", nil, ""},
		{"a span needs its class", `<span class="x">x</span>`, "", nil, `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"an end tag needs its end", `<b>x</b`, "", nil, `Unclosed end tag at byte offset 4`},
		{"an attribute value without quotes ends at a space", `<a href=http://x>x</a>`, "", nil, `Unexpected end of name token at byte offset 8`},
		{"an open attribute", `<a href="x`, "", nil, `Unclosed start tag at byte offset 0`},
		{"half a surrogate pair", "&#55357;", "", nil, "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"},
		{"an emoji without its number", `<tg-emoji>x</tg-emoji>`, "", nil, "Invalid custom emoji identifier specified"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, ents, err := ParseHTML(tt.in)
			if tt.err != "" {
				if err == nil || err.Error() != "can't parse entities: "+tt.err {
					t.Fatalf("error %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil || text != tt.text || !reflect.DeepEqual(ents, tt.want) {
				t.Errorf("got %q %+v %v, want %q %+v", text, ents, err, tt.text, tt.want)
			}
		})
	}
}

func TestStoredText(t *testing.T) {
	tests := []struct {
		name, in, text string
		want           []Entity
	}{
		{"spaces around are cut and entities move", " \n <b> x</b> ", "x", []Entity{{Type: "bold", Length: 1}}},
		{"equal styles inside each other are one", "<b>a<b>b</b>c</b>", "abc", []Entity{{Type: "bold", Length: 3}}},
		{"equal styles beside each other are one", "<b>a</b><b>b</b>", "ab", []Entity{{Type: "bold", Length: 2}}},
		{"nothing is bold inside code", "<code>a<b>b</b></code>", "ab", []Entity{{Type: "code", Length: 2}}},
		{"a command becomes a link", "go /start@esim_bot now", "go /start@esim_bot now", []Entity{{Type: "bot_command", Offset: 3, Length: 15}}},
		{"a URL becomes a link", "🌍 https://a.example.com/x?y=1.", "🌍 https://a.example.com/x?y=1.", []Entity{{Type: "url", Offset: 3, Length: 27}}},
		{"a mention and a tag", "@some_bot #esim", "@some_bot #esim", []Entity{{Type: "mention", Length: 9}, {Type: "hashtag", Offset: 10, Length: 5}}},
		{"a price is no command", "1/2 and 3.50", "1/2 and 3.50", nil},
		{"commands in code stay code", "<code>/start</code>", "/start", []Entity{{Type: "code", Length: 6}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, ents, err := ParseHTML(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			text, ents = fixText(text, ents)
			if text != tt.text || !reflect.DeepEqual(ents, tt.want) {
				t.Errorf("got %q %+v, want %q %+v", text, ents, tt.text, tt.want)
			}
		})
	}
}

func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{"", "<b>x</b>", "<a href='tg://user?id=5'>x</a>", "&#x1F30D;&lt;", "<pre><code class=\"language-go\">é</code></pre>", "<span class=tg-spoiler>x</>", "<", "</", "<a b", "&#", "<blockquote expandable>🌍</blockquote>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) {
			return // refused before parsing
		}
		text, ents, err := ParseHTML(in)
		if err != nil {
			return
		}
		size := utf16Size(text)
		check := func(list []Entity, size int) {
			for i, e := range list {
				if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > size || i > 0 && e.Offset < list[i-1].Offset {
					t.Fatalf("%q: entity %+v in a text of %d", in, e, size)
				}
			}
		}
		check(ents, size)
		// What was parsed can be written back and means the same.
		again, ents2, err := ParseHTML(toHTML(text, ents))
		if nested(ents) && (err != nil || again != text || len(ents2) > len(ents)) {
			t.Fatalf("%q -> %q -> %q %v %v", in, text, again, ents2, err)
		}
		text, ents = fixText(text, ents)
		check(ents, utf16Size(text))
	})
}

// nested reports whether entities can be written as tags at all: each inside the other.
func nested(list []Entity) bool {
	for _, e := range list {
		if e.Language != "" || e.URL != "" {
			return false // languages and links may hold anything
		}
	}
	return true
}
