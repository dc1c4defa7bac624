package i18n

import (
	"testing"
	"time"
)

// The "and" of a list sounds well in the languages that mind it, and not in others.
func TestListsSoundWell(t *testing.T) {
	for _, test := range []struct {
		lang  string
		items []string
		want  string
	}{
		{"es", []string{"Francia", "Italia"}, "Francia e Italia"},
		{"es", []string{"Francia", "🇮🇹 Italia"}, "Francia e 🇮🇹 Italia"},
		{"es", []string{"Francia", "España", "Hungría", "Irlanda"}, "Francia, España, Hungría e Irlanda"},
		{"es", []string{"agua", "hielo"}, "agua y hielo"},
		{"es", []string{"Italia", "Hungría"}, "Italia y Hungría"},
		{"it", []string{"Giordania", "Egitto"}, "Giordania ed Egitto"},
		{"it", []string{"Francia", "Italia"}, "Francia e Italia"},
		{"pt", []string{"França", "Itália"}, "França e Itália"},
		{"en", []string{"France", "Italy"}, "France and Italy"},
	} {
		if got := bundle(t).Printer(test.lang).List(test.items); got != test.want {
			t.Errorf("%s: %q, want %q", test.lang, got, test.want)
		}
	}
}

// The first of a month and the dollar are written as readers of the language write them.
func TestTheFirstAndTheDollar(t *testing.T) {
	at := time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string][2]string{
		"en": {"1_December 2026", "$9.50"}, "fr": {"1er_décembre 2026", "9,50_$"}, "it": {"1º_dicembre 2026", "9,50_$"},
		"es": {"1.º_de_diciembre de 2026", "9,50_US$"}, "pt": {"1º_de_dezembro de 2026", "US$_9,50"}, "de": {"1._Dezember 2026", "9,50_$"},
	} {
		p := bundle(t).Printer(lang)
		if got := spaced(p.Date(at, nil)); got != want[0] {
			t.Errorf("%s: the date is %q, want %q", lang, got, want[0])
		}
		if got := spaced(p.Money(950, 2, "USD")); got != want[1] {
			t.Errorf("%s: $9.50 is %q, want %q", lang, got, want[1])
		}
		if first, _, ok := bundle(t).ParseDates(p.Date(at, nil), at.AddDate(0, 0, -9)); !ok || !first.Equal(at) {
			t.Errorf("%s: what we write ourselves, %q, is read as %v", lang, p.Date(at, nil), first)
		}
	}
}

// TestFactsKeepTheirOrder: "5 GB" and the days behind it are one run of Latin letters and digits unless they are set
// apart, and an Arabic reader sees "GB · 30 5".
func TestFactsKeepTheirOrder(t *testing.T) {
	b := bundle(t)
	for lang, want := range map[string]string{
		"en": "Japan · 5 GB · 30 days",
		"ar": "اليابان · \u20685 GB\u2069 · 30 يومًا",
	} {
		p := b.Printer(lang)
		place, days := "Japan", "30 days"
		if lang == "ar" {
			place, days = "اليابان", "30 يومًا"
		}
		if got := p.Facts(place, p.Facts("5 GB", days)); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
