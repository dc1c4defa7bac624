package esim

import (
	"context"
	"time"
)

// A VendorEvent is what somebody told us who may be the vendor. Nothing proves it: it is a
// reason to look something up sooner, and never more than that.
type VendorEvent struct {
	ID             string // the same for each copy of one event
	Kind           string // the vendor's word, "ESIM_STATUS"
	VendorOrder    string
	IdempotencyKey string
	ESIM           ESIMID
	Received       time.Time
	Attempts       int
}

// VendorEventStore keeps vendor events until they were looked into.
type VendorEventStore interface {
	VendorEventQueue
	NotificationStore
	// AddVendorEvent stores a vendor event once and reports whether it is new.
	AddVendorEvent(ctx context.Context, h VendorEvent) (fresh bool, err error)
	// ExpediteByVendorOrder makes the order in StateOrdering or StateAllocating with this vendor's number or
	// key due now, and reports whether there is one.
	ExpediteByVendorOrder(ctx context.Context, vendorOrder, txID string, now time.Time) (bool, error)
}

// VendorEventQueue is the vendor events that were not looked into.
type VendorEventQueue interface {
	// DueVendorEvents lists vendor events not yet looked into that are due, oldest first, and tells
	// when the next of the others is due (zero: none).
	DueVendorEvents(ctx context.Context, now time.Time, limit int) (due []VendorEvent, next time.Time, err error)
	// VendorEventDone marks a vendor event as looked into.
	VendorEventDone(ctx context.Context, id string, at time.Time) error
	// RescheduleVendorEvent notes a failed look and when to try again.
	RescheduleVendorEvent(ctx context.Context, id string, attempts int, next time.Time, why string) error
}
