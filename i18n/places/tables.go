package places

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

var (
	//go:embed names.tsv
	namesFile string
	//go:embed aliases.tsv
	aliasesFile string
	//go:embed cities.tsv
	citiesFile string
	//go:embed regions.tsv
	regionsFile string
	//go:embed states.tsv
	statesFile string
	//go:embed namesakes.tsv
	namesakesFile string
	//go:embed neighbours.tsv
	neighboursFile string
	//go:embed serves.tsv
	servesFile string
	//go:embed codes.tsv
	codesFile string
	//go:embed airports.tsv
	airportsFile string
)

// A Gazetteer knows what places are called, and which lie in which: all of it that a screen needs which looks
// for nothing. It is read-only once read and safe for concurrent use.
type Gazetteer struct {
	languages []Language

	codes  []string // countries, territories and regions
	known  map[string]bool
	rows   []nameRow
	shown  map[string]map[string]string // language → code → name
	short  map[string]map[string]string // language → code → name for labels
	cities map[string]map[string]string // language → name in cities.tsv or states.tsv → name

	namesakes map[string][]string // folded name → countries with a lesser-known place of it
	farther   map[string]bool     // those of which a town nearby does not tell: only the country or a state does
	anywhere  map[string]bool     // those of which any other place in a text tells which one is meant
	serving   map[string][]string // code of a place nothing is sold for → codes whose plans work there
	nearOnly  map[string]bool     // those whose serving plans reach only a part of it
	apart     map[string]bool     // names in cities.tsv of what lies far from the rest of its country
	members   map[string][]string // code of a part of the world → its countries
	borders   map[string][]string // country → those that a journey leads to from there, and from those back
	// abbreviations of states → their country: "tx" → US.
	abbreviations map[string]string
	stateNames    map[string]string   // folded name of a country that is a state's too → the state's country
	rather        map[string]hit      // folded code of a country → the town that it rather means: "la"
	airports      map[string]string   // IATA code, lower case → the airport's country
	letters       map[string][]string // characters that stand for a country in Chinese or Japanese → codes
}

// nameRow is one line of names.tsv.
type nameRow struct {
	lang  string
	other bool     // CLDR's other names, not to be shown
	names []string // as codes; "" is none
}

func newGazetteer(languages []Language) *Gazetteer {
	return &Gazetteer{
		languages: languages,

		known:  map[string]bool{},
		shown:  map[string]map[string]string{},
		short:  map[string]map[string]string{},
		cities: map[string]map[string]string{},

		namesakes: map[string][]string{}, farther: map[string]bool{}, anywhere: map[string]bool{}, serving: map[string][]string{}, nearOnly: map[string]bool{}, apart: map[string]bool{}, members: map[string][]string{}, borders: map[string][]string{},
		abbreviations: map[string]string{}, stateNames: map[string]string{}, airports: map[string]string{}, rather: map[string]hit{}, letters: map[string][]string{},
	}
}

// read fills g with what is known without an index.
func (g *Gazetteer) read() error {
	if err := table("names.tsv", namesFile, 0, g.addNames); err != nil {
		return err
	}
	if err := table("regions.tsv", regionsFile, 3, g.addRegion); err != nil {
		return err
	}
	for _, l := range g.languages {
		if err := g.addLanguage(l, g.languages[0].Code); err != nil {
			return inLanguage(l, err)
		}
	}
	if err := table("cities.tsv", citiesFile, 3, g.addCity); err != nil {
		return err
	}
	return table("serves.tsv", servesFile, 2, g.addServing)
}

// index fills b with every name, and g with what only a search asks for.
func (g *Gazetteer) index(b *indexBuilder) error {
	cities := map[string]bool{}
	listed := func(add func(b *indexBuilder, row []string) error) func(row []string) error {
		return func(row []string) error { return add(b, row) }
	}
	town := func(add func(b *indexBuilder, row []string) error) func(row []string) error {
		return func(row []string) error {
			cities[row[1]] = true
			return add(b, row)
		}
	}
	if err := table("regions.tsv", regionsFile, 3, listed(g.indexRegion)); err != nil {
		return err
	}
	g.indexNames(b)
	if err := table("aliases.tsv", aliasesFile, 2, listed(g.addAliases)); err != nil {
		return err
	}
	if err := table("cities.tsv", citiesFile, 3, town(g.indexCity)); err != nil {
		return err
	}
	if err := table("states.tsv", statesFile, 4, town(g.addState)); err != nil {
		return err
	}
	if err := table("namesakes.tsv", namesakesFile, 2, g.addNamesake); err != nil {
		return err
	}
	if err := table("neighbours.tsv", neighboursFile, 2, g.addNeighbours); err != nil {
		return err
	}
	if err := table("airports.tsv", airportsFile, 2, g.addAirports); err != nil {
		return err
	}
	if err := table("codes.tsv", codesFile, 3, g.addRather); err != nil {
		return err
	}
	if err := table("letters.tsv", lettersFile, 2, g.addLetters); err != nil {
		return err
	}
	for _, l := range g.languages {
		for _, name := range slices.Sorted(maps.Keys(l.Cities)) {
			if !cities[name] {
				return inLanguage(l, fmt.Errorf("cities.tsv has no city %q", name))
			}
		}
	}
	return nil
}

// inLanguage says which language's part "places" an error is about.
func inLanguage(l Language, err error) error { return fmt.Errorf("places in %s: %w", l.Code, err) }

// table hands every line of a file to add, cut into columns; 0 columns is any number.
func table(file, text string, columns int, add func(row []string) error) error {
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		row := strings.Split(line, "\t")
		err := error(nil)
		if columns != 0 && len(row) != columns {
			err = fmt.Errorf("%d columns, want %d", len(row), columns)
		} else {
			err = add(row)
		}
		if err != nil {
			return fmt.Errorf("places/%s:%d: %w", file, i+1, err)
		}
	}
	return nil
}

func (g *Gazetteer) addCode(code string) {
	if !g.known[code] {
		g.known[code] = true
		g.codes = append(g.codes, code)
	}
}

func (g *Gazetteer) addNames(row []string) error {
	if row[0] == "codes" {
		for _, code := range row[1:] {
			g.addCode(code)
		}
		return nil
	}
	lang, other := strings.CutPrefix(row[0], "+")
	if len(row) != len(g.codes)+1 {
		return fmt.Errorf("%s has %d names for %d codes", lang, len(row)-1, len(g.codes))
	}
	g.rows = append(g.rows, nameRow{lang, other, row[1:]})
	return nil
}

// addRegion also adds the codes CLDR does not know: the Balkans, the Middle East.
func (g *Gazetteer) addRegion(row []string) error {
	if !strings.HasPrefix(row[0], RegionPrefix) {
		return fmt.Errorf("region code %q does not start with %q", row[0], RegionPrefix)
	}
	g.addCode(row[0])
	for code := range strings.FieldsSeq(row[1]) {
		if err := g.check(code); err != nil {
			return err
		}
		g.members[row[0]] = append(g.members[row[0]], code)
	}
	return nil
}

func (g *Gazetteer) indexRegion(b *indexBuilder, row []string) error {
	for name := range strings.SplitSeq(row[2], "|") {
		b.add(name, hit{code: row[0], loss: familiar})
	}
	return nil
}

// addLanguage settles what l shows: its own names before CLDR's before those of
// the language to fall back to, which must have been added before.
func (g *Gazetteer) addLanguage(l Language, fallback string) error {
	shown := maps.Clone(g.shown[fallback])
	if shown == nil { // l is that language itself
		shown = make(map[string]string, len(g.codes))
	}
	lang := g.nearest(l.Code)
	for _, row := range g.rows {
		if row.lang != lang || row.other {
			continue
		}
		for i, name := range row.names {
			if name != "" {
				shown[g.codes[i]] = name
			}
		}
	}
	for code, name := range l.Names {
		if err := g.check(code); err != nil {
			return err
		}
		shown[code] = name
	}
	for code := range l.Short {
		if err := g.check(code); err != nil {
			return err
		}
	}
	g.shown[l.Code], g.short[l.Code], g.cities[l.Code] = shown, l.Short, l.Cities
	return nil
}

// nearest is the language of names.tsv that a tag should use: "pt" for "pt-BR",
// "" when there is none.
func (g *Gazetteer) nearest(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return ""
	}
	for ; tag != language.Und; tag = tag.Parent() {
		if slices.ContainsFunc(g.rows, func(r nameRow) bool { return r.lang == tag.String() }) {
			return tag.String()
		}
	}
	return ""
}

// indexNames adds the names of names.tsv and of the languages' own.
func (g *Gazetteer) indexNames(b *indexBuilder) {
	spoken := map[string]bool{}
	for _, l := range g.languages {
		spoken[g.nearest(l.Code)] = true
	}
	for _, row := range g.rows {
		for i, name := range row.names {
			b.addName(name, g.codes[i], spoken[row.lang])
		}
	}
	for _, l := range g.languages {
		for _, code := range g.codes {
			b.addName(l.Names[code], code, true)
		}
	}
}

// addName adds a name with the ways people write it: "and" for &, without the
// Arabic article, and, of a language the bot speaks, in Latin letters.
func (b *indexBuilder) addName(name, code string, spoken bool) {
	weight := foreign
	if spoken {
		weight = familiar
	}
	b.add(name, hit{code: code, loss: weight})
	if strings.Contains(name, " & ") {
		b.add(strings.ReplaceAll(name, " & ", " and "), hit{code: code, loss: weight})
	}
	if bare, ok := strings.CutPrefix(name, "ال"); ok {
		b.add(bare, hit{code: code, loss: weight})
	}
	if spoken && strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		b.add(latin(name), hit{code: code, loss: romanised})
	}
}

func (g *Gazetteer) check(code string) error {
	if !g.known[code] {
		return fmt.Errorf("no place has the code %q", code)
	}
	return nil
}

func (g *Gazetteer) addAliases(b *indexBuilder, row []string) error {
	for name := range strings.SplitSeq(row[1], "|") {
		b.add(name, hit{code: row[0]})
	}
	return g.check(row[0])
}

func (g *Gazetteer) addCity(row []string) error {
	code, apart := strings.CutSuffix(row[0], "*")
	if apart {
		g.apart[row[1]] = true
	}
	return g.check(code)
}

func (g *Gazetteer) indexCity(b *indexBuilder, row []string) error {
	code := strings.TrimSuffix(row[0], "*")
	add := func(name string) {
		b.add(name, hit{code: code, city: row[1], loss: city})
		if bare, ok := strings.CutPrefix(name, "ال"); ok {
			b.add(bare, hit{code: code, city: row[1], loss: romanised})
		}
	}
	add(row[1])
	for _, l := range g.languages {
		add(l.Cities[row[1]])
	}
	for name := range strings.SplitSeq(row[2], "|") {
		add(name)
	}
	return nil
}
