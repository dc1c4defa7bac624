package esim

import "time"

// The words between deciding and doing: what became known about an order is an answer, what
// follows from it is a decision.

// An answer is what became known about an order. It is one of the types below.
type answer interface{ isAnswer() }

type (
	// due: the order's time has come, and nobody was asked yet.
	due struct{}
	// priced is what the purchase would cost us now (USD4, in all), before it is made.
	priced struct {
		price Money
		gone  bool // it is not sold any more
	}
	// unpriced: the price could not be asked for, and nothing was bought by asking.
	unpriced struct{ err error }
	// accepted: the vendor took the order, now or by an earlier call.
	accepted struct{ vendorOrder string }
	// applied: the vendor applied the top-up, and this is the eSIM since.
	applied struct{ esim ESIM }
	// unseen: the vendor applied the top-up, and does not show the eSIM.
	unseen struct{ err error }
	// refused: the call to buy failed. The order has it noted as a call whose outcome is
	// unknown; earlier and since are what was noted before it.
	refused struct {
		err     error
		earlier bool
		since   time.Time
	}
	// notListed: the vendor's list shows nothing under the order's key. cause is why it
	// was searched.
	notListed struct{ cause error }
	// listFailed: the list could not be searched.
	listFailed struct{ cause, err error }
	// repriced is what the purchase costs by the newest price list, after the vendor
	// refused the price we named.
	repriced struct {
		cause error
		price Money
		gone  bool
	}
	// repriceFailed: the price list could not be fetched.
	repriceFailed struct{ cause, err error }
	// collected are the eSIMs of an accepted order so far, or why there are none.
	collected struct {
		profiles []Profile
		known    []ESIM          // stored before
		doubt    WithdrawalDoubt // why it is not known that the vendor took back what is lost; "": it did
		err      error
	}
)

func (due) isAnswer()           {}
func (priced) isAnswer()        {}
func (unpriced) isAnswer()      {}
func (accepted) isAnswer()      {}
func (applied) isAnswer()       {}
func (unseen) isAnswer()        {}
func (refused) isAnswer()       {}
func (notListed) isAnswer()     {}
func (listFailed) isAnswer()    {}
func (repriced) isAnswer()      {}
func (repriceFailed) isAnswer() {}
func (collected) isAnswer()     {}

// An action is what is done with an order next.
type action string

// Actions that ask, and lead to an answer.
const (
	doBegin   action = "begin"          // move it to StateOrdering
	doSwap    action = "swap"           // give the eSIM back that it takes the place of
	doPrice   action = "ask the price"  // before anything is bought
	doBuy     action = "buy"            // or top up
	doSearch  action = "search"         // the vendor's list for the order's key
	doReprice action = "fetch prices"   // since ours was refused
	doCollect action = "fetch its eSIM" // of an accepted order
)

// Actions that end the work on an order for now.
const (
	doAccept     action = "accept"     // move it to StateAllocating
	doAllocate   action = "allocate"   // store its eSIMs
	doFinish     action = "finish"     // store its top-up
	doReschedule action = "reschedule" // leave it where it is and come again
	doGiveUp     action = "give up"    // the money goes back
	doEscalate   action = "escalate"   // a human decides
)

// A decision is what an answer means for an order.
type decision struct {
	do action
	// order has its work fields as they are from now on.
	order Order
	cause error // why doSearch and doReprice ask
	// move is that of doBegin, doAccept, doFinish, doGiveUp and doEscalate.
	move          Transition
	esims         []ESIM         // of doAllocate and doFinish
	part          PartialRefund  // of doAllocate
	transactions  []Transaction  // of doAllocate
	notifications []Notification // of doAllocate and doReschedule
	// hideUntil takes the plan out of the shop; zero: it stays.
	hideUntil time.Time
}
