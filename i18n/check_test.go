package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A sheet is one language's sentence file: key → plural form → text. A sentence
// without plural forms has the single form "".
type sheet map[string]map[string]string

// readSheet decodes a sentence file as it stands, and reports what a decoder
// into a map would hide: a key that stands there twice.
func readSheet(raw []byte) (sheet, []string) {
	var problems []string
	out := sheet{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return out, []string{"the file is not a JSON object"}
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return out, append(problems, err.Error())
		}
		key, _ := t.(string)
		var value any
		if err := dec.Decode(&value); err != nil {
			return out, append(problems, fmt.Sprintf("%s: %v", key, err))
		}
		if out[key] != nil {
			problems = append(problems, key+": stands in the file twice")
		}
		out[key] = map[string]string{}
		switch v := value.(type) {
		case string:
			out[key][""] = v
		case map[string]any:
			for form, text := range v {
				s, ok := text.(string)
				if !ok || !slices.Contains(pluralForms, form) {
					problems = append(problems, fmt.Sprintf("%s: %q is not a plural form with a text", key, form))
				}
				out[key][form] = s
			}
		default:
			problems = append(problems, key+": neither a text nor plural forms")
		}
	}
	if _, err := dec.Token(); err != nil && !errors.Is(err, io.EOF) {
		problems = append(problems, err.Error())
	}
	return out, problems
}

var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// checkKeys: keys are well formed and the same everywhere.
func checkKeys(sheets map[string]sheet) []string {
	var problems []string
	all := map[string]bool{}
	for _, s := range sheets {
		for key := range s {
			all[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !keyPattern.MatchString(key) {
			problems = append(problems, key+": a key is words of a-z, 0-9 and _ joined by dots")
		}
		for _, lang := range slices.Sorted(maps.Keys(sheets)) {
			if sheets[lang][key] == nil {
				problems = append(problems, fmt.Sprintf("%s: %s is missing", lang, key))
			}
		}
	}
	return problems
}

// checkPlaceholders: templates compile, and every language has the same ones.
func checkPlaceholders(sheets map[string]sheet) []string {
	var problems []string
	for lang, s := range sheets {
		for key, forms := range s {
			names, err := placeholders(forms)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s: %s: %v", lang, key, err))
				continue
			}
			want, err := placeholders(sheets["en"][key])
			if err == nil && sheets["en"][key] != nil && !slices.Equal(names, want) {
				problems = append(problems, fmt.Sprintf("%s: %s has placeholders %v, English has %v", lang, key, names, want))
			}
		}
	}
	return problems
}

// placeholders lists the distinct names in any of the forms, sorted.
func placeholders(forms map[string]string) ([]string, error) {
	set := map[string]bool{}
	for _, text := range forms {
		s, err := compile(text)
		if err != nil {
			return nil, err
		}
		for _, n := range s.names {
			set[n] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}

// checkPlurals: a counted sentence has exactly the forms whole numbers take in
// the language, and "other", to which go-i18n falls back; and a form that stands
// for several numbers (Russian "one" is 1, 21, 31…) says which one it is.
func checkPlurals(sheets map[string]sheet) []string {
	var problems []string
	counted := map[string]bool{}
	for _, s := range sheets {
		for key, forms := range s {
			if _, plain := forms[""]; !plain {
				counted[key] = true
			}
		}
	}
	for lang, s := range sheets {
		numbers := formsOf(lang)
		for key := range counted {
			forms := s[key]
			if forms == nil {
				continue // checkKeys says so
			}
			have := slices.Sorted(maps.Keys(forms))
			if want := slices.Sorted(maps.Keys(numbers)); !slices.Equal(have, want) {
				problems = append(problems, fmt.Sprintf("%s: %s has the forms %q, needs %q", lang, key, have, want))
				continue
			}
			names, _ := placeholders(forms)
			for form, text := range forms {
				if slices.Contains(names, "n") && numbers[form] > 1 && !strings.Contains(text, "{{.n}}") {
					problems = append(problems, fmt.Sprintf("%s: %s: %q stands for several numbers and must hold {{.n}}", lang, key, form))
				}
			}
		}
	}
	return problems
}

// formsOf counts, for each plural form of a language, the numbers from 0 to 199 in it.
func formsOf(lang string) map[string]int {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	forms := map[string]int{"other": 0}
	for n := range 200 {
		forms[names[plural.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0)]]++
	}
	return forms
}

// spaces are texts that may be nothing but a space.
var spaces = map[string]bool{"format.group": true}

// checkTexts: no text is empty or padded (line breaks around it are allowed, the
// same in all languages: a line that is sometimes there), and each obeys Telegram's limits for
// its place, told by the last part of its key.
func checkTexts(sheets map[string]sheet) []string {
	var problems []string
	for lang, s := range sheets {
		for key, forms := range s {
			for form, text := range forms {
				if english, ok := sheets["en"][key][form]; ok && breaks(english) != breaks(text) {
					problems = append(problems, fmt.Sprintf("%s: %s has other line breaks around it than English", lang, key))
				}
				for _, p := range textProblems(key, text) {
					problems = append(problems, strings.TrimSuffix(fmt.Sprintf("%s: %s/%s", lang, key, form), "/")+" "+p)
				}
			}
		}
	}
	return problems
}

// breaks are the line breaks before and after a text.
func breaks(text string) [2]int {
	return [2]int{len(text) - len(strings.TrimLeft(text, "\n")), len(text) - len(strings.TrimRight(text, "\n"))}
}

func textProblems(key, text string) []string {
	var problems []string
	trimmed := strings.TrimSpace(text)
	switch {
	case text == "" || trimmed == "" && !spaces[key]:
		return []string{"is empty"}
	case strings.Trim(text, " \t\r\u00a0") != text && !spaces[key]:
		problems = append(problems, "begins or ends with a space")
	}
	if strings.ContainsRune(text, utf8.RuneError) {
		problems = append(problems, "holds a broken character")
	}
	limit, plain := plainLimit(key)
	if plain {
		if tagOrEntity.MatchString(text) {
			problems = append(problems, "holds a tag or an entity, but is shown as plain text")
		}
	} else {
		text = HTML(text).Text()
	}
	if n := shortest(text); n > limit {
		problems = append(problems, fmt.Sprintf("is %d characters long, the limit is %d", n, limit))
	}
	return problems
}

var tagOrEntity = regexp.MustCompile(`</?[a-zA-Z]|&(#|[a-zA-Z]+;)`)

// limits by the prefix of a key's last part, for texts that Telegram shows plain.
// Buttons have no limit there, but above 64 the rest is never seen.
var limits = map[string]int{"btn_": 64, "toast_": 200, "title_": 32, "cmd_": 256}

// adviceButton is what fits a phone's width.
const adviceButton = 40

func plainLimit(key string) (limit int, plain bool) {
	last := key[strings.LastIndex(key, ".")+1:]
	for prefix, limit := range limits {
		if strings.HasPrefix(last, prefix) {
			return limit, true
		}
	}
	return 4096, false
}

// shortest is the least length of text once filled in: a value has a character or more.
func shortest(text string) int {
	s, err := compile(text)
	if err != nil {
		return utf8.RuneCountInString(text)
	}
	return utf8.RuneCountInString(strings.Join(s.texts, "")) + len(s.names)
}

// checkTags: every text that is shown as HTML parses at Telegram.
func checkTags(sheets map[string]sheet) []string {
	var problems []string
	for lang, s := range sheets {
		for key, forms := range s {
			if _, plain := plainLimit(key); plain {
				continue
			}
			for _, text := range forms {
				if p := tagProblem(text); p != "" {
					problems = append(problems, fmt.Sprintf("%s: %s: %s", lang, key, p))
				}
			}
		}
	}
	return problems
}

var (
	tagAt    = regexp.MustCompile(`^<(/?)([a-z][a-z0-9-]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>`)
	entityAt = regexp.MustCompile(`^&(lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)
)

// telegramTags lists the tags and the attributes each may or must have.
// https://core.telegram.org/bots/api#html-style
var telegramTags = map[string]*regexp.Regexp{
	"b": nil, "strong": nil, "i": nil, "em": nil, "u": nil, "ins": nil, "s": nil, "strike": nil, "del": nil,
	"pre": nil, "tg-spoiler": nil,
	"code":       regexp.MustCompile(`^( class="language-[a-z0-9+-]+")?$`),
	"blockquote": regexp.MustCompile(`^( expandable)?$`),
	"span":       regexp.MustCompile(`^ class="tg-spoiler"$`),
	"a":          regexp.MustCompile(`^ href="[^"]+"$`),
	"tg-emoji":   regexp.MustCompile(`^ emoji-id="[0-9]+"$`),
}

// tagProblem is stricter than Telegram: what it passes, Telegram parses.
func tagProblem(text string) string {
	var open []string
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '>':
			return "a bare > must be written &gt;"
		case '&':
			if !entityAt.MatchString(text[i:]) {
				return "a bare & must be written &amp;"
			}
		case '<':
			m := tagAt.FindStringSubmatch(text[i:])
			if m == nil {
				return "a bare < must be written &lt;"
			}
			attributes, known := telegramTags[m[2]]
			switch {
			case !known:
				return "Telegram has no tag " + m[2]
			case m[1] == "/" && (len(open) == 0 || open[len(open)-1] != m[2]):
				return "</" + m[2] + "> closes nothing"
			case m[1] == "/":
				open = open[:len(open)-1]
			case attributes == nil && m[3] != "", attributes != nil && !attributes.MatchString(m[3]):
				return fmt.Sprintf("tag %s may not have the attributes %q", m[2], m[3])
			default:
				open = append(open, m[2])
			}
			i += len(m[0]) - 1
		}
	}
	if len(open) > 0 {
		return "<" + open[len(open)-1] + "> is not closed"
	}
	return ""
}

// embeddedSheets reads the real sentence files and fails on what is not even a file.
func embeddedSheets(t *testing.T) map[string]sheet {
	t.Helper()
	entries, err := localeFiles.ReadDir("locales")
	if err != nil {
		t.Fatal(err)
	}
	sheets := map[string]sheet{}
	for _, e := range entries {
		raw, err := localeFiles.ReadFile("locales/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		s, problems := readSheet(raw)
		report(t, problems)
		sheets[strings.TrimSuffix(e.Name(), ".json")] = s
	}
	return sheets
}

func report(t *testing.T, problems []string) {
	t.Helper()
	slices.Sort(problems)
	for _, p := range problems {
		t.Error(p)
	}
}

func TestSentencesAreSound(t *testing.T) {
	sheets := embeddedSheets(t)
	report(t, checkKeys(sheets))
	report(t, checkPlaceholders(sheets))
	report(t, checkPlurals(sheets))
	report(t, checkTexts(sheets))
	report(t, checkTags(sheets))
	for lang, s := range sheets {
		for key, forms := range s {
			for _, text := range forms {
				if strings.Contains(key, ".btn_") && shortest(text) > adviceButton {
					t.Logf("%s: %s is longer than the %d characters a phone shows", lang, key, adviceButton)
				}
			}
		}
	}
}
