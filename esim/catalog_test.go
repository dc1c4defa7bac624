package esim

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func testPlans() []Plan {
	return []Plan{
		{Code: "B", Slug: "JP_3_30", Location: "JP", Places: []string{"JP"}, Kind: TotalVolume, Data: 3 << 30, Days: 30, Wholesale: USDTenThousandths(300)},
		{Code: "A", Slug: "JP_1_7", Location: "JP", Places: []string{"JP"}, Kind: TotalVolume, Data: 1 << 30, Days: 7, Wholesale: USDTenThousandths(100)},
		{Code: "D", Slug: "JP_1_Daily", Location: "JP", Places: []string{"JP"}, Kind: DailyThrottled, Data: 1, Days: 1, Wholesale: USDTenThousandths(50)},
		{Code: "R", Slug: "AS-2_1_7", Location: "AS-2", Places: []string{"JP", "KR"}, Kind: TotalVolume, Data: 1 << 30, Days: 7},
		{Code: "G", Slug: "GL-139_1_7", Location: "GL-139", Places: []string{"JP", "KR", "US"}, Kind: TotalVolume, Data: 1 << 30, Days: 7},
		{Code: "A", Slug: "again", Location: "US", Places: []string{"US"}},
		{Code: "X", Slug: "B", Location: "US", Places: []string{"US"}, Kind: TotalVolume}, // a slug that is another plan's code
	}
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	c := NewCatalog(testPlans(), time.Time{})
	codes := func(plans []Plan) (out []string) {
		for _, p := range plans {
			out = append(out, p.Code)
		}
		return out
	}
	if got := codes(c.Country("JP")); !slices.Equal(got, []string{"A", "B", "D"}) {
		t.Errorf("Japan: %v, want fixed plans by data, then day passes", got)
	}
	if got := codes(c.Covering("JP")); !slices.Equal(got, []string{"G", "R"}) {
		t.Errorf("around Japan: %v", got)
	}
	if got := c.Countries(); !slices.Equal(got, []string{"JP", "KR", "US"}) {
		t.Errorf("countries: %v", got)
	}
	if got := c.Regions(ScopeRegional); !slices.Equal(got, []string{"AS-2"}) {
		t.Errorf("regions: %v", got)
	}
	if got := c.Regions(ScopeGlobal); !slices.Equal(got, []string{"GL-139"}) {
		t.Errorf("global: %v", got)
	}
	for name, want := range map[string]string{"A": "A", "JP_1_7": "A", "B": "B", "GL-139_1_7": "G"} {
		if p, err := c.Plan(name); err != nil || p.Code != want {
			t.Errorf("plan %q is %q, %v; want %q", name, p.Code, err, want)
		}
	}
	if _, err := c.Plan("again"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the second plan of a code: %v", err)
	}
}

type priceList struct {
	plans   []Plan
	err     error
	noRoom  error // why nothing is saved
	saved   []Plan
	savings int // of whole lists
	at      time.Time
}

func (l *priceList) Plans(context.Context) ([]Plan, error) { return l.plans, l.err }
func (l *priceList) SavePlans(_ context.Context, plans []Plan, at time.Time) error {
	if l.noRoom == nil {
		l.saved, l.at = plans, at
		l.savings++
	}
	return l.noRoom
}

func (l *priceList) PlansUnchanged(_ context.Context, at time.Time) error {
	if l.noRoom == nil {
		l.at = at
	}
	return l.noRoom
}

func (l *priceList) LoadPlans(context.Context) ([]Plan, time.Time, error) {
	return nil, time.Time{}, ErrNotFound
}

func TestTheCatalogCacheKeepsTheOldListWhenTheNewOneIsBad(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	list := &priceList{plans: testPlans()}
	s := &CatalogCache{Source: list, Store: list, Now: func() time.Time { return now }}
	if n := len(s.Current().Plans()); n != 0 {
		t.Fatalf("%d plans before the first list", n)
	}
	if err := s.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := s.Current()
	for name, bad := range map[string]*priceList{"empty": {}, "failed": {err: errors.New("no answer")}} {
		s.Source = bad
		if err := s.Refresh(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if s.Current() != before {
			t.Errorf("%s: the old list is gone", name)
		}
	}
	s.Hide("A", now.Add(time.Minute))
	if _, err := s.Plan("JP_1_7"); !errors.Is(err, ErrPlanGone) {
		t.Errorf("a sold-out plan: %v", err)
	}
	now = now.Add(time.Minute)
	if _, err := s.Plan("JP_1_7"); err != nil {
		t.Errorf("after a while: %v", err)
	}
}

// A list that has not changed is neither indexed nor written again, but is as fresh as a new one; and
// whatever was kept badly is kept as a whole the next time.
func TestAListThatIsTheSameIsSavedOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	list := &priceList{plans: testPlans()}
	s := &CatalogCache{Source: list, Store: list, Now: func() time.Time { return now }}
	first := list.plans
	cheaper := slices.Clone(first)
	cheaper[0].Wholesale = USDTenThousandths(1)
	full := errors.New("no room")
	for _, step := range []struct {
		name    string
		plans   []Plan
		noRoom  error
		savings int
	}{
		{"the first", first, nil, 1},
		{"the same", first, nil, 1},
		{"cheaper", cheaper, nil, 2},
		{"the first again, and a full disk", first, full, 2},
		{"the same, and room", first, nil, 3},
		{"the same, and a full disk", first, full, 3},
		{"the same, and room again", first, nil, 4},
		{"the same once more", first, nil, 4},
	} {
		now = now.Add(time.Hour)
		list.plans, list.noRoom = step.plans, step.noRoom
		if err := s.Refresh(t.Context()); !errors.Is(err, step.noRoom) {
			t.Errorf("%s: %v", step.name, err)
		}
		p, err := s.Plan(step.plans[0].Code)
		if err != nil || p.Wholesale != step.plans[0].Wholesale || s.Current().Fetched() != now {
			t.Errorf("%s: %+v of %v, %v", step.name, p.Wholesale, s.Current().Fetched(), err)
		}
		if list.savings != step.savings || step.noRoom == nil && (!list.at.Equal(now) || list.saved[0].Wholesale != p.Wholesale) {
			t.Errorf("%s: saved %d times, want %d, the last of %v", step.name, list.savings, step.savings, list.at)
		}
		p.Wholesale = USDTenThousandths(77)
		s.UpdatePrice(p) // until the next Refresh
	}
}

func TestEveryContinentHasMembersOnce(t *testing.T) {
	t.Parallel()
	total := 0
	for _, c := range Continents() {
		n := 0
		for code, where := range continentOf {
			if len(code) != 2 {
				t.Errorf("%q is no alpha-2 code", code)
			}
			if where == c {
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s has no countries", c)
		}
		total += n
	}
	listed := 0
	for _, list := range members {
		listed += (len(list) + 1) / 3
	}
	if total != listed {
		t.Errorf("%d codes, %d entries: some stand twice", total, listed)
	}
	for _, code := range slices.Concat(PopularDestinations(), MostVisitedCountries()) {
		if ContinentOf(code) == "" {
			t.Errorf("%s lies nowhere", code)
		}
	}
}
