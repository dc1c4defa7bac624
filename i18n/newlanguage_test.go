package i18n

import (
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"esimbot/i18n/places"
)

// mark begins every sentence of an invented language.
const mark = "§"

// An invention is a language nobody has translated: the sentences of Fallback,
// marked, with the plural forms the language really has.
type invention struct {
	code     string // the file's name
	sentence map[string]any
	places   places.Language
}

// file writes the language's one file.
func (v invention) file(t *testing.T) *fstest.MapFile {
	t.Helper()
	members := map[string]any{}
	for key, forms := range fallbackSheet(t) {
		text, plain := forms[""]
		switch {
		case plain && strings.HasPrefix(key, "format."):
			members[key] = text
		case plain:
			members[key] = marked(text)
		default:
			counted := map[string]string{}
			for form := range formsOf(v.code) {
				counted[form] = marked(forms["other"]) + " " + form
			}
			members[key] = counted
		}
	}
	members[advicePart] = map[string]string{"too_early": "§before", "too_late": "§after"}
	maps.Copy(members, v.sentence)
	members[placesPart] = v.places
	raw, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: raw}
}

// marked puts the mark behind the line breaks a text begins with.
func marked(text string) string {
	rest := strings.TrimLeft(text, "\n")
	return text[:len(text)-len(rest)] + mark + rest
}

// with returns the bot's own sentence files and one more, or another one instead.
func with(t *testing.T, code string, file *fstest.MapFile) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"locales/" + code + ".json": file}
	entries, err := localeFiles.ReadDir("locales")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := "locales/" + e.Name()
		if files[name] != nil {
			continue
		}
		raw, err := fs.ReadFile(localeFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: raw}
	}
	return files
}

// beside leaves of these files the one of a language and the one to fall back to, which it is held to: the others
// are held to that one by a test of their own.
func beside(files fstest.MapFS, code string) fstest.MapFS {
	out := fstest.MapFS{}
	for _, lang := range []string{Fallback, code} {
		name := "locales/" + lang + ".json"
		out[name] = files[name]
	}
	return out
}

// regions gives every part of the world the mark.
func regions(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	for code, name := range bundle(t).search().Names(Fallback) {
		if strings.HasPrefix(code, places.RegionPrefix) {
			names[code] = marked(name)
		}
	}
	return names
}

// inventions differ in what a language can differ in: plural forms (Welsh and
// Arabic have all six, Chinese one), names in CLDR's table (Welsh has none),
// script, order of a date, signs of lists and numbers, keyboard.
func inventions(t *testing.T) map[string]invention {
	t.Helper()
	welsh, arabic, chinese := regions(t), regions(t), regions(t)
	welsh["DE"] = "Yr Almaen"
	return map[string]invention{
		"Welsh": {
			"cy",
			map[string]any{"format.language": "Cymraeg", "format.list_last": "{{.first}}, {{.last}} hefyd", "format.month_11": "Tachwedd"},
			places.Language{Names: welsh, StopWords: "taith i", Cities: map[string]string{"Vienna": "Fienna"}},
		},
		"Arabic": {"ar", map[string]any{
			"format.language": "العربية", "format.decimal": "٫", "format.group": "٬", "format.minus": "\u200e-", "format.money": "{{.amount}}\u00a0{{.symbol}}",
			"format.list_two": "{{.first}} و{{.last}}", "format.list_more": "{{.first}}، {{.next}}", "format.list_last": "{{.first}} و{{.last}}",
			"format.month_11": "نوفمبر",
		}, places.Language{
			Names: arabic, StopWords: "رحلة الى", Cities: map[string]string{"Vienna": "فيينا"},
			Keyboard: "ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر لا ى ة و ز ذ",
		}},
		"Chinese": {"zh-hans", map[string]any{
			"format.language": "简体中文", "format.date": "{{.year}}年{{.month}}{{.day}}日", "format.month_11": "11月", "format.number": "0",
			"format.list_two": "{{.first}}和{{.last}}", "format.list_more": "{{.first}}、{{.next}}", "format.list_last": "{{.first}}和{{.last}}",
		}, places.Language{Names: chinese, StopWords: "去", Cities: map[string]string{"Vienna": "维也纳城"}}},
		"Hindi": {"hi", map[string]any{
			"format.language": "हिन्दी", "format.number": "#,##,##0", "format.list_last": "{{.first}}, और {{.last}}", "format.list_two": "{{.first}} और {{.last}}",
		}, places.Language{Names: regions(t), StopWords: "यात्रा", Cities: map[string]string{"Vienna": "वियना"}}},
	}
}

// TestANewLanguageIsANewFile adds one file to those there are, and changes nothing else.
func TestANewLanguageIsANewFile(t *testing.T) {
	tests := []struct {
		language, asked, iso         string
		date, list, two, money, days string
		country, find, code          string
	}{
		{
			"Welsh", "cy-gb", "cy", "23\u00a0Tachwedd 2026", "A, B, C hefyd", "A and B", "$1,234,567.89",
			"§0\u00a0days zero §1\u00a0days one §2\u00a0days two §3\u00a0days few §6\u00a0days many §11\u00a0days other",
			"Yr Almaen", "taith i Fienna", "AT",
		},
		{
			"Arabic", "ar-eg", "ar", "23\u00a0نوفمبر 2026", "\u2068A\u2069، \u2068B\u2069 و\u2068C\u2069", "\u2068A\u2069 و\u2068B\u2069", "1٬234٬567٫89\u00a0$",
			"§0\u00a0days zero §1\u00a0days one §2\u00a0days two §3\u00a0days few §6\u00a0days few §11\u00a0days many",
			"ألمانيا", "hgdhfhk", "JP",
		},
		{
			"Chinese", "zh-hans", "zh", "2026年11月23日", "A、B和C", "A和B", "$1234567.89",
			"§0\u00a0days other §1\u00a0days other §2\u00a0days other §3\u00a0days other §6\u00a0days other §11\u00a0days other",
			"德国", "维也纳城", "AT",
		},
		{
			"Hindi", "hi", "hi", "23\u00a0November 2026", "A, B, और C", "A और B", "$12,34,567.89",
			"§0\u00a0days one §1\u00a0days one §2\u00a0days other §3\u00a0days other §6\u00a0days other §11\u00a0days other",
			"जर्मनी", "यात्रा जापान", "JP",
		},
	}
	for _, tt := range tests {
		t.Run(tt.language, func(t *testing.T) {
			v := inventions(t)[tt.language]
			files := with(t, v.code, v.file(t))
			report(t, checkFiles(beside(files, v.code)))
			b, err := LoadFrom(files)
			if err != nil {
				t.Fatal(err)
			}
			p := b.Printer(tt.asked)
			native := v.sentence["format.language"]
			if !slices.Contains(b.Languages(), Language{p.Lang(), native.(string), tt.iso}) || p.Lang() == Fallback {
				t.Errorf("%v do not list %s, %s gets %s", b.Languages(), native, tt.asked, p.Lang())
			}
			var days []string
			for _, n := range []int{0, 1, 2, 3, 6, 11} {
				days = append(days, p.Days(n))
			}
			at := time.Date(2026, time.November, 23, 11, 5, 0, 0, time.UTC)
			for _, said := range []struct{ what, got, want string }{
				{"sentence", p.T("start.language", nil), marked(b.Printer(Fallback).T("start.language", nil))},
				{"date", p.Date(at, nil), tt.date},
				{"list", p.List([]string{"A", "B", "C"}), tt.list},
				{"list of two", p.List([]string{"A", "B"}), tt.two},
				{"money", p.Money(123456789, 2, "USD"), tt.money},
				{"days", strings.Join(days, " "), tt.days},
				{"country", p.Place("DE"), tt.country},
				{"part of the world", p.Place("region:balkans"), "§Balkans"},
				{"city", p.City("Vienna"), v.places.Cities["Vienna"]},
				{"English", b.Printer(Fallback).Date(at, nil), "23\u00a0November 2026"},
			} {
				if said.got != said.want {
					t.Errorf("%s: %q, want %q", said.what, said.got, said.want)
				}
			}
			for query, code := range map[string]string{tt.find: tt.code, "japan": "JP", "япония": "JP", "дубай": "AE", tt.country: "DE"} {
				if found := b.search().Find(query, 3); len(found) == 0 || found[0].Code != code {
					t.Errorf("%q finds %v, want %s", query, found, code)
				}
			}
		})
	}
}

// TestANewLanguageIsChecked breaks the invented file in one way for each check.
func TestANewLanguageIsChecked(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(v *invention)
		want  string
	}{
		{"a key too many", func(v *invention) { v.sentence["start.more"] = "x" }, "en: start.more is missing"},
		{"another placeholder", func(v *invention) { v.sentence["search.several"] = "x" }, "cy: search.several has placeholders []"},
		{"plural forms of another language", func(v *invention) { v.sentence["format.days"] = map[string]string{"one": "x", "other": "x"} }, "cy: format.days has the forms"},
		{"a tag Telegram lacks", func(v *invention) { v.sentence["start.language"] = "<h1>x</h1>" }, "cy: start.language: Telegram has no tag h1"},
		{"a long button", func(v *invention) { v.sentence["menu.btn_menu"] = strings.Repeat("x", 65) }, "cy: menu.btn_menu is 65 characters"},
		{"an expression that is none", func(v *invention) { v.sentence[advicePart] = map[string]string{"too_early": "(", "too_late": "x"} }, "advice: too_early is no expression"},
		{"a part of the world without name", func(v *invention) { delete(v.places.Names, "region:gulf") }, "cy: places.names lacks region:gulf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := inventions(t)["Welsh"]
			tt.spoil(&v)
			expect(t, checkFiles(beside(with(t, v.code, v.file(t)), v.code)), tt.want)
		})
	}
}
