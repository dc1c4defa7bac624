package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// The share of the account's eight requests a second that watching takes.
const (
	// sweepRequests are half a minute's worth: 200 pages of 500 for 100,000 eSIMs, and
	// ten questions for those nearest to a warning.
	sweepRequests = 210
	// leastUsage is what a sweep may ask about usage however long its listing was.
	leastUsage = 5
	// These are so few that nothing is gained by planning: as long as a listing of all,
	// or the meters of all in use, take no more, they are read in every sweep.
	amplePages, ampleUsage = 5, 50
	// wholeEvery is how old the last look at all of them may be: the phone's side and
	// most states show only there.
	wholeEvery = 6 * time.Hour
	// saveAtOnce bounds for how long a sweep keeps others from writing.
	saveAtOnce = 100
)

// A fullListing is what is remembered of the last listing of all eSIMs.
type fullListing struct {
	at   time.Time // zero: none since the program began
	cost int       // in requests
}

// A SweepReport says what a sweep did.
type SweepReport struct {
	Watched   int // eSIMs of ours that are not final
	Seen      int // of those, whose state the vendor told
	UsageRead int // of those, with a usage reading
	Requests  int // to the vendor, failed ones too
	// Trouble is what failed with some eSIMs while all others were looked at; nil: nothing.
	Trouble error
}

// Sweep asks the vendor about the watched eSIMs, and about no more of them than its
// share of requests allows. Few are all looked at each time. Of many, those are that
// are due (PollPlan) and near to a warning, by ten at once; when that costs more than the
// pages of the whole account, or the last such listing is old, the pages are read first.
// Those far from a warning are metered for their charts only, with what is left.
// The error is one that ended it; what fails with a single eSIM is in the report.
func (w *Watcher) Sweep(ctx context.Context) (SweepReport, error) {
	w.sweeping.Lock() // a second sweep at the same time would ask everything twice
	defer w.sweeping.Unlock()
	s := sweep{w: w, begun: w.Now()}
	err := s.run(ctx)
	s.rep.Trouble = errors.Join(s.errs...)
	return s.rep, err
}

// A sweep is one run of Sweep.
type sweep struct {
	w     *Watcher
	begun time.Time
	rep   SweepReport
	errs  []error // of eSIMs with which something failed, the first few
	row   int     // failures in a row
	what  string  // the present step
	stuck []stuckESIM
	heard bool     // the vendor answered a question of the present step
	mute  error    // and did not answer this one; nil: it answered all
	ended []ESIMID // found used up: read once more, or the last figure would be one of long before
}

func (s *sweep) run(ctx context.Context) error {
	size, err := s.size(ctx)
	if err != nil {
		return err
	}
	s.rep.Watched = size.InUse + size.Other
	switch {
	case s.rep.Watched == 0:
		return nil
	case s.wantsAll(size):
		if err := s.step(ctx, "profile", s.pollAll); err != nil {
			return err
		}
		if size, err = s.size(ctx); err != nil { // some have come into use
			return err
		}
	default:
		if err := s.step(ctx, "profile", func(ctx context.Context) error { return s.pollDue(ctx, size.OtherDue) }); err != nil {
			return err
		}
	}
	return s.step(ctx, "usage", func(ctx context.Context) error { return s.readUsage(ctx, size) })
}

func (s *sweep) size(ctx context.Context) (WatchedCounts, error) {
	size, err := s.w.Store.WatchedCounts(ctx, s.begun, s.begun.Add(latest))
	if err != nil {
		return WatchedCounts{}, fmt.Errorf("count watched eSIMs: %w", err)
	}
	return size, nil
}

// wantsAll reports whether to look at all eSIMs: because that is cheap, or due, or
// cheaper than to ask for those that are due.
func (s *sweep) wantsAll(size WatchedCounts) bool {
	last := s.w.last
	age := s.begun.Sub(last.at)
	return last.at.IsZero() || age < 0 || age >= wholeEvery || last.cost <= amplePages ||
		size.OtherDue+batches(size.NearDue) >= min(last.cost, sweepRequests)
}

func batches(n int) int { return (n + UsageBatch - 1) / UsageBatch }

// pollAll reads the account's pages until all watched eSIMs were seen, or until the
// few that are left are cheaper asked one by one: an account holds all it ever bought,
// and an eSIM the vendor has forgotten would else lead through all of it.
func (s *sweep) pollAll(ctx context.Context) error {
	watched, err := s.w.Store.WatchedESIMs(ctx)
	if err != nil {
		return fmt.Errorf("list watched eSIMs: %w", err)
	}
	left := make(map[ESIMID]bool, len(watched))
	for _, t := range watched {
		left[t] = true
	}
	barren := 0 // pages in a row that brought nothing
	asked := s.w.Now()
	for page, err := range s.w.Source.AllProfiles(ctx) {
		s.rep.Requests++
		if err != nil {
			return fmt.Errorf("list the account's profiles: %w", err)
		}
		seen, err := s.takePage(ctx, page, left, asked)
		if err != nil {
			return err
		}
		barren++
		if seen > 0 {
			barren = 0
		}
		if barren >= len(left) {
			break
		}
		asked = s.w.Now()
	}
	var forgotten []ESIMID
	for tran := range left { // in no order: where they are many, each has its chance
		if forgotten = append(forgotten, tran); len(forgotten) == ampleUsage {
			break
		}
	}
	if err := s.askEach(ctx, forgotten); err != nil {
		return err
	}
	s.w.last = fullListing{s.begun, s.rep.Requests}
	return nil
}

// takePage merges one page of profiles into the watched eSIMs and returns how many of
// them it held.
func (s *sweep) takePage(ctx context.Context, page []Profile, left map[ESIMID]bool, asked time.Time) (int, error) {
	news := make(map[ESIMID]Profile, len(page))
	var ours []ESIMID
	for _, p := range page {
		if left[p.ID] {
			delete(left, p.ID)
			news[p.ID] = p
			ours = append(ours, p.ID)
		}
	}
	for some := range slices.Chunk(ours, saveAtOnce) {
		err := s.isolate(ctx, some, func(some []ESIMID) error { return s.take(ctx, some, news, asked) })
		if err != nil {
			return 0, err
		}
	}
	s.rep.Seen += len(ours)
	return len(ours), nil
}

// take merges the profiles of some watched eSIMs into them.
func (s *sweep) take(ctx context.Context, some []ESIMID, news map[ESIMID]Profile, asked time.Time) error {
	esims, err := s.w.Store.ESIMs(ctx, some)
	if err != nil {
		return fmt.Errorf("load %d eSIMs: %w", len(some), err)
	}
	readings := make([]PollResult, 0, len(esims))
	for _, e := range esims {
		r, err := s.w.reading(ctx, e, news[e.ID], asked)
		if err != nil {
			return err
		}
		readings = append(readings, r)
	}
	if err := s.w.Store.SavePollResults(ctx, readings); err != nil {
		return fmt.Errorf("save %d readings: %w", len(readings), err)
	}
	for i, e := range esims {
		s.note(e, readings[i])
	}
	return nil
}

func (s *sweep) note(before ESIM, r PollResult) {
	if r.ESIM.Status == ProfileUsedUp && before.Status != ProfileUsedUp && len(s.ended) < ampleUsage*UsageBatch {
		s.ended = append(s.ended, before.ID)
	}
}

// pollDue asks for those not in use that are due, one by one: wantsAll found that
// they are few.
func (s *sweep) pollDue(ctx context.Context, n int) error {
	due, err := s.w.Store.ESIMsDueForProfile(ctx, s.begun, n)
	if err != nil {
		return fmt.Errorf("list eSIMs to look at: %w", err)
	}
	return s.askEach(ctx, due)
}

// askEach asks for the profiles of eSIMs one by one.
func (s *sweep) askEach(ctx context.Context, esimIDs []ESIMID) error {
	for _, tran := range esimIDs {
		if err := s.isolate(ctx, []ESIMID{tran}, func([]ESIMID) error { return s.ask(ctx, tran) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *sweep) ask(ctx context.Context, tran ESIMID) error {
	asked := s.w.Now()
	s.rep.Requests++
	p, err := s.w.Source.Profile(ctx, tran)
	known := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("ask for the profile: %w", err)
	}
	esims, err := s.w.Store.ESIMs(ctx, []ESIMID{tran})
	if err != nil {
		return fmt.Errorf("load eSIM: %w", err)
	}
	for _, e := range esims {
		r := PollResult{ESIM: e, Poll: PollPlan{Next: asked.Add(unusedFor), NextAlert: asked.Add(unknown)}}
		if known {
			if r, err = s.w.reading(ctx, e, p, asked); err != nil {
				return err
			}
		}
		if err := s.w.Store.SavePollResults(ctx, []PollResult{r}); err != nil {
			return fmt.Errorf("save reading: %w", err)
		}
		if known {
			s.note(e, r)
			s.rep.Seen++
		}
	}
	return nil
}

// readUsage asks for the usage of those nearest to a warning, as many as the sweep's
// share allows.
func (s *sweep) readUsage(ctx context.Context, size WatchedCounts) error {
	share := min(max(sweepRequests-s.rep.Requests, leastUsage), batches(size.NearDue)+ampleUsage)
	before := s.begun
	if batches(size.InUse) <= min(ampleUsage, share) {
		before = s.begun.Add(horizon) // all of them
	}
	near, err := s.w.Store.ESIMsDueForUsage(ctx, before, share*UsageBatch)
	if err != nil {
		return fmt.Errorf("list eSIMs due for a usage reading: %w", err)
	}
	ask := append(s.ended, near...)
	ask = ask[:min(len(ask), share*UsageBatch)]
	for some := range slices.Chunk(ask, UsageBatch) {
		err := s.isolate(ctx, some, func(some []ESIMID) error {
			s.rep.Requests++
			usageRead, err := s.w.readUsage(ctx, some)
			s.rep.UsageRead += usageRead
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
