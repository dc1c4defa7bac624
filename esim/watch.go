package esim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// UsageBatch is how many eSIMs one usage question may name (the vendor's limit).
const UsageBatch = 10

// UsageSource is what watching needs from the vendor. Each page of AllProfiles, each Profile and
// each UsageBatch of Usage is one request.
type UsageSource interface {
	// AllProfiles walks all profiles of our account, newest first, page by page.
	// It ends after the first error.
	AllProfiles(ctx context.Context) iter.Seq2[[]Profile, error]
	// Profile asks for one eSIM; ErrNotFound if the vendor does not know it.
	Profile(ctx context.Context, esimID ESIMID) (Profile, error)
	// Usage reads the data use of at most UsageBatch eSIMs; rows may be missing.
	Usage(ctx context.Context, esimIDs []ESIMID) ([]Usage, error)
}

// A PollResult is what one look at the vendor changed.
type PollResult struct {
	ESIM   ESIM // after Merge
	Alerts Alerts
	Sample *Usage   // to be kept for charts; nil: none
	Poll   PollPlan // when to look again; zero: as planned before
	// Doubt is why it is not known that the vendor took the eSIM by itself; "": it did, or it took nothing.
	Doubt WithdrawalDoubt
}

// WatchStore is what watching needs from storage.
type WatchStore interface {
	PollQueue
	PollResultStore
	ExpiringStore
	UsageHistory
	LapsingStore
	TravellingStore
	DownloadedStore
	NotificationStore
}

// PollResultStore has the eSIMs, and takes what is read of them.
type PollResultStore interface {
	// ESIMs loads eSIMs by esimTranNo; unknown ones are left out.
	ESIMs(ctx context.Context, esimIDs []ESIMID) ([]ESIM, error)
	// SavePollResults stores all readings, or none. An alert that is new for the
	// eSIM's epoch is noted, and if it is due its notification goes to the outbox, in the
	// same transaction; one noted before is left alone.
	SavePollResults(ctx context.Context, readings []PollResult) error
}

// ExpiringStore tells which eSIMs are about to end.
type ExpiringStore interface {
	// ExpiringESIMs lists eSIMs in use that expire before the given time and were not
	// yet told that they did.
	ExpiringESIMs(ctx context.Context, before time.Time) ([]ESIM, error)
}

// A PollQueue knows which eSIMs are watched (their status is not final), and when each
// of them is due to be looked at (PollPlan).
type PollQueue interface {
	// WatchedESIMs lists the esimTranNo of all watched eSIMs.
	WatchedESIMs(ctx context.Context) ([]ESIMID, error)
	// WatchedCounts counts them; near is the time until which a warning is expected soon.
	WatchedCounts(ctx context.Context, now, near time.Time) (WatchedCounts, error)
	// ESIMsDueForUsage lists those in use that are due before the given time, those whose
	// next warning is expected soonest first.
	ESIMsDueForUsage(ctx context.Context, before time.Time, limit int) ([]ESIMID, error)
	// ESIMsDueForProfile lists those not in use that are due before the given time, those
	// due longest first.
	ESIMsDueForProfile(ctx context.Context, before time.Time, limit int) ([]ESIMID, error)
}

// A WatchedCounts counts watched eSIMs.
type WatchedCounts struct {
	InUse   int // status ProfileInUse
	NearDue int // of those, due and near to a warning
	Other   int
	// OtherDue are those not in use that are due.
	OtherDue int
}

// Watcher reads usage and validity, and finds out which alerts are due. Its methods
// may be called from several goroutines.
type Watcher struct {
	Store           WatchStore
	Source          UsageSource
	RestoreDetector *RestoreDetector // nil: this database is all there ever was
	Now             func() time.Time

	sweeping sync.Mutex
	last     fullListing // guarded by sweeping
	failing  failures
	resting  map[ESIMID]time.Time // until when those rest that could not be looked at; of RefreshDownloaded alone
}

// Refresh asks the vendor about one eSIM now.
func (w *Watcher) Refresh(ctx context.Context, esimID ESIMID) error {
	asked := w.Now()
	p, err := w.Source.Profile(ctx, esimID)
	if err != nil {
		return fmt.Errorf("ask for the profile: %w", err)
	}
	esims, err := w.Store.ESIMs(ctx, []ESIMID{esimID})
	if err != nil {
		return fmt.Errorf("load eSIM: %w", err)
	}
	if len(esims) == 0 {
		return ErrNotFound
	}
	r, err := w.reading(ctx, esims[0], p, asked)
	if err != nil {
		return err
	}
	if err := w.Store.SavePollResults(ctx, []PollResult{r}); err != nil {
		return fmt.Errorf("save reading: %w", err)
	}
	if r.ESIM.Status != ProfileInUse && r.ESIM.Status != ProfileUsedUp {
		return nil
	}
	_, err = w.readUsage(ctx, []ESIMID{esimID})
	return err
}

// reading takes in what the vendor says of an eSIM when asked at a time. Of one in use
// only a usage reading says when the networks reported: its turn there is moved forward, never
// back.
func (w *Watcher) reading(ctx context.Context, e ESIM, p Profile, asked time.Time) (PollResult, error) {
	before := e
	e = e.Merge(p)
	e.Asked = asked
	e = e.seen(asked)
	pace := max(averagePace(e, asked), paceBetween(before.Used, before.Asked, e.Used, asked))
	plan := planPoll(e, pace, asked)
	plan.OnlySooner = e.Status == ProfileInUse
	doubt, err := w.RestoreDetector.Doubt(ctx, before, e.Status)
	return PollResult{ESIM: e, Alerts: AlertsFor(e, w.Now()), Poll: plan, Doubt: doubt}, err
}

// readUsage asks for the usage of a few eSIMs and returns for how many it came.
func (w *Watcher) readUsage(ctx context.Context, esimIDs []ESIMID) (int, error) {
	now := w.Now()
	usages, err := w.Source.Usage(ctx, esimIDs)
	if err != nil {
		return 0, fmt.Errorf("read usage: %w", err)
	}
	esims, err := w.Store.ESIMs(ctx, esimIDs)
	if err != nil {
		return 0, fmt.Errorf("load %d eSIMs: %w", len(esimIDs), err)
	}
	byTran := make(map[ESIMID]Usage, len(usages))
	for _, u := range usages {
		byTran[u.ID] = u
	}
	var readings []PollResult
	usageRead := 0
	for _, e := range esims {
		samples, err := w.Store.Samples(ctx, e.ID, now.Add(-paceWindow), paceSamples)
		if err != nil {
			return 0, fmt.Errorf("load readings of eSIM %s: %w", e.ID, err)
		}
		u, ok := byTran[e.ID]
		if ok {
			usageRead++
		}
		readings = append(readings, w.usageRead(e, u, samples, now))
	}
	if err := w.Store.SavePollResults(ctx, readings); err != nil {
		return 0, fmt.Errorf("save %d readings: %w", len(readings), err)
	}
	return usageRead, nil
}

// usageRead takes in a usage reading; one without a time says nothing (some carriers
// never report), and then only the next look is planned.
func (w *Watcher) usageRead(e ESIM, u Usage, samples []Usage, now time.Time) PollResult {
	var r PollResult
	e.Used = max(e.Used, u.Used)
	if u.Total > 0 {
		e.Total = u.Total
	}
	if u.AsOf.After(e.UsageAt) {
		e.UsageAt = u.AsOf
		r.Sample = &u
		samples = append(samples, u)
	}
	r.ESIM, r.Alerts = e, AlertsFor(e, w.Now())
	r.Poll = planPoll(e, max(averagePace(e, now), paceOver(samples, briefly, lately)), now)
	return r
}

// Remind finds the alerts that only the passing of time brings; the vendor is not asked.
func (w *Watcher) Remind(ctx context.Context) error {
	esims, err := w.Store.ExpiringESIMs(ctx, w.Now().Add(3*day))
	if err != nil {
		return fmt.Errorf("list eSIMs that end soon: %w", err)
	}
	for _, r := range unusedReminders {
		lapsing, err := w.Store.LapsingESIMs(ctx, w.Now().Add(r.before), r.kind)
		if err != nil {
			return fmt.Errorf("list unused eSIMs that lapse: %w", err)
		}
		esims = append(esims, lapsing...)
	}
	now := w.Now()
	travelling, err := w.Store.TravellingESIMs(ctx,
		[2]time.Time{now.Add(-day), now.Add(tripReminder)}, [2]time.Time{now.Add(-idleUntil), now.Add(-idleAfter)})
	if err != nil {
		return fmt.Errorf("list eSIMs to be reminded of before a trip: %w", err)
	}
	esims = append(esims, travelling...)
	var readings []PollResult
	var errs []error
	for _, e := range esims {
		err := alone(func() error {
			if a := AlertsFor(e, w.Now()); len(a.Due)+len(a.Passed) > 0 {
				readings = append(readings, PollResult{ESIM: e, Alerts: a})
			}
			return nil
		})
		if err != nil {
			errs = append(errs, w.notReminded(ctx, e, err))
		}
	}
	if len(readings) == 0 || w.Store.SavePollResults(ctx, readings) == nil {
		return errors.Join(errs...)
	}
	for _, r := range readings { // one of them keeps the others from being stored
		err := alone(func() error { return w.Store.SavePollResults(ctx, []PollResult{r}) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && len(errs) < errorsKept {
			errs = append(errs, w.notReminded(ctx, r.ESIM, err))
		}
	}
	return errors.Join(errs...)
}

// notReminded tells staff of an eSIM whose reminders fail.
func (w *Watcher) notReminded(ctx context.Context, e ESIM, cause error) error {
	told := w.Store.AddNotifications(ctx, []Notification{NewStaffStuck("reminder of eSIM", string(e.ID), e.Order, cause.Error(), w.Now())})
	return errors.Join(fmt.Errorf("remind of an eSIM: %w", cause), told)
}
