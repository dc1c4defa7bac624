package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"esimbot/i18n/places"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Load makes a Bundle of the embedded sentence files. A process does it once: every caller gets the same Bundle.
// What is in a file is read when it is first asked for, and so is the index of places: a start of the program waits
// for none of it, and ReadAhead builds the index behind it. That all of it can be read is what the tests of this package say, by LoadFrom.
func Load() (*Bundle, error) { return load() }

var load = sync.OnceValues(func() (*Bundle, error) { return open(localeFiles) })

// LoadFrom is Load with other sentence files: each file of the folder locales,
// named <BCP 47 tag>.json, is a language. It reads all of them, and returns an error
// that names the file when one cannot be used.
func LoadFrom(files fs.FS) (*Bundle, error) {
	b, err := open(files)
	if err != nil {
		return nil, err
	}
	return b, b.check()
}

func open(files fs.FS) (*Bundle, error) {
	entries, err := fs.ReadDir(files, "locales")
	if err != nil {
		return nil, fmt.Errorf("list sentence files: %w", err)
	}
	fallback := language.MustParse(Fallback)
	b := &Bundle{printers: map[string]Printer{}}
	for _, e := range entries {
		f, at := newLocaleFile(files, path.Join("locales", e.Name())), len(b.tags)
		if f.tag == fallback {
			at = 0
		}
		b.tags, b.files = slices.Insert(b.tags, at, f.tag), slices.Insert(b.files, at, f)
	}
	if len(b.tags) == 0 || b.tags[0] != fallback {
		return nil, fmt.Errorf("no sentence file locales/%s.json", Fallback)
	}
	b.gazetteer = sync.OnceValues(b.readPlaces)
	b.index = sync.OnceValues(func() (*places.Index, error) {
		g, err := b.gazetteer()
		if err != nil {
			return nil, err
		}
		return g.Index()
	})
	b.matcher = language.NewMatcher(b.tags)
	for _, f := range b.files {
		p := b.newPrinter(f)
		b.printers[p.Lang()] = p
	}
	for _, p := range b.printers {
		p.v.fallback = b.printers[Fallback].v
	}
	b.languages = sync.OnceValue(b.nameLanguages)
	b.dates = sync.OnceValue(b.readDateWords)
	return b, nil
}

// check reads everything that would be read later.
func (b *Bundle) check() error {
	for _, f := range b.files {
		if err := f.check(); err != nil {
			return err
		}
	}
	_, err := b.index()
	return err
}

func (b *Bundle) readPlaces() (*places.Gazetteer, error) {
	spoken := make([]places.Language, len(b.files))
	for i, f := range b.files {
		var err error
		if spoken[i], err = f.places(); err != nil {
			return nil, err
		}
	}
	return places.Read(spoken...)
}

// known is what check has seen to be without error.
func known[T any](read func() (T, error)) T {
	v, err := read()
	if err != nil {
		panic(fmt.Sprintf("i18n: %v: a file that no test has read", err))
	}
	return v
}

func (b *Bundle) nameLanguages() []Language {
	var all []Language
	for _, tag := range b.tags {
		p := b.printers[tag.String()]
		all = append(all, Language{Code: p.Lang(), Native: p.Plain("format.language", nil), ISO: iso(tag)})
	}
	return all
}

// The members of a sentence file that are not sentences.
const (
	placesPart = "places" // a places.Language
	// advicePart has two regular expressions for the tests, which look for advice to install too_early,
	// or too_late, in all that a customer can read in the language.
	advicePart = "advice"
)

// iso is the two-letter code of a language, "" when it has none.
func iso(tag language.Tag) string {
	base, confidence := tag.Base()
	if code := base.String(); confidence != language.No && len(code) == 2 {
		return code
	}
	return ""
}

func (b *Bundle) newPrinter(f *localeFile) Printer {
	p := Printer{&voice{lang: f.tag.String(), file: f, rightToLeft: rightToLeft(f.tag)}}
	p.v.plural = sync.OnceValue(func() func(int) string {
		return known(func() (func(int) string, error) { return counter(f.tag) })
	})
	p.v.signs = sync.OnceValue(p.readSigns)
	p.v.places = sync.OnceValue(func() placeNames {
		g := known(b.gazetteer)
		return placeNames{g.Names(p.v.lang), g.Short(p.v.lang), g.Cities(p.v.lang)}
	})
	return p
}

func (p Printer) readSigns() *signs {
	return &signs{
		decimal: p.Plain("format.decimal", nil), group: p.Plain("format.group", nil), minus: p.Plain("format.minus", nil),
		euphony: beginnings(p.Plain("format.list_euphony", nil)), noEuphony: beginnings(p.Plain("format.list_no_euphony", nil)),
		groups: groupSizes(p.Plain("format.number", nil)),
	}
}

// beginnings are those of words that a sentence file lists, "-" none.
func beginnings(list string) []string {
	if list == "-" {
		return nil
	}
	return strings.Split(list, ", ")
}
