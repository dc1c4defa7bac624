package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func (w *world) plans(body string, args ...any) []plan {
	w.t.Helper()
	var l struct{ PackageList []plan }
	w.get(&l, "package/list", body, args...)
	return l.PackageList
}

func TestFiltersAllHaveToHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	country := func(code string) func(plan) bool { return func(p plan) bool { return p.LocationCode == code } }
	tests := []struct {
		name, body string
		is         func(plan) bool
	}{
		{"a country", `{"locationCode":"JP"}`, country("JP")},
		{"empty filters are none", `{"locationCode":"JP","type":"","packageCode":"","slug":"","iccid":""}`, country("JP")},
		{"null filters are none", `{"locationCode":"JP","slug":null,"dataType":null}`, country("JP")},
		{"a region by its code", `{"locationCode":"EU-42"}`, country("EU-42")},
		{"regions", `{"locationCode":"!RG"}`, func(p plan) bool {
			return strings.Contains(p.Location, ",") && !strings.HasPrefix(p.LocationCode, "GL-")
		}},
		{"global", `{"locationCode":"!GL"}`, func(p plan) bool { return strings.HasPrefix(p.LocationCode, "GL-") }},
		{"fixed plans", `{"dataType":1}`, func(p plan) bool { return p.DataType == 1 }},
		{"day passes of a country", `{"locationCode":"JP","dataType":"2"}`, func(p plan) bool { return p.LocationCode == "JP" && p.DataType == 2 }},
		{"cut off after the day's volume", `{"dataType":3}`, func(p plan) bool { return p.DataType == 3 }},
		{"daily unlimited", `{"dataType":"4"}`, func(p plan) bool { return p.DataType == 4 }},
		{"a slug", `{"slug":"JP_1_7"}`, func(p plan) bool { return p.Slug == "JP_1_7" }},
		{"a slug as packageCode", `{"packageCode":"JP_1_7","type":"BASE"}`, func(p plan) bool { return p.Slug == "JP_1_7" }},
		{"a code", fmt.Sprintf(`{"packageCode":%q}`, w.catalog.byCode["JP_1_7"].PackageCode), func(p plan) bool { return p.Slug == "JP_1_7" }},
		{"a slug of another country", `{"slug":"JP_1_7","locationCode":"ES"}`, func(plan) bool { return false }},
		{"a slug and a code that differ", `{"slug":"JP_1_7","packageCode":"ES_1_7"}`, func(plan) bool { return false }},
		{"an unknown slug", `{"slug":"JP_7_7"}`, func(plan) bool { return false }},
		{"a place nobody sells", `{"locationCode":"AQ"}`, func(plan) bool { return false }},
	}
	everything := w.plans(`{}`)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			var want, got []string
			for _, p := range everything {
				if tt.is(p) {
					want = append(want, p.Slug)
				}
			}
			for _, p := range w.plans("%s", tt.body) {
				got = append(got, p.Slug)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
	for body, code := range map[string]string{
		`{"type":"BASIC"}`: "400001", `{"dataType":5}`: "400001", `{"dataType":"-1"}`: "400001", `{"dataType":"x"}`: "400001", `{"dataType":[]}`: "000104",
		`{"locationCode":1}`: "000104", `{"type":"TOPUP","iccid":"1"}`: "310404", `[]`: "000104",
	} {
		w.refused(code, "package/list", "%s", body)
	}
}

func TestAnEmptyRequestListsEverythingAndIgnoresPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, body := range []string{``, `{}`, `{"pager":{"pageNum":2,"pageSize":5}}`, `{"locationCode":""}`} {
		if n := len(w.plans("%s", body)); n != len(w.catalog.base) {
			t.Errorf("%q lists %d plans of %d", body, n, len(w.catalog.base))
		}
	}
}

func TestTopUpsOfAnESIMAreThoseOfItsPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	slugs := func(body string, args ...any) string {
		var out []string
		for _, p := range w.plans(body, args...) {
			if !strings.HasPrefix(p.PackageCode, "TOPUP_") || p.SupportTopUp != 1 {
				t.Errorf("not a top-up: %+v", p)
			}
			out = append(out, p.Slug)
		}
		return strings.Join(out, " ")
	}
	iccid := func(slug string, days int) string {
		return w.byTran(w.own(slug, slug, days)).ICCID
	}
	fixed := "ES_0.1_7 ES_0.5_1 ES_0.5_7 ES_1_7 ES_3_15 ES_3_30 ES_5_30 ES_10_30 ES_20_30 ES_50_30 ES_50_180"
	for name, got := range map[string]string{
		"by iccid":       slugs(`{"type":"TOPUP","iccid":%q}`, iccid("ES_1_7", 0)),
		"by iccid alone": slugs(`{"iccid":%q}`, iccid("ES_3_15", 0)),
		"by esimTranNo":  slugs(`{"type":"TOPUP","esimTranNo":%q}`, w.own("tran", "ES_1_7", 0)),
		"by slug":        slugs(`{"type":"TOPUP","slug":"ES_1_7"}`),
		"by packageCode": slugs(`{"type":"TOPUP","packageCode":%q}`, w.catalog.byCode["ES_1_7"].PackageCode),
	} {
		if got != fixed {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := slugs(`{"type":"TOPUP","slug":"JP_1_7_nonhkip"}`); strings.Count(got, "_nonhkip") != len(strings.Fields(got)) || got == "" {
		t.Errorf("an eSIM that avoids Hong Kong would get another exit: %s", got)
	}
	if got := slugs(`{"type":"TOPUP","iccid":%q}`, iccid("ES_1_Daily", 3)); got != "ES_1_Daily" {
		t.Errorf("a day pass can only be prolonged: %s", got)
	}
	if got := slugs(`{"type":"TOPUP","iccid":%q}`, iccid("VU_1_7", 0)); got != "" {
		t.Errorf("a plan without top-up has %s", got)
	}
	if got := slugs(`{"type":"TOPUP","slug":"ES_1_7","iccid":%q}`, iccid("JP_1_7", 0)); got != "" {
		t.Errorf("filters are not AND-ed: %s", got)
	}
	w.refused("310404", "package/list", `{"type":"TOPUP","esimTranNo":"1"}`)
	w.refused("310404", "package/list", `{"type":"TOPUP","esimTranNo":%q,"iccid":"1"}`, w.own("other", "ES_1_7", 0))
	one := w.plans(`{"type":"TOPUP","slug":"ES_1_7"}`)[0]
	if got := slugs(`{"type":"TOPUP","packageCode":%q}`, one.PackageCode); got != one.Slug {
		t.Errorf("by its own code: %s", got)
	}
}

func TestTheGeneratedCatalogueIsPlausible(t *testing.T) {
	t.Parallel()
	c := generate(0)
	if n := len(c.base); n < 1800 || n > 3500 {
		t.Errorf("%d plans", n)
	}
	codes, slugs, places := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range slices.Concat(c.base, c.topUps) {
		if codes[p.PackageCode] {
			t.Errorf("%s: code %s twice", p.Slug, p.PackageCode)
		}
		codes[p.PackageCode] = true
		if p.Price < cent || p.Price%cent != 0 || p.RetailPrice != 2*p.Price || p.Price > 1_500_000 {
			t.Errorf("%s costs %d, retail %d", p.Slug, p.Price, p.RetailPrice)
		}
		if p.daily() != (p.FUPPolicy != "") || p.daily() && p.Duration != 1 {
			t.Errorf("%s: duration %d, fupPolicy %q", p.Slug, p.Duration, p.FUPPolicy)
		}
		if len(p.Networks) != len(strings.Split(p.Location, ",")) {
			t.Errorf("%s: %d networks for %s", p.Slug, len(p.Networks), p.Location)
		}
	}
	seen := map[string]int{}
	for _, p := range c.base {
		if slugs[p.Slug] {
			t.Errorf("slug %s twice", p.Slug)
		}
		slugs[p.Slug] = true
		if len(p.LocationCode) == 2 {
			places[p.LocationCode] = true
		}
		for _, mark := range []string{
			fmt.Sprint("activeType ", p.ActiveType), fmt.Sprint("sms ", p.SMSStatus), fmt.Sprint("topUp ", p.SupportTopUp),
			"exit " + p.IPExport, fmt.Sprint("favorite ", p.Favorite), fmt.Sprint("nonhkip ", strings.HasSuffix(p.Slug, "_nonhkip")),
		} {
			seen[mark]++
		}
	}
	if n := len(places); n < 180 {
		t.Errorf("%d countries and territories", n)
	}
	for _, want := range []string{"activeType 1", "activeType 2", "sms 0", "sms 1", "sms 2", "topUp 1", "topUp 2", "topUp 3", "exit HK", "exit UK/NO", "exit ", "favorite true", "nonhkip true"} {
		if seen[want] == 0 {
			t.Errorf("no plan has %s: %v", want, slices.Sorted(maps.Keys(seen)))
		}
	}
	if p := c.byCode["ES_0.5_7"]; p.Volume != 524288000 || p.Name != "Spain 500MB 7Days" {
		t.Errorf("half a gigabyte: %+v", p)
	}
}

// TestMoreIsNeverCheaper keeps the invented prices in an order that people believe.
func TestMoreIsNeverCheaper(t *testing.T) {
	t.Parallel()
	c := generate(7)
	for _, a := range c.base {
		for _, b := range c.base {
			if a.LocationCode == b.LocationCode && a.IPExport == b.IPExport && a.DataType == b.DataType && a.FUPPolicy == b.FUPPolicy &&
				a.Volume <= b.Volume && a.Duration <= b.Duration && a.Price > b.Price {
				t.Errorf("%s costs %d, %s %d", a.Slug, a.Price, b.Slug, b.Price)
			}
		}
	}
}

func TestTheSameSeedMakesTheSameCatalogue(t *testing.T) {
	t.Parallel()
	a, b, other := string(generate(1).all()), string(generate(1).all()), string(generate(2).all())
	if a != b {
		t.Error("one seed, two catalogues")
	}
	if a == other {
		t.Error("two seeds, one catalogue")
	}
}

func TestCataloguesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing": ``, "not JSON": `<html>`, "no rows": `{"obj":{"packageList":[]}}`, "a failure": `{"success":false,"obj":null}`,
		"row without code": `{"obj":{"packageList":[{"slug":"X_1_7","price":100,"volume":1,"duration":7}]}}`,
		"row without days": `{"obj":{"packageList":[{"packageCode":"X","price":100,"volume":1}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(Options{Catalog: strings.NewReader(in)}); err == nil {
				t.Error("it was taken")
			}
		})
	}
	if _, err := New(Options{CatalogFile: "no such file"}); err == nil {
		t.Error("a missing file was taken")
	}
}

func TestLocationsAreTheCataloguesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	var l struct {
		LocationList []struct {
			Code, Name      string
			Type            int
			SubLocationList []struct{ Code, Name string }
		}
	}
	w.get(&l, "location/list", `{}`)
	names := map[string]string{}
	for _, x := range l.LocationList {
		names[x.Code] = x.Name
		if (x.Type == 2) != (len(x.SubLocationList) > 0) || (x.Type == 1) != (len(x.Code) == 2) {
			t.Errorf("%+v", x)
		}
	}
	for code, name := range map[string]string{"JP": "Japan", "EU-42": "Europe (40+ areas)", "GL-139": "Global (130+ areas)", "AUNZ-2": "Australia & New Zealand"} {
		if names[code] != name {
			t.Errorf("%s is called %q", code, names[code])
		}
	}
}
