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
	country   map[string][]Plan        // plans of one country
	covering  map[string][]Plan        // regional and global plans that work in a country
	regions   map[string][]Plan        // by Location
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
		country:  map[string][]Plan{},
		covering: map[string][]Plan{},
		regions:  map[string][]Plan{},
		good:     map[string]func() []Plan{},
		around:   map[string][]string{},
		fetched:  fetched,
	}
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
		if p.Scope() == Country {
			place := p.Place()
			c.country[place] = append(c.country[place], p)
			continue
		}
		c.regions[p.Location] = append(c.regions[p.Location], p)
		for _, place := range p.Places {
			c.covering[place] = append(c.covering[place], p)
		}
	}
	for i, p := range c.plans { // a slug never hides another plan's code
		if _, taken := c.byName[p.Slug]; !taken && p.Slug != "" {
			c.byName[p.Slug] = i
		}
	}
	for _, places := range []map[string][]Plan{c.country, c.regions} {
		for place, plans := range places {
			c.good[place] = sync.OnceValue(func() []Plan { return SuggestedPlans(plans, place) })
		}
	}
	c.all = plans
	for _, location := range slices.Backward(append(c.Regions(Global), c.Regions(Regional)...)) {
		for _, place := range c.regions[location][0].Places {
			c.around[place] = append(c.around[place], location)
		}
	}
	all := maps.Clone(c.country)
	maps.Copy(all, c.covering)
	c.countries = slices.Sorted(maps.Keys(all))
	return c
}

// comparePlans orders plans as they are shown: fixed ones first, then by data, days and price.
func comparePlans(a, b Plan) int {
	return cmp.Or(
		cmp.Compare(boolInt(a.DayPass()), boolInt(b.DayPass())),
		cmp.Compare(volume(a), volume(b)),
		cmp.Compare(a.Days, b.Days),
		cmp.Compare(a.Wholesale.Minor, b.Wholesale.Minor),
		cmp.Compare(a.Code, b.Code),
	)
}

// inOrder sorts plans as they are shown. What is moved about are their addresses: a plan is large.
func inOrder(plans []Plan) []Plan {
	at := make([]*Plan, len(plans))
	for i := range plans {
		at[i] = &plans[i]
	}
	slices.SortStableFunc(at, func(a, b *Plan) int { return comparePlans(*a, *b) })
	sorted := make([]Plan, len(plans))
	for i, p := range at {
		sorted[i] = *p
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
func (c *Catalog) Country(place string) []Plan { return c.country[place] }

// Covering lists the regional and global plans that work in a country.
func (c *Catalog) Covering(place string) []Plan { return c.covering[place] }

// Countries lists the codes of all countries in which any plan works, sorted by code.
func (c *Catalog) Countries() []string { return c.countries }

// Region lists the plans of one regional or global code such as "EU-42".
func (c *Catalog) Region(location string) []Plan { return c.regions[location] }

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
	return ok || len(c.covering[place]) > 0
}

// AnyOf is some plan of a country or a region, hidden by staff or not; false: there is none.
func (c *Catalog) AnyOf(place string) (Plan, bool) {
	for _, plans := range [][]Plan{c.country[place], c.regions[place]} {
		if len(plans) > 0 {
			return plans[0], true
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
		c.good[place] = sync.OnceValue(func() []Plan { return c.SuggestedOf(plans, place) })
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
		if plans[0].Scope() == scope {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(c.regions[b][0].Places), len(c.regions[a][0].Places)), cmp.Compare(a, b))
	})
	return codes
}

// Fetched is when the vendor gave this list.
func (c *Catalog) Fetched() time.Time { return c.fetched }
