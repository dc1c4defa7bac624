package countrynotes

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// A note that nobody looked at for a year may tell a traveller what is no longer true.
func TestEveryNoteWasLookedAtWithinAYear(t *testing.T) {
	for _, fault := range stale(BuiltIn(), time.Now()) {
		t.Error(fault)
	}
	if got := stale(BuiltIn(), time.Now().AddDate(1, 1, 0)); len(got) == 0 {
		t.Error("no note is ever stale")
	}
}

func stale(n Notes, now time.Time) (faults []string) {
	for country, notes := range n.byCountry {
		for _, note := range notes {
			if note.Checked.AddDate(1, 0, 0).Before(now) {
				faults = append(faults, country+" "+note.Kind+": read "+note.Source+" again, then change its day in notes.tsv")
			}
			if note.Checked.After(now.AddDate(0, 0, 1)) {
				faults = append(faults, country+" "+note.Kind+" was looked at in the future")
			}
		}
	}
	return faults
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
	n, err := BuiltIn().With([]byte(`{"KP": {"sold": false}, "JP": {"text": {"en": "Buy a Suica card.", "de": "Suica"}}, "TR": {"text": {}}, "RU": {"sold": true}}`), "en")
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case n.Sold("KP") || !n.Sold("JP") || !n.Sold("RU"):
		t.Error("sold to whom?")
	case len(n.For("JP")) != 1 || n.For("JP")[0].Text["de"] != "Suica":
		t.Errorf("Japan: %+v", n.For("JP"))
	case len(n.For("TR")) != 0 || len(BuiltIn().For("TR")) == 0:
		t.Errorf("Türkiye: %+v", n.For("TR"))
	case len(n.For("RU")) != len(BuiltIn().For("RU")):
		t.Errorf("Russia: %+v", n.For("RU"))
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
