package zones

import (
	"os"
	"strings"
	"testing"
)

func TestOfCity(t *testing.T) {
	for _, tt := range []struct{ country, city, want string }{
		{"US", "Los Angeles", "America/Los_Angeles"},
		{"US", "California", "America/Los_Angeles"},
		{"US", "Texas", "America/Chicago"},
		{"US", "Boston", "America/New_York"},
		{"US", "Route 66", ""},
		{"RU", "Yekaterinburg", "Asia/Yekaterinburg"},
		{"RU", "Sochi", "Europe/Moscow"},
		{"AU", "Perth", "Australia/Perth"},
		{"BR", "Manaus", "America/Manaus"},
		{"CA", "Vancouver", "America/Vancouver"},
		{"ID", "Bali", "Asia/Makassar"},
		{"JP", "Kyoto", "Asia/Tokyo"},
		{"PT", "Terceira", "Atlantic/Azores"},
		{"PT", "Porto", "Europe/Lisbon"},
		{"ZZ", "Nowhere", ""},
	} {
		got := ""
		if at := OfCity(tt.country, tt.city); at != nil {
			got = at.String()
		}
		if got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.city, tt.country, got, tt.want)
		}
	}
}

func TestNear(t *testing.T) {
	for _, tt := range []struct {
		what        string
		north, east float64
		want        string
	}{
		{"Los Angeles", 34.05, -118.24, "America/Los_Angeles"},
		{"Barcelona", 41.38, 2.17, "Europe/Andorra"},
		{"Fiji, over the date line", -18.1, -179.9, "Pacific/Fiji"},
		{"Novosibirsk", 55.0, 82.9, "Asia/Novosibirsk"},
		{"Osaka", 34.69, 135.5, "Asia/Tokyo"},
		{"off the earth", 91, 0, ""},
	} {
		got := ""
		if at := Near(tt.north, tt.east); at != nil {
			got = at.String()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

func TestEveryPointAndClockIsKnown(t *testing.T) {
	for _, p := range allPoints() {
		if load(p.zone) == nil {
			t.Errorf("no zone %s", p.zone)
		}
	}
	if n := len(allPoints()); n < 400 {
		t.Errorf("%d points", n)
	}
	for country, clocks := range byCity().clocks {
		if clocks[0].Zone.String() != Of(country).String() || len(clocks) < 2 {
			t.Errorf("the first clock of %s is %v of %d", country, clocks[0], len(clocks))
		}
		for _, c := range clocks {
			if Named(c.Zone.String()) == nil {
				t.Errorf("%s cannot be chosen", c.Zone)
			}
		}
	}
	if Named("Etc/UTC") != nil || Named("../etc/passwd") != nil || Named("") != nil {
		t.Error("a zone that nobody lives by")
	}
}

// A city that the search does not know is never asked for.
func TestCitiesAreThoseOfTheSearch(t *testing.T) {
	known := map[string]bool{}
	var file []byte
	for _, name := range []string{"cities", "states"} {
		part, err := os.ReadFile("../places/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		file = append(file, part...)
	}
	for line := range strings.Lines(string(file)) {
		if f := strings.Split(line, "\t"); len(f) > 1 {
			known[strings.TrimSuffix(f[0], "*")+" "+strings.TrimSpace(f[1])] = true
		}
	}
	unknown := "CA St. John's CA Regina CA Whitehorse CD Kinshasa CD Lubumbashi" // they stand for their clock
	for country, names := range byCity().zones {
		for name := range names {
			if !known[country+" "+name] && !strings.Contains(unknown, country+" "+name) {
				t.Errorf("%s in %s", name, country)
			}
		}
	}
}
