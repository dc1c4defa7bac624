package places

import (
	"fmt"
	"slices"
	"strings"
)

// addAirports reads a country and the codes of its airports, and of the cities that have several: LON.
// The codes are those of OurAirports (https://ourairports.com/data/, in the public domain), of its large airports
// and of smaller ones that many travellers fly to; without those that are a word in many texts: BUS, SAT.
func (g *Gazetteer) addAirports(row []string) error {
	for code := range strings.FieldsSeq(row[1]) {
		code = strings.ToLower(code)
		if len(code) != 3 || g.airports[code] != "" {
			return fmt.Errorf("%q is no code of an airport, or stands here twice", code)
		}
		g.airports[code] = row[0]
	}
	return g.check(row[0])
}

// flights finds the codes of airports, as they stand on a ticket: in capitals among other words, "landing at BKK",
// or with nothing else. Three small letters that a name begins with are that name's beginning: "dub". A name and a
// code of a country go first: GOA is a part of India here, and no airport of Genoa.
func (r *reading) flights() []span {
	var found []span
	for i := range r.tokens {
		t := &r.tokens[i]
		code := r.x.airports[t.text]
		_, rather := r.x.rather[t.text] // "landing at FRA" is not France
		if code == "" || t.role != unexplained || !t.upper && r.x.words.units[t.text] != "" || r.x.isPlace(t.text) && !rather || !r.flies(i) {
			continue
		}
		t.role = rolePlace
		found = append(found, span{from: i, to: i + 1, hits: []hit{{code: code, at: r.x.at[code]}}})
	}
	return found
}

// flies reports whether tokens[i], which may be an airport's code, is written as one.
func (r *reading) flies(i int) bool {
	t := r.tokens[i]
	switch {
	case t.upper && !r.allUpper():
		return true
	case t.upper && r.onlyAirports():
		return true
	}
	begins, _ := slices.BinarySearchFunc(r.x.starts, t.text, func(a start, q string) int { return strings.Compare(a.key, q) })
	return r.onlyAirports() && !r.everyday(i) && !r.x.words.known[t.text] &&
		(begins == len(r.x.starts) || !strings.HasPrefix(r.x.starts[begins].key, t.text))
}

// onlyAirports reports whether the text is codes of airports, places, sizes and noise, and nothing else.
func (r *reading) onlyAirports() bool {
	v := r.x.words.kinds
	return !slices.ContainsFunc(r.tokens, func(t token) bool {
		return t.role == unexplained && !t.isNum && t.flag == "" && r.x.airports[t.text] == "" && !v["noise"].has(t.text) && !v["and"].has(t.text)
	})
}
