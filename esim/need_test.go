package esim_test

import (
	"testing"

	"esimbot/esim"
)

func TestNeed(t *testing.T) {
	t.Parallel()
	week := esim.Need{Days: 7, Purpose: esim.PurposeSocial, Phones: 1}
	if got, want := week.Data(), int64(7*700<<20); got != want {
		t.Errorf("a week of social: %d bytes, want %d", got, want)
	}
	before := int64(0)
	for _, use := range esim.Purposes() {
		n := esim.Need{Days: 7, Purpose: use}
		if !n.Valid() || n.PerDay() <= before {
			t.Errorf("%s: %d bytes a day after %d, valid: %v", use, n.PerDay(), before, n.Valid())
		}
		before = n.PerDay()
		three := esim.Need{Days: 7, Purpose: use, Phones: 3}
		if three.Data() != 3*n.Data() {
			t.Errorf("%s: three phones take %d, one %d", use, three.Data(), n.Data())
		}
	}
	for name, n := range map[string]esim.Need{
		"no days": {Purpose: esim.PurposeMaps}, "too many days": {Days: 1000, Purpose: esim.PurposeMaps},
		"an army": {Days: 7, Purpose: esim.PurposeMaps, Phones: 1000}, "what nobody asked": {Days: 7, Purpose: "mining"},
	} {
		if n.Valid() {
			t.Errorf("%s is a need", name)
		}
	}
}

func TestRecommend(t *testing.T) {
	t.Parallel()
	packs := []esim.Plan{pack("1", 1, 7, 70), pack("3", 3, 15, 170), pack("5", 5, 30, 270), pack("10", 10, 30, 470), pack("20", 20, 30, 820)}
	cheapPass := pass("pass", 1, 20)
	endless := pass("endless", 0, 300)
	endless.Kind = esim.DailyUnlimited
	need := func(days int, use esim.Purpose, phones int) esim.Need {
		return esim.Need{Days: days, Purpose: use, Phones: phones}
	}
	tests := []struct {
		name                 string
		plans                []esim.Plan
		need                 esim.Need
		fit, smaller, larger string
		days                 int
		less                 bool // than is needed
	}{
		{"maps for a weekend", packs, need(3, esim.PurposeMaps, 1), "1", "", "3", 0, false},
		{"social for a week", packs, need(7, esim.PurposeSocial, 1), "5", "3", "10", 0, false},
		{"as long as the stay, however little", packs, need(20, esim.PurposeMaps, 1), "5", "", "10", 0, false},
		{"video for a week", packs, need(7, esim.PurposeVideo, 1), "20", "10", "", 0, false},
		{"three phones take three times as much", packs, need(7, esim.PurposeSocial, 3), "20", "10", "", 0, false},
		{"more than anything gives", packs, need(30, esim.PurposeVideo, 2), "20", "10", "", 0, true},
		{"longer than anything lasts", packs, need(60, esim.PurposeMaps, 1), "20", "", "", 0, true},
		{"a day pass where it costs less", append([]esim.Plan{cheapPass}, packs...), need(7, esim.PurposeSocial, 1), "pass", "1", "10", 7, false},
		{"nothing is more than unlimited", append([]esim.Plan{endless}, packs...), need(2, esim.PurposeVideo, 10), "endless", "10", "", 2, false},
		{"a local exit at the same price", []esim.Plan{pack("hk", 1, 7, 70, "HK"), pack("jp", 1, 7, 70, "JP")}, need(3, esim.PurposeMaps, 1), "jp", "", "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, ok := esim.Recommend(tt.plans, "JP", tt.need)
			if !ok {
				t.Fatal("nothing")
			}
			if r.Fit.Plan.Code != tt.fit || r.Fit.Days != tt.days || r.Smaller.Plan.Code != tt.smaller || r.Larger.Plan.Code != tt.larger || r.Enough == tt.less {
				t.Errorf("%q (%d days, enough: %v), beside it %q and %q; want %q (%d), %q and %q",
					r.Fit.Plan.Code, r.Fit.Days, r.Enough, r.Smaller.Plan.Code, r.Larger.Plan.Code, tt.fit, tt.days, tt.smaller, tt.larger)
			}
		})
	}
	if _, ok := esim.Recommend(nil, "JP", need(7, esim.PurposeMaps, 1)); ok {
		t.Error("something, of nothing")
	}
}

// TestRecommendEverywhere: three presses lead to a plan wherever one is sold, and what is called
// smaller and larger is.
func TestRecommendEverywhere(t *testing.T) {
	t.Parallel()
	eachPriceList(t, func(t *testing.T, c *esim.Catalog) {
		for place, plans := range places(c) {
			for _, days := range []int{1, 3, 7, 15, 30} {
				for _, use := range esim.Purposes() {
					n := esim.Need{Days: days, Purpose: use, Phones: 1}
					r, ok := esim.Recommend(plans, place, n)
					if !ok || r.Fit.Plan.Code == "" {
						t.Errorf("%s: nothing for %+v", place, n)
					}
					if r.Enough && r.Fit.Data() < n.Data() {
						t.Errorf("%s: %s for %+v", place, r.Fit.Plan.Name, n)
					}
					if s := r.Smaller; s.Plan.Code != "" && s.Data() >= r.Fit.Data() {
						t.Errorf("%s: %s is called smaller than %s", place, s.Plan.Name, r.Fit.Plan.Name)
					}
					if l := r.Larger; l.Plan.Code != "" && l.Data() <= r.Fit.Data() {
						t.Errorf("%s: %s is called larger than %s", place, l.Plan.Name, r.Fit.Plan.Name)
					}
				}
			}
		}
	})
}
