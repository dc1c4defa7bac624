package esim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Canceller gives unused eSIMs back to the vendor, and only then the money.
type Canceller struct {
	Store           CancelStore
	Vendor          ProfileManager
	Profiles        ProfileSource
	RestoreDetector *RestoreDetector // nil: this database is all there ever was
	Now             func() time.Time
	Report          func(id OrderID, err error)
	Wake            func() // an order is to be cancelled; may be nil
	// RefundUnused: what was never used is cancelled before it lapses, and the money goes back.
	RefundUnused bool
	// Ahead is how far our clock is ahead of the vendor's; nil: nobody knows.
	Ahead func() time.Duration
	Rules *RuleBook // what staff say of that; nil: nothing

	failing failures
}

// Cancellable reports whether the vendor would take the eSIM back: it was never on a phone.
func (p Profile) Cancellable() bool {
	return p.Status == ProfileGotResource && p.SMDPStatus == SMDPReleased
}

// unusedYet is Cancellable for an eSIM that was not topped up either: what was paid for
// later would be lost.
func (e ESIM) unusedYet() bool { return e.Cancellable() && e.Epoch == 0 }

// Begin asks the vendor about every eSIM of an order and, if none was ever used, moves
// the order to StateCancelling. Without an audit entry it is the customer who asks, and they cancel
// only what is theirs already: of an order whose eSIMs are not all here one that is, and nothing
// that waits for a human.
// Errors: ErrInstalled, ErrWrongState, ErrConflict.
func (c *Canceller) Begin(ctx context.Context, id OrderID, entry *AuditEntry) error {
	why := "cancelled by the customer"
	if entry != nil {
		why = "cancelled by staff: " + entry.Why
	}
	return c.begin(ctx, id, ESIM{}, why, entry, "")
}

// BeginOne is Begin, by a customer, for one eSIM of an order: the others stay, and its part
// becomes store credit. The last one that is left takes the rest of the order with it. e is what they
// saw: ErrWrongState if somebody else holds it by now.
func (c *Canceller) BeginOne(ctx context.Context, e ESIM) error {
	return c.begin(ctx, e.Order, e, "cancelled by the customer", nil, "")
}

// BeginAll is Begin for a customer who withdraws from the contract of an order: what they gave away and nobody used goes too.
func (c *Canceller) BeginAll(ctx context.Context, id OrderID) error {
	return c.begin(ctx, id, ESIM{}, whyContract, nil, "")
}

const whyContract = "its customer withdrew from the contract"

// begin begins to cancel an order, or one eSIM of it as it was seen, perhaps for a swap.
func (c *Canceller) begin(ctx context.Context, id OrderID, seen ESIM, why string, entry *AuditEntry, swap OrderID) error {
	one := seen.ID
	o, err := c.Store.Order(ctx, id)
	if err != nil {
		return fmt.Errorf("order to cancel: %w", err)
	}
	if o.Remaining() <= 1 {
		one = ""
	}
	customer := entry == nil && why != whyUnused
	if o.Customer.Forgotten() || !o.cancelBegins(one, entry != nil, customer) {
		return fmt.Errorf("order %s is %s: %w", id, o.State, ErrWrongState)
	}
	o.CancellingESIM = one
	esims, err := c.look(ctx, o)
	if err != nil {
		return err
	}
	if len(esims) == 0 {
		return fmt.Errorf("order %s has no eSIM: %w", id, ErrWrongState)
	}
	if why == whyUnused && c.Ahead != nil && c.Ahead().Abs() > clockTrusted { // by the answer that just came
		return fmt.Errorf("by %s: %w", c.Ahead().Round(time.Minute), ErrClockWrong)
	}
	for _, e := range esims {
		if !e.Cancellable() && !e.Status.gone() || e.Epoch > 0 {
			return fmt.Errorf("eSIM %d of order %s: %w", e.Index, id, ErrInstalled)
		}
	}
	m := o.TransitionTo(StateCancelling, why, c.Now())
	m.Guarded, m.SwappedFor = true, swap
	if customer && why != whyContract { // each press for itself, with whose it is before one's eyes
		m.Holder = cmp.Or(seen.Customer, o.Customer)
	}
	m.Audit, m.Notifications = entry, []Notification{NewProgressAgain(o.Customer, id, string(StateCancelling), c.Now())}
	err = c.Store.ApplyTransition(ctx, m)
	if err == nil && c.Wake != nil {
		c.Wake()
	}
	return err
}

// cancelBegins reports whether staff, the customer, or neither of them (it was never used) may cancel the order, or
// one eSIM of it, in the state it is in.
func (o Order) cancelBegins(one ESIMID, staff, customer bool) bool {
	coming := o.State == StateAllocating && !o.Allocated
	switch {
	case o.Kind == TopUp, !CanMove(o.State, StateCancelling):
		return false
	case coming:
		return one != ""
	case o.State == StateNeedsHuman:
		return staff
	case o.State == StateAllocating:
		return !customer
	}
	return true
}

// gone reports whether the vendor has the eSIM back.
func (s ProfileStatus) gone() bool { return s == ProfileCancelled }

// look asks the vendor for the present state of those of an order's eSIMs that are to be given
// back, and stores it.
func (c *Canceller) look(ctx context.Context, o Order) ([]ESIM, error) {
	esims, err := c.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return nil, fmt.Errorf("eSIMs of order %s: %w", o.ID, err)
	}
	esims = slices.DeleteFunc(esims, func(e ESIM) bool { return e.Returned || o.CancellingESIM != "" && e.ID != o.CancellingESIM })
	readings := make([]PollResult, 0, len(esims))
	for i, e := range esims {
		if e.Status.gone() {
			continue
		}
		asked := c.Now()
		p, err := c.Profiles.Profile(ctx, e.ID)
		if err != nil {
			return nil, fmt.Errorf("look at an eSIM before it is cancelled: %w", err)
		}
		before := e
		e = e.Merge(p)
		e.Asked = asked
		esims[i] = e
		r := PollResult{ESIM: e, Alerts: AlertsFor(e, c.Now())}
		if o.State != StateCancelling {
			if r.Doubt, err = c.RestoreDetector.Doubt(ctx, before, e.Status); err != nil {
				return nil, err
			}
		}
		readings = append(readings, r)
	}
	if len(readings) == 0 {
		return esims, nil
	}
	if err := c.Store.SavePollResults(ctx, readings); err != nil {
		return nil, fmt.Errorf("save what the vendor said: %w", err)
	}
	return esims, nil
}

// Run works on every order in StateCancelling that is due, and tells when the next is.
func (c *Canceller) Run(ctx context.Context) (time.Time, error) {
	due, next, err := c.Store.OrdersDue(ctx, []State{StateCancelling}, c.Now(), 100)
	if err != nil {
		return time.Time{}, fmt.Errorf("list orders to cancel: %w", err)
	}
	for _, o := range due {
		err := alone(func() error { return c.step(ctx, o) })
		if err != nil && !errors.Is(err, ErrConflict) && ctx.Err() == nil {
			c.Report(o.ID, err)
			if err := alone(func() error { return c.reschedule(ctx, o, err) }); err != nil && !errors.Is(err, ErrConflict) {
				c.Report(o.ID, c.failing.stuck(ctx, c.Store, "move back order", o.ID.String(), o.ID, err, c.Now()))
			} else {
				c.failing.fine(o.ID.String())
			}
		}
		if ctx.Err() != nil {
			break
		}
	}
	return next, nil
}

// step asks the vendor to cancel what is not cancelled yet, and believes only what a
// look-up confirms.
func (c *Canceller) step(ctx context.Context, o Order) error {
	open, err := c.Store.OpenTopUps(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("top-ups on order %s: %w", o.ID, err)
	}
	switch open = topUpsOf(open, o.CancellingESIM); troubleOf(open) {
	case topUpWaits: // it is paid and goes back: a moment
		return c.reschedule(ctx, o, fmt.Errorf("top-up %s is to be given back first", open[0].ID))
	case topUpMayBeOn:
		return c.keep(ctx, o, "a top-up of its eSIM is under way")
	}
	payments, err := c.Store.PaymentsOf(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("payments of order %s: %w", o.ID, err)
	}
	if AllRefunded(payments) {
		o.CancellingESIM = "" // the whole order was paid back meanwhile: all of it goes
	}
	esims, err := c.look(ctx, o)
	if err != nil {
		return c.reschedule(ctx, o, err)
	}
	asked, refusal := c.ask(ctx, esims)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if asked {
		if esims, err = c.look(ctx, o); err != nil {
			return c.reschedule(ctx, o, err)
		}
	}
	return c.conclude(ctx, o, esims, AllRefunded(payments), refusal)
}

// ask asks the vendor to cancel each eSIM that is unused, and reports whether there was one.
func (c *Canceller) ask(ctx context.Context, esims []ESIM) (asked bool, refusal error) {
	for _, e := range esims {
		if e.unusedYet() && ctx.Err() == nil {
			asked = true
			if err := c.Vendor.Cancel(ctx, e.ID); err != nil {
				refusal = errors.Join(refusal, err)
			}
		}
	}
	return asked, refusal
}

// conclude moves an order by what became of its eSIMs: all gone, all kept, or some of each;
// where the vendor has not made up its mind about one, the order waits.
func (c *Canceller) conclude(ctx context.Context, o Order, esims []ESIM, paidBack bool, refusal error) error {
	var gone []ESIMID
	kept := 0
	for _, e := range esims {
		switch {
		case e.Status == ProfileUnusedExpired: // nobody used it, and the vendor gives nothing back
			return c.escalateBeside(ctx, o, esims, "it lapsed, unused, before the vendor took it back")
		case e.Status.gone():
			gone = append(gone, e.ID)
		case e.Status.Withdrawn() && !paidBack: // nobody has it, and the vendor keeps what it cost
			return c.escalateBeside(ctx, o, esims, "the vendor revoked it before it took it back")
		case e.Status == ProfileSuspended && e.SMDPStatus == SMDPReleased && e.unused() && e.Epoch == 0 && !paidBack:
			// on no phone: it can be taken back when it is let go
		case !e.unusedYet():
			kept++
		}
	}
	switch {
	case len(gone) == len(esims) && o.CancellingESIM != "":
		m := o.givenBack(gone, "one of its eSIMs was given back", c.Now())
		m.PaysSwap = o.SwappedFor != ""
		return c.tookBack(ctx, o, esims, m)
	case len(gone) == len(esims):
		m := o.TransitionTo(StateRefunding, "the vendor took it back", c.Now())
		m.SwappedFor, m.PaysSwap = o.SwappedFor, o.SwappedFor != ""
		m.Notifications = []Notification{o.progress(StateRefunding)}
		return c.tookBack(ctx, o, esims, m)
	case kept == len(esims): // it was installed meanwhile: the customer keeps it
		return c.keep(ctx, o, "it was installed before it could be cancelled")
	case kept+len(gone) == len(esims) && paidBack:
		return c.suspend(ctx, o)
	case kept+len(gone) == len(esims):
		m := o.givenBack(gone, "some of its eSIMs were installed before they could be cancelled", c.Now())
		m.Notifications = append(m.Notifications, NewNotCancelled(o, c.Now()))
		m.Notifications = append(m.Notifications, giftsGone(esims)...)
		return c.Store.ApplyTransition(ctx, m)
	}
	if refusal == nil {
		refusal = errors.New("the vendor does not confirm the cancellation yet")
	}
	return c.reschedule(ctx, o, refusal)
}

// keep leaves the eSIMs with the customer, and says so; if their money is back already, it
// suspends them until staff decide.
func (c *Canceller) keep(ctx context.Context, o Order, why string) error {
	payments, err := c.Store.PaymentsOf(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("payments of order %s: %w", o.ID, err)
	}
	if AllRefunded(payments) {
		return c.suspend(ctx, o)
	}
	m := o.TransitionTo(o.afterCancel(), why, c.Now())
	m.Notifications = []Notification{NewProgressAgain(o.Customer, o.ID, stepKept, c.Now())}
	if o.SwappedFor == "" { // else it is told with the swap
		m.Notifications = append(m.Notifications, NewNotCancelled(o, c.Now()))
	}
	return c.Store.ApplyTransition(ctx, m)
}

// A vendor that refuses cancelTries times, or does not answer for cancelFor, leaves the
// order to a human.
const (
	cancelTries = 30
	cancelFor   = day
)

func (c *Canceller) reschedule(ctx context.Context, o Order, cause error) error {
	o.Attempts++
	o.Reason = cause.Error()
	v := ActionFor(cause)
	silent := v == ActionRetry || v == ActionWait
	if !silent && o.Attempts >= cancelTries || c.Now().Sub(o.Changed) >= cancelFor {
		return c.escalate(ctx, o, o.Reason)
	}
	o.NextAt = c.Now().Add(backOff(o.Attempts))
	var notifications []Notification
	if !o.StaffTold && c.Now().Sub(o.Changed) >= tellStaffAfter {
		o.StaffTold = true
		notifications = []Notification{NewStaffLateCancel(o)}
	}
	return c.Store.NoteWork(ctx, o, notifications)
}

// escalate leaves an order to a human; one of which others are still to come goes on with them.
func (c *Canceller) escalate(ctx context.Context, o Order, why string) error {
	return c.Store.ApplyTransition(ctx, c.toHuman(o, why))
}

// escalateBeside brings an order before staff of whose eSIMs one stays. What was cancelled beside it is
// a part given back: the vendor returned what it took for it.
func (c *Canceller) escalateBeside(ctx context.Context, o Order, esims []ESIM, why string) error {
	m := c.toHuman(o, why)
	for _, e := range esims {
		if e.Status.gone() && len(m.Part.ESIMs)+1 < o.Remaining() {
			m.Part.ESIMs = append(m.Part.ESIMs, e.ID)
			m.Transactions = append(m.Transactions, LateReturnTransaction(o, e.ID))
		}
	}
	m.Notifications = append(m.Notifications, giftsGone(esims)...)
	return c.Store.ApplyTransition(ctx, m)
}

func (c *Canceller) toHuman(o Order, why string) Transition {
	to := StateNeedsHuman
	if o.afterCancel() == StateAllocating {
		to = StateAllocating
	}
	m := o.TransitionTo(to, why, c.Now())
	m.Notifications = []Notification{NewStaffNeedsHuman(o, why, c.Now())}
	return m
}
