package esim

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// UsageBatch is how many eSIMs one usage question may name (the vendor's limit).
const UsageBatch = 10

// Meter is what watching needs from the vendor.
type Meter interface {
	// Account walks all profiles of our account, newest first, page by page.
	// It ends after the first error.
	Account(ctx context.Context) iter.Seq2[[]Profile, error]
	// Profile asks for one eSIM; ErrNotFound if the vendor does not know it.
	Profile(ctx context.Context, tranNo string) (Profile, error)
	// Usage reads the data use of at most UsageBatch eSIMs; rows may be missing.
	Usage(ctx context.Context, tranNos []string) ([]Usage, error)
}

// A Reading is what one look at the vendor changed.
type Reading struct {
	ESIM   ESIM // after Merge
	Alerts Alerts
	Sample *Usage // to be kept for charts; nil: none
}

// WatchStore is what watching needs from storage.
type WatchStore interface {
	// WatchedESIMs lists the esimTranNo of all eSIMs whose status is not final.
	WatchedESIMs(ctx context.Context) ([]string, error)
	// ESIMs loads eSIMs by esimTranNo; unknown ones are left out.
	ESIMs(ctx context.Context, tranNos []string) ([]ESIM, error)
	// EndingESIMs lists eSIMs in use that expire before the given time and were not
	// yet told that they did.
	EndingESIMs(ctx context.Context, before time.Time) ([]ESIM, error)
	// SaveReadings stores all readings, or none. An alert that is new for the
	// eSIM's epoch is noted, and if it is due its notice goes to the outbox, in the
	// same transaction; one noted before is left alone.
	SaveReadings(ctx context.Context, readings []Reading) error
}

// Watcher reads usage and validity, and finds out which alerts are due.
type Watcher struct {
	Store WatchStore
	Meter Meter
	Now   func() time.Time
}

// A SweepReport says what a sweep saw.
type SweepReport struct {
	Watched int // eSIMs of ours that are not final
	Seen    int // of those, found in the vendor's listing
	Metered int // of those, with a usage reading
}

// Sweep looks at every watched eSIM once: pages of the account for the state,
// then the meter of those in use.
func (w *Watcher) Sweep(ctx context.Context) (SweepReport, error) {
	watched, err := w.Store.WatchedESIMs(ctx)
	if err != nil {
		return SweepReport{}, fmt.Errorf("list watched eSIMs: %w", err)
	}
	rep := SweepReport{Watched: len(watched)}
	if len(watched) == 0 {
		return rep, nil
	}
	left := make(map[string]bool, len(watched))
	for _, t := range watched {
		left[t] = true
	}
	var inUse []string
	for page, err := range w.Meter.Account(ctx) {
		if err != nil {
			return rep, fmt.Errorf("list the account's profiles: %w", err)
		}
		used, seen, err := w.takePage(ctx, page, left)
		if err != nil {
			return rep, err
		}
		inUse = append(inUse, used...)
		rep.Seen += seen
		if len(left) == 0 {
			break
		}
	}
	for len(inUse) > 0 {
		n := min(UsageBatch, len(inUse))
		metered, err := w.readMeters(ctx, inUse[:n])
		if err != nil {
			return rep, err
		}
		rep.Metered += metered
		inUse = inUse[n:]
	}
	return rep, nil
}

// takePage merges one page of profiles into the watched eSIMs and returns those in use.
func (w *Watcher) takePage(ctx context.Context, page []Profile, left map[string]bool) (inUse []string, seen int, err error) {
	news := make(map[string]Profile, len(page))
	var ours []string
	for _, p := range page {
		if left[p.TranNo] {
			delete(left, p.TranNo)
			news[p.TranNo] = p
			ours = append(ours, p.TranNo)
		}
	}
	if len(ours) == 0 {
		return nil, 0, nil
	}
	esims, err := w.Store.ESIMs(ctx, ours)
	if err != nil {
		return nil, 0, fmt.Errorf("load %d eSIMs: %w", len(ours), err)
	}
	readings := make([]Reading, 0, len(esims))
	for _, e := range esims {
		r := w.reading(e, news[e.TranNo])
		readings = append(readings, r)
		// One that has just been used up is read once more, or its last figure
		// would stand there as of long before.
		if r.ESIM.Status == InUse || r.ESIM.Status == UsedUp && e.Status != UsedUp {
			inUse = append(inUse, e.TranNo)
		}
	}
	if err := w.Store.SaveReadings(ctx, readings); err != nil {
		return nil, 0, fmt.Errorf("save %d readings: %w", len(readings), err)
	}
	return inUse, len(ours), nil
}

func (w *Watcher) reading(e ESIM, p Profile) Reading {
	e = e.Merge(p)
	e.Asked = w.Now()
	return Reading{ESIM: e, Alerts: AlertsFor(e, w.Now())}
}

// readMeters asks for the usage of a few eSIMs and returns for how many it came.
func (w *Watcher) readMeters(ctx context.Context, tranNos []string) (int, error) {
	usages, err := w.Meter.Usage(ctx, tranNos)
	if err != nil {
		return 0, fmt.Errorf("read usage: %w", err)
	}
	esims, err := w.Store.ESIMs(ctx, tranNos)
	if err != nil {
		return 0, fmt.Errorf("load %d eSIMs: %w", len(tranNos), err)
	}
	byTran := make(map[string]Usage, len(usages))
	for _, u := range usages {
		byTran[u.TranNo] = u
	}
	var readings []Reading
	for _, e := range esims {
		u, ok := byTran[e.TranNo]
		if !ok {
			continue
		}
		readings = append(readings, w.metered(e, u))
	}
	if err := w.Store.SaveReadings(ctx, readings); err != nil {
		return 0, fmt.Errorf("save %d readings: %w", len(readings), err)
	}
	return len(readings), nil
}

func (w *Watcher) metered(e ESIM, u Usage) Reading {
	fresh := u.AsOf.After(e.UsageAt)
	e.Used = max(e.Used, u.Used)
	if u.Total > 0 {
		e.Total = u.Total
	}
	r := Reading{}
	if fresh {
		e.UsageAt = u.AsOf
		r.Sample = &u
	}
	r.ESIM, r.Alerts = e, AlertsFor(e, w.Now())
	return r
}

// Refresh asks the vendor about one eSIM now.
func (w *Watcher) Refresh(ctx context.Context, tranNo string) error {
	p, err := w.Meter.Profile(ctx, tranNo)
	if err != nil {
		return fmt.Errorf("ask for the profile: %w", err)
	}
	esims, err := w.Store.ESIMs(ctx, []string{tranNo})
	if err != nil {
		return fmt.Errorf("load eSIM: %w", err)
	}
	if len(esims) == 0 {
		return ErrNotFound
	}
	r := w.reading(esims[0], p)
	if err := w.Store.SaveReadings(ctx, []Reading{r}); err != nil {
		return fmt.Errorf("save reading: %w", err)
	}
	if r.ESIM.Status != InUse && r.ESIM.Status != UsedUp {
		return nil
	}
	_, err = w.readMeters(ctx, []string{tranNo})
	return err
}

// Remind finds the alerts that only the passing of time brings; the vendor is not asked.
func (w *Watcher) Remind(ctx context.Context) error {
	esims, err := w.Store.EndingESIMs(ctx, w.Now().Add(3*day))
	if err != nil {
		return fmt.Errorf("list eSIMs that end soon: %w", err)
	}
	var readings []Reading
	for _, e := range esims {
		if a := AlertsFor(e, w.Now()); len(a.Due)+len(a.Passed) > 0 {
			readings = append(readings, Reading{ESIM: e, Alerts: a})
		}
	}
	if len(readings) == 0 {
		return nil
	}
	if err := w.Store.SaveReadings(ctx, readings); err != nil {
		return fmt.Errorf("save %d reminders: %w", len(readings), err)
	}
	return nil
}
