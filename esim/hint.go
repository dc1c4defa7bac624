package esim

import (
	"context"
	"time"
)

// A Hint is what somebody told us who may be the supplier. Nothing proves it: it is a
// reason to look something up sooner, and never more than that.
type Hint struct {
	ID          string // the same for each copy of one event
	Kind        string // the supplier's word, "ESIM_STATUS"
	VendorOrder string
	TxID        string
	TranNo      string
	Received    time.Time
	Attempts    int
}

// HintStore keeps hints until they were looked into.
type HintStore interface {
	// AddHint stores a hint once and reports whether it is new.
	AddHint(ctx context.Context, h Hint) (fresh bool, err error)
	// HintsDue lists hints not yet looked into that are due, oldest first, and tells
	// when the next of the others is due (zero: none).
	HintsDue(ctx context.Context, now time.Time, limit int) (due []Hint, next time.Time, err error)
	// HintDone marks a hint as looked into.
	HintDone(ctx context.Context, id string, at time.Time) error
	// HintLater notes a failed look and when to try again.
	HintLater(ctx context.Context, id string, attempts int, next time.Time, why string) error
	// HurryOrder makes the order in Ordering or Allocating with this supplier's number or
	// key due now, and reports whether there is one.
	HurryOrder(ctx context.Context, vendorOrder, txID string, now time.Time) (bool, error)
}
