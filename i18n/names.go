package i18n

import (
	"strings"

	"esimbot/i18n/places"
)

// search is what names are found with.
func (b *Bundle) search() *places.Index { return known(b.index) }

// ReadAhead builds what names are found with, which else the first text that somebody types waits for.
func (b *Bundle) ReadAhead() { b.search() }

// ParseText reads what a traveller's text says; see places.Index.Parse.
func (b *Bundle) ParseText(text string) places.Query { return b.search().Parse(text) }

// ClassifyAnswer reports whether a text that may answer a question is a question or a wish itself, or a no; see
// places.Index.ClassifyAnswer.
func (b *Bundle) ClassifyAnswer(text string) (asks, leaves bool) {
	return b.search().ClassifyAnswer(text)
}

// ParsePrefix reads a text as the beginning of a name, or as a code: any of its places may be meant.
func (b *Bundle) ParsePrefix(text string) places.Query { return b.search().ParsePrefix(text) }

// ServedBy lists the places whose plans work in one that nothing is sold for under its own name.
func (b *Bundle) ServedBy(code string) []string { return known(b.gazetteer).ServedBy(code) }

// ServedPartly reports whether the plans of Serving reach only a part of a place.
func (b *Bundle) ServedPartly(code string) bool { return known(b.gazetteer).ServedPartly(code) }

// IsRemote reports whether a town or an island, by Place.City, lies far from the rest of its country: Madeira.
func (b *Bundle) IsRemote(city string) bool { return known(b.gazetteer).IsRemote(city) }

// Members lists the countries of a part of the world, by its code. Do not change it.
func (b *Bundle) Members(region string) []string { return known(b.gazetteer).Members(region) }

// Place returns the name of a country, territory or region by its code: "JP" is
// "Japan", "region:asia" is "Asia". An unknown code is returned as it is.
func (p Printer) Place(code string) string {
	if name := p.v.places().names[code]; name != "" {
		return name
	}
	if name := p.v.places().names[strings.ToUpper(code)]; name != "" {
		return name
	}
	return code
}

// Labels returns the name of a place, and the shorter one for labels if there is one.
func (p Printer) Labels(code string) []string {
	names := []string{p.Place(code)}
	if short := p.v.places().short[code]; short != "" {
		names = append(names, short)
	}
	return names
}

// City returns a city of places.Place.City in p's language.
func (p Printer) City(english string) string {
	if name := p.v.places().cities[english]; name != "" {
		return name
	}
	return english
}

// Flag returns the flag emoji of an alpha-2 code, "" for anything else.
// XK is a flag to every phone although ISO has not assigned it.
func Flag(code string) string {
	if len(code) != 2 {
		return ""
	}
	const regionalA = '\U0001F1E6' // the regional indicator letter A; two such letters are a flag
	var out strings.Builder
	for _, c := range []byte(strings.ToUpper(code)) {
		if c < 'A' || c > 'Z' {
			return ""
		}
		out.WriteRune(regionalA + rune(c-'A'))
	}
	return out.String()
}
