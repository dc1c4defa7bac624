package i18n

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"esimbot/i18n/places"
)

// one returns a single sentence in English and Russian.
func one(key, en, ru string) map[string]sheet {
	return map[string]sheet{"en": {key: {"": en}}, "ru": {key: {"": ru}}}
}

// counted returns a sentence with plural forms.
func counted(en, ru map[string]string) map[string]sheet {
	return map[string]sheet{"en": {"a.b": en}, "ru": {"a.b": ru}}
}

// TestChecksTurnRed shows each check broken data: it must name the fault.
func TestChecksTurnRed(t *testing.T) {
	english := map[string]string{"one": "a day", "other": "{{.n}} days"}
	russian := map[string]string{"one": "{{.n}} день", "few": "{{.n}} дня", "many": "{{.n}} дней", "other": "{{.n}} дня"}
	without := func(form string) map[string]string {
		m := map[string]string{}
		for f, text := range russian {
			if f != form {
				m[f] = text
			}
		}
		return m
	}
	onlyWord := without("one")
	onlyWord["one"] = "день"
	tests := []struct {
		name   string
		check  func(map[string]sheet) []string
		sheets map[string]sheet
		want   string // "" is green
	}{
		{"same keys are fine", checkKeys, one("a.b", "x", "ы"), ""},
		{"a language lacks a key", checkKeys, map[string]sheet{"en": {"a.b": {"": "x"}}, "ru": {}}, "ru: a.b is missing"},
		{"a language has a key more", checkKeys, map[string]sheet{"en": {}, "ru": {"a.b": {"": "x"}}}, "en: a.b is missing"},
		{"a key without a dot", checkKeys, one("hello", "x", "ы"), "a key is words"},
		{"placeholders in another order are fine", checkPlaceholders, one("a.b", "{{.x}} {{.y}}", "{{.y}} {{.x}}"), ""},
		{"a placeholder is missing", checkPlaceholders, one("a.b", "{{.x}} {{.y}}", "{{.x}}"), "has placeholders [x]"},
		{"a placeholder is misspelt", checkPlaceholders, one("a.b", "{{.plan}}", "{{.plаn}}"), "not of the form"},
		{"a program in a sentence", checkPlaceholders, one("a.b", "{{if .x}}y{{end}}", "x"), "not of the form"},
		{"a placeholder is not closed", checkPlaceholders, one("a.b", "{{.x", "x"), "not closed"},
		{"right plural forms are fine", checkPlurals, counted(english, russian), ""},
		{"a plural form is missing", checkPlurals, counted(english, without("many")), "needs"},
		{"a foreign plural form", checkPlurals, counted(russian, russian), `en: a.b has the forms ["few" "many" "one" "other"]`},
		{"plural forms in one language only", checkPlurals, counted(english, map[string]string{"": "день"}), "ru: a.b has the forms"},
		{"Russian one is also 21", checkPlurals, counted(english, onlyWord), "stands for several numbers"},
		{"a text is fine", checkTexts, one("a.b", "x", "ы"), ""},
		{"a text is empty", checkTexts, one("a.b", "x", ""), "ru: a.b is empty"},
		{"a text is only spaces", checkTexts, one("a.b", " \n", "x"), "is empty"},
		{"a text is padded", checkTexts, one("a.b", "x ", "x"), "begins or ends"},
		{"a text that begins a line is fine", checkTexts, one("a.b", "\nx", "\nы"), ""},
		{"a text begins a line in one language only", checkTexts, one("a.b", "\nx", "ы"), "other line breaks"},
		{"a text is too long", checkTexts, one("a.b", strings.Repeat("x", 4097), "x"), "4097 characters"},
		{"a text is long only with its tags", checkTexts, one("a.b", "<b>"+strings.Repeat("x", 4096)+"</b>", "x"), ""},
		{"a button is too long", checkTexts, one("a.btn_x", "x", strings.Repeat("ы", 65)), "limit is 64"},
		{"a toast is too long", checkTexts, one("a.toast_x", strings.Repeat("x", 201), "x"), "limit is 200"},
		{"an invoice title is too long", checkTexts, one("a.title_x", strings.Repeat("x", 32)+"{{.x}}", "x"), "limit is 32"},
		{"a command description is too long", checkTexts, one("a.cmd_x", strings.Repeat("x", 257), "x"), "limit is 256"},
		{"Indian groups are fine", checkTexts, one("format.number", "#,##0", "#,##,##0"), ""},
		{"no pattern of numbers", checkTexts, one("format.number", "#,##0", "1 234"), "no pattern"},
		{"a tag on a button", checkTexts, one("a.btn_x", "<b>x</b>", "x"), "shown as plain"},
		{"an entity in a toast", checkTexts, one("a.toast_x", "A &amp; B", "x"), "shown as plain"},
		{"an arrow and an ampersand on a button are fine", checkTexts, one("a.btn_x", "A & B -> C", "x"), ""},
		{"Telegram's tags are fine", checkTags, one("a.b", `<b>x</b> <a href="{{.url}}">&lt;y&gt;</a><blockquote expandable>z</blockquote>`, "x"), ""},
		{"a tag Telegram lacks", checkTags, one("a.b", "x<br>y", "x"), "no tag br"},
		{"a tag is not closed", checkTags, one("a.b", "x", "<b>x"), "<b> is not closed"},
		{"tags overlap", checkTags, one("a.b", "<b><i>x</b></i>", "x"), "closes nothing"},
		{"a bare ampersand", checkTags, one("a.b", "A & B", "x"), "&amp;"},
		{"a bare less-than", checkTags, one("a.b", "1 < 2", "x"), "&lt;"},
		{"an attribute Telegram lacks", checkTags, one("a.b", `<b class="x">y</b>`, "x"), "attributes"},
		{"a link without an address", checkTags, one("a.b", `<a>y</a>`, "x"), "attributes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, tt.check(tt.sheets), tt.want) })
	}
}

// expect wants exactly no problem, or one that contains want.
func expect(t *testing.T, problems []string, want string) {
	t.Helper()
	all := strings.Join(problems, "\n")
	if want == "" && all != "" {
		t.Errorf("false alarm: %s", all)
	}
	if want != "" && !strings.Contains(all, want) {
		t.Errorf("got %q, want a problem with %q", all, want)
	}
}

func TestFilesTurnRed(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"a sound file", `{"a.b": "x", "a.c": {"one": "y", "other": "z"}}`, ""},
		{"a key twice", `{"a.b": "x", "a.b": "y"}`, "twice"},
		{"a list", `["a.b"]`, "not a JSON object"},
		{"a number for a text", `{"a.b": 1}`, "neither"},
		{"an unknown plural form", `{"a.b": {"several": "x"}}`, "several"},
		{"words for places are fine", `{"a.b": "x", "places": {"noise": "trip to"}}`, ""},
		{"a misspelt member of places", `{"a.b": "x", "places": {"noises": "trip to"}}`, "noises"},
		{"cut in the middle", `{"a.b": "x",`, "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := readSheet([]byte(tt.file))
			expect(t, problems, tt.want)
		})
	}
}

func TestPlacesTurnRed(t *testing.T) {
	english := places.Language{StopWords: "trip to", Names: map[string]string{"region:gulf": "Gulf"}}
	tests := []struct {
		name  string
		other places.Language
		want  string
	}{
		{"the same parts of the world are fine", places.Language{StopWords: "x", Names: map[string]string{"region:gulf": "Golf", "US": "USA"}}, ""},
		{"a part of the world is missing", places.Language{StopWords: "x"}, "de: places.names lacks region:gulf"},
		{"a name is empty", places.Language{StopWords: "x", Names: map[string]string{"region:gulf": "Golf", "US": ""}}, "US is empty"},
		{"a city is padded", places.Language{StopWords: "x", Names: english.Names, Cities: map[string]string{"Vienna": "Wien "}}, "Vienna is empty or padded"},
		{"no noise", places.Language{Names: english.Names}, "noise is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, checkPlaces(map[string]places.Language{"en": english, "de": tt.other}), tt.want)
		})
	}
}

// TestUsesTurnRed scans small programs against a few sentences.
func TestUsesTurnRed(t *testing.T) {
	sentences := sheet{
		"plan.card":      {"": "<b>{{.plan}}</b>"},
		"plan.btn_buy":   {"": "Buy"},
		"plan.days":      {"one": "{{.n}} day of {{.plan}}", "other": "{{.n}} days of {{.plan}}"},
		"continent.asia": {"": "Asia"},
	}
	tests := []struct{ name, body, want string }{
		{"everything in order", `p.T("plan.card", i18n.Args{"plan": x}); p.Plain("plan.btn_buy", nil); p.N("plan.days", 2, Args{"plan": x})`, ""},
		{"a missing key", `p.T("plan.cart", nil)`, "plan.cart does not exist"},
		{"a missing key in a constant", `const k = "plan."; p.T(k + "cart", nil)`, "plan.cart does not exist"},
		{"a missing key in a field", `_ = entry{TitleKey: "plan.btn_by"}`, "plan.btn_by does not exist"},
		{"a key that is none", `p.T("Buy now", nil)`, "is not a key"},
		{"a key in a variable", `k := pick(); p.T(k, nil)`, ""},
		{"a missing key in a variable", `k := "plan.card"; if x { k = "plan.cart" }; p.T(k, args)`, "plan.cart does not exist"},
		{"the beginning of a key", "//i18n:use continent.*\nk := \"continent.a\" + x; p.T(k, nil)", ""},
		{"what is no key of ours", `os.Open("file.txt")`, ""},
		{"a key put together", `p.T("continent." + x, nil)`, "without //i18n:use"},
		{"a key put together and declared", "//i18n:use continent.*\np.T(\"continent.\" + x, nil)", ""},
		{"a longer beginning than declared", "//i18n:use continent.*\np.T(\"continent.btn_\" + x, nil)", ""},
		{"another family than declared", "//i18n:use plan.*\np.T(\"continent.\" + x, nil)", "without //i18n:use"},
		{"a declaration of nothing", "//i18n:use ocean.*\n", "matches no key"},
		{"a value is missing", `p.T("plan.card", i18n.Args{"paln": x})`, "no value for {{.plan}}"},
		{"all values are missing", `p.T("plan.card", nil)`, "no value for {{.plan}}"},
		{"values in a variable", `p.T("plan.card", args)`, ""},
		{"a counted sentence without a number", `p.T("plan.days", i18n.Args{"plan": x, "n": 1})`, "needs a number"},
		{"a number for an uncounted sentence", `p.N("plan.card", 1, i18n.Args{"plan": x})`, "no plural forms"},
		{"a button as HTML", `p.T("plan.btn_buy", nil)`, "use Plain"},
		{"tags as plain text", `p.Plain("plan.card", i18n.Args{"plan": x})`, "plain text with a tag"},
		{"somebody else's T", `x.T(1); x.N("a"); y.Plain()`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := scan(write(t, "package x\n\nfunc f() {\n"+tt.body+"\n}\n"))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, checkUses(u, sentences), tt.want)
		})
	}
}

func TestUnusedSentencesTurnRed(t *testing.T) {
	sentences := sheet{"a.literal": {}, "a.table": {}, "a.constant": {}, "b.one": {}, "c.unused": {}}
	u, err := scan(write(t, `package x
const prefix = "a."
//i18n:use b.*
var table = map[string]string{"x": "a.table"}
func f() { p.T("a.literal", nil); p.T(prefix+"constant", nil) }
`))
	if err != nil {
		t.Fatal(err)
	}
	problems := checkUnused(u, sentences)
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "c.unused:") {
		t.Errorf("unused: %q, want c.unused alone", problems)
	}
}

func TestScanOfNothingIsQuiet(t *testing.T) {
	u, err := scan("no-such-folder")
	if err != nil || len(u.calls) > 0 || len(u.problems) > 0 {
		t.Errorf("scan of a missing folder: %v %v %v", u.calls, u.problems, err)
	}
	if _, err := scan(write(t, "package x\nfunc {")); err == nil {
		t.Error("a file that does not parse was passed over")
	}
}

// TestTagsAgainstTelegram holds tagProblem to answers of Telegram's own parser:
// whatever Telegram refused, it refuses too.
func TestTagsAgainstTelegram(t *testing.T) {
	f, err := os.Open("../../shared/data/telegram-html-cases.jsonl")
	if err != nil {
		t.Skip("../../shared is absent: ", err)
	}
	defer f.Close()
	accepted := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var c struct {
			Mode, Text string
			Want       struct{ OK bool }
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Mode != "HTML" {
			continue
		}
		ok := tagProblem(c.Text) == ""
		if ok && !c.Want.OK {
			t.Errorf("Telegram refuses %q", c.Text)
		}
		if ok {
			accepted++
		}
	}
	if accepted < 50 {
		t.Errorf("only %d cases pass: the check is stricter than useful", accepted)
	}
}
