package own

import (
	"context"
	"fmt"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// today is the calendar day that a customer has, at its begin in UTC as an esim.Trip has it.
func (f *tripFlow) today(ctx context.Context, r *ui.Request) (time.Time, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return time.Time{}, fmt.Errorf("where a customer is: %w", err)
	}
	if at, _ := whereIs(r.Customer, esims, f.now()); at != nil && r.Customer.Zone != "" {
		return dayIn(f.now(), at), nil
	}
	return dayIn(f.now(), whereNow(esims, f.now())), nil
}

// earliestToday is the day where it is earliest: what is a date anywhere is one as seen from it. It asks no
// database, for most of what is typed is no date.
func (f *tripFlow) earliestToday() time.Time {
	return dayIn(f.now(), time.FixedZone("UTC-12", -12*60*60))
}

// whereabouts is for how long a counted use says where somebody is.
const whereabouts = 2 * 24 * time.Hour

// whereNow is the time zone of a customer who did not tell: it is that of where an eSIM of theirs is in use,
// the latest counted of several. UTC where none is, or its place has no one zone.
func whereNow(esims []esim.ESIM, now time.Time) *time.Location {
	at, counted := time.UTC, now.Add(-whereabouts)
	for _, e := range esims {
		if e.Condition(now) != esim.ConditionWorking || !e.UsageAt.After(counted) {
			continue
		}
		if zone := zoneOf(e.Plan); zone != nil {
			at, counted = zone, e.UsageAt
		}
	}
	return at
}

// dayIn is the calendar day of a moment somewhere, at the day's begin in UTC.
func dayIn(t time.Time, at *time.Location) time.Time {
	y, m, d := t.In(at).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
