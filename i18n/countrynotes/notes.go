// Package countrynotes knows what a traveller should be told about a country before buying an
// eSIM for it: that foreign SIMs get no data on the first day, that sellers' sites are blocked
// there. The shop's own notes are notes.tsv, each with its source and the day it was last
// looked at; an operator adds, changes and takes away notes with a file, and marks countries
// that are not sold to. Sentences are not here: a note names one of the sentence files, or
// carries the operator's own words.
package countrynotes

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Note is one thing to know about a country.
type Note struct {
	Country string    // ISO alpha-2: "RU"
	Kind    string    // the sentence note.<kind>; "" for the operator's own words
	Checked time.Time // the day somebody last read the source; zero: an operator's note that does not say
	Source  string    // URL
	// Text is the operator's own words by language, plain text, never without i18n.Fallback.
	Text map[string]string
}

// Notes are all that hold in this shop. The zero value has none and sells everywhere.
type Notes struct {
	byCountry map[string][]Note
	unsold    map[string]bool
}

// For returns the notes of a country in the order they are shown, nil if there are none.
func (n Notes) For(country string) []Note { return n.byCountry[country] }

// Sold reports whether plans of a country are sold here.
func (n Notes) Sold(country string) bool { return !n.unsold[country] }

// Unsold lists the countries that are not sold to.
func (n Notes) Unsold() []string {
	var codes []string
	for code, unsold := range n.unsold {
		if unsold {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// Stale are the notes whose source nobody has read for a year, by country: they may tell a
// traveller what is no longer true. A note without a day is one of them.
func (n Notes) Stale(now time.Time) []Note {
	var stale []Note
	for _, code := range slices.Sorted(maps.Keys(n.byCountry)) {
		for _, note := range n.byCountry[code] {
			if note.Checked.AddDate(1, 0, 0).Before(now) {
				stale = append(stale, note)
			}
		}
	}
	return stale
}

//go:embed notes.tsv
var table string

// BuiltIn are the notes of notes.tsv. It panics if the table is damaged, which its test finds.
func BuiltIn() Notes {
	n, err := parse(table)
	if err != nil {
		panic(fmt.Sprintf("countrynotes: %v", err))
	}
	return n
}

func parse(table string) (Notes, error) {
	n := Notes{byCountry: map[string][]Note{}, unsold: map[string]bool{}}
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 || f[1] == "" || !strings.HasPrefix(f[3], "https://") {
			return Notes{}, fmt.Errorf("the row %q needs a country, a kind, a day and a source", line)
		}
		day, err := time.Parse(time.DateOnly, f[2])
		if err != nil {
			return Notes{}, fmt.Errorf("the row %q: %w", line, err)
		}
		n.byCountry[f[0]] = append(n.byCountry[f[0]], Note{Country: f[0], Kind: f[1], Checked: day, Source: f[3]})
	}
	return n, nil
}
