package esim

import (
	"slices"
	"testing"
	"time"
)

func TestFitting(t *testing.T) {
	t.Parallel()
	pack := func(code string, gigas float64, days int, price int64) Plan {
		return Plan{Code: code, Location: "TR", Places: []string{"TR"}, Kind: TotalVolume, Data: int64(gigas * gb), Days: days, Wholesale: Money{price, "USD4"}}
	}
	pass := func(code string, kind DataKind, gigas float64, price int64) Plan {
		p := pack(code, gigas, 1, price)
		p.Kind = kind
		return p
	}
	plans := []Plan{
		pack("1/7", 1, 7, 10), pack("3/30", 3, 30, 30), pack("5/30", 5, 30, 45), pack("5/30 dear", 5, 30, 60),
		pack("10/30", 10, 30, 70), pack("20/90", 20, 90, 150), pass("1 a day", DailyThrottled, 1, 4), pass("all a day", DailyUnlimited, 0, 9),
		pack("a taste", 0.1, 7, 3),
	}
	tests := []struct {
		name   string
		want   PlanCriteria
		first  []string
		enough bool
	}{
		{"data and days", PlanCriteria{Data: 5 * gb, Days: 30}, []string{"5/30", "10/30"}, true},
		{"a size between two", PlanCriteria{Data: 4 * gb, Days: 20}, []string{"5/30"}, true},
		{"days alone, passes among them", PlanCriteria{Days: 7}, []string{"1/7", "1 a day"}, true},
		{"data alone, no pass of a day", PlanCriteria{Data: 10 * gb}, []string{"10/30", "20/90"}, true},
		{"no limit", PlanCriteria{Unlimited: true, Days: 7}, []string{"all a day"}, true},
		{"more than there is", PlanCriteria{Data: 50 * gb}, []string{"all a day"}, true},
		{"longer than any pack", PlanCriteria{Data: 50 * gb, Days: 60}, []string{"1 a day", "all a day"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			picks, enough := MatchingPlans(plans, "TR", tt.want)
			var codes []string
			for _, p := range picks {
				codes = append(codes, p.Plan.Code)
			}
			if enough != tt.enough || len(codes) < len(tt.first) || !slices.Equal(codes[:len(tt.first)], tt.first) {
				t.Errorf("%v, enough %v; want %v first, %v", codes, enough, tt.first, tt.enough)
			}
			if len(codes) > MaxSuggested || slices.Contains(codes, "5/30 dear") {
				t.Errorf("%v: too many, or one that another one beats", codes)
			}
		})
	}
	if picks, enough := MatchingPlans(plans[:3], "TR", PlanCriteria{Data: 50 * gb, Days: 10}); enough || picks[0].Plan.Code != "5/30" {
		t.Errorf("where nothing is enough: %v, %v; want the largest that lasts", picks, enough)
	}
	if picks, enough := MatchingPlans(plans[:3], "TR", PlanCriteria{Days: 300}); enough || picks[0].Plan.Days != 30 {
		t.Errorf("where nothing lasts: %v, %v; want the longest", picks, enough)
	}
	if picks, enough := MatchingPlans(plans[len(plans)-1:], "TR", PlanCriteria{Days: 7}); !enough || len(picks) != 1 {
		t.Errorf("where there is but a taste: %v, %v", picks, enough)
	}
	if picks, _ := MatchingPlans(plans, "TR", PlanCriteria{Data: gb / 20, Days: 7}); picks[0].Plan.Code != "a taste" {
		t.Errorf("who asks for 50 MB gets %v", picks[0].Plan.Code)
	}
	if picks, enough := MatchingPlans(nil, "TR", PlanCriteria{Days: 3}); enough || len(picks) > 0 {
		t.Errorf("of no plans: %v, %v", picks, enough)
	}
}

func TestRegionsForAPartOfTheWorld(t *testing.T) {
	t.Parallel()
	region := func(location string, places ...string) Plan {
		return Plan{Code: location, Location: location, Places: places, Kind: TotalVolume, Data: gb, Days: 7}
	}
	c := NewCatalog([]Plan{
		region("EU-3", "BE", "NL", "LU"), region("EU-5", "BE", "NL", "LU", "DE", "FR"), region("EU-2", "BE", "NL"),
		region("AS-2", "JP", "KR"), region("GL-9", "BE", "NL", "LU", "DE", "FR", "JP", "KR", "US", "CA"),
	}, time.Time{})
	var got []string
	for _, f := range c.RegionsFor([]string{"BE", "NL", "LU"}) {
		got = append(got, f.Location)
	}
	if want := []string{"EU-3", "EU-5", "EU-2", "GL-9"}; !slices.Equal(got, want) {
		t.Errorf("for Benelux: %v, want %v", got, want)
	}
	if fits := c.RegionsFor([]string{"BE", "NL", "LU"}); !slices.Equal(fits[2].Missing, []string{"LU"}) {
		t.Errorf("EU-2 leaves out %v", fits[2].Missing)
	}
	if fits := c.RegionsFor([]string{"JP", "TW"}); len(fits) != 0 {
		t.Errorf("one of two places is not most of them: %v", fits)
	}
	if all := c.CoveringAll([]string{"BE", "LU"}); len(all) != 3 {
		t.Errorf("%d plans cover Belgium and Luxembourg, want 3", len(all))
	}
}

// TestADailySizeLeadsToDayPasses: of at least that size, with that number of days.
func TestADailySizeLeadsToDayPasses(t *testing.T) {
	t.Parallel()
	pass := func(code string, data, cents int64) Plan {
		return Plan{Code: code, Location: "JP", Places: []string{"JP"}, Kind: DailyCutOff, Data: data, Wholesale: Money{cents, "USD"}}
	}
	packs := []Plan{
		{Code: "PACK10", Location: "JP", Places: []string{"JP"}, Kind: TotalVolume, Data: 10 * gb, Days: 30, Wholesale: Money{500, "USD"}},
		{Code: "PACK1", Location: "JP", Places: []string{"JP"}, Kind: TotalVolume, Data: gb, Days: 7, Wholesale: Money{100, "USD"}},
	}
	plans := append([]Plan{pass("HALF", gb/2, 60), pass("ONE", gb, 90), pass("TWO", 2*gb, 150)}, packs...)
	endless := pass("ENDLESS", 3*gb, 400)
	endless.Kind = DailyUnlimited
	plans = append(plans, endless)
	tests := []struct {
		name   string
		plans  []Plan
		w      PlanCriteria
		want   []string
		days   int
		enough bool
	}{
		{"1 GB a day, 10 days", plans, PlanCriteria{Daily: gb, Days: 10}, []string{"ONE", "TWO", "ENDLESS"}, 10, true},
		{"2 GB a day", plans, PlanCriteria{Daily: 2 * gb}, []string{"TWO", "ENDLESS"}, 1, true},
		{"more than any pass", plans, PlanCriteria{Daily: 5 * gb, Days: 3}, []string{"ENDLESS"}, 3, true},
		{"unlimited, 10 days", plans, PlanCriteria{Unlimited: true, Days: 10}, []string{"ENDLESS"}, 10, true},
		{"unlimited where nothing is", plans[:5], PlanCriteria{Unlimited: true, Days: 10}, []string{"TWO", "ONE", "HALF"}, 10, false},
		{"no passes: as much in all", packs, PlanCriteria{Daily: gb, Days: 10}, []string{"PACK10"}, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			picks, enough := MatchingPlans(tt.plans, "JP", tt.w)
			var got []string
			for _, p := range picks {
				got = append(got, p.Plan.Code)
				if p.Days != tt.days {
					t.Errorf("%s for %d days, want %d", p.Plan.Code, p.Days, tt.days)
				}
			}
			if !slices.Equal(got, tt.want) || enough != tt.enough {
				t.Errorf("%v %t, want %v", got, enough, tt.want)
			}
		})
	}
}
