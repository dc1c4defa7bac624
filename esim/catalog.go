package esim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Catalog is an immutable snapshot of everything the vendor sells, with its index.
type Catalog struct {
	plans     []Plan
	byName    map[string]int           // by Code and by Slug
	country   map[string]*planList     // plans of one country
	covering  map[string]*planList     // regional and global plans that work in a country
	regions   map[string]*planList     // by Location
	good      map[string]func() []Plan // of a country or a Location, what its first screen offers: picked when first asked
	around    map[string][]string      // Locations that include a country, the smallest first
	countries []string
	fetched   time.Time
	all       []Plan          // as the vendor lists them, those that are not sold too
	unsold    map[string]Plan // of them those that staff hide, by Code: what was paid for is still brought
	featured  map[string]bool // Codes of those that staff put on top
	rules     *Rules          // that it was made by
}

// NewCatalog indexes plans. Where a plan stands twice the first one counts.
func NewCatalog(plans []Plan, fetched time.Time) *Catalog {
	c := &Catalog{
		byName:   make(map[string]int, 2*len(plans)),
		country:  map[string]*planList{},
		covering: map[string]*planList{},
		regions:  map[string]*planList{},
		good:     map[string]func() []Plan{},
		around:   map[string][]string{},
		fetched:  fetched,
	}
	c.plans = make([]Plan, 0, len(plans))
	seen := make(map[string]bool, len(plans))
	for _, p := range plans {
		if p.Code != "" && !seen[p.Code] {
			seen[p.Code] = true
			c.plans = append(c.plans, p)
		}
	}
	c.plans = inOrder(c.plans)
	for i, p := range c.plans {
		c.byName[p.Code] = i
		if p.Scope() == ScopeCountry {
			c.list(c.country, p.Place(), i)
			continue
		}
		c.list(c.regions, p.Location, i)
		for _, place := range p.Places {
			c.list(c.covering, place, i)
		}
	}
	for i, p := range c.plans { // a slug never hides another plan's code
		if _, taken := c.byName[p.Slug]; !taken && p.Slug != "" {
			c.byName[p.Slug] = i
		}
	}
	for _, places := range []map[string]*planList{c.country, c.regions} {
		for place, plans := range places {
			c.good[place] = sync.OnceValue(func() []Plan { return SuggestedPlans(plans.all(), place) })
		}
	}
	c.all = plans
	for _, location := range slices.Backward(append(c.Regions(ScopeGlobal), c.Regions(ScopeRegional)...)) {
		for _, place := range c.regions[location].first().Places {
			c.around[place] = append(c.around[place], location)
		}
	}
	all := maps.Clone(c.country)
	maps.Copy(all, c.covering)
	c.countries = slices.Sorted(maps.Keys(all))
	return c
}

// A planList is some plans of a catalogue, put together when they are first asked for: a plan is large,
// and one of the whole world stands in more than a hundred lists, of which people open a few.
type planList struct {
	catalog *Catalog
	at      []int32 // of the catalogue's plans
	once    sync.Once
	plans   []Plan
}

// list puts plan number i into the list of a place.
func (c *Catalog) list(places map[string]*planList, place string, i int) {
	l := places[place]
	if l == nil {
		l = &planList{catalog: c}
		places[place] = l
	}
	l.at = append(l.at, int32(i))
}

// first is the list's first plan; a list has one at least.
func (l *planList) first() *Plan { return &l.catalog.plans[l.at[0]] }

// all is nil for a place without a list.
func (l *planList) all() []Plan {
	if l == nil {
		return nil
	}
	l.once.Do(func() {
		l.plans = make([]Plan, len(l.at))
		for i, at := range l.at {
			l.plans[i] = l.catalog.plans[at]
		}
	})
	return l.plans
}

// comparePlans orders plans as they are shown: fixed ones first, then by data, days, price and where they go online.
func comparePlans(a, b Plan) int { return rankOf(a).compare(rankOf(b)) }

// A planRank is what comparePlans goes by, read once a plan: to sort a catalogue compares each a dozen times.
type planRank struct {
	dayPass int
	volume  int64
	days    int
	price   int64
	exit    int
	code    string
	at      int // in the list that is sorted
}

func rankOf(p Plan) planRank {
	return planRank{
		dayPass: boolInt(p.DayPass()), volume: volume(p), days: p.Days, price: p.Wholesale.Minor,
		exit: exitRank(p, p.Location), code: p.Code,
	}
}

func (r planRank) compare(other planRank) int {
	return cmp.Or(
		cmp.Compare(r.dayPass, other.dayPass),
		cmp.Compare(r.volume, other.volume),
		cmp.Compare(r.days, other.days),
		cmp.Compare(r.price, other.price),
		cmp.Compare(r.exit, other.exit),
		cmp.Compare(r.code, other.code),
	)
}

// inOrder sorts plans as they are shown.
func inOrder(plans []Plan) []Plan {
	ranks := make([]planRank, len(plans))
	for i, p := range plans {
		ranks[i] = rankOf(p)
		ranks[i].at = i
	}
	slices.SortStableFunc(ranks, planRank.compare)
	sorted := make([]Plan, len(plans))
	for i, r := range ranks {
		sorted[i] = plans[r.at]
	}
	return sorted
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Plan returns the plan with this code or slug, or ErrNotFound.
func (c *Catalog) Plan(name string) (Plan, error) {
	i, ok := c.byName[name]
	if !ok {
		return Plan{}, fmt.Errorf("plan %q: %w", name, ErrNotFound)
	}
	return c.plans[i], nil
}

// Plans lists all plans. The slice must not be changed; that holds for all lists of a Catalog.
func (c *Catalog) Plans() []Plan { return c.plans }

// Country lists the plans sold for one country.
func (c *Catalog) Country(place string) []Plan { return c.country[place].all() }

// Covering lists the regional and global plans that work in a country.
func (c *Catalog) Covering(place string) []Plan { return c.covering[place].all() }

// Countries lists the codes of all countries in which any plan works, sorted by code.
func (c *Catalog) Countries() []string { return c.countries }

// Region lists the plans of one regional or global code such as "EU-42".
func (c *Catalog) Region(location string) []Plan { return c.regions[location].all() }

// Known returns a plan that the vendor sells, hidden by staff or not, or ErrNotFound.
func (c *Catalog) Known(code string) (Plan, error) {
	if p, hidden := c.unsold[code]; hidden {
		return p, nil
	}
	return c.Plan(code)
}

// Sells reports whether the vendor sells plans of a country or a region, hidden by staff or not.
func (c *Catalog) Sells(place string) bool {
	_, ok := c.AnyOf(place)
	return ok || c.covering[place] != nil
}

// AnyOf is some plan of a country or a region, hidden by staff or not; false: there is none.
func (c *Catalog) AnyOf(place string) (Plan, bool) {
	for _, plans := range []*planList{c.country[place], c.regions[place]} {
		if plans != nil {
			return *plans.first(), true
		}
	}
	for _, p := range c.unsold {
		if p.Place() == place || len(place) == 2 && p.Covers(place) {
			return p, true
		}
	}
	return Plan{}, false
}

// Featured reports whether staff put a plan on top of its place.
func (c *Catalog) Featured(code string) bool { return c.featured[code] }

// feature puts the plans that staff chose on top of what their places offer first, and others away for them.
func (c *Catalog) feature(featured map[string]bool) {
	c.featured = featured
	for place := range c.good {
		plans := c.country[place]
		if plans == nil {
			plans = c.regions[place]
		}
		c.good[place] = sync.OnceValue(func() []Plan { return c.SuggestedOf(plans.all(), place) })
	}
}

// SuggestedOf is SuggestedPlans of some plans of a place, with what staff feature of them on top.
func (c *Catalog) SuggestedOf(plans []Plan, place string) []Plan {
	good := SuggestedPlans(plans, place)
	if len(c.featured) == 0 {
		return good
	}
	var top []Plan
	for _, p := range plans {
		if c.featured[p.Code] && len(top) < MaxSuggested {
			top = append(top, p)
		}
	}
	rest := slices.DeleteFunc(good, func(p Plan) bool { return has(top, p) })
	return append(top, rest[:min(len(rest), MaxSuggested-len(top))]...)
}

// Suggested lists what the first screen of a country or region offers: SuggestedOf all its plans, kept.
func (c *Catalog) Suggested(place string) []Plan {
	if pick := c.good[place]; pick != nil {
		return pick()
	}
	return nil
}

// RegionsIncluding lists the codes of the regional and global offers that include a country, those with
// fewest countries first.
func (c *Catalog) RegionsIncluding(place string) []string { return c.around[place] }

// Regions lists the codes of regional (or global) offers, those with most countries first.
func (c *Catalog) Regions(scope PlanScope) []string {
	var codes []string
	for code, plans := range c.regions {
		if plans.first().Scope() == scope {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(c.regions[b].first().Places), len(c.regions[a].first().Places)), cmp.Compare(a, b))
	})
	return codes
}

// Fetched is when the vendor gave this list.
func (c *Catalog) Fetched() time.Time { return c.fetched }
