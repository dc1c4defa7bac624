package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
)

// seen writes the signs that nobody sees as brackets.
var seen = strings.NewReplacer(firstStrongIsolate, "[", popIsolate, "]", rightToLeftMark, "<", "\u00a0", "_")

// TestValuesStandApartFromRightToLeft: what has Latin letters or digits in it stands apart in a sentence that
// runs from right to left, once, never inside a tag, and never in what a press copies.
func TestValuesStandApartFromRightToLeft(t *testing.T) {
	words := `{
		"a.plain": "السعر {{.v}} الآن",
		"a.code": "رمز <code>{{.v}}</code> هنا",
		"a.bold": "رمز <b>{{.v}}</b> هنا",
		"a.link": "<a href=\"{{.v}}\">هنا {{.w}}</a>",
		"format.dollar": "$",
		"a.name": "{{.v}} مرحبا",
		"a.line": "{{.v}} · {{.w}}",
		"format.money": "{{.symbol}}{{.amount}}", "format.money_code": "{{.amount}} {{.symbol}}",
		"format.list_more": "{{.first}}، {{.next}}",
		"format.list_two": "{{.first}} و{{.last}}",
		"format.decimal": ".", "format.group": ",", "format.number": "#,##0", "format.minus": "-"}`
	read := func(code string) Printer {
		b, err := LoadFrom(fstest.MapFS{
			"locales/en.json":           {Data: []byte(`{"a.plain": "Now {{.v}}"}`)},
			"locales/" + code + ".json": {Data: []byte(words)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.Printer(code)
	}
	ar, tr := read("ar"), read("tr")
	for _, tt := range []struct {
		name string
		say  func(Printer) string
		want string
	}{
		{"a name in Latin letters", func(p Printer) string { return p.T("a.plain", Args{"v": "Ubigi & Co"}) }, "السعر [Ubigi &amp; Co] الآن"},
		{"a flag too", func(p Printer) string { return p.T("a.plain", Args{"v": "🇯🇵"}) }, "السعر [🇯🇵] الآن"},
		{"a line without a letter of the language begins at the right", func(p Printer) string { return p.T("a.line", Args{"v": "🇯🇵", "w": "KDDI"}) }, "<[🇯🇵] · [KDDI]"},
		{"its own letters need nothing", func(p Printer) string { return p.T("a.plain", Args{"v": "اليابان"}) }, "السعر اليابان الآن"},
		{"nor does a sign", func(p Printer) string { return p.T("a.plain", Args{"v": "⭐"}) }, "السعر ⭐ الآن"},
		{"a price stands apart as a whole", func(p Printer) string { return p.T("a.plain", Args{"v": p.Money(950, 2, "USD")}) }, "السعر [$9.50] الآن"},
		{"a number", func(p Printer) string { return p.N("a.plain", 5, Args{"v": 5}) }, "السعر [5] الآن"},
		{"plain text too", func(p Printer) string { return p.Plain("a.plain", Args{"v": "5 GB"}) }, "السعر [5 GB] الآن"},
		{"what is copied stays clean", func(p Printer) string { return p.T("a.code", Args{"v": "J9Y3-BN7D"}) }, "رمز [<code>J9Y3-BN7D</code>] هنا"},
		{"also where the value brings the tag", func(p Printer) string { return p.T("a.plain", Args{"v": HTML("<code>J9Y3</code>")}) }, "السعر [<code>J9Y3</code>] الآن"},
		{"bold", func(p Printer) string { return p.T("a.bold", Args{"v": "5 GB"}) }, "رمز <b>[5 GB]</b> هنا"},
		{"an address in a tag is left alone", func(p Printer) string { return p.T("a.link", Args{"v": "https://a.b/1", "w": "A1"}) }, `<a href="https://a.b/1">هنا [A1]</a>`},
		{"once", func(p Printer) string {
			return p.T("a.plain", Args{"v": HTML(p.T("a.line", Args{"v": "5 GB", "w": "$9"}))})
		}, "السعر <[5 GB] · [$9] الآن"},
		{"a line that begins with a name in Latin letters begins at the right", func(p Printer) string { return p.T("a.name", Args{"v": "Ann"}) }, "<[Ann] مرحبا"},
		{"each of an enumeration", func(p Printer) string { return p.Enumerate([]string{"Docomo", "KDDI", "اليابان"}) }, "[Docomo]، [KDDI]، اليابان"},
		{"each of a list", func(p Printer) string { return p.T("a.plain", Args{"v": p.List([]string{"Docomo", "KDDI"})}) }, "السعر [Docomo] و[KDDI] الآن"},
		{"line by line", func(p Printer) string { return p.T("a.plain", Args{"v": "one\ntwo"}) }, "السعر [one]\n<[two] الآن"},
		{"a sentence that is missing is Fallback's", func(p Printer) string { return p.Plain("no.such", nil) }, "no.such"},
	} {
		if got := seen.Replace(tt.say(ar)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if got := tt.say(tr); strings.ContainsAny(got, firstStrongIsolate+popIsolate) {
			t.Errorf("%s: a language of Latin letters has %s", tt.name, seen.Replace(got))
		}
	}
}

// TestLabelsRunAsTheirLettersDo: a label is turned where most of its letters run from right to left and its first sign
// does not say so.
func TestLabelsRunAsTheirLettersDo(t *testing.T) {
	for label, want := range map[string]string{
		"🇯🇵 اليابان · من \u2068⭐ 103\u2069": "\u200f🇯🇵 اليابان · من \u2068⭐ 103\u2069",
		"\u20681 GB\u2069 · 7 أيام":         "\u200f\u20681 GB\u2069 · 7 أيام",
		"🏠 القائمة":                         "🏠 القائمة",
		"🇯🇵 Japan · from ⭐ 103":             "🇯🇵 Japan · from ⭐ 103",
		"🆕 Japan for سارة":                  "🆕 Japan for سارة",
		"📋 SM-DP+":                          "📋 SM-DP+",
		"":                                  "",
	} {
		if got := Label(label); got != want {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
	}
}
