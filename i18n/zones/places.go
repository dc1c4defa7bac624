package zones

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// cities is "country, zone, the names of cities as i18n/places has them, separated by |". The first name stands for
// the zone. All other cities of the country have the zone of its first row; those of "-" lie in several. * behind
// the country: the zone is that of few people there, and is not among the Clocks.
//
//go:embed cities.tsv
var cities string

// points is "zone, latitude, longitude" of the city each zone is named after, from zone.tab as well.
//
//go:embed points.tsv
var points string

// A Clock is one of the times of day that a country has at the same moment.
type Clock struct {
	City string // as i18n/places has it
	Zone *time.Location
}

type cityTable struct {
	clocks map[string][]Clock           // by country, where there are several
	zones  map[string]map[string]string // by country and city
}

var byCity = sync.OnceValue(func() cityTable {
	t := cityTable{map[string][]Clock{}, map[string]map[string]string{}}
	for line := range strings.Lines(cities) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		country, few := strings.CutSuffix(f[0], "*")
		if t.zones[country] == nil {
			t.zones[country] = map[string]string{}
		}
		names := strings.Split(f[2], "|")
		for _, name := range names {
			t.zones[country][name] = f[1]
		}
		if at := load(f[1]); at != nil && !few {
			t.clocks[country] = append(t.clocks[country], Clock{names[0], at})
		}
	}
	return t
})

// Clocks are the times of day that people of a country live by; none where it has one for nearly all of them.
func Clocks(country string) []Clock { return byCity().clocks[country] }

// OfCity is the time zone of a city by its English name; nil where it is not known.
func OfCity(country, city string) *time.Location {
	if zone := byCity().zones[country][city]; zone != "" {
		return load(zone)
	}
	return Of(country)
}

type point struct {
	zone        string
	x, y, above float64 // on a ball
}

var allPoints = sync.OnceValue(func() []point {
	var all []point
	for line := range strings.Lines(points) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		north, err1 := strconv.ParseFloat(f[1], 64)
		east, err2 := strconv.ParseFloat(f[2], 64)
		if err1 == nil && err2 == nil {
			all = append(all, onBall(f[0], north, east))
		}
	}
	return all
})

func onBall(zone string, north, east float64) point {
	n, e := north*math.Pi/180, east*math.Pi/180
	return point{zone, math.Cos(n) * math.Cos(e), math.Cos(n) * math.Sin(e), math.Sin(n)}
}

// Near is the time zone whose city is nearest to a place on earth, in degrees. Near a border it can be that of the
// other side, so whoever it is for should see it.
func Near(north, east float64) *time.Location {
	if math.Abs(north) > 90 || math.Abs(east) > 180 || math.IsNaN(north) || math.IsNaN(east) {
		return nil
	}
	here := onBall("", north, east)
	zone, best := "", -2.0
	for _, p := range allPoints() {
		if c := p.x*here.x + p.y*here.y + p.above*here.above; c > best {
			zone, best = p.zone, c
		}
	}
	return load(zone)
}

// Named is a zone by its name in the IANA database; nil if people live by no such zone.
func Named(zone string) *time.Location {
	for _, p := range allPoints() {
		if p.zone == zone {
			return load(zone)
		}
	}
	return nil
}

// City is the city that a zone is named after: "Los Angeles".
func City(at *time.Location) string {
	name := at.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

func load(zone string) *time.Location {
	if zone == "" || zone == "-" {
		return nil
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return nil // the system has no zones
	}
	return at
}
