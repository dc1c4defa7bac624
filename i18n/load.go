package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"esimbot/i18n/places"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Load reads the embedded sentence files and builds the index of places.
// It returns an error that names the file when one cannot be used. A process does it once:
// every caller gets the same Bundle.
func Load() (*Bundle, error) { return load() }

var load = sync.OnceValues(func() (*Bundle, error) { return LoadFrom(localeFiles) })

// LoadFrom is Load with other sentence files: each file of the folder locales,
// named <BCP 47 tag>.json, is a language.
func LoadFrom(files fs.FS) (*Bundle, error) {
	entries, err := fs.ReadDir(files, "locales")
	if err != nil {
		return nil, fmt.Errorf("list sentence files: %w", err)
	}
	fallback := language.MustParse(Fallback)
	messages := goi18n.NewBundle(fallback)
	b := &Bundle{printers: map[string]Printer{}}
	var spoken []places.Language
	for _, e := range entries {
		name := path.Join("locales", e.Name())
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		tag, words, err := addFile(messages, name, raw)
		if err != nil {
			return nil, err
		}
		at := len(b.tags)
		if tag == fallback {
			at = 0
		}
		b.tags, spoken = slices.Insert(b.tags, at, tag), slices.Insert(spoken, at, words)
	}
	if len(b.tags) == 0 || b.tags[0] != fallback {
		return nil, fmt.Errorf("no sentence file locales/%s.json", Fallback)
	}
	if b.places, err = places.Load(spoken...); err != nil {
		return nil, err
	}
	b.matcher = language.NewMatcher(b.tags)
	for _, tag := range b.tags {
		p := newPrinter(messages, tag, b.places)
		b.printers[p.Lang()] = p
		b.languages = append(b.languages, Language{Code: p.Lang(), Native: p.Plain("format.language", nil), ISO: iso(tag)})
	}
	for _, p := range b.printers {
		p.v.fallback = b.printers[Fallback].v
	}
	b.dates = b.readDateWords()
	return b, nil
}

// The members of a sentence file that are not sentences.
const (
	placesPart = "places" // a places.Language
	// advicePart has two regular expressions for the tests, which look for advice to install too_early,
	// or too_late, in all that a customer can read in the language.
	advicePart = "advice"
)

// addFile adds one sentence file to messages after trying every template in it,
// so that a broken placeholder stops the start and not a customer's screen.
func addFile(messages *goi18n.Bundle, name string, raw []byte) (language.Tag, places.Language, error) {
	sentences, words, err := split(raw)
	if err != nil {
		return language.Und, words, fmt.Errorf("parse %s: %w", name, err)
	}
	tag := language.Make(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	for _, m := range sentences {
		for _, text := range forms(m) {
			if _, err := compile(text); err != nil {
				return language.Und, words, fmt.Errorf("%s: %s: %w", name, m.ID, err)
			}
		}
	}
	if err := messages.AddMessages(tag, sentences...); err != nil {
		return language.Und, words, fmt.Errorf("parse %s: %w", name, err)
	}
	words.Code = tag.String()
	return tag, words, nil
}

// split parts a sentence file into its sentences and its words for places. It reads the file once: every start of
// the program waits for all of them, so the library, which wants bytes of its own to read, is handed what was read.
func split(raw []byte) (sentences []*goi18n.Message, words places.Language, err error) {
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, words, err
	}
	if part, ok := members[placesPart]; ok {
		raw, err := json.Marshal(part)
		if err != nil {
			return nil, words, fmt.Errorf("%s: %w", placesPart, err)
		}
		if err := json.Unmarshal(raw, &words); err != nil {
			return nil, words, fmt.Errorf("%s: %w", placesPart, err)
		}
		delete(members, placesPart)
	}
	delete(members, advicePart)
	sentences = make([]*goi18n.Message, 0, len(members))
	for key, said := range members {
		m, err := message(said)
		if err != nil {
			return nil, words, fmt.Errorf("%s: %w", key, err)
		}
		m.ID = key
		sentences = append(sentences, m)
	}
	return sentences, words, nil
}

// message is a sentence, or the forms of one that counts.
func message(said any) (*goi18n.Message, error) {
	if text, ok := said.(string); ok {
		return &goi18n.Message{Other: text}, nil
	}
	m, err := goi18n.NewMessage(said)
	if err != nil {
		return nil, err
	}
	if all, ok := said.(map[string]any); !ok || len(forms(m)) != len(all) {
		return nil, fmt.Errorf("not all of it are plural forms: %v", said)
	}
	return m, nil
}

// iso is the two-letter code of a language, "" when it has none.
func iso(tag language.Tag) string {
	base, confidence := tag.Base()
	if code := base.String(); confidence != language.No && len(code) == 2 {
		return code
	}
	return ""
}

func newPrinter(messages *goi18n.Bundle, tag language.Tag, index *places.Index) Printer {
	lang := tag.String()
	v := &voice{
		lang:        lang,
		localizer:   goi18n.NewLocalizer(messages, lang),
		rightToLeft: rightToLeft(tag),
		names:       index.Names(lang),
		short:       index.Short(lang),
		cities:      index.Cities(lang),
	}
	p := Printer{v}
	v.decimal = p.Plain("format.decimal", nil)
	v.group = p.Plain("format.group", nil)
	v.minus = p.Plain("format.minus", nil)
	v.euphony, v.noEuphony = beginnings(p.Plain("format.list_euphony", nil)), beginnings(p.Plain("format.list_no_euphony", nil))
	v.groups = groupSizes(p.Plain("format.number", nil))
	return p
}

// beginnings are those of words that a sentence file lists, "-" none.
func beginnings(list string) []string {
	if list == "-" {
		return nil
	}
	return strings.Split(list, ", ")
}
