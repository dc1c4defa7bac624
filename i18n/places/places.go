// Package places finds countries, cities and parts of the world in what a
// traveller types, and knows what they are called.
//
// It understands names in every language of names.tsv and of the languages the
// bot speaks, codes and flags, names among other words, declined, misspelt or
// typed with the wrong keyboard layout, and what else a text says: sizes, days, orders,
// a cry for help (Parse). The tables lie beside the code:
//
//	names.tsv    CLDR's names of countries, territories and world regions, one row per
//	             language; written by generate.mjs
//	aliases.tsv  code, more names in any language, separated by |
//	cities.tsv   country, English name, more names separated by |; * behind the country: far
//	             from the rest of it
//	states.tsv   country, English name of a state, its abbreviation, more names: behind
//	             the name of a town it says where that is ("Paris, Texas")
//	namesakes.tsv  name, countries with a lesser-known place of that name; * behind the
//	             country: a state's name; + behind it: any place there that a text names as well
//	             tells that one is meant ("Paris and Disney"); - behind it: a town beside it does not mean that one
//	regions.tsv  code of a part of the world, its countries, more names separated by |
//	neighbours.tsv country, those that a journey leads to from there overland, or by a short crossing
//	serves.tsv   code of a place nothing is sold for, codes whose plans work there; * behind
//	             them: in a part of it
//	airports.tsv country, codes of its airports
//	codes.tsv    what is a country's code too and rather means a town, its country, its name in cities.tsv: "LA"
//	letters.tsv  characters that stand for countries in a row of them ("新马泰"), codes
//	words/       what people say around the names of places, one file per language
//
// None of them has to be touched for a new language: what CLDR lacks or says
// otherwise is a Language, read from the language's own sentence file.
package places

import "strings"

// RegionPrefix begins the codes of parts of the world; all others are ISO alpha-2.
const RegionPrefix = "region:"

// A Language is what the search is told about one language the bot speaks. It is
// the part "places" of the language's sentence file; every field may be empty.
type Language struct {
	// Code is a BCP 47 tag: "pt-BR". Names come from the nearest row of names.tsv.
	Code string `json:"-"`
	// Names are, by code, those to show instead of CLDR's, and those CLDR lacks.
	Names map[string]string `json:"names"`
	// Short are, by code, the names for labels that have no room for the whole one: "UAE".
	Short map[string]string `json:"short"`
	// Cities are, by their name in cities.tsv, the names that differ from it.
	Cities map[string]string `json:"cities"`
	// StopWords lists, separated by spaces, the words people put around a place: "trip to".
	// A code that is such a word is understood only when it stands alone.
	StopWords string `json:"noise"`
	// Keyboard lists, separated by spaces, what the keys
	// q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v b n m , . `
	// type in the language's layout. "" where people type in Latin letters.
	Keyboard string `json:"keyboard"`
}

// A Kind says what the traveller named.
type Kind int

// The kinds of places.
const (
	Country Kind = iota // a country or territory; Code is its alpha-2 code
	City                // a city or resort; Code is its country's
	Region              // several countries; Code is a code of regions.tsv
)

// A Place is one answer of Index.Find.
type Place struct {
	Code  string // "JP", "region:europe"
	Kind  Kind
	City  string // name of the city in cities.tsv, English; "" unless Kind is City
	Score int    // 1-100; from SureScore on the name is certain, below it is a guess
}

// Read reads the embedded tables of what places are called. The first of languages is the one whose names
// stand in for those another language lacks. The error names the row or the language that cannot be used.
func Read(languages ...Language) (*Gazetteer, error) {
	g := newGazetteer(languages)
	return g, g.read()
}

// Index reads the rest of the tables and builds the index of all names, once for a Gazetteer: it takes ten times
// as long as to read what places are called. The error is as of Read.
func (g *Gazetteer) Index() (*Index, error) {
	b := newIndexBuilder()
	if err := g.index(b); err != nil {
		return nil, err
	}
	x := b.build(g)
	words, err := newVocabulary(g.languages)
	if err != nil {
		return nil, err
	}
	x.words = words
	for _, l := range g.languages {
		for w := range strings.FieldsSeq(l.StopWords) {
			x.noise[fold(w)] = true
		}
		keys, err := newKeyboard(l.Keyboard)
		if err != nil {
			return nil, inLanguage(l, err)
		}
		if keys != nil {
			x.keyboards = append(x.keyboards, *keys)
		}
	}
	return x, nil
}

// Names returns what to call each place in one of the languages given to Read, by
// code. Every code has a name. The map is the gazetteer's own: do not change it.
func (g *Gazetteer) Names(lang string) map[string]string { return g.shown[lang] }

// Short returns the shorter names in one of the languages given to Read, by code. The map is the gazetteer's own:
// do not change it.
func (g *Gazetteer) Short(lang string) map[string]string { return g.short[lang] }

// Cities returns the names in one of the languages given to Read that differ from
// those of Place.City, by these. The map is the gazetteer's own: do not change it.
func (g *Gazetteer) Cities(lang string) map[string]string { return g.cities[lang] }

// ServedBy lists the places whose plans work in one that nothing is sold for under its own
// name: Spain for the Canary Islands.
func (g *Gazetteer) ServedBy(code string) []string { return g.serving[code] }

// ServedPartly reports whether the plans of Serving reach only a part of a place.
func (g *Gazetteer) ServedPartly(code string) bool { return g.nearOnly[code] }

// IsRemote reports whether what has this name in cities.tsv lies far from the rest of its country: Madeira.
func (g *Gazetteer) IsRemote(city string) bool { return g.apart[city] }

// Members lists the countries of a part of the world; none for the whole of it. Do not change it.
func (g *Gazetteer) Members(region string) []string { return g.members[region] }
