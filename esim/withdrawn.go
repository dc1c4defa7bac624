package esim

import (
	"fmt"
	"time"
)

// What the vendor takes back, we give back. It can cancel or revoke an eSIM by itself at any
// time; that is seen when we look, and acted upon in the transaction that stores the look.

// Withdrawn reports whether the vendor took an eSIM back or away.
func (s ProfileStatus) Withdrawn() bool { return s == Cancelled || s == Revoke || s == Revoked }

// unused reports whether nobody got anything from an eSIM yet.
func (e ESIM) unused() bool {
	return e.Used == 0 && e.Activated.IsZero() && e.Status != InUse && e.Status != UsedUp && e.Status != UsedExpired
}

// WithdrawnFacts are what only the transaction sees when an eSIM turns out to be withdrawn.
type WithdrawnFacts struct {
	Before ESIM // as it was stored
	After  ESIM
	Order  Order  // that brought it; the zero value if there is none
	ESIMs  []ESIM // all of that order, After among them
	// ByStaff: staff asked for it with a button of this shop.
	ByStaff bool
}

// WithdrawalConsequences says what follows when the vendor has taken an eSIM: nil and nothing if it
// is our own doing, a refund if the whole order is gone and unused, and a word to the customer
// and to staff.
func WithdrawalConsequences(f WithdrawnFacts, now time.Time) (*Transition, []Notification) {
	o := f.Order
	if o.ID == "" || o.State != Delivered && o.State != Allocating {
		return nil, nil // it is on its way back, or before a human
	}
	if f.ByStaff {
		return nil, []Notification{NewAlert(f.After, AlertWithdrawn)}
	}
	gone, intact := 0, true
	for _, e := range f.ESIMs {
		if e.ID == f.After.ID {
			intact = intact && f.Before.unused()
		} else {
			intact = intact && e.unused()
		}
		intact = intact && e.Epoch == 0
		if e.Status.Withdrawn() {
			gone++
		}
	}
	if gone < len(f.ESIMs) || gone < o.Quantity || !intact {
		why := fmt.Sprintf("%d of its %d eSIMs are withdrawn", gone, o.Quantity)
		return nil, []Notification{NewAlert(f.After, AlertWithdrawn), NewStaffWithdrawn(f.After, why)}
	}
	m := o.withdrawnMove(f.ESIMs, now)
	m.Notifications = append(m.Notifications, NewAlert(f.After, AlertTakenBack))
	return &m, nil
}

// withdrawnMove sends the money of an order back whose eSIMs the vendor has taken.
func (o Order) withdrawnMove(esims []ESIM, now time.Time) Transition {
	m := o.TransitionTo(Refunding, "the vendor took it back before it was used", now)
	m.Notifications = []Notification{o.progress(Refunding), NewStaffWithdrawn(esims[0], "the money goes back")}
	back := 0
	for _, e := range esims {
		if e.Status.gone() {
			back++
		}
	}
	switch { // what was revoked the vendor keeps the money of
	case back == len(esims):
		m.Transactions = append(m.Transactions, CostBackTransaction(o))
	case back > 0:
		for _, e := range esims {
			if e.Status.gone() {
				m.Transactions = append(m.Transactions, LateReturnTransaction(o, e.ID))
			}
		}
	}
	return m
}

// withdrawnBefore is about an accepted order of which the vendor took eSIMs back before they
// were delivered: the money goes back if all are gone, else a human decides.
func withdrawnBefore(o Order, live, withdrawn []ESIM, now time.Time) decision {
	if len(live) == 0 {
		return decision{do: doGiveUp, order: o, move: o.withdrawnMove(withdrawn, now)}
	}
	why := fmt.Sprintf("the vendor took back %d of its %d eSIMs", len(withdrawn), o.Quantity)
	m := o.TransitionTo(NeedsHuman, why, now)
	m.Notifications = []Notification{o.progress(NeedsHuman), NewStaffHuman(o, why, now)}
	return decision{do: doEscalate, order: o, move: m}
}
