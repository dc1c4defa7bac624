package i18n

import (
	"strings"

	"esimbot/i18n/places"
)

// FindPlaces returns the places a traveller may have meant with query, the best
// first, at most limit of them; see places.Index.Find.
func (b *Bundle) FindPlaces(query string, limit int) []places.Place {
	return b.places.Find(query, limit)
}

// Place returns the name of a country, territory or region by its code: "JP" is
// "Japan", "region:asia" is "Asia". An unknown code is returned as it is.
func (p Printer) Place(code string) string {
	if name := p.v.names[code]; name != "" {
		return name
	}
	if name := p.v.names[strings.ToUpper(code)]; name != "" {
		return name
	}
	return code
}

// City returns a city of places.Place.City in p's language.
func (p Printer) City(english string) string {
	if name := p.v.cities[english]; name != "" {
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
