// Package i18n knows how things are said: sentences, plurals, and how money,
// data, dates and places are written in each language. Every sentence a
// customer can read is a line of locales/*.json; a new language is a new file.
//
// Keys are "screen.what". A last part that begins with btn_, toast_, title_ or
// cmd_ is shown as plain text (use Plain) and kept to Telegram's length; all
// others are HTML (use T and N). A key put together at run time is declared in
// the code beside it: //i18n:use continent.btn_*. The tests of this package hold
// the files to each other and to the code of ../bot and ../cmd.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Args are the values of a sentence's placeholders: {{.plan}} takes Args["plan"].
// T and N escape every value for HTML, except those of type HTML.
type Args map[string]any

// HTML is text that is already HTML for Telegram, such as the result of T.
// As an Args value it is not escaped again.
type HTML string

// A Language is one the bot speaks.
type Language struct {
	Code   string // as in locales/<code>.json: "en"
	Native string // its own name for itself: "English", "Русский"
}

// A Bundle holds all sentences and the index of places. It is read-only after
// Load and safe for concurrent use.
type Bundle struct {
	languages []Language
	printers  map[string]Printer
	matcher   language.Matcher
	tags      []language.Tag
	places    *placeIndex
}

// A Printer writes in one language. Its zero value is not usable: ask Bundle.Printer.
type Printer struct {
	v *voice
}

// voice is what a Printer carries: one language's messages and number signs.
type voice struct {
	lang      string
	localizer *goi18n.Localizer
	decimal   string
	group     string
	names     map[string]string // place code → name in this language
	places    *placeIndex
}

// Load reads the embedded sentence files and builds the index of places.
// It returns an error that names the file when one cannot be used.
func Load() (*Bundle, error) { return load(localeFiles) }

func load(files fs.FS) (*Bundle, error) {
	entries, err := fs.ReadDir(files, "locales")
	if err != nil {
		return nil, fmt.Errorf("list sentence files: %w", err)
	}
	messages := goi18n.NewBundle(language.English)
	messages.RegisterUnmarshalFunc("json", json.Unmarshal)
	b := &Bundle{printers: map[string]Printer{}, tags: []language.Tag{language.English}}
	for _, e := range entries {
		name := path.Join("locales", e.Name())
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		tag, err := addFile(messages, name, raw)
		if err != nil {
			return nil, err
		}
		if tag != language.English {
			b.tags = append(b.tags, tag)
		}
	}
	if b.places, err = loadPlaces(); err != nil {
		return nil, err
	}
	b.matcher = language.NewMatcher(b.tags)
	for _, tag := range b.tags {
		p := newPrinter(messages, tag, b.places)
		b.printers[p.Lang()] = p
		b.languages = append(b.languages, Language{Code: p.Lang(), Native: p.Plain("format.language", nil)})
	}
	return b, nil
}

// addFile adds one sentence file to messages after trying every template in it,
// so that a broken placeholder stops the start and not a customer's screen.
func addFile(messages *goi18n.Bundle, name string, raw []byte) (language.Tag, error) {
	file, err := messages.ParseMessageFileBytes(raw, name)
	if err != nil {
		return language.Und, fmt.Errorf("parse %s: %w", name, err)
	}
	for _, m := range file.Messages {
		for _, text := range forms(m) {
			if _, err := compile(text); err != nil {
				return language.Und, fmt.Errorf("%s: %s: %w", name, m.ID, err)
			}
		}
	}
	return file.Tag, nil
}

func newPrinter(messages *goi18n.Bundle, tag language.Tag, places *placeIndex) Printer {
	v := &voice{
		lang:      tag.String(),
		localizer: goi18n.NewLocalizer(messages, tag.String()),
		names:     places.namesIn(tag),
		places:    places,
	}
	p := Printer{v}
	v.decimal = p.Plain("format.decimal", nil)
	v.group = p.Plain("format.group", nil)
	return p
}

// Languages lists what the bot speaks, English first, the others by code.
func (b *Bundle) Languages() []Language { return slices.Clone(b.languages) }

// Printer returns the printer for a language code as Telegram sends it ("ru",
// "pt-br", ""). An unknown language gets the nearest one, else English.
func (b *Bundle) Printer(lang string) Printer {
	if p, ok := b.printers[lang]; ok {
		return p
	}
	english := b.printers["en"]
	tag, err := language.Parse(lang)
	if err != nil {
		return english
	}
	// Without confidence the matcher still names a language: Russian for Ukrainian.
	_, i, confidence := b.matcher.Match(tag)
	if confidence == language.No {
		return english
	}
	return b.printers[b.tags[i].String()]
}

// Lang is the code of the language p writes in: "en".
func (p Printer) Lang() string { return p.v.lang }

// T returns the sentence for key with its placeholders filled in. Values are
// escaped for HTML; the sentence itself may contain the tags Telegram allows.
// A missing sentence falls back to English and then to the key, never to "";
// a missing value shows as {name}.
func (p Printer) T(key string, args Args) string {
	return p.say(key, fill{args: args, escape: true}, nil)
}

// Plain is T for places that take no HTML: buttons, toasts, invoice titles,
// command descriptions. Nothing is escaped.
func (p Printer) Plain(key string, args Args) string {
	return p.say(key, fill{args: args}, nil)
}

// N is T for a sentence with a number in it: the plural form is chosen by CLDR,
// and {{.n}} is n written in p's language.
func (p Printer) N(key string, n int, args Args) string {
	return p.say(key, fill{args: args, n: p.Number(int64(n)), escape: true}, n)
}

// PlainN is N without escaping, for buttons and toasts.
func (p Printer) PlainN(key string, n int, args Args) string {
	return p.say(key, fill{args: args, n: p.Number(int64(n))}, n)
}

func (p Printer) say(key string, f fill, count any) string {
	// Localize returns the English sentence together with an error when only
	// English has it, so the error alone says nothing.
	s, _ := p.v.localizer.Localize(&goi18n.LocalizeConfig{
		MessageID:      key,
		TemplateData:   f,
		PluralCount:    count,
		TemplateParser: templates{},
	})
	switch {
	case s != "":
		return s
	case f.escape:
		return Escape(key)
	default:
		return key
	}
}

// escaper covers what Telegram decodes: &lt; &gt; &amp; &quot; and nothing else by name.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Escape makes text safe inside Telegram's HTML, attributes included. Bytes that
// are not UTF-8, which Telegram refuses, become U+FFFD.
func Escape(text string) string {
	return escaper.Replace(strings.ToValidUTF8(text, "\uFFFD"))
}

var tagPattern = regexp.MustCompile(`<[^>]*>`)

// Text returns h as plain text: without tags, entities decoded.
func (h HTML) Text() string {
	return html.UnescapeString(tagPattern.ReplaceAllString(string(h), ""))
}
