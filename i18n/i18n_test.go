package i18n

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// world is loaded once: the index is the same for every test.
var world = sync.OnceValues(Load)

func bundle(t testing.TB) *Bundle {
	t.Helper()
	b, err := world()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// small is a bundle with a few sentences of its own.
func small(t *testing.T) *Bundle {
	t.Helper()
	b, err := LoadFrom(fstest.MapFS{
		"locales/en.json": {Data: []byte(`{
			"format.language": "English", "format.decimal": ".", "format.group": ",", "format.number": "#,##0",
			"a.hello": "Hello, <b>{{.name}}</b>", "a.english": "Only <i>English</i>", "a.btn_x": "Buy {{.name}}",
			"a.count": {"one": "{{.n}} plan for {{.name}}", "other": "{{.n}} plans for {{.name}}"},
			"a.late": {"one": "{{.n}} day", "other": "{{.n}} days"}}`)},
		"locales/ru.json": {Data: []byte(`{
			"format.language": "Русский", "format.decimal": ",", "format.group": "\u00a0", "format.number": "#,##0",
			"a.hello": "Привет, <b>{{.name}}</b>", "a.btn_x": "Купить {{.name}}",
			"a.count": {"one": "{{.n}} тариф, {{.name}}", "few": "{{.n}} тарифа, {{.name}}", "many": "{{.n}} тарифов, {{.name}}", "other": "{{.n}} тарифа, {{.name}}"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSentences(t *testing.T) {
	b := small(t)
	en, ru := b.Printer("en"), b.Printer("ru")
	ann := Args{"name": "Ann"}
	tests := []struct{ name, got, want string }{
		{"values are filled in", en.T("a.hello", ann), "Hello, <b>Ann</b>"},
		{"values are escaped", ru.T("a.hello", Args{"name": `<b>"A&B"`}), "Привет, <b>&lt;b&gt;&quot;A&amp;B&quot;</b>"},
		{"HTML values are not escaped", en.T("a.hello", Args{"name": HTML("<i>A&amp;B</i>")}), "Hello, <b><i>A&amp;B</i></b>"},
		{"a value is not a template", en.T("a.hello", Args{"name": "{{.name}}"}), "Hello, <b>{{.name}}</b>"},
		{"a number is a value, not grouped: it may be an id", en.T("a.hello", Args{"name": 12345}), "Hello, <b>12345</b>"},
		{"nil is nothing", en.T("a.hello", Args{"name": nil}), "Hello, <b></b>"},
		{"broken UTF-8 is mended", en.T("a.hello", Args{"name": "A\xff"}), "Hello, <b>A\uFFFD</b>"},
		{"a missing value is no tag", en.T("a.hello", nil), "Hello, <b>{name}</b>"},
		{"a missing sentence is English", ru.T("a.english", nil), "Only <i>English</i>"},
		{"a missing counted sentence is English", ru.N("a.late", 1, nil), "1 day"},
		{"and counted as in English", ru.N("a.late", 21, nil), "21 days"},
		{"a missing key is itself", ru.T("a.<b>", nil), "a.&lt;b&gt;"},
		{"and plain on a button", ru.Plain("a.<b>", nil), "a.<b>"},
		{"plain text is not escaped", ru.Plain("a.btn_x", Args{"name": "A&B"}), "Купить A&B"},
		{"HTML on a button is its text", ru.Plain("a.btn_x", Args{"name": HTML("<b>A &amp; B</b>")}), "Купить A & B"},
		{"one", en.N("a.count", 1, ann), "1 plan for Ann"},
		{"two", en.N("a.count", 2, ann), "2 plans for Ann"},
		{"zero", en.N("a.count", 0, ann), "0 plans for Ann"},
		{"the number is written in the language", en.N("a.count", 1200, ann), "1,200 plans for Ann"},
		{"Russian one", ru.N("a.count", 1, ann), "1 тариф, Ann"},
		{"Russian two", ru.N("a.count", 2, ann), "2 тарифа, Ann"},
		{"Russian five", ru.N("a.count", 5, ann), "5 тарифов, Ann"},
		{"Russian eleven", ru.N("a.count", 11, ann), "11 тарифов, Ann"},
		{"Russian twenty-one", ru.N("a.count", 21, ann), "21 тариф, Ann"},
		{"Russian 112", ru.N("a.count", 112, ann), "112 тарифов, Ann"},
		{"Russian 1002", ru.N("a.count", 1002, ann), "1\u00a0002 тарифа, Ann"},
		{"counted values are escaped", en.N("a.count", 2, Args{"name": "<"}), "2 plans for &lt;"},
		{"counted on a button is not", en.PlainN("a.count", 2, Args{"name": "<"}), "2 plans for <"},
		{"counted without a number still speaks", ru.T("a.count", ann), "{n} тарифа, Ann"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

// TestLanguages: every file is a language, the one to fall back to comes first.
func TestLanguages(t *testing.T) {
	entries, err := localeFiles.ReadDir("locales")
	if err != nil {
		t.Fatal(err)
	}
	got := bundle(t).Languages()
	if len(got) != len(entries) || got[0] != (Language{Fallback, "English", Fallback}) {
		t.Errorf("languages %v of %d files", got, len(entries))
	}
	natives := map[string]bool{}
	for _, l := range got {
		natives[l.Native] = true
	}
	if len(natives) != len(got) {
		t.Errorf("two languages call themselves the same: %v", got)
	}
}

func TestPrinterSpeaksTheNearestLanguage(t *testing.T) {
	b := small(t)
	if got := b.Languages(); len(got) != 2 || got[0] != (Language{"en", "English", "en"}) || got[1] != (Language{"ru", "Русский", "ru"}) {
		t.Errorf("languages %v", got)
	}
	tests := []struct{ asked, want string }{
		{"en", "en"},
		{"ru", "ru"},
		{"ru-RU", "ru"},
		{"ru_ru", "ru"},
		{"RU", "ru"},
		{"en-GB", "en"},
		{"be", "ru"},
		{"kk", "ru"},
		{"uk", "en"},
		{"pt-br", "en"},
		{"zh-hans", "en"},
		{"", "en"},
		{"xx", "en"},
		{"!!", "en"},
		{strings.Repeat("a-", 999), "en"},
	}
	for _, tt := range tests {
		if got := b.Printer(tt.asked).Lang(); got != tt.want {
			t.Errorf("Printer(%.20q) speaks %s, want %s", tt.asked, got, tt.want)
		}
	}
}

func TestLoadNamesTheFaultyFile(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"not JSON", `{`, "locales/ru.json"},
		{"a program for a placeholder", `{"a.b": "{{range .x}}"}`, "locales/ru.json: a.b"},
		{"words for places of another kind", `{"places": {"noise": 1}}`, "locales/ru.json: places"},
		{"a city that is not in the table", `{"places": {"cities": {"Dubay": "x"}}}`, "places in ru"},
		{"forms that no language has", `{"a.b": {"other": "x", "others": "x"}}`, "locales/ru.json: a.b"},
		{"a number", `{"a.b": 1}`, "locales/ru.json: a.b"},
		{"an open placeholder", `{"a.b": {"one": "x", "other": "{{.x"}}`, "locales/ru.json: a.b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadFrom(fstest.MapFS{
				"locales/en.json": {Data: []byte(`{"a.b": "x"}`)},
				"locales/ru.json": {Data: []byte(tt.file)},
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to name %q", err, tt.want)
			}
		})
	}
	for name, files := range map[string]fstest.MapFS{
		"any sentence file": {}, "the language to fall back to": {"locales/ru.json": {Data: []byte(`{"a.b": "x"}`)}},
	} {
		if _, err := LoadFrom(files); err == nil {
			t.Error("loaded without " + name)
		}
	}
}

func FuzzSentence(f *testing.F) {
	for _, s := range []string{"", "x", "{{.a}}", "{{.a}}{{.b}} c", "{{", "}}", "{{.}}", "{{.a", "{{{.a}}}", "{{.a}}}}"} {
		f.Add(s, "<v>")
	}
	f.Fuzz(func(t *testing.T, src, value string) {
		s, err := compile(src)
		if err != nil {
			return
		}
		var again strings.Builder
		for i, text := range s.texts {
			again.WriteString(text)
			if i < len(s.names) {
				again.WriteString("{{." + s.names[i] + "}}")
			}
		}
		if again.String() != src {
			t.Errorf("%q compiles to %q", src, again.String())
		}
		args := Args{}
		for _, n := range s.names {
			args[n] = value
		}
		out := s.fill(fill{args: args, escape: true})
		if strings.Count(out, "<") != strings.Count(strings.Join(s.texts, ""), "<") {
			t.Errorf("%q with %q gives %q", src, value, out)
		}
	})
}

func BenchmarkMoney(b *testing.B) {
	p := bundle(b).Printer("ru")
	for b.Loop() {
		p.Money(585, 2, "USD")
	}
}

// BenchmarkLoad is what each start of the program waits for, BenchmarkLoadAll what is read once it is asked for.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		texts, err := open(localeFiles)
		if err != nil {
			b.Fatal(err)
		}
		for _, l := range texts.Languages() {
			texts.Printer(l.Code).Plain("about.description", nil)
		}
	}
}

func BenchmarkLoadAll(b *testing.B) {
	for b.Loop() {
		if _, err := LoadFrom(localeFiles); err != nil {
			b.Fatal(err)
		}
	}
}
