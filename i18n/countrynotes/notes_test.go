package countrynotes

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A note that nobody looked at for a year may tell a traveller what is no longer true.
func TestEveryNoteWasLookedAtWithinAYear(t *testing.T) {
	for _, note := range BuiltIn().Stale(time.Now()) {
		t.Errorf("%s %s: read %s again, then change its day in notes.tsv", note.Country, note.Kind, note.Source)
	}
	for country, notes := range BuiltIn().byCountry {
		for _, note := range notes {
			if note.Checked.After(time.Now().AddDate(0, 0, 1)) {
				t.Errorf("%s %s was looked at in the future", country, note.Kind)
			}
		}
	}
	if len(BuiltIn().Stale(time.Now().AddDate(1, 1, 0))) == 0 {
		t.Error("no note is ever stale")
	}
}

func TestTheTableIsWhole(t *testing.T) {
	n := BuiltIn()
	for _, country := range []string{"RU", "TR", "CN"} {
		if len(n.For(country)) == 0 {
			t.Errorf("nothing to know about %s", country)
		}
	}
	seen := map[string]bool{}
	for country, notes := range n.byCountry {
		for _, note := range notes {
			if !regexp.MustCompile(`^[A-Z]{2}$`).MatchString(country) || note.Country != country || seen[country+note.Kind] {
				t.Errorf("row %+v", note)
			}
			seen[country+note.Kind] = true
		}
	}
	for _, bad := range []string{"RU\tpause\t2026-11-28", "RU\tpause\tyesterday\thttps://a.example", "RU\tpause\t2026-11-28\tsomebody", "RU\t\t2026-11-28\thttps://a.example"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAnOperatorsFile(t *testing.T) {
	n, err := BuiltIn().With([]byte(`{
		"KP": {"sold": false},
		"RU": {"sold": true},
		"JP": {"notes": [{"text": {"en": "Buy a Suica card.", "de": "Suica"}, "checked": "2026-11-20", "source": "https://suica.example"}]},
		"CN": {"notes": [{"text": {"en": "Bring a power bank."}, "checked": "2025-10-01", "source": "https://power.example"}]},
		"TR": {"remove": ["install"], "notes": [{"text": {"en": "Sellers are open again."}, "checked": "2026-11-21", "source": "https://open.example", "replaces": "sellers"}]},
		"IR": {"remove": ["all"]},
		"VN": {"text": {"en": "As it was written before."}}, "CU": {"text": {}}
	}`), "en")
	if err != nil {
		t.Fatal(err)
	}
	said := func(country string) string {
		var all []string
		for _, note := range n.For(country) {
			day := "never"
			if !note.Checked.IsZero() {
				day = note.Checked.Format(time.DateOnly)
			}
			all = append(all, note.Kind+note.Text["en"]+" "+day+" "+note.Source)
		}
		return strings.Join(all, "; ")
	}
	ours := said("RU")
	if ours == "" || len(n.For("RU")) != len(BuiltIn().For("RU")) {
		t.Errorf("Russia: %s", ours)
	}
	for country, want := range map[string]string{
		"JP": "Buy a Suica card. 2026-11-20 https://suica.example",
		"TR": "Sellers are open again. 2026-11-21 https://open.example",
		"IR": "", "VN": "As it was written before. never ", "CU": "",
	} {
		if got := said(country); got != want {
			t.Errorf("%s: %q, want %q", country, got, want)
		}
	}
	if all := n.For("CN"); len(all) != len(BuiltIn().For("CN"))+1 || all[0].Kind != "phones" || all[len(all)-1].Text["en"] != "Bring a power bank." {
		t.Errorf("an own note does not stand beside ours: %s", said("CN"))
	}
	if n.Sold("KP") || !n.Sold("JP") || !n.Sold("RU") || !slices.Equal(n.Unsold(), []string{"KP"}) {
		t.Errorf("sold to whom? not to %v", n.Unsold())
	}
	var stale []string
	for _, note := range n.Stale(time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)) {
		stale = append(stale, note.Country+note.Text["en"])
	}
	if !slices.Equal(stale, []string{"CNBring a power bank.", "VNAs it was written before."}) {
		t.Errorf("older than a year: %q", stale)
	}
	if len(BuiltIn().For("TR")) != 2 {
		t.Error("the operator's file changed what comes with the program")
	}
	if n, err := (Notes{}).With([]byte(`{"KP": {"sold": false}}`), "en"); err != nil || n.Sold("KP") {
		t.Errorf("over nothing: %v", err)
	}
}

// What an operator wrote wrongly is named, and nothing of the file is taken.
func TestAnOperatorsFileWithFaults(t *testing.T) {
	for file, words := range map[string][]string{
		``:                               {"read the country notes"},
		`[]`:                             {"read the country notes"},
		`{"JP": {"txt": {"en": "a"}}}`:   {"txt"},
		`{"JP": {"text": "a"}}`:          {"read the country notes"},
		`{"JP": {}} {}`:                  {"closing brace"},
		`{"jp": {}, "Japan": {}}`:        {`"jp"`, `"Japan"`, "two capital letters"},
		`{"JP": {"text": {"ru": "а"}}}`:  {"JP", `no "en"`},
		`{"JP": {"text": {"en": "  "}}}`: {"JP", "empty"},
		`{"JP": {"notes": [{}]}}`:        {"JP", "no text"},
		`{"JP": {"notes": [{"text": {"en": "a"}, "source": "https://a.example"}]}}`:                                               {"JP", `"checked" is ""`, "last read"},
		`{"JP": {"notes": [{"text": {"en": "a"}, "checked": "2026-11-20"}]}}`:                                                     {"JP", `"source" is ""`},
		`{"JP": {"notes": [{"text": {"en": "a"}, "checked": "2026-11-20", "source": "https://a.example", "replaces": "pause"}]}}`: {"JP", `no note "pause"`},
		`{"TR": {"remove": ["telegram"]}}`:                                   {"TR", `no note "telegram"`},
		`{"JP": {"text": {"en": "` + strings.Repeat("я", MaxText+1) + `"}}}`: {"201 characters"},
	} {
		n, err := BuiltIn().With([]byte(file), "en")
		if err == nil || len(n.For("TR")) == 0 || !n.Sold("JP") {
			t.Errorf("%.60s was taken: %v", file, err)
			continue
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%.60s: %q does not say %q", file, err, w)
			}
		}
	}
}
