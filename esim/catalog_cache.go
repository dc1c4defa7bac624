package esim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

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

	// remaking is held by who makes a catalogue out of a list and the rules, until it is the newest one.
	remaking sync.Mutex
	rules    *Rules // what staff set; nil: nothing

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
	s.remaking.Lock()
	defer s.remaking.Unlock()
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
	if s.unchanged(plans, now) {
		if err := s.Store.PlansUnchanged(ctx, now); err != nil {
			s.saved.Store(nil) // the next Refresh saves all of it
			return fmt.Errorf("keep an unchanged catalogue: %w", err)
		}
		return nil
	}
	s.remaking.Lock()
	c := s.onSale(plans, now)
	s.put(c)
	s.saved.Store(nil)
	s.remaking.Unlock()
	if err := s.Store.SavePlans(ctx, plans, now); err != nil {
		return fmt.Errorf("keep catalogue: %w", err)
	}
	s.remaking.Lock()
	defer s.remaking.Unlock()
	if c.rules != s.rules {
		c = s.onSale(plans, now) // staff changed the rules meanwhile
	}
	s.saved.Store(&savedList{plans, c})
	return nil
}

// unchanged puts the catalogue of a list that is the one saved last, fetched at another time; false: it is another list.
func (s *CatalogCache) unchanged(plans []Plan, now time.Time) bool {
	s.remaking.Lock()
	defer s.remaking.Unlock()
	saved := s.saved.Load()
	if saved == nil || !sameSlice(saved.plans, plans) {
		return false
	}
	s.put(saved.catalog.as(now))
	return true
}

// ApplyRules has the shop sell what staff's rules say, from now on.
func (s *CatalogCache) ApplyRules(r *Rules) {
	s.remaking.Lock()
	defer s.remaking.Unlock()
	if before := s.rules; before != nil && maps.Equal(before.hidden, r.hidden) && maps.Equal(before.featured, r.featured) {
		return
	}
	s.rules = r
	if held := s.current.Load(); held != nil {
		s.current.Store(s.onSale(held.all, held.fetched))
	}
	if saved := s.saved.Load(); saved != nil {
		s.saved.Store(&savedList{saved.plans, s.onSale(saved.plans, saved.catalog.fetched)})
	}
}

// onSale is the catalogue of plans without the countries that are not sold to, and without what staff hide. A plan for several
// countries stays as long as one of them is sold to, and is not found under the others. Whoever calls it holds remaking.
func (s *CatalogCache) onSale(plans []Plan, fetched time.Time) *Catalog {
	rules := s.rules
	if rules == nil {
		rules = noRules
	}
	if s.Sold == nil && len(rules.hidden)+len(rules.featured) == 0 {
		c := NewCatalog(plans, fetched)
		c.rules = s.rules
		return c
	}
	sold := func(place string) bool {
		return (s.Sold == nil || s.Sold(place)) && !rules.hidden[ScopeOfPlace(place)]
	}
	unsold := map[string]Plan{}
	c := NewCatalog(slices.DeleteFunc(slices.Clone(plans), func(p Plan) bool {
		if len(p.Places) > 0 && !slices.ContainsFunc(p.Places, sold) || rules.Hides(&p) {
			unsold[p.Code] = p
			return true
		}
		return false
	}), fetched)
	maps.DeleteFunc(c.covering, func(place string, _ *planList) bool { return !sold(place) })
	c.countries = slices.DeleteFunc(c.countries, func(place string) bool { return !sold(place) })
	c.all, c.unsold, c.rules = plans, unsold, s.rules
	if len(rules.featured) > 0 {
		c.feature(rules.featured)
	}
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
	s.remaking.Lock()
	defer s.remaking.Unlock()
	held := s.current.Load()
	if held == nil {
		return
	}
	if known, err := held.Known(p.Code); err != nil || known.Code != p.Code || known.Wholesale == p.Wholesale {
		return
	}
	plans := slices.Clone(held.all)
	for i := range plans {
		if plans[i].Code == p.Code {
			plans[i].Wholesale = p.Wholesale
		}
	}
	s.current.Store(s.onSale(plans, held.fetched))
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
