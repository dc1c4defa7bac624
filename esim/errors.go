package esim

import (
	"errors"
	"fmt"
	"time"
)

// What can be wrong with a purchase request of a customer. Each has a sentence of its own.
var (
	ErrNotFound           = errors.New("not found")                // also: it exists and belongs to somebody else
	ErrConflict           = errors.New("changed by somebody else") // a compare-and-swap that lost
	ErrBadQuantity        = errors.New("quantity out of range")
	ErrPriceTooHigh       = errors.New("dearer than the payment method can take")
	ErrPlanGone           = errors.New("plan is no longer sold")
	ErrPriceChanged       = errors.New("price changed")
	ErrAlreadyPaid        = errors.New("order is paid already")
	ErrOrderExpired       = errors.New("order expired unpaid")
	ErrVendorDown         = errors.New("vendor cannot be reached")
	ErrShopClosed         = errors.New("shop is closed") // our account at the vendor does not cover the sale
	ErrShopPaused         = errors.New("shop is paused") // by staff; see PausedError
	ErrBlocked            = errors.New("customer is blocked")
	ErrOverLimit          = errors.New("customer bought too much in a day")
	ErrInsufficientCredit = errors.New("store credit does not cover the price")
	ErrNoPaymentMethod    = errors.New("way to pay is not offered")
	ErrNoTopUp            = errors.New("eSIM cannot be topped up")
	ErrNoSwap             = errors.New("eSIM cannot be swapped")
	ErrNoEmergencyTopUp   = errors.New("nothing is given on credit")
	ErrInDebt             = errors.New("customer owes something")
	ErrNoGift             = errors.New("nothing can be had by this link")
	ErrOwnGift            = errors.New("customer made this link")
	ErrGiftTaken          = errors.New("customer has the eSIM of this link already")
	ErrTooManyTries       = errors.New("too many wrong links or codes")
	ErrBadPromo           = errors.New("no sensible promo code")
	ErrNoPromo            = errors.New("no such promo code, or it is over")
	ErrPromoUsed          = errors.New("customer used this promo code already")
	ErrPromoFirst         = errors.New("promo code is for a first purchase")
	ErrPromoPlace         = errors.New("promo code is for other places")
	ErrNoDiscount         = errors.New("promo code makes this no cheaper")
	ErrClockWrong         = errors.New("our clock and the vendor's are far apart")
	ErrInstalled          = errors.New("eSIM is on a phone already")
	ErrWrongState         = errors.New("not possible in the present state of the order")
)

// A RetryAfterError is the word of whoever sends money back that it wants to be left alone for a while.
// It is no failure of the item that was asked about.
type RetryAfterError struct {
	For time.Duration
	Err error
}

// Error implements error.
func (e *RetryAfterError) Error() string { return e.Err.Error() }

// Unwrap returns what was said.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// An Outcome says what the vendor did with a request that failed.
// The zero value is the dangerous one, so that forgetting to set it is safe.
type Outcome int

const (
	// OutcomeUnknown: there was no answer one can trust; it may have been carried out.
	OutcomeUnknown Outcome = iota
	// OutcomeNotDone: the vendor definitely answered "no", or the request never left.
	OutcomeNotDone
)

// A VendorErrorAction says what the caller of a failed request to the vendor does next.
type VendorErrorAction int

const (
	// ActionRetry with back-off: temporary, or unknown.
	ActionRetry VendorErrorAction = iota
	// ActionWait: the work goes on at the vendor; ask again.
	ActionWait
	// ActionRefund: this will never succeed for this plan; refund.
	ActionRefund
	// ActionSoldOut: no stock for this plan; refund and hide it for a while.
	ActionSoldOut
	// ActionReprice: the price we named is not the price any more; refresh the catalogue.
	ActionReprice
	// ActionLowBalance: our account does not cover it; hold, tell the operator, refund if it stays.
	ActionLowBalance
	// ActionLookUp: this key was used before; find what it bought.
	ActionLookUp
	// ActionTellOperator: configuration or account is at fault; tell the operator, hold, refund if it stays.
	ActionTellOperator
	// ActionReportBug: our request was malformed; tell the operator, do not repeat.
	ActionReportBug
	// ActionNotFound: the thing asked for is unknown to the vendor.
	ActionNotFound
	// ActionNotAllowed in the present state of the eSIM or order.
	ActionNotAllowed
)

var verdictNames = [...]string{"retry", "wait", "refuse", "sold out", "reprice", "low balance", "look up", "operator", "bug", "missing", "not allowed"}

func (v VendorErrorAction) String() string {
	if v < 0 || int(v) >= len(verdictNames) {
		return fmt.Sprintf("verdict %d", int(v))
	}
	return verdictNames[v]
}

// A VendorError is any failure of a call to the vendor.
type VendorError struct {
	Op      string // which call, "esim/order"
	Code    string // the vendor's code, "" when there was no answer
	Message string // the vendor's words; never holds a secret
	Outcome Outcome
	Action  VendorErrorAction
	Err     error // the cause, when there was no answer
}

func (e *VendorError) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	case e.Message != "":
		return fmt.Sprintf("%s: error %s: %s", e.Op, e.Code, e.Message)
	}
	return fmt.Sprintf("%s: error %s", e.Op, e.Code)
}

func (e *VendorError) Unwrap() error { return e.Err }

// MayHaveHappened reports whether err leaves it open if the vendor did the work.
// Errors that did not come from the vendor count as open too.
func MayHaveHappened(err error) bool {
	if err == nil {
		return false
	}
	var pe *VendorError
	return !errors.As(err, &pe) || pe.Outcome == OutcomeUnknown
}

func isVendorError(err error) bool {
	var pe *VendorError
	return errors.As(err, &pe)
}

// ActionFor returns what to do about err; ActionRetry for errors of unknown origin.
func ActionFor(err error) VendorErrorAction {
	var pe *VendorError
	if errors.As(err, &pe) {
		return pe.Action
	}
	return ActionRetry
}
