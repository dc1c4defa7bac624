package places

import "testing"

// TestAJourneyThroughTwoCountriesNamesBoth: of "from Lisbon to Madrid" nobody can say which one is home.
func TestAJourneyThroughTwoCountriesNamesBoth(t *testing.T) {
	x := index(t)
	tests := []struct{ query, want, why string }{
		{"From Lisbon to Madrid", "PT+ES", "foreign to who speaks English, and side by side"},
		{"from vienna to prague and budapest", "AT+CZ+HU", "the same"},
		{"из Рима в Париж", "IT+FR", "in Russian"},
		{"Roma'dan Paris'e", "IT+FR", "said behind the name"},
		{"从里斯本到马德里", "PT+ES", "without spaces"},
		{"de Lisboa para Paris", "FR", "home is where Portuguese is spoken"},
		{"desde Barcelona a París", "FR", "the Spanish say so of Barcelona"},
		{"from London to Paris", "FR", "home is where English is spoken"},
		{"from Berlin to Tokyo", "JP", "far away"},
		{"i am from Lisbon going to Madrid", "ES", "it is said to be home"},
		{"leaving Lisbon for Madrid", "ES", "it is left"},
	}
	for _, tt := range tests {
		if got := shown(x, x.Parse(tt.query)); got != tt.want {
			t.Errorf("%q leads to %s, want %s: %s", tt.query, got, tt.want, tt.why)
		}
	}
}

// TestDisneyIsBesideTheTownThatIsNamed: there is one in five countries.
func TestDisneyIsBesideTheTownThatIsNamed(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"Paris e Disney": "FR", "باريس وديزني": "FR", "tokyo disney": "JP", "disney com a família 10 dias": "US - 10", "Rome and Disney": "IT+US",
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}

// TestFlagsStandBesideAName that would be read as all of the text without them.
func TestFlagsStandBesideAName(t *testing.T) {
	x := index(t)
	if got := shown(x, x.Parse("🇫🇷🇪🇸🇮🇹 interrail")); got != "FR+ES+IT" {
		t.Errorf("three flags lead to %s", got)
	}
}
