package esim

import (
	"context"
	"fmt"
	"time"
)

// coursePoints is how many points the course of an eSIM has at most, about: more than a picture has room for.
const coursePoints = 250

// UsageHistory is what the course of an eSIM needs from storage.
type UsageHistory interface {
	// UsageHistory returns the readings of an eSIM's usage since a time, of each step of time the last, oldest first.
	UsageHistory(ctx context.Context, esimID ESIMID, since time.Time, step time.Duration) ([]Usage, error)
	// Samples returns the latest readings of an eSIM's usage since a time, at most
	// limit, oldest first.
	Samples(ctx context.Context, esimID ESIMID, since time.Time, limit int) ([]Usage, error)
}

// UsageHistory is how the data of an eSIM went, oldest first: from nothing used when its validity began to the newest
// figure. It is nil for an eSIM that was not in use, or of which nothing was reported.
func (w *Watcher) UsageHistory(ctx context.Context, e ESIM) ([]Usage, error) {
	if e.Activated.IsZero() || !e.UsageAt.After(e.Activated) {
		return nil, nil
	}
	step := max(e.UsageAt.Sub(e.Activated)/coursePoints, soonest)
	samples, err := w.Store.UsageHistory(ctx, e.ID, e.Activated, step)
	if err != nil {
		return nil, fmt.Errorf("load the usage of eSIM %s: %w", e.ID, err)
	}
	return courseOf(e, samples), nil
}

// courseOf joins the readings of an eSIM with what is known besides: that it began with nothing, and how it stands.
// Used data never shrinks, whatever a reading says.
func courseOf(e ESIM, samples []Usage) []Usage {
	course := []Usage{{ID: e.ID, Total: e.Total, AsOf: e.Activated}}
	if len(samples) > 0 {
		course[0].Total = samples[0].Total
	}
	for _, s := range samples {
		last := course[len(course)-1]
		s.Used, s.Total = max(s.Used, last.Used), max(s.Total, last.Total)
		if s.AsOf.After(last.AsOf) && !s.AsOf.After(e.UsageAt) {
			course = append(course, s)
		}
	}
	last := course[len(course)-1]
	if now := (Usage{e.ID, max(e.Used, last.Used), max(e.Total, last.Total), e.UsageAt}); now != last {
		if e.UsageAt.Equal(last.AsOf) {
			course = course[:len(course)-1]
		}
		course = append(course, now)
	}
	return course
}

// Forecast says when the data of an eSIM will be used up at the pace of its last days, as the function of this name
// does.
func (w *Watcher) Forecast(ctx context.Context, e ESIM) (runsOut time.Time, ok bool, err error) {
	now := w.Now()
	if e.Plan.DayPass() || e.Condition(now) != ConditionWorking { // spares the question
		return time.Time{}, false, nil
	}
	samples, err := w.Store.Samples(ctx, e.ID, now.Add(-paceWindow), paceSamples)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("load readings of eSIM %s: %w", e.ID, err)
	}
	runsOut, ok = Forecast(e, samples, now)
	return runsOut, ok, nil
}

// LastDay is how much of a day pass was used within the day before its newest figure, so far as readings tell. Its own
// day begins at an hour that the vendor does not say, so that this is the nearest to "today" that is true. It is not
// ok for other eSIMs, for those not in use, and where no reading is old enough or new enough.
func (w *Watcher) LastDay(ctx context.Context, e ESIM) (used int64, ok bool, err error) {
	now := w.Now()
	if !e.Plan.DayPass() || e.Condition(now) != ConditionWorking || now.Sub(e.UsageAt) > day {
		return 0, false, nil
	}
	samples, err := w.Store.UsageHistory(ctx, e.ID, e.UsageAt.Add(-2*day), soonest)
	if err != nil {
		return 0, false, fmt.Errorf("load readings of eSIM %s: %w", e.ID, err)
	}
	used, ok = lastDay(e, samples)
	return used, ok, nil
}

// lastDay compares the newest figure of an eSIM with the last reading that is a day older.
func lastDay(e ESIM, samples []Usage) (used int64, ok bool) {
	begin := e.UsageAt.Add(-day)
	if !e.Activated.IsZero() && !e.Activated.Before(begin) {
		return e.Used, e.UsageAt.After(e.Activated)
	}
	for _, s := range samples {
		if s.AsOf.After(begin) {
			break
		}
		used, ok = max(e.Used-s.Used, 0), true
	}
	return used, ok
}
