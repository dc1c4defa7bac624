package esim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A VendorPurchase is one request to the vendor. It may be repeated with the same IdempotencyKey and
// is charged once.
type VendorPurchase struct {
	IdempotencyKey    string
	Plan              Plan
	Quantity          int
	Days              int   // of a day pass, else 0
	ExpectedUnitPrice Money // USD4; the unit price we reckoned with, for fixed plans; zero: none
}

// Vendor is what fulfilment needs from the vendor. All errors are *VendorError.
type Vendor interface {
	// Plan is a plan as it is sold at this moment; ErrNotFound if it is not sold any more.
	Plan(ctx context.Context, code string) (Plan, error)
	// Order buys and returns the vendor's number of the order.
	Order(ctx context.Context, b VendorPurchase) (vendorOrder string, err error)
	// OrderProfiles lists the eSIMs of an order. While they are being allocated the
	// error's action is ActionWait; an empty list means the same.
	OrderProfiles(ctx context.Context, vendorOrder string) ([]Profile, error)
	// FindPurchase lists what was bought under a key between two times. eSIMs still
	// being allocated may be missing from it.
	FindPurchase(ctx context.Context, txID string, from, to time.Time) ([]Profile, error)
}

// FulfilStore is what fulfilment needs from storage.
type FulfilStore interface {
	OrderStore
	OrderWorkStore
	DeliveryStore
	SwapStore
	NotificationStore
}

// OrderStore has orders, and takes their steps.
type OrderStore interface {
	// Order returns an order, or ErrNotFound.
	Order(ctx context.Context, id OrderID) (Order, error)
	// ApplyTransition applies a Transition and what follows from it (Consequences) in one transaction, or
	// returns ErrConflict if the order is not in From.
	ApplyTransition(ctx context.Context, m Transition) error
}

// OrderWorkStore tells which orders a worker has to look at, and keeps what it notes of them.
type OrderWorkStore interface {
	// OrdersDue lists orders in the given states that are due and not Allocated,
	// oldest first, and tells when the next of the others is due (zero: none).
	OrdersDue(ctx context.Context, states []State, now time.Time, limit int) (due []Order, next time.Time, err error)
	// NoteWork stores the work fields of o (Attempts, OutcomeUnknown, OutcomeUnknownAt, NextAt,
	// StaffTold, Reason, Wholesale) and the notifications, if its state is still o.State;
	// else ErrConflict.
	NoteWork(ctx context.Context, o Order, notifications []Notification) error
}

// DeliveryStore takes what the vendor delivered.
type DeliveryStore interface {
	// Allocate stores what an Allocation says and what follows from it (Consequences), in one
	// transaction. ErrConflict if the order was not waiting for eSIMs.
	Allocate(ctx context.Context, a Allocation) error
	// ApplyTopUp applies the Transition of a top-up's order and stores its eSIM, as the vendor has
	// it now, in a new epoch, in one transaction. ErrConflict if the order is not in From.
	ApplyTopUp(ctx context.Context, m Transition, e ESIM) error
	// ESIMsOfOrder lists the eSIMs of an order, by Index.
	ESIMsOfOrder(ctx context.Context, id OrderID) ([]ESIM, error)
}

// An Allocation brings eSIMs to an order in StateAllocating.
type Allocation struct {
	// Order has its work fields as they are from now on. Allocated: nothing more is to come.
	Order         Order
	ESIMs         []ESIM // new ones
	Part          PartialRefund
	Transactions  []Transaction
	Notifications []Notification
}

// How long things may take before somebody is told or the money goes back.
const (
	tellStaffAfter = 5 * time.Minute
	// holdFor is how long an order is held that the vendor would take if our
	// account or configuration were in order.
	holdFor = 30 * time.Minute
	// settleAfter an unanswered call a purchase would show in the vendor's list:
	// allocation takes up to 30 s by its documentation.
	settleAfter = 10 * time.Minute
	hideSoldOut = time.Hour
)

// Fulfiller walks paid orders to their eSIMs, or to a refund where the vendor
// definitely refused.
type Fulfiller struct {
	Store           FulfilStore
	Vendor          Vendor
	TopUpVendor     TopUpVendor
	Catalog         *CatalogCache
	Swaps           SwapCanceller
	RestoreDetector *RestoreDetector // nil: this database is all there ever was
	// MaxLoss (USD) is what one order may lose when the wholesale price moved after the
	// money was taken; beyond it the money goes back.
	Rules   *RuleBook // what staff set; nil: nothing
	MaxLoss Money
	// Affiliates says what of a price in Stars affiliates may get; nil: nothing.
	Affiliates *Affiliates
	Now        func() time.Time
	// Report receives what went wrong with an order; it is called from several goroutines.
	Report func(id OrderID, err error)
	// Wake is called when an order made a step, so that the caller runs again.
	Wake func()
	// Workers bounds the orders worked on at once; 0 means 16.
	Workers int

	mu       sync.Mutex
	inFlight map[OrderID]bool
	resting  map[OrderID]time.Time // that could not be moved back, until when
	failing  failures
	wg       sync.WaitGroup
}

// Run begins work on every due order and returns at once with the time when the
// next one is due (zero: none known). A slow order never holds up the others. Only one
// Run may be called at a time.
func (f *Fulfiller) Run(ctx context.Context) (time.Time, error) {
	workers := f.Workers
	if workers == 0 {
		workers = 16
	}
	// An order that is in flight while the list is read is left for the next run:
	// its row in the list may be older than what the flight brings.
	busy, flying, rested := f.busy(f.Now())
	free := workers - flying
	if free <= 0 {
		return time.Time{}, nil // the end of one of them calls Wake
	}
	// Those that are busy are due too: ask for as many more.
	due, nextAt, err := f.Store.OrdersDue(ctx, []State{StatePaid, StateOrdering, StateAllocating}, f.Now(), workers+len(busy))
	if err != nil {
		return time.Time{}, fmt.Errorf("list orders to fulfil: %w", err)
	}
	for _, o := range due {
		if free == 0 {
			break
		}
		if !busy[o.ID] && f.begin(o.ID) {
			free--
			f.wg.Go(func() { f.work(ctx, o) })
		}
	}
	if !rested.IsZero() && (nextAt.IsZero() || rested.Before(nextAt)) {
		nextAt = rested
	}
	return nextAt, nil
}

// Wait returns when no order is being worked on.
func (f *Fulfiller) Wait() { f.wg.Wait() }

func (f *Fulfiller) begin(id OrderID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.inFlight[id] {
		return false
	}
	if f.inFlight == nil {
		f.inFlight = map[OrderID]bool{}
	}
	f.inFlight[id] = true
	return true
}
