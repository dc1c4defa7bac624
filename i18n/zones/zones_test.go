package zones

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as in the program
)

func TestEveryZoneIsKnown(t *testing.T) {
	for country, zone := range byCountry() {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", country, err)
		}
	}
}

// Whatever the vendor may sell, it has a time of day.
func TestEveryCountryHasAZone(t *testing.T) {
	names, err := os.ReadFile("../places/names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(names), "\n")
	uninhabited := "AQ BV HM UM"
	for _, country := range strings.Split(head, "\t")[1:] {
		if len(country) == 2 && Of(country) == nil && !strings.Contains(uninhabited, country) {
			t.Errorf("%s has no zone", country)
		}
	}
}

func TestZones(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for country, want := range map[string]string{"JP": "21:00", "TH": "19:00", "GB": "12:00", "US": "07:00", "IN": "17:30"} {
		if got := at.In(Of(country)).Format("15:04"); got != want {
			t.Errorf("noon of UTC in %s: %s, want %s", country, got, want)
		}
	}
	if got := Of("EU-42"); got != nil {
		t.Errorf("a region has the zone %v", got)
	}
	for _, tt := range []struct{ countries, want string }{
		{"JP", "Asia/Tokyo"}, {"JP KR", ""}, {"JP ZZ", ""}, {"IT VA", ""}, {"", ""},
	} {
		got := ""
		if at := Shared(strings.Fields(tt.countries)); at != nil {
			got = at.String()
		}
		if got != tt.want {
			t.Errorf("Shared(%s) = %q, want %q", tt.countries, got, tt.want)
		}
	}
}
