package esim

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// allocationPatience is how long an eSIM of an accepted order may take to come. What did not
// come by then is refunded; what comes later is cancelled by reconciliation.
const allocationPatience = 48 * time.Hour

// lookUpPatience is how long after that its look-ups, one a minute, may all fail before the order comes
// before staff.
const lookUpPatience = 30 * time.Minute

// listAfter is how long the vendor may say "still being allocated" of several eSIMs before those
// that are ready are looked for in its list: its answer about the order shows none of them.
const listAfter = 20 * time.Second

// collect asks for the eSIMs of an accepted order.
func (f *Fulfiller) collect(ctx context.Context, o Order) (Order, answer, error) {
	known, err := f.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return o, nil, err
	}
	profiles, err := f.Vendor.OrderProfiles(ctx, o.VendorOrder)
	if err != nil && ActionFor(err) == ActionWait && o.Quantity > 1 && f.Now().Sub(o.Changed) >= listAfter {
		from, to := o.boughtBetween(f.Now())
		listed, failed := f.Vendor.FindPurchase(ctx, o.IdempotencyKey, from, to)
		if failed != nil {
			err = failed // what is ready is not known
		}
		profiles = listed
	}
	var doubt WithdrawalDoubt
	for _, p := range profiles {
		if doubt == "" && !slices.ContainsFunc(known, func(e ESIM) bool { return e.ID == p.ID }) {
			var failed error
			if doubt, failed = f.RestoreDetector.Doubt(ctx, ESIM{Created: o.Changed}, p.Status); failed != nil {
				return o, nil, failed
			}
		}
	}
	return o, collected{profiles, known, doubt, err}, ctx.Err()
}

// A arrivals is what the vendor has of an accepted order, seen from what is stored of it.
type arrivals struct {
	fresh []ESIM // ready, and not stored yet
	lost  []ESIM // taken back by the vendor before they were delivered
	had   int    // stored before
	live  int    // of fresh and stored, those that are the customer's
}

func (a collected) arrivals(o Order, now time.Time) arrivals {
	h := arrivals{had: len(a.known)}
	stored, last := map[ESIMID]bool{}, 0
	for _, e := range a.known {
		stored[e.ID], last = true, max(last, e.Index)
		if !e.Returned {
			h.live++
		}
	}
	for _, p := range a.profiles {
		if stored[p.ID] || p.IdempotencyKey != "" && p.IdempotencyKey != o.IdempotencyKey {
			continue
		}
		e := ESIM{Profile: p, Customer: o.Customer, Buyer: o.Customer, Order: o.ID, Plan: o.Plan, Created: now}
		switch {
		case p.Status.Withdrawn():
			h.lost = append(h.lost, e)
		case p.Ready() && h.had+len(h.fresh) < o.Quantity:
			e.Index = last + len(h.fresh) + 1
			h.fresh = append(h.fresh, e)
		}
	}
	h.live += len(h.fresh)
	return h
}

// decideCollected is about an accepted order: each eSIM is delivered when it is ready. What the
// vendor took back before, and what does not come for too long while the vendor does answer, is
// refunded: as store credit if others are the customer's, else the whole goes back.
func decideCollected(o Order, a collected, now time.Time) decision {
	h := a.arrivals(o, now)
	have := h.had + len(h.fresh)
	age := now.Sub(o.Changed)
	answered := a.err == nil || ActionFor(a.err) == ActionWait
	tooLong := answered && age >= allocationPatience
	switch {
	case len(h.lost) > 0 && a.doubt != "":
		m := o.TransitionTo(StateNeedsHuman, a.doubt.Why(), now)
		m.Notifications = []Notification{o.progress(StateNeedsHuman), NewStaffNeedsHuman(o, m.Why, now)}
		return decision{do: doEscalate, order: o, move: m}
	case !answered && age >= allocationPatience+lookUpPatience:
		return unseenTooLong(o, a.err, now)
	case have >= o.Quantity:
		return allocated(o, h, 0)
	case a.err == nil && have+len(h.lost) >= o.Quantity, tooLong:
		if h.live == 0 {
			return neverCame(o, h, now)
		}
		return allocated(o, h, o.Quantity-have)
	}
	err := a.err
	if err == nil {
		err = fmt.Errorf("%d of %d eSIMs are ready", have, o.Quantity)
	}
	o.Attempts++
	o.Reason = err.Error()
	o.NextAt = now.Add(lookAgain(now.Sub(o.Changed)))
	told := late(&o, false, now)
	if len(h.fresh) == 0 {
		return decision{do: doReschedule, order: o, notifications: told}
	}
	told = append(told, NewProgress(o.Customer, o.ID, fmt.Sprintf("%s:%d", stepPart, have)))
	return decision{do: doAllocate, order: o, esims: h.fresh, notifications: append(newQRs(h.fresh), told...)}
}

// unseenTooLong is about eSIMs whose time is over while the vendor does not say which of them came: it is
// crowded, gone, or refuses the question. What may be live there is neither refunded nor awaited for
// ever; staff decide.
func unseenTooLong(o Order, cause error, now time.Time) decision {
	m := o.TransitionTo(StateNeedsHuman, fmt.Sprintf("the vendor does not say what came of it: %v", cause), now)
	m.Notifications = []Notification{o.progress(StateNeedsHuman), NewStaffNeedsHuman(o, m.Why, now)}
	return decision{do: doEscalate, order: o, move: m}
}

// allocated ends the wait for an order's eSIMs, of which some may be missing for good.
func allocated(o Order, h arrivals, missing int) decision {
	o.Allocated, o.Reason = true, ""
	d := decision{do: doAllocate, order: o, esims: h.fresh, part: PartialRefund{Missing: missing}}
	d.notifications = append(newQRs(h.fresh), NewProgress(o.Customer, o.ID, stepReady), NewStaffSale(o))
	if missing == 0 {
		return d
	}
	d.notifications = append(d.notifications, NewStaffFailure(o, fmt.Sprintf("%d of its %d eSIMs did not come: store credit", missing, o.Quantity)))
	for _, e := range h.lost {
		if e.Status.gone() {
			d.transactions = append(d.transactions, LateReturnTransaction(o, e.ID))
		}
	}
	return d
}

// neverCame sends the money of an order back of which the customer has nothing.
func neverCame(o Order, h arrivals, now time.Time) decision {
	if have := o.Remaining() - len(h.lost); have <= 0 {
		return decision{do: doGiveUp, order: o, move: o.withdrawnMove(h.lost, now)}
	}
	m := o.TransitionTo(StateRefunding, fmt.Sprintf("%d of its %d eSIMs did not come", o.Remaining(), o.Quantity), now)
	m.Notifications = []Notification{o.progress(StateRefunding), NewStaffFailure(o, m.Why)}
	for _, e := range h.lost {
		if e.Status.gone() {
			m.Transactions = append(m.Transactions, LateReturnTransaction(o, e.ID))
		}
	}
	return decision{do: doGiveUp, order: o, move: m}
}

func newQRs(esims []ESIM) []Notification {
	qrs := make([]Notification, 0, len(esims)+3)
	for _, e := range esims {
		qrs = append(qrs, NewQR(e))
		if !e.ActivationCode.Drawable() {
			qrs = append(qrs, NewStaffOddCode(e))
		}
	}
	return qrs
}
