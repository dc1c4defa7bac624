package refs

import (
	"regexp"
	"testing"
	"time"

	"esimbot/esim"
)

var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// FuzzStart writes any name as a start parameter: only with its characters, and it comes back.
func FuzzStart(f *testing.F) {
	for _, name := range []string{"JP_0.5_7", "EU-42_1_7", "EU-30_3_Daily", "a--7", "-", "--", "x-", "-2E", "日本", "a b/c?d", ""} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		start := encodeStart(name)
		if DecodeStart(start) != name {
			t.Errorf("%q came back as %q by %q", name, DecodeStart(start), start)
		}
		if start != "" && len(start) <= 64 && !startParameter.MatchString(start) {
			t.Errorf("%q is no start parameter", start)
		}
	})
}

// TestPlanLinksComeBack: by slug where it fits, by code where it does not, and as older links had them.
func TestPlanLinksComeBack(t *testing.T) {
	const long = "JP_a-very-long-slug-that-nobody-would-type_with.dots.and.more.dots"
	plans := []esim.Plan{
		{Code: "P1", Slug: "JP_0.5_7", Location: "JP", Places: []string{"JP"}},
		{Code: "P2", Slug: "EU-30_3_Daily", Location: "EU-30", Places: []string{"FR", "DE"}},
		{Code: "P3", Slug: long, Location: "JP", Places: []string{"JP"}},
		{Code: "P4", Location: "JP", Places: []string{"JP"}},
	}
	catalog := esim.NewCatalog(plans, time.Time{})
	for _, p := range plans {
		for _, days := range []int{0, 1, 365} {
			start := PlanStart(p, days)
			if !startParameter.MatchString(start) {
				t.Errorf("%s: %q", p.Code, start)
			}
			got, gotDays, err := PlanOfStart(catalog, start[len(StartPlan):])
			if err != nil || got.Code != p.Code || gotDays != days {
				t.Errorf("%q leads to %s for %d days, %v; want %s for %d", start, got.Code, gotDays, err, p.Code, days)
			}
		}
	}
	for _, old := range []string{"P2", "EU-30_3_Daily"} {
		if p, _, err := PlanOfStart(catalog, old); err != nil || p.Code != "P2" {
			t.Errorf("the older link p_%s leads to %s, %v", old, p.Code, err)
		}
	}
}
