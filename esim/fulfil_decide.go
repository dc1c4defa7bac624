package esim

import (
	"fmt"
	"time"
)

// Fulfilment is decided here and done in fulfil_apply.go. Nothing here asks anybody.

// fulfilRules are the operator's part in the decisions.
type fulfilRules struct {
	maxLoss Money // USD; see Fulfiller.MaxLoss
	// perMille of what is paid in Stars affiliates may get.
	perMille int64
}

// decide says what is done with an order in StatePaid, StateOrdering or StateAllocating.
func (r fulfilRules) decide(o Order, a answer, now time.Time) decision {
	switch a := a.(type) {
	case due:
		return decideDue(o, now)
	case priced:
		return r.decidePriced(o, a, now)
	case swapAsked:
		return decideSwap(o, a, now)
	case unpriced:
		o.Attempts++
		return decideUnpriced(o, a.err, now)
	case accepted:
		return decision{do: doAccept, order: o, move: acceptedMove(o, a.vendorOrder, now)}
	case applied:
		return decision{do: doFinish, order: o, move: toppedUpMove(o, now), esims: []ESIM{a.esim}}
	case unseen: // nothing but looking again is left
		return rescheduled(o, fmt.Errorf("look at the eSIM after its top-up: %w", a.err), false, now)
	case refused:
		// A clear "no" to this call says nothing about an earlier one. And that the key
		// was used says that an earlier call used it, not this one.
		if !MayHaveHappened(a.err) || ActionFor(a.err) == ActionLookUp && a.earlier {
			o.OutcomeUnknown, o.OutcomeUnknownAt = a.earlier, a.since
		}
		return decideRefused(o, a.err, now)
	case notListed:
		return decideNotListed(o, a.cause, now)
	case listFailed:
		return rescheduled(o, fmt.Errorf("look up after %w: %w", a.cause, a.err), false, now)
	case repriced:
		return r.decideRepriced(o, a, now)
	case repriceFailed:
		return rescheduled(o, fmt.Errorf("%w; %w", a.cause, a.err), false, now)
	case collected:
		return decideCollected(o, a, now)
	}
	panic(fmt.Sprintf("no rule for %T", a))
}

func acceptedMove(o Order, vendorOrder string, now time.Time) Transition {
	m := o.TransitionTo(StateAllocating, "the vendor accepted the order", now) // the first look is at once: it costs one question
	m.VendorOrder = vendorOrder
	return m
}

func toppedUpMove(o Order, now time.Time) Transition {
	m := o.TransitionTo(StateDelivered, "the vendor applied the top-up", now)
	m.Notifications = []Notification{NewProgress(o.Customer, o.ID, stepReady), NewToppedUp(o), NewStaffTopUp(o)}
	if o.Gift { // nobody bought anything
		m.Notifications = []Notification{NewToppedUp(o)}
	}
	return m
}

// decideDue begins the work. The vendor guards no price of day passes and top-ups, so we
// do, as long as nothing can have been bought.
func decideDue(o Order, now time.Time) decision {
	switch {
	case o.State == StatePaid && o.Swapping():
		return decision{do: doSwap, order: o}
	case o.State == StatePaid:
		return decision{do: doBegin, order: o, move: o.TransitionTo(StateOrdering, "fulfilment begins", now)}
	case o.State == StateAllocating:
		return decision{do: doCollect, order: o}
	case !o.OutcomeUnknown && (o.Kind == TopUp || o.Plan.DayPass()):
		return decision{do: doPrice, order: o}
	}
	return decision{do: doBuy, order: o}
}

// decidePriced buys where the operator bears the price; nothing was bought so far.
func (r fulfilRules) decidePriced(o Order, a priced, now time.Time) decision {
	what := "it"
	if o.Kind == TopUp {
		what = "the top-up"
	}
	if a.gone {
		d := givenUp(o, fmt.Errorf("%s is not offered any more", what), now)
		if o.Kind == Purchase {
			d.hideUntil = now.Add(hideSoldOut)
		}
		return d
	}
	if !r.bearable(o, a.price) {
		return givenUp(o, fmt.Errorf("%s now costs %s, %s was charged", what, a.price, o.Retail), now)
	}
	o.Wholesale = a.price
	return decision{do: doBuy, order: o}
}

// decideUnpriced is about a price that could not be read. Nothing was bought, so the money need
// not wait for a vendor who stays silent.
func decideUnpriced(o Order, cause error, now time.Time) decision {
	switch ActionFor(cause) {
	case ActionRetry, ActionWait:
		if now.Sub(o.PaidAt) >= holdFor {
			return givenUp(o, fmt.Errorf("its price cannot be read: %w", cause), now)
		}
	}
	return decideRefused(o, cause, now)
}

// bearable reports whether a wholesale price costs us no more than the operator lets an order lose. What an affiliate may get
// of the payment is gone from the price, too; it alone stops no order whose wholesale price is what it was.
func (r fulfilRules) bearable(o Order, wholesale Money) bool {
	most := o.Retail.fine().Minor + r.maxLoss.fine().Minor
	if o.Gift { // nothing was paid for it: what staff agreed to is what it cost
		most = o.Wholesale.fine().Minor + r.maxLoss.fine().Minor
	}
	if wholesale.fine().Minor > o.Wholesale.fine().Minor {
		most -= o.commission(r.perMille).Minor
	}
	return wholesale.fine().Minor <= most
}

// decideRefused is about an order whose purchase did not succeed, for cause.
func decideRefused(o Order, cause error, now time.Time) decision {
	switch ActionFor(cause) {
	case ActionLookUp: // it was bought by an earlier call
		o.OutcomeUnknown = true
		return decision{do: doSearch, order: o, cause: cause}
	case ActionLowBalance, ActionTellOperator:
		if now.Sub(o.PaidAt) < holdFor {
			return rescheduled(o, cause, true, now)
		}
		return givenUp(o, cause, now)
	case ActionReprice:
		return decision{do: doReprice, order: o, cause: cause}
	case ActionSoldOut:
		d := givenUp(o, cause, now)
		d.hideUntil = now.Add(hideSoldOut)
		return d
	case ActionRefund, ActionNotFound, ActionNotAllowed, ActionReportBug:
		return givenUp(o, cause, now)
	}
	return rescheduled(o, cause, false, now)
}

// rescheduled leaves the order where it is and looks at it again. Staff are told when
// it takes long, or at once if only they can help.
func rescheduled(o Order, cause error, tellNow bool, now time.Time) decision {
	o.Reason = cause.Error()
	o.NextAt = now.Add(backOff(o.Attempts))
	told := late(&o, tellNow, now)
	return decision{do: doReschedule, order: o, notifications: told}
}

// late are the notifications for an order that takes too long, once.
func late(o *Order, tellNow bool, now time.Time) []Notification {
	if o.StaffTold || !tellNow && now.Sub(o.PaidAt) < tellStaffAfter {
		return nil
	}
	o.StaffTold = true
	return []Notification{NewStaffLate(*o), NewProgress(o.Customer, o.ID, stepLate)}
}

// givenUp sends the money back, once it is certain that nothing was bought.
func givenUp(o Order, cause error, now time.Time) decision {
	if o.OutcomeUnknown {
		return decision{do: doSearch, order: o, cause: cause}
	}
	m := o.TransitionTo(StateRefunding, cause.Error(), now)
	m.Notifications = []Notification{o.progress(StateRefunding), NewStaffFailure(o, m.Why)}
	return decision{do: doGiveUp, order: o, move: m}
}

// decideNotListed is about a key that bought nothing the vendor's list shows.
func decideNotListed(o Order, cause error, now time.Time) decision {
	if now.Sub(o.OutcomeUnknownAt) < settleAfter {
		return rescheduled(o, cause, false, now) // it may still be on its way into the list
	}
	if ActionFor(cause) != ActionLookUp {
		o.OutcomeUnknown = false
		return givenUp(o, cause, now)
	}
	// The vendor says that its key was used, and shows nothing that was bought under it.
	if now.Sub(o.PaidAt) < holdFor {
		return rescheduled(o, cause, true, now)
	}
	m := o.TransitionTo(StateNeedsHuman, cause.Error(), now)
	m.Notifications = []Notification{o.progress(StateNeedsHuman), NewStaffNeedsHuman(o, m.Why, now)}
	return decision{do: doEscalate, order: o, move: m}
}

// repriceTries calls, a price that the vendor refuses and lists all the same is no price.
const repriceTries = 5

// decideRepriced takes the vendor's new price where the operator bears the loss.
func (r fulfilRules) decideRepriced(o Order, a repriced, now time.Time) decision {
	if a.gone || !r.bearable(o, a.price) || a.price == o.Wholesale && o.Attempts > repriceTries {
		return givenUp(o, a.cause, now)
	}
	o.Wholesale = a.price
	return rescheduled(o, a.cause, false, now)
}

// lookAgain spaces the questions after an order that is being allocated.
func lookAgain(waited time.Duration) time.Duration {
	switch {
	case waited < 2*time.Second:
		return 250 * time.Millisecond
	case waited < 10*time.Second:
		return 500 * time.Millisecond
	case waited < time.Minute:
		return 2 * time.Second
	case waited < 10*time.Minute:
		return 10 * time.Second
	}
	return time.Minute
}
