package esim

import (
	"context"
	"sync"
	"time"
)

// A VisitStep is something a customer does on the way to a purchase before there is an order.
type VisitStep string

// The steps that are counted.
const (
	StepArrived VisitStep = "came" // they wrote or pressed anything
	StepPlan    VisitStep = "plan" // they saw the card of a plan
)

// Visits are how many customers did a step within an hour for the first time on that day.
type Visits struct {
	Hour   time.Time // its begin, UTC
	Step   VisitStep
	People int
}

// A Funnel is who went how far within some time. The first three count people, each once a day; the others count orders.
type Funnel struct {
	New       int // customers who first came
	Arrived   int
	Plan      int // who saw the card of a plan
	Invoices  int // purchases begun
	Paid      int // of those
	Delivered int // purchases, whenever they were begun
}

// VisitStore keeps the numbers, and not of whom they are.
type VisitStore interface {
	// AddVisits counts customers beside those counted before.
	AddVisits(ctx context.Context, visits []Visits) error
}

// A VisitCounter counts customers on their way to a purchase. Who they are is in its memory until the day is over, so that each
// counts once, and nowhere else; after a restart somebody may count twice.
type VisitCounter struct {
	Store VisitStore
	Zone  *time.Location // whose days are meant; nil: UTC
	Now   func() time.Time

	mu    sync.Mutex
	day   time.Time
	seen  map[visit]struct{}
	fresh map[Visits]int // not stored yet, by hour and step
}

// A visit is somebody's step.
type visit struct {
	customer CustomerID
	step     VisitStep
}

// mostVisitors bounds what is remembered of a day; beyond it nobody is counted.
const mostVisitors = 200_000

// Count counts a customer's step.
func (c *VisitCounter) Count(customer CustomerID, step VisitStep) {
	if c == nil {
		return
	}
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if day := DayOf(now, zone).From; !day.Equal(c.day) || c.seen == nil {
		c.day, c.seen = day, map[visit]struct{}{}
	}
	v := visit{customer, step}
	if _, known := c.seen[v]; known || len(c.seen) >= mostVisitors {
		return
	}
	c.seen[v] = struct{}{}
	if c.fresh == nil {
		c.fresh = map[Visits]int{}
	}
	c.fresh[Visits{Hour: now.UTC().Truncate(time.Hour), Step: step}]++
}

// Flush stores what was counted since the last time. What cannot be stored is counted the next time.
func (c *VisitCounter) Flush(ctx context.Context) error {
	c.mu.Lock()
	fresh := c.fresh
	c.fresh = nil
	c.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	var visits []Visits
	for v, n := range fresh {
		v.People = n
		visits = append(visits, v)
	}
	err := c.Store.AddVisits(ctx, visits)
	if err == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fresh == nil {
		c.fresh = map[Visits]int{}
	}
	for v, n := range fresh {
		c.fresh[v] += n
	}
	return err
}
