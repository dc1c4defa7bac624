package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// One eSIM with which something fails costs the sweep that eSIM: it is looked at an hour later, and
// staff hear of it when it fails again and again.

// step does one step of the sweep. One in which the vendor answered nothing has failed.
func (s *sweep) step(ctx context.Context, what string, do func(ctx context.Context) error) error {
	s.what, s.heard, s.mute = what, false, nil
	s.stuck = nil
	err := do(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var told []Notification
	for _, f := range s.stuck {
		if s.heard || !unanswered(f.err) { // else it is the vendor's silence
			told = append(told, NewStaffStuck("eSIM "+what, string(f.id), "", f.err.Error(), s.w.Now()))
		}
	}
	if len(told) > 0 {
		err = errors.Join(err, s.w.Store.AddNotifications(ctx, told))
	}
	if err != nil || s.heard {
		return err
	}
	return s.mute
}

// A stuckESIM failed again and again.
type stuckESIM struct {
	id  ESIMID
	err error
}

// isolate does the work on some eSIMs together; if that fails and it is not the vendor's silence, on
// each of them alone. The error is one that ends the sweep: the vendor has not answered for a while,
// or ctx ended.
func (s *sweep) isolate(ctx context.Context, esimIDs []ESIMID, work func(esimIDs []ESIMID) error) error {
	err := alone(func() error { return work(esimIDs) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		s.row, s.heard = 0, true
		for _, id := range esimIDs {
			s.w.failing.fine(s.what + string(id))
		}
		return nil
	case noAnswer(err) && len(esimIDs) > 1: // each of them alone would wait for it as long
		return s.failed(ctx, err)
	case len(esimIDs) > 1:
		for _, id := range esimIDs {
			if err := s.isolate(ctx, []ESIMID{id}, work); err != nil {
				return err
			}
		}
		return nil
	}
	id := esimIDs[0]
	if s.w.failing.failed(s.what+string(id)) >= stuckAfter {
		s.stuck = append(s.stuck, stuckESIM{id, err})
	}
	err = errors.Join(err, alone(func() error { return s.postpone(ctx, id) }))
	return s.failed(ctx, fmt.Errorf("eSIM %s: %w", id, err))
}

// failed keeps an error for the end of the sweep, and returns it if the sweep ends with it.
func (s *sweep) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.row++; s.row >= stopAfter || s.row >= stopAfterMute && unanswered(err) {
		return err
	}
	if unanswered(err) || isVendorError(err) && ActionFor(err) == ActionTellOperator { // our account is at fault, perhaps
		s.mute = err
	}
	if len(s.errs) < errorsKept {
		s.errs = append(s.errs, err)
	}
	return nil
}

// stuckFor is when an eSIM with which something failed is looked at again.
const stuckFor = time.Hour

// postpone moves an eSIM back that could not be looked at.
func (s *sweep) postpone(ctx context.Context, id ESIMID) error {
	esims, err := s.w.Store.ESIMs(ctx, []ESIMID{id})
	if err != nil || len(esims) == 0 {
		return err
	}
	return s.w.Store.SavePollResults(ctx, []PollResult{{ESIM: esims[0], Poll: PollPlan{Next: s.w.Now().Add(stuckFor)}}})
}
