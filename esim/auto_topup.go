package esim

import (
	"context"
	"fmt"
	"time"
)

// An eSIM can top itself up: off until its holder switches it on for that one eSIM, with what is added and from which share
// of its data on. It is paid from store credit alone. The holder reads of it before, with time to stop it, and after. Of one
// threshold of one top-up (ESIM.Epoch) there is one order: its press (AutoTopUp.press) is made of these.

// An AutoTopUp is what a customer switched on for an eSIM, and where it is.
type AutoTopUp struct {
	ESIM     ESIMID
	Customer CustomerID // who switched it on, and held the eSIM then
	Plan     Plan       // what is added
	// Level is from when on: AlertData20, AlertData10 or AlertDataGone.
	Level   AlertKind
	Agreed  Money  // USD; the most it may cost
	Consent string // the words that were agreed to, see Contracts.Consent
	// Set is when it was switched on, or changed.
	Set   time.Time
	State AutoTopUpState
	// Epoch is the one of the eSIM that State is about.
	Epoch int
	// Used (bytes) of the eSIM when its epoch began: until more is used, the new one has no threshold. A small top-up can
	// leave less than the threshold, and must not bring the next one by itself.
	Used   int64
	NextAt time.Time // when it is looked at again
	Order  OrderID   // that was made last; "": none
}

// An AutoTopUpState is where an AutoTopUp is, in one epoch of its eSIM.
type AutoTopUpState string

const (
	// AutoTopUpWaiting for the threshold.
	AutoTopUpWaiting AutoTopUpState = ""
	// AutoTopUpAnnounced: the customer was told, and it is bought at NextAt.
	AutoTopUpAnnounced AutoTopUpState = "announced"
	// AutoTopUpBuying: nothing stops it any more.
	AutoTopUpBuying AutoTopUpState = "buying"
	// AutoTopUpLacksCredit: there is not enough store credit, and the customer was told.
	AutoTopUpLacksCredit AutoTopUpState = "short"
	// AutoTopUpPriceRose: the price rose, and the customer was asked.
	AutoTopUpPriceRose AutoTopUpState = "dearer"
	// AutoTopUpDone: there is an order. Its threshold comes again after a top-up.
	AutoTopUpDone AutoTopUpState = "done"
)

// AutoTopUpLevels lists from when on an eSIM can be topped up by itself.
func AutoTopUpLevels() []AlertKind { return []AlertKind{AlertData20, AlertData10, AlertDataGone} }

// How long before it is bought an automatic top-up is announced: who has data left has time, who has none waits for it.
const (
	AutoTopUpNoticePeriod = 10 * time.Minute
	announceBeforeGone    = time.Minute
	// autoAgain is when what could not be done now is tried again.
	autoAgain = 10 * time.Minute
)

// press names the one order of a threshold in an epoch, for CheckoutStore.AddOrder. try counts orders that were made and
// never paid, since the program ended between the two.
func (a AutoTopUp) press(try int) string {
	return fmt.Sprintf("auto:%s:%d:%s:%d", string(a.ESIM), a.Epoch, a.Level, try)
}

// continues reports whether an order that was made for an earlier try is this one's: paid for it, or to be paid as it was
// agreed to. One that was refunded before it was switched on anew is no top-up.
func (a AutoTopUp) continues(o Order, now time.Time) bool {
	if !o.PaidAt.IsZero() {
		return o.State != StateRefunded || !o.PaidAt.Before(a.Set)
	}
	return o.State == StateAwaitingPayment && now.Before(o.NextAt) && o.Plan.Code == a.Plan.Code && o.Price.Minor <= a.Agreed.Minor
}

// MayBuy reports whether nothing came between: it is looked at once more when it is too late to stop it.
func (f AutoTopUpFacts) MayBuy() bool {
	return f.ESIM.Epoch == f.Auto.Epoch && f.ESIM.Customer == f.Auto.Customer && !f.Open && !f.Blocked
}

// MayAutoTopUp reports whether an eSIM can be set to top itself up: a threshold of it must come.
func (e ESIM) MayAutoTopUp(now time.Time) bool {
	return e.CanTopUp(now) && !e.Returned && len(dataLevels(e)) > 0
}

// AutoTopUpFacts are what the next step of an automatic top-up is decided on.
type AutoTopUpFacts struct {
	Auto    AutoTopUp
	ESIM    ESIM  // as it is now; the zero value: it is there no more
	Bought  Order // that brought it; the zero value: none did
	Blocked bool  // the customer
	Credit  Money // USD; theirs
	// Open: a top-up of the eSIM is paid and under way.
	Open bool
}

// An AutoTopUpStep is what is done with an automatic top-up now.
type AutoTopUpStep string

// The steps.
const (
	AutoTopUpStepNone     AutoTopUpStep = ""
	AutoTopUpStepOff      AutoTopUpStep = "off"  // it is switched off, and that is said
	AutoTopUpStepRestart  AutoTopUpStep = "anew" // a top-up came: it waits for the threshold again
	AutoTopUpStepAnnounce AutoTopUpStep = "announce"
	AutoTopUpStepPause    AutoTopUpStep = "pause" // that is said, once
	AutoTopUpStepBuy      AutoTopUpStep = "buy"
)

// An AutoTopUpDecision is the next step; Why is why it is switched off.
type AutoTopUpDecision struct {
	Step AutoTopUpStep
	Why  AutoTopUpEndReason
}

// An AutoTopUpEndReason is why an automatic top-up is switched off by itself.
type AutoTopUpEndReason string

// The reasons.
const (
	AutoTopUpEndGivenAway   AutoTopUpEndReason = "given"   // the eSIM is somebody else's
	AutoTopUpEndReturned    AutoTopUpEndReason = "leaving" // it goes back, or is gone
	AutoTopUpEndUnsupported AutoTopUpEndReason = "over"    // it takes no top-up any more
	AutoTopUpEndPlanGone    AutoTopUpEndReason = "gone"    // what was to be added is not sold any more
)

// AutoTopUpEndReasons lists them.
func AutoTopUpEndReasons() []AutoTopUpEndReason {
	return []AutoTopUpEndReason{AutoTopUpEndGivenAway, AutoTopUpEndReturned, AutoTopUpEndUnsupported, AutoTopUpEndPlanGone}
}

// DecideAutoTopUp says what is done with an automatic top-up now. What it costs at this moment is asked about afterwards:
// more than was agreed is asked about.
func DecideAutoTopUp(f AutoTopUpFacts, now time.Time) AutoTopUpDecision {
	a, e := f.Auto, f.ESIM
	switch c := e.Condition(now); {
	case e.ID == "" || e.Returned || e.leaving(orderOrNil(f.Bought)):
		return AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndReturned}
	case e.Customer != a.Customer:
		return AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndGivenAway}
	case c == ConditionPaused: // it may go on
		return AutoTopUpDecision{}
	case !e.MayAutoTopUp(now):
		return AutoTopUpDecision{AutoTopUpStepOff, AutoTopUpEndUnsupported}
	}
	enough := f.Credit.Minor >= a.Agreed.Minor
	switch {
	case a.Epoch != e.Epoch:
		return AutoTopUpDecision{Step: AutoTopUpStepRestart}
	case f.Blocked || now.Before(a.NextAt) || a.State == AutoTopUpDone || a.State == AutoTopUpPriceRose:
		return AutoTopUpDecision{}
	case a.State == AutoTopUpBuying:
		return AutoTopUpDecision{Step: AutoTopUpStepBuy}
	case f.Open || e.Used <= a.Used || dataLevel(e) < levelOf(a.Level) || !enough && a.State == AutoTopUpLacksCredit:
		return AutoTopUpDecision{}
	case !enough:
		return AutoTopUpDecision{Step: AutoTopUpStepPause}
	case a.State == AutoTopUpAnnounced:
		return AutoTopUpDecision{Step: AutoTopUpStepBuy}
	}
	return AutoTopUpDecision{Step: AutoTopUpStepAnnounce}
}

// orderOrNil is an order, or nil for the zero value.
func orderOrNil(o Order) *Order {
	if o.ID == "" {
		return nil
	}
	return &o
}

// levelOf is the dataLevel at which an alert about a share of the data is due.
func levelOf(k AlertKind) int {
	switch k {
	case AlertData20:
		return 2
	case AlertData10:
		return lowData
	}
	return 4
}

// AutoTopUpStore keeps the automatic top-ups.
type AutoTopUpStore interface {
	// AutoTopUp is that of an eSIM that a customer switched on; ErrNotFound if there is none.
	AutoTopUp(ctx context.Context, customer CustomerID, esimID ESIMID) (AutoTopUp, error)
	// SetAutoTopUp switches one on, in the place of what was there.
	SetAutoTopUp(ctx context.Context, a AutoTopUp) error
	// StopAutoTopUp switches it off; ErrNotFound if there is none, ErrConflict if it is being bought.
	StopAutoTopUp(ctx context.Context, customer CustomerID, esimID ESIMID) error
}

// AutoTopUpQueue is what the worker of automatic top-ups needs.
type AutoTopUpQueue interface {
	// AutoTopUpsDue are those whose NextAt has passed and for which there may be something to do, with all there is to
	// decide on.
	AutoTopUpsDue(ctx context.Context, now time.Time) ([]AutoTopUpFacts, error)
	// MoveAutoTopUp puts to in the place of from, or nothing where to is the zero value, with the notifications, in one
	// transaction; ErrConflict if it is not as from is any more, or is to be bought and AutoTopUpFacts.MayBuy does not hold.
	MoveAutoTopUp(ctx context.Context, from, to AutoTopUp, notifications []Notification) error
	// OrderOfPress is the order that was made for a press of a customer; ErrNotFound if there is none.
	OrderOfPress(ctx context.Context, customer CustomerID, press string) (Order, error)
}
