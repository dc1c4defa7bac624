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

// A Bundle holds all sentences and the index of places. It changes for nobody who
// uses it, and is safe for concurrent use.
type Bundle struct {
	files    []*localeFile // as tags
	printers map[string]Printer
	matcher  language.Matcher
	tags     []language.Tag

	// What takes time to read is read by whoever asks first.

	languages func() []Language
	gazetteer func() (*places.Gazetteer, error)
	index     func() (*places.Index, error)
	dates     func() dateWords
}

// A Printer writes in one language. Its zero value is not usable: ask Bundle.Printer.
type Printer struct {
	v *voice
}

// voice is what a Printer carries: one language's sentences and number signs.
type voice struct {
	lang string
	file *localeFile
	// plural returns what names the plural form of a number: "few".
	plural func() func(n int) string

	rightToLeft bool   // the language's script runs from right to left
	fallback    *voice // of the language Fallback

	signs  func() *signs
	places func() placeNames
}

// signs are how a language writes numbers and lists.
type signs struct {
	decimal string
	group   string
	minus   string
	// euphony are the beginnings of words before which "and" has another form, noEuphony those of them before which
	// it has not: Spanish "i" and "hi", but "hie" is "y hielo".
	euphony, noEuphony []string
	groups             [2]int // digits in the last group and in those before it; 0: no groups
}

// placeNames are what a language calls places.
type placeNames struct {
	names  map[string]string // by place code
	short  map[string]string // by place code, where there is a shorter one
	cities map[string]string // by the name in cities.tsv, if it differs
}

// Languages lists what the bot speaks, Fallback first, the others by code.
func (b *Bundle) Languages() []Language { return slices.Clone(b.languages()) }

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
	if s, ok := p.v.find(key, count); ok {
		if said := s.fill(f); said != "" {
			return said
		}
	}
	if f.escape {
		return Escape(key)
	}
	return key
}

// find is the sentence for a key in the form for a number, if it has one; else in its form for any number.
func (v *voice) find(key string, count any) (sentence, bool) {
	for _, v := range []*voice{v, v.fallback} {
		forms := v.file.sentence(key)
		if n, counts := count.(int); counts && len(forms) > 1 {
			if s, ok := forms[v.plural()(n)]; ok {
				return s, true
			}
		}
		if s, ok := forms["other"]; ok {
			return s, true
		}
	}
	return sentence{}, false
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
