package esim

import (
	"context"
	"time"
)

// ProfileManager is what staff, and a customer with an unused eSIM, can have done at the vendor.
// All errors are *VendorError.
type ProfileManager interface {
	// Cancel gives an unused eSIM back for its wholesale price.
	Cancel(ctx context.Context, esimID ESIMID) error
	// Suspend stops the data of an eSIM, Unsuspend lets it flow again.
	Suspend(ctx context.Context, esimID ESIMID) error
	Unsuspend(ctx context.Context, esimID ESIMID) error
	// Revoke takes an eSIM away for good, without money back.
	Revoke(ctx context.Context, esimID ESIMID) error
}

// ProfileSource asks the vendor about one eSIM.
type ProfileSource interface {
	// Profile returns ErrNotFound if the vendor does not know it.
	Profile(ctx context.Context, esimID ESIMID) (Profile, error)
}

// A VendorClock is a vendor whose answers say what time it is there.
type VendorClock interface {
	// Ahead is how far our clock is ahead of the vendor's, below zero behind it; 0: it is not known.
	Ahead() time.Duration
}

// CancelStore is what cancelling needs from storage.
type CancelStore interface {
	FulfilStore
	ReturnStore
	LapsingStore
}

// ReturnStore tells what hangs on an order that is to be given back, and keeps what the vendor said of
// its eSIMs meanwhile.
type ReturnStore interface {
	// OpenTopUps lists the paid top-ups under way on the eSIMs of an order.
	OpenTopUps(ctx context.Context, id OrderID) ([]Order, error)
	// PaymentsOf lists the payments of an order.
	PaymentsOf(ctx context.Context, order OrderID) ([]OrderPayment, error)
	// OrderEvents lists what happened to an order, oldest first.
	OrderEvents(ctx context.Context, id OrderID) ([]OrderEvent, error)
	// SavePollResults stores what the vendor said of eSIMs.
	SavePollResults(ctx context.Context, readings []PollResult) error
}

// LapsingStore knows which eSIMs were never used.
type LapsingStore interface {
	// LapsingESIMs lists watched eSIMs whose validity did not begin, that lapse before the given
	// time, and whose alert of a kind ("": of any) was not noted yet.
	LapsingESIMs(ctx context.Context, before time.Time, kind AlertKind) ([]ESIM, error)
	// UnusedOfForgotten lists eSIMs that may be given back, whose holder was forgotten and whose buyer was not.
	UnusedOfForgotten(ctx context.Context) ([]ESIM, error)
}
