package esim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Catalog is an immutable snapshot of everything the vendor sells, with its index.
type Catalog struct {
	plans     []Plan
	byName    map[string]int      // by Code and by Slug
	country   map[string][]Plan   // plans of one country
	covering  map[string][]Plan   // regional and global plans that work in a country
	regions   map[string][]Plan   // by Location
	good      map[string][]Plan   // of a country or a Location, what its first screen offers
	around    map[string][]string // Locations that include a country, the smallest first
	countries []string
	fetched   time.Time
}

// NewCatalog indexes plans. Where a plan stands twice the first one counts.
func NewCatalog(plans []Plan, fetched time.Time) *Catalog {
	c := &Catalog{
		byName:   make(map[string]int, 2*len(plans)),
		country:  map[string][]Plan{},
		covering: map[string][]Plan{},
		regions:  map[string][]Plan{},
		good:     map[string][]Plan{},
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
	slices.SortStableFunc(c.plans, comparePlans)
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
			c.good[place] = SuggestedPlans(plans, place)
		}
	}
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

// Suggested lists what the first screen of a country or region offers: SuggestedPlans, kept.
func (c *Catalog) Suggested(place string) []Plan { return c.good[place] }

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

// PlanSource is the vendor's price list. A source that returns the very slice it returned before
// says that nothing has changed; nobody changes one.
type PlanSource interface {
	Plans(ctx context.Context) ([]Plan, error)
}

// PlanStore keeps the last good list over restarts, so that a shop whose vendor
// is down at start still knows what it sells.
type PlanStore interface {
	SavePlans(ctx context.Context, plans []Plan, at time.Time) error
	// PlansUnchanged is SavePlans of the list that was saved last; ErrNotFound when there is none.
	PlansUnchanged(ctx context.Context, at time.Time) error
	// LoadPlans returns ErrNotFound when none was ever saved.
	LoadPlans(ctx context.Context) ([]Plan, time.Time, error)
}

// A CatalogCache holds the newest Catalog. Readers never wait, but for those who Await the first.
type CatalogCache struct {
	Source PlanSource
	Store  PlanStore
	Now    func() time.Time
	Sold   func(place string) bool // false for a country that is not sold to; nil: all are

	current atomic.Pointer[Catalog]
	saved   atomic.Pointer[savedList] // by the last Refresh that could
	hidden  sync.Map                  // code → time.Time until which the plan is sold out

	making, first sync.Once
	arrived       chan struct{} // closed when the first catalogue is here
}

var emptyCatalog = NewCatalog(nil, time.Time{})

// Current returns the newest snapshot; an empty one before the first Refresh or Restore.
func (s *CatalogCache) Current() *Catalog {
	if c := s.current.Load(); c != nil {
		return c
	}
	return emptyCatalog
}

// Await returns once there is a catalogue, or with the reason why ctx ended.
func (s *CatalogCache) Await(ctx context.Context) error {
	select {
	case <-s.arrival():
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *CatalogCache) arrival() chan struct{} {
	s.making.Do(func() { s.arrived = make(chan struct{}) })
	return s.arrived
}

// put replaces the catalogue.
func (s *CatalogCache) put(c *Catalog) {
	s.current.Store(c)
	s.first.Do(func() { close(s.arrival()) })
}

// Restore puts the list of the last run on the catalogue cache, if there is one.
func (s *CatalogCache) Restore(ctx context.Context) error {
	plans, at, err := s.Store.LoadPlans(ctx)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return fmt.Errorf("restore catalogue: %w", err)
	}
	s.put(s.onSale(plans, at))
	return nil
}

// Refresh fetches the list anew. An empty or failed answer leaves the old one in place.
func (s *CatalogCache) Refresh(ctx context.Context) error {
	plans, err := s.Source.Plans(ctx)
	if err != nil {
		return fmt.Errorf("refresh catalogue: %w", err)
	}
	if len(plans) == 0 {
		return errors.New("refresh catalogue: the vendor's list is empty")
	}
	now := s.Now()
	if saved := s.saved.Load(); saved != nil && sameSlice(saved.plans, plans) {
		s.put(saved.catalog.as(now))
		if err := s.Store.PlansUnchanged(ctx, now); err != nil {
			s.saved.Store(nil) // the next Refresh saves all of it
			return fmt.Errorf("keep an unchanged catalogue: %w", err)
		}
		return nil
	}
	c := s.onSale(plans, now)
	s.put(c)
	s.saved.Store(nil)
	if err := s.Store.SavePlans(ctx, plans, now); err != nil {
		return fmt.Errorf("keep catalogue: %w", err)
	}
	s.saved.Store(&savedList{plans, c})
	return nil
}

// onSale is the catalogue of plans without the countries that are not sold to. A plan for several
// countries stays as long as one of them is sold to, and is not found under the others.
func (s *CatalogCache) onSale(plans []Plan, fetched time.Time) *Catalog {
	if s.Sold == nil {
		return NewCatalog(plans, fetched)
	}
	c := NewCatalog(slices.DeleteFunc(slices.Clone(plans), func(p Plan) bool {
		return len(p.Places) > 0 && !slices.ContainsFunc(p.Places, s.Sold)
	}), fetched)
	maps.DeleteFunc(c.covering, func(place string, _ []Plan) bool { return !s.Sold(place) })
	c.countries = slices.DeleteFunc(c.countries, func(place string) bool { return !s.Sold(place) })
	return c
}

// A savedList is a list as it came, and its catalogue, which has learnt nothing since.
type savedList struct {
	plans   []Plan
	catalog *Catalog
}

func sameSlice(a, b []Plan) bool { return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] }

// as is the same catalogue, fetched at another time.
func (c *Catalog) as(fetched time.Time) *Catalog {
	later := *c
	later.fetched = fetched
	return &later
}

// UpdatePrice puts a plan as it was read alone into the newest list, if it costs something else there:
// nobody is to be offered yesterday's price. It is kept until the next Refresh.
func (s *CatalogCache) UpdatePrice(p Plan) {
	for {
		held := s.current.Load()
		if held == nil {
			return
		}
		i, known := held.byName[p.Code]
		if !known || held.plans[i].Code != p.Code || held.plans[i].Wholesale == p.Wholesale {
			return
		}
		plans := slices.Clone(held.plans)
		plans[i].Wholesale = p.Wholesale
		if s.current.CompareAndSwap(held, s.onSale(plans, held.fetched)) {
			return
		}
	}
}

// Hide takes a sold-out plan off the catalogue cache until the given time.
func (s *CatalogCache) Hide(code string, until time.Time) { s.hidden.Store(code, until) }

// Hidden reports whether a plan is sold out at the moment.
func (s *CatalogCache) Hidden(code string) bool {
	until, ok := s.hidden.Load(code)
	return ok && s.Now().Before(until.(time.Time))
}

// Plan returns a plan that can be bought now, or ErrPlanGone.
func (s *CatalogCache) Plan(code string) (Plan, error) {
	p, err := s.Current().Plan(code)
	if err != nil || s.Hidden(p.Code) {
		return Plan{}, fmt.Errorf("plan %q: %w", code, ErrPlanGone)
	}
	return p, nil
}
