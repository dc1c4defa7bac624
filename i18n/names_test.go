package i18n

import "testing"

func TestPlaceNames(t *testing.T) {
	en, ru := bundle(t).Printer("en"), bundle(t).Printer("ru")
	tests := []struct{ code, en, ru string }{
		{"JP", "Japan", "Япония"},
		{"jp", "Japan", "Япония"},
		{"AE", "United Arab Emirates", "ОАЭ"},
		{"US", "United States", "США"},
		{"KR", "South Korea", "Южная Корея"},
		{"HK", "Hong Kong", "Гонконг"},
		{"XK", "Kosovo", "Косово"},
		{"SZ", "Eswatini", "Эсватини"},
		{"MK", "North Macedonia", "Северная Македония"},
		{"BM", "Bermuda", "Бермудские острова"},
		{"region:europe", "Europe", "Европа"},
		{"region:balkans", "Balkans", "Балканы"},
		{"region:global", "Global", "Весь мир"},
		{"QQ", "QQ", "QQ"},
		{"", "", ""},
		{"EU-42", "EU-42", "EU-42"},
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

// TestEveryPlaceIsNamedInEveryLanguage keeps a menu from showing codes, and from
// calling two places the same.
func TestEveryPlaceIsNamedInEveryLanguage(t *testing.T) {
	b := bundle(t)
	codes := b.search().Names(Fallback)
	if len(codes) < 250 {
		t.Errorf("only %d places", len(codes))
	}
	for _, l := range b.Languages() {
		p := b.Printer(l.Code)
		seen := map[string]string{}
		for code := range codes {
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
