package esim_test

import (
	"testing"

	"esimbot/esim"
)

// TestNearestToAPlanThatIsGone: as much for as long, of its own kind, for the least money.
func TestNearestToAPlanThatIsGone(t *testing.T) {
	t.Parallel()
	plan := func(code string, gb int64, days int, cost int64) esim.Plan {
		return esim.Plan{Code: code, Location: "JP", Places: []string{"JP"}, Kind: esim.TotalVolume, Data: gb << 30, Days: days, Wholesale: esim.USDTenThousandths(cost)}
	}
	pass := func(code string, gb, cost int64) esim.Plan {
		p := plan(code, gb, 1, cost)
		p.Kind = esim.DailyThrottled
		return p
	}
	region := func(code string, gb int64, days int, cost int64) esim.Plan {
		p := plan(code, gb, days, cost)
		p.Location, p.Places = "AS-5", []string{"JP", "KR", "TW", "TH", "SG"}
		return p
	}
	all := []esim.Plan{plan("S", 1, 7, 10_000), plan("M", 5, 30, 40_000), plan("L", 5, 30, 50_000), plan("XL", 20, 30, 90_000), pass("D1", 1, 8_000), region("R", 5, 30, 60_000)}
	for _, tt := range []struct {
		name  string
		gone  esim.Plan
		days  int
		plans []esim.Plan
		want  string
		long  int
	}{
		{"the cheapest that gives as much", plan("GONE", 3, 15, 0), 0, all, "M", 0},
		{"a pass for a pass, for as many days", pass("GONE", 1, 0), 5, all, "D1", 5},
		{"nothing so large of its kind", plan("GONE", 50, 30, 0), 0, all[:5], "XL", 0},
		{"a region's for a region's", region("GONE", 3, 7, 0).Snapshot(), 0, all, "R", 0},
		{"a region's where the country has none", plan("GONE", 3, 7, 0), 0, all[5:], "R", 0},
		{"a pass where there are no packs", plan("GONE", 3, 3, 0), 0, all[4:5], "D1", 3},
		{"nothing at all", plan("GONE", 3, 7, 0), 0, nil, "", 0},
	} {
		got, ok := esim.NewCatalog(tt.plans, noon).NearestPlan(tt.gone, tt.days)
		if ok != (tt.want != "") || got.Plan.Code != tt.want || got.Days != tt.long {
			t.Errorf("%s: %s for %d days, want %q for %d", tt.name, got.Plan.Code, got.Days, tt.want, tt.long)
		}
	}
}
