package i18n

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestPlaceNames(t *testing.T) {
	en, ru := bundle(t).Printer("en"), bundle(t).Printer("ru")
	tests := []struct{ code, en, ru string }{
		{"JP", "Japan", "Япония"}, {"jp", "Japan", "Япония"}, {"AE", "United Arab Emirates", "ОАЭ"}, {"US", "United States", "США"},
		{"KR", "South Korea", "Южная Корея"}, {"HK", "Hong Kong", "Гонконг"}, {"XK", "Kosovo", "Косово"}, {"SZ", "Eswatini", "Эсватини"},
		{"MK", "North Macedonia", "Северная Македония"}, {"BM", "Bermuda", "Бермудские острова"},
		{"region:europe", "Europe", "Европа"}, {"region:balkans", "Balkans", "Балканы"}, {"region:global", "Global", "Весь мир"},
		{"QQ", "QQ", "QQ"}, {"", "", ""}, {"EU-42", "EU-42", "EU-42"},
	}
	for _, tt := range tests {
		if got := en.Place(tt.code); got != tt.en {
			t.Errorf("English for %q is %q, want %q", tt.code, got, tt.en)
		}
		if got := ru.Place(tt.code); got != tt.ru {
			t.Errorf("Russian for %q is %q, want %q", tt.code, got, tt.ru)
		}
	}
	if en.City("Dubai") != "Dubai" || ru.City("Dubai") != "Дубай" || ru.City("Nowhere") != "Nowhere" {
		t.Errorf("cities: %q %q %q", en.City("Dubai"), ru.City("Dubai"), ru.City("Nowhere"))
	}
}

// TestEveryPlaceIsNamedInEveryLanguage keeps a menu from showing codes.
func TestEveryPlaceIsNamedInEveryLanguage(t *testing.T) {
	b := bundle(t)
	if n := len(b.Countries()); n < 250 {
		t.Errorf("only %d countries and territories", n)
	}
	for _, l := range b.Languages() {
		p := b.Printer(l.Code)
		seen := map[string]string{}
		for _, code := range append(b.Countries(), b.Regions()...) {
			name := p.Place(code)
			if name == code || name == "" {
				t.Errorf("%s has no name in %s", code, l.Code)
			}
			if other := seen[name]; other != "" {
				t.Errorf("%s and %s are both %q in %s", code, other, name, l.Code)
			}
			seen[name] = code
		}
	}
}

func TestFlags(t *testing.T) {
	tests := []struct{ code, want string }{
		{"JP", "🇯🇵"}, {"jp", "🇯🇵"}, {"XK", "🇽🇰"}, {"", ""}, {"J", ""}, {"JPN", ""}, {"J1", ""}, {"region:europe", ""}, {"ЯП", ""}, {"Я", ""}, {"EU-42", ""},
	}
	for _, tt := range tests {
		if got := Flag(tt.code); got != tt.want {
			t.Errorf("Flag(%q) = %q, want %q", tt.code, got, tt.want)
		}
	}
}

func TestContinents(t *testing.T) {
	tests := []struct{ code, want string }{
		{"JP", "region:asia"}, {"TR", "region:asia"}, {"CY", "region:asia"}, {"DE", "region:europe"}, {"RU", "region:europe"}, {"XK", "region:europe"},
		{"EG", "region:africa"}, {"US", "region:north-america"}, {"CU", "region:north-america"}, {"BR", "region:south-america"},
		{"AU", "region:oceania"}, {"IC", "region:africa"}, {"QQ", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := Continent(tt.code); got != tt.want {
			t.Errorf("Continent(%q) = %q, want %q", tt.code, got, tt.want)
		}
	}
	b := bundle(t)
	for _, code := range b.Countries() {
		if c := Continent(code); !slices.Contains(b.Regions(), c) && code != "AQ" {
			t.Errorf("%s is on no continent: %q", code, c)
		}
	}
}

// TestRegionsAreDocumented fixes the list others build on.
func TestRegionsAreDocumented(t *testing.T) {
	want := strings.Fields("global africa north-america south-america oceania central-america north-africa caribbean " +
		"southeast-asia asia central-asia europe balkans nordics middle-east gulf")
	got := bundle(t).Regions()
	if len(got) != len(want) {
		t.Errorf("%d regions, want %d: %v", len(got), len(want), got)
	}
	for _, w := range want {
		if !slices.Contains(got, "region:"+w) {
			t.Errorf("region:%s is missing", w)
		}
	}
}

// TestVendorPlacesAreKnown holds the names to the places the vendor really sells.
func TestVendorPlacesAreKnown(t *testing.T) {
	raw, err := os.ReadFile("../../shared/data/location-list.json")
	if err != nil {
		t.Skip("../../shared is absent: ", err)
	}
	var list struct {
		Obj struct {
			LocationList []struct{ Code, Name string }
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	b, checked := bundle(t), 0
	for _, l := range list.Obj.LocationList {
		if len(l.Code) != 2 {
			continue
		}
		checked++
		if b.Printer("en").Place(l.Code) == l.Code {
			t.Errorf("%s (%s) has no name", l.Code, l.Name)
		}
		if found := b.FindPlaces(l.Name, 3); len(found) == 0 || !slices.ContainsFunc(found, func(p Place) bool { return p.Code == l.Code }) {
			t.Errorf("the vendor's %q finds %v, not %s", l.Name, found, l.Code)
		}
	}
	if checked < 100 {
		t.Errorf("only %d places in the vendor's list", checked)
	}
}

func TestBrokenTablesAreRefused(t *testing.T) {
	tests := []struct {
		name string
		add  func(g *gazetteer, b *indexBuilder) error
	}{
		{"an alias of no country", func(g *gazetteer, b *indexBuilder) error { return g.addAliases(b, []string{"QQ", "Nowhere"}) }},
		{"a city in no country", func(g *gazetteer, b *indexBuilder) error { return g.addCity(b, []string{"QQ", "X", "Ы", ""}) }},
		{"a region without its prefix", func(g *gazetteer, b *indexBuilder) error { return g.addRegion(b, []string{"asia", "A", "А", ""}) }},
		{"a name too few", func(g *gazetteer, b *indexBuilder) error { return g.addNames(b, []string{"en"}) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := &gazetteer{
				codes:  []string{"JP"},
				shown:  map[string]map[string]string{"en": {"JP": "Japan"}},
				cities: map[string]map[string]string{"en": {}, "ru": {}},
			}
			if tt.add(g, newIndexBuilder()) == nil {
				t.Error("accepted")
			}
		})
	}
}
