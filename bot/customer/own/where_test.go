package own

import (
	"testing"
	"time"

	"esimbot/esim"
)

func TestWhereIs(t *testing.T) {
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	in := func(country string, activated, lasts time.Duration) esim.ESIM {
		e := esim.ESIM{Plan: esim.Plan{Location: country, Places: []string{country}}}
		e.Activated, e.Expires = now.Add(-activated), now.Add(-activated+lasts)
		return e
	}
	const day = 24 * time.Hour
	unused := esim.ESIM{Plan: esim.Plan{Location: "JP", Places: []string{"JP"}}}
	told := func(zone string, ago time.Duration) esim.Customer {
		return esim.Customer{Zone: zone, ZoneAt: now.Add(-ago)}
	}
	for _, tt := range []struct {
		name  string
		who   esim.Customer
		esims []esim.ESIM
		want  string
		sure  bool
	}{
		{"nobody said", esim.Customer{}, nil, "", false},
		{"an eSIM that was never used says nothing", esim.Customer{}, []esim.ESIM{unused}, "", false},
		{"in use", esim.Customer{}, []esim.ESIM{in("JP", day, 7*day)}, "Asia/Tokyo", true},
		{"the latest of two", esim.Customer{}, []esim.ESIM{in("JP", day, 7*day), in("TH", 5*day, 30*day)}, "Asia/Tokyo", true},
		{"over yesterday", esim.Customer{}, []esim.ESIM{in("JP", 8*day, 7*day)}, "Asia/Tokyo", true},
		{"over last week", esim.Customer{}, []esim.ESIM{in("JP", 14*day, 7*day)}, "", false},
		{"a country of many zones is that of most people, and not sure", esim.Customer{}, []esim.ESIM{in("US", day, 7*day)}, "America/New_York", false},
		{"until they say where", told("America/Los_Angeles", time.Hour), []esim.ESIM{in("US", day, 7*day)}, "America/Los_Angeles", true},
		{"told at home, and travelled since", told("Europe/Moscow", 3*day), []esim.ESIM{in("JP", day, 7*day)}, "Asia/Tokyo", true},
		{"told, and nothing in use", told("Europe/Moscow", 3*day), nil, "Europe/Moscow", true},
		{"a zone that is none", told("Mars/Olympus", 0), nil, "", false},
	} {
		at, sure := whereIs(tt.who, tt.esims, now)
		got := ""
		if at != nil {
			got = at.String()
		}
		if got != tt.want || sure != tt.sure {
			t.Errorf("%s: %q, sure %v; want %q, %v", tt.name, got, sure, tt.want, tt.sure)
		}
	}
}
