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
	"unicode/utf8"

	"esimbot/i18n/places"
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
		if key == placesPart {
			problems = append(problems, skipPlaces(dec)...)
			continue
		}
		if key == advicePart {
			problems = append(problems, skipAdvice(dec)...)
			continue
		}
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

// skipPlaces passes over the part of the file that checkPlaces looks at, and
// reports what it may not hold.
func skipPlaces(dec *json.Decoder) []string {
	var part json.RawMessage
	if err := dec.Decode(&part); err != nil {
		return []string{err.Error()}
	}
	strict := json.NewDecoder(bytes.NewReader(part))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&places.Language{}); err != nil {
		return []string{placesPart + ": " + err.Error()}
	}
	return nil
}

// skipAdvice passes over the part that the tests of the bot read, and reports what is wrong with it.
func skipAdvice(dec *json.Decoder) []string {
	var advice map[string]string
	if err := dec.Decode(&advice); err != nil {
		return []string{advicePart + ": " + err.Error()}
	}
	var problems []string
	for _, kind := range []string{"too_early", "too_late"} {
		if _, err := regexp.Compile(advice[kind]); err != nil || advice[kind] == "" {
			problems = append(problems, fmt.Sprintf("%s: %s is no expression (%v)", advicePart, kind, err))
		}
	}
	return problems
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
			want, err := placeholders(sheets[Fallback][key])
			if err == nil && sheets[Fallback][key] != nil && !slices.Equal(names, want) {
				problems = append(problems, fmt.Sprintf("%s: %s has placeholders %v, %s has %v", lang, key, names, Fallback, want))
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
				if english, ok := sheets[Fallback][key][form]; ok && breaks(english) != breaks(text) {
					problems = append(problems, fmt.Sprintf("%s: %s has other line breaks around it than %s", lang, key, Fallback))
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
	if key == "format.number" && !numberPattern.MatchString(text) {
		problems = append(problems, "is no pattern of whole numbers like #,##0")
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

// numberPattern is what groupSizes reads.
var numberPattern = regexp.MustCompile(`^(#,(#+,)?#*)?0$`)

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
