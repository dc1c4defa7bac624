package esim

import (
	"fmt"
	"time"
)

// What the vendor takes back, we give back. It can cancel or revoke an eSIM by itself at any
// time; that is seen when we look, and acted upon in the transaction that stores the look.

// Withdrawn reports whether the vendor took an eSIM back or away.
func (s ProfileStatus) Withdrawn() bool {
	return s == ProfileCancelled || s == ProfileRevoke || s == ProfileRevoked
}

// unused reports whether nobody got anything from an eSIM yet.
func (e ESIM) unused() bool {
	return e.Used == 0 && e.Activated.IsZero() && e.Status != ProfileInUse && e.Status != ProfileUsedUp && e.Status != ProfileUsedExpired
}

// UsedSince reports whether somebody got something from an eSIM, and had not as it was before.
func (e ESIM) UsedSince(before ESIM) bool { return before.unused() && !e.unused() }

// WithdrawalFacts are what only the transaction sees when an eSIM turns out to be withdrawn.
type WithdrawalFacts struct {
	Before ESIM // as it was stored
	After  ESIM
	Order  Order   // that brought it; the zero value if there is none
	ESIMs  []ESIM  // all of that order, After among them
	TopUps []Order // that the vendor applied to it, whatever became of them
	// ByStaff: staff asked for it with a button of this shop.
	ByStaff bool
	// Doubt is why it is not known that the vendor took it by itself; "": it did.
	Doubt WithdrawalDoubt
}

// A Withdrawal is what follows when the vendor has taken an eSIM. The zero value is nothing.
type Withdrawal struct {
	Moves         []Transition  // the whole order goes back, and so do top-ups
	Part          PartialRefund // that part of it goes back
	Transactions  []Transaction
	Notifications []Notification
}

// WithdrawalConsequences says what follows when the vendor has taken an eSIM: its pictures say
// so; nothing more if it is our own doing; else a refund if the whole order is gone and unused,
// or of the part that is, and a word to the customer and to staff.
func WithdrawalConsequences(f WithdrawalFacts, now time.Time) Withdrawal {
	w := withdrawal(f, now)
	w.Notifications = append(w.Notifications, NewQRGone(f.After))
	if f.Doubt != "" && !f.ByStaff { // of its top-ups nothing is known either
		return w
	}
	topUps := TopUpsWithdrawn(f, now)
	w.Moves, w.Transactions = append(w.Moves, topUps.Moves...), append(w.Transactions, topUps.Transactions...)
	return w
}

// TopUpsWithdrawn is what follows for the top-ups of an eSIM that the vendor has taken: if nobody got
// anything from it their money goes back, too. Of one whose money is back already what the vendor gave
// back is booked.
func TopUpsWithdrawn(f WithdrawalFacts, now time.Time) (w Withdrawal) {
	if f.ByStaff || !f.Before.unused() {
		return Withdrawal{}
	}
	for _, o := range f.TopUps {
		if o.Customer.Forgotten() { // who was given the eSIM pays for their own
			continue
		}
		var back []Transaction
		if f.After.Status.gone() { // what was revoked the vendor keeps the money of
			back = []Transaction{CostBackTransaction(o)}
		}
		switch {
		case o.State.RefundOwed():
			w.Transactions = append(w.Transactions, back...)
		case o.State == StateDelivered, o.topUpCase():
			m := o.TransitionTo(StateRefunding, "the vendor took its eSIM back before it was used", now)
			m.Transactions = append(m.Transactions, back...)
			if o.State == StateDelivered {
				m.Notifications = []Notification{o.progress(StateRefunding)}
			}
			w.Moves = append(w.Moves, m)
		}
	}
	return w
}

func withdrawal(f WithdrawalFacts, now time.Time) Withdrawal {
	o := f.Order
	if o.ID == "" || o.State == StateCancelling || f.After.Returned {
		return Withdrawal{} // it is on its way back
	}
	if f.ByStaff {
		return Withdrawal{Notifications: []Notification{NewAlert(f.After, AlertWithdrawn)}}
	}
	if o.Customer.Forgotten() { // there is nobody whose money it was
		w := Withdrawal{Notifications: []Notification{NewAlert(f.After, AlertWithdrawn), NewStaffWithdrawn(f.After, "whoever bought it was forgotten")}}
		if f.After.Status.gone() && f.Before.unused() { // but ours is back
			w.Transactions = []Transaction{LateReturnTransaction(o, f.After.ID)}
		}
		return w
	}
	if o.State.RefundOwed() && f.After.Status.gone() { // it lived on after its money went back
		return Withdrawal{Transactions: []Transaction{LateReturnTransaction(o, f.After.ID)}}
	}
	if o.State != StateDelivered && o.State != StateAllocating && o.State != StateNeedsHuman {
		return Withdrawal{} // its money is on its way back
	}
	if f.Doubt != "" {
		return f.doubted(now)
	}
	left, gone, intact := f.left()
	if gone == len(left) && gone >= o.Remaining() && intact {
		m := o.withdrawnMove(left, now)
		m.Notifications = append(m.Notifications, f.After.takenBack())
		return Withdrawal{Moves: []Transition{m}}
	}
	if o.State == StateNeedsHuman {
		return Withdrawal{} // staff decide on all of it; if the money goes back, see EarlierVendorReturns
	}
	if o.Remaining() == 1 || !f.Before.unused() {
		why := fmt.Sprintf("%d of its %d eSIMs are withdrawn", gone, o.Quantity)
		return Withdrawal{Notifications: []Notification{NewAlert(f.After, AlertWithdrawn), NewStaffWithdrawn(f.After, why)}}
	}
	w := Withdrawal{
		Part:          PartialRefund{ESIMs: []ESIMID{f.After.ID}},
		Notifications: []Notification{f.After.takenBack(), NewStaffWithdrawn(f.After, "its part becomes store credit")},
	}
	if f.After.Status.gone() { // what was revoked the vendor keeps the money of
		w.Transactions = []Transaction{LateReturnTransaction(o, f.After.ID)}
	}
	return w
}

// doubted leaves to staff what becomes of the money, and says so to who holds the eSIM.
func (f WithdrawalFacts) doubted(now time.Time) Withdrawal {
	o := f.Order
	left, gone, _ := f.left()
	told := []Notification{NewAlert(f.After, AlertWithdrawn)}
	if o.State == StateNeedsHuman || o.State == StateAllocating && !o.Allocated { // others of it are still to come
		return Withdrawal{Notifications: append(told, NewStaffWithdrawn(f.After, f.Doubt.Why()))}
	}
	m := o.TransitionTo(StateNeedsHuman, f.Doubt.Why(), now)
	m.Undelivered = gone == len(left)
	if gone < len(left) { // to try again means to give this one back, and no other
		m.CancellingESIM = f.After.ID
	}
	m.Notifications = append(told, NewStaffNeedsHuman(o, m.Why, now))
	return Withdrawal{Moves: []Transition{m}}
}

// EarlierVendorReturns is what the vendor gave back for eSIMs of an order whose money goes back now: it had
// taken them while staff had the order before them, and nothing was decided about them alone. All of
// them are booked once, and not beside the whole. The store calls it inside that transaction.
func (o Order) EarlierVendorReturns(esims []ESIM) (all []Transaction) {
	for _, e := range esims {
		if e.Status.gone() && !e.Returned {
			all = append(all, LateReturnTransaction(o, e.ID))
		}
	}
	return all
}

// takenBack tells who holds an eSIM that the vendor took it, and the money goes back: to them, if they bought it.
func (e ESIM) takenBack() Notification {
	if e.GivenAway() {
		return NewGiftGone(e)
	}
	return NewAlert(e, AlertTakenBack)
}

// left are the eSIMs of the order that were not given back: how many of them the vendor has taken, and whether all
// were unused before it did.
func (f WithdrawalFacts) left() (left []ESIM, gone int, intact bool) {
	intact = true
	for _, e := range f.ESIMs {
		if e.Returned {
			continue
		}
		left = append(left, e)
		if e.ID == f.After.ID {
			intact = intact && f.Before.unused()
		} else {
			intact = intact && e.unused()
		}
		if e.Status.Withdrawn() {
			gone++
		}
	}
	return left, gone, intact
}

// withdrawnMove sends the money of an order back whose eSIMs the vendor has taken.
func (o Order) withdrawnMove(esims []ESIM, now time.Time) Transition {
	m := o.TransitionTo(StateRefunding, "the vendor took it back before it was used", now)
	m.Undelivered = true
	m.Notifications = []Notification{o.progress(StateRefunding), NewStaffWithdrawn(esims[0], "the money goes back")}
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
