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
	"html"
	"regexp"
	"slices"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"esimbot/i18n/places"
)

// Fallback is the language of everybody whose own is not spoken, and of every
// sentence and name another language lacks. It is the only one the code names.
const Fallback = "en"

// Args are the values of a sentence's placeholders: {{.plan}} takes Args["plan"].
// T and N escape every value for HTML, except those of type HTML.
type Args map[string]any

// HTML is text that is already HTML for Telegram, such as the result of T.
// As an Args value it is not escaped again.
type HTML string

// A Language is one the bot speaks.
type Language struct {
	Code   string // BCP 47, as in locales/<code>.json: "en", "zh-Hans"
	Native string // its own name for itself: "English", "Русский"
	ISO    string // its two letters of ISO 639-1, all that Telegram's menus know: "zh"; "" for none
}

// A Bundle holds all sentences and the index of places. It is read-only after
// Load and safe for concurrent use.
type Bundle struct {
	languages []Language
	printers  map[string]Printer
	matcher   language.Matcher
	tags      []language.Tag
	places    *places.Index
	dates     dateWords
}

// A Printer writes in one language. Its zero value is not usable: ask Bundle.Printer.
type Printer struct {
	v *voice
}

// voice is what a Printer carries: one language's messages and number signs.
type voice struct {
	lang      string
	localizer *goi18n.Localizer

	rightToLeft bool   // the language's script runs from right to left
	fallback    *voice // of the language Fallback

	decimal string
	group   string
	minus   string
	// euphony are the beginnings of words before which "and" has another form, noEuphony those of them before which
	// it has not: Spanish "i" and "hi", but "hie" is "y hielo".
	euphony, noEuphony []string
	groups             [2]int            // digits in the last group and in those before it; 0: no groups
	names              map[string]string // place code → name in this language
	short              map[string]string // place code → shorter name, where there is one
	cities             map[string]string // name in cities.tsv → name in this language, if it differs
}

// Languages lists what the bot speaks, Fallback first, the others by code.
func (b *Bundle) Languages() []Language { return slices.Clone(b.languages) }

// Printer returns the printer for a language code as Telegram sends it ("ru",
// "pt-br", ""). An unknown language gets the nearest one, else Fallback.
func (b *Bundle) Printer(lang string) Printer {
	if p, ok := b.printers[lang]; ok {
		return p
	}
	fallback := b.printers[Fallback]
	tag, err := language.Parse(lang)
	if err != nil {
		return fallback
	}
	// Without confidence the matcher still names a language: Russian for Ukrainian.
	_, i, confidence := b.matcher.Match(tag)
	if confidence == language.No {
		return fallback
	}
	return b.printers[b.tags[i].String()]
}

// Fallback writes in the language of Fallback, for what cannot show the letters of p's own.
func (p Printer) Fallback() Printer { return Printer{p.v.fallback} }

// Lang is the code of the language p writes in: "en".
func (p Printer) Lang() string { return p.v.lang }

// T returns the sentence for key with its placeholders filled in. Values are
// escaped for HTML; the sentence itself may contain the tags Telegram allows.
// A missing sentence falls back to Fallback and then to the key, never to "";
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
	f.isolate = p.v.rightToLeft && !isValue(key)
	// Localize returns the sentence of Fallback together with an error when only
	// that has it, so the error alone says nothing.
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
