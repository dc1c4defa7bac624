// Package zones knows what time it is where an eSIM is used, and where somebody says that they are: by country, so
// far as a country has one time zone, by city, and by a place on earth. Of a country with several, Of is the zone of
// most people there, and at most some hours off: good enough for a word such as "Thursday evening". Clocks are what
// to ask with.
package zones

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// table is "country, zone" from the zone.tab of the IANA time zone database, which is in the public domain; of
// countries with several zones the one with most people was chosen by hand.
//
//go:embed zones.tsv
var table string

var byCountry = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(table) {
		if country, zone, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
			all[country] = zone
		}
	}
	return all
})

// Of is the time zone of a country by its two letters; nil where it is not known.
func Of(country string) *time.Location {
	return load(byCountry()[country])
}

// Shared is the time zone that all of some countries have; nil if they have several, or one is not known.
func Shared(countries []string) *time.Location {
	var shared *time.Location
	for i, country := range countries {
		at := Of(country)
		if at == nil || i > 0 && at.String() != shared.String() {
			return nil
		}
		shared = at
	}
	return shared
}
