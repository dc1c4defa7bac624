package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Unused means money back, by itself: who bought an eSIM and never used it is reminded before it
// lapses, and on its last day it is cancelled at the vendor and the money goes back.

// unusedReminders are the reminders, from mild to grave, and how long before the eSIM lapses each
// is given.
var unusedReminders = []struct {
	kind   AlertKind
	before time.Duration
}{{AlertUnused30, 30 * day}, {AlertUnused7, 7 * day}, {AlertUnused1, day}, {AlertLapsed, 0}}

// giveBackBefore is how long before it lapses an unused eSIM is cancelled: the customer has half a
// day more after the last reminder, and the vendor half a day to be reached.
const giveBackBefore = 12 * time.Hour

// unused adds the reminders of an eSIM that was never used. One that was bought to keep for less
// than twice as long as a reminder is early is not reminded so soon, one that cannot be installed
// now not at all.
func (a *Alerts) unused(e ESIM, now time.Time) {
	level, muted := 0, false
	switch {
	case e.Status == ProfileUnusedExpired:
		level = len(unusedReminders)
	case !e.Activated.IsZero() || e.Expires.IsZero():
		return
	default:
		for i, r := range unusedReminders {
			if e.Expires.Sub(now) <= r.before {
				level = i + 1
				muted = e.Expires.Sub(e.Created) < 2*r.before
			}
		}
	}
	var kinds []AlertKind
	for _, r := range unusedReminders {
		kinds = append(kinds, r.kind)
	}
	reminder := level < len(kinds)
	muted = muted || !e.unused() || e.SMDPStatus == SMDPDeleted || reminder && e.Status == ProfileSuspended
	a.family(level, kinds, muted)
}

// lapsing reports whether an eSIM that was never used is at its end.
func (e ESIM) lapsing(now time.Time) bool {
	return !e.Expires.IsZero() && e.unused() && e.Expires.Sub(now) <= giveBackBefore
}

// CancelUnused begins to cancel, at the vendor first, every delivered eSIM that was never used and
// is about to lapse: whole orders, or those eSIMs of an order that are unused. Nothing is begun
// without RefundUnused. Of one that was topped up staff are told: they may give the money back.
func (c *Canceller) CancelUnused(ctx context.Context) error {
	lapsing, err := c.Store.LapsingESIMs(ctx, c.Now().Add(giveBackBefore), "")
	if err != nil {
		return fmt.Errorf("list unused eSIMs that lapse: %w", err)
	}
	given, err := c.Store.UnusedOfForgotten(ctx)
	if err != nil {
		return fmt.Errorf("list unused gifts of nobody: %w", err)
	}
	for _, e := range given {
		if e.Plan.UnusedDays > 0 { // when it lapses was forgotten with its holder
			e.Expires = e.Created.Add(time.Duration(e.Plan.UnusedDays) * day)
			lapsing = append(lapsing, e)
		}
	}
	var errs []error
	begun := map[OrderID]bool{}
	for _, e := range lapsing {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if e.Order == "" || begun[e.Order] || !e.Cancellable() || !e.lapsing(c.Now()) {
			continue
		}
		if !e.unusedYet() { // whether the vendor gives its top-ups back too it does not say
			if err := c.Store.AddNotifications(ctx, []Notification{NewStaffToppedUpUnused(e)}); err != nil {
				errs = append(errs, err)
			}
			continue
		}
		if !c.RefundsUnused() {
			continue
		}
		began := false
		err := alone(func() (err error) { began, err = c.giveBackUnused(ctx, e); return err })
		if err != nil && ctx.Err() == nil {
			err = errors.Join(err, c.Store.AddNotifications(ctx, []Notification{
				NewStaffStuck("unused eSIM", string(e.ID), e.Order, err.Error(), c.Now()),
			}))
			errs = append(errs, fmt.Errorf("give an unused eSIM of order %s back: %w", e.Order, err))
		}
		begun[e.Order] = began
	}
	return errors.Join(errs...)
}

// clockTrusted is how far our clock may be from the vendor's and still say that an eSIM lapses: a machine that wakes up in
// another month would take every unused eSIM from its customer.
const clockTrusted = 2 * time.Hour

const whyUnused = "never used, and about to lapse"

// giveBackUnused begins with one eSIM, or with its whole order if nothing of it was used. False: it
// was not begun, for a reason that is no fault.
func (c *Canceller) giveBackUnused(ctx context.Context, e ESIM) (begun bool, err error) {
	o, err := c.Store.Order(ctx, e.Order)
	if errors.Is(err, ErrNotFound) || err == nil && o.State != StateDelivered && o.State != StateAllocating {
		return false, nil // it is on its way back already, or before a human
	}
	if err != nil || o.Customer.Forgotten() { // nobody is there to get the money
		return false, err
	}
	esims, err := c.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return false, fmt.Errorf("eSIMs of order %s: %w", o.ID, err)
	}
	var one ESIM      // none: all of the order
	if !o.Allocated { // others are still to come
		one = e
	}
	for _, s := range esims {
		if !s.Returned && !s.unusedYet() {
			one = e
		}
	}
	err = c.begin(ctx, o.ID, one, whyUnused, nil, "")
	if one.ID == "" && errors.Is(err, ErrInstalled) && len(esims) > 1 { // one of the others, as we know now
		err = c.begin(ctx, o.ID, e, whyUnused, nil, "")
	}
	switch {
	case err == nil, errors.Is(err, ErrConflict):
		return true, nil
	case errors.Is(err, ErrInstalled), errors.Is(err, ErrWrongState):
		return false, nil // it was put on a phone at the last moment, or is being topped up
	}
	return false, err
}

// tookBack applies the end of a cancellation. Of one that the shop began by itself the customer is
// told why; one that a human asked for is no surprise.
func (c *Canceller) tookBack(ctx context.Context, o Order, esims []ESIM, m Transition) error {
	events, err := c.Store.OrderEvents(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("events of order %s: %w", o.ID, err)
	}
	m.Notifications = append(m.Notifications, giftsGone(esims)...)
	if i := slices.IndexFunc(esims, func(e ESIM) bool { return !e.GivenAway() }); i >= 0 && begunUnused(events) {
		m.Notifications = append(m.Notifications, NewAlert(esims[i], AlertUnusedRefunded))
	}
	return c.Store.ApplyTransition(ctx, m)
}

// begunUnused reports whether the shop, and no human, began the last cancellation of an order.
func begunUnused(events []OrderEvent) bool {
	for _, e := range slices.Backward(events) {
		if e.To == StateCancelling {
			return e.Why == whyUnused
		}
	}
	return false
}
