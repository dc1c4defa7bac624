package esim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"
)

// A VendorPurchase is one request to the vendor. It may be repeated with the same TxID and
// is charged once.
type VendorPurchase struct {
	TxID     string
	Plan     Plan
	Quantity int
	Days     int   // of a day pass, else 0
	Guard    Money // USD4; the unit price we reckoned with, for fixed plans; zero: none
}

// Vendor is what fulfilment needs from the vendor. All errors are *VendorError.
type Vendor interface {
	// Order buys and returns the vendor's number of the order.
	Order(ctx context.Context, b VendorPurchase) (vendorOrder string, err error)
	// OrderProfiles lists the eSIMs of an order. While they are being allocated the
	// error's verdict is Wait; an empty list means the same.
	OrderProfiles(ctx context.Context, vendorOrder string) ([]Profile, error)
	// FindPurchase lists what was bought under a key between two times. eSIMs still
	// being allocated may be missing from it.
	FindPurchase(ctx context.Context, txID string, from, to time.Time) ([]Profile, error)
}

// FulfilStore is what fulfilment needs from storage.
type FulfilStore interface {
	// OrdersDue lists orders in the given states that are due and not Allocated,
	// oldest first, and tells when the next of the others is due (zero: none).
	OrdersDue(ctx context.Context, states []State, now time.Time, limit int) (due []Order, next time.Time, err error)
	// MoveOrder applies a Move or returns ErrConflict if the order is not in From.
	// A move to Refunding also marks all payments of the order as due to go back.
	MoveOrder(ctx context.Context, m Move) error
	// NoteWork stores the work fields of o (Attempts, OutcomeUnknown, OutcomeUnknownAt, NextAt,
	// StaffTold, Reason, Wholesale) and the notifications, if its state is still o.State;
	// else ErrConflict.
	NoteWork(ctx context.Context, o Order, notifications []Notification) error
	// ESIM returns an eSIM, or ErrNotFound.
	ESIM(ctx context.Context, esimID string) (ESIM, error)
	// ApplyTopUp moves a top-up's order from Ordering to Delivered, stores its eSIM in a
	// new epoch, and the notifications, in one transaction. ErrConflict if the order is not
	// in Ordering.
	ApplyTopUp(ctx context.Context, t AppliedTopUp) error
	// Allocate stores the eSIMs of an order in Allocating and marks it Allocated,
	// with the notifications, in one transaction. ErrConflict if it was not waiting for that.
	Allocate(ctx context.Context, id OrderID, esims []ESIM, notifications []Notification) error
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
	Store       FulfilStore
	Vendor      Vendor
	TopUpVendor TopUpVendor
	Catalog     *CatalogCache
	// MaxLoss (USD) is what one order may lose when the wholesale price moved after the
	// money was taken; beyond it the money goes back.
	MaxLoss Money
	Now     func() time.Time
	// Report receives what went wrong with an order; it is called from several goroutines.
	Report func(id OrderID, err error)
	// Wake is called when an order made a step, so that the caller runs again.
	Wake func()
	// Workers bounds the orders worked on at once; 0 means 16.
	Workers int

	mu       sync.Mutex
	inFlight map[OrderID]bool
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
	f.mu.Lock()
	flying := maps.Clone(f.inFlight)
	f.mu.Unlock()
	free := workers - len(flying)
	if free <= 0 {
		return time.Time{}, nil // the end of one of them calls Wake
	}
	// Those in flight are due too: ask for as many more.
	due, nextAt, err := f.Store.OrdersDue(ctx, []State{Paid, Ordering, Allocating}, f.Now(), 2*workers)
	if err != nil {
		return time.Time{}, fmt.Errorf("list orders to fulfil: %w", err)
	}
	for _, o := range due {
		if free == 0 {
			break
		}
		if !flying[o.ID] && f.begin(o.ID) {
			free--
			f.wg.Go(func() { f.work(ctx, o) })
		}
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

func (f *Fulfiller) work(ctx context.Context, o Order) {
	defer func() {
		if p := recover(); p != nil {
			f.Report(o.ID, fmt.Errorf("panic: %v", p))
		}
		f.mu.Lock()
		delete(f.inFlight, o.ID)
		f.mu.Unlock()
		f.Wake()
	}()
	if err := f.step(ctx, o); err != nil && !errors.Is(err, ErrConflict) && ctx.Err() == nil {
		f.Report(o.ID, err)
	}
}

func (f *Fulfiller) step(ctx context.Context, o Order) error {
	if o.State == Paid {
		m := Move{Order: o.ID, From: Paid, To: Ordering, Why: "fulfilment begins", NextAt: f.Now()}
		if err := f.Store.MoveOrder(ctx, m); err != nil {
			return err
		}
		o.State = Ordering
	}
	switch {
	case o.State == Ordering && o.Kind == TopUp:
		return f.topUp(ctx, o)
	case o.State == Ordering:
		return f.order(ctx, o)
	}
	return f.collect(ctx, o)
}

// order asks the vendor. That it is about to ask is written down first: a
// program that dies here must know that it may have bought.
func (f *Fulfiller) order(ctx context.Context, o Order) error {
	if o.Plan.DayPass() && !o.OutcomeUnknown { // the vendor guards no price of day passes, so we do
		if done, err := f.passGuard(ctx, &o); done || err != nil {
			return err
		}
	}
	earlier := o
	o.Attempts++
	o.OutcomeUnknown, o.OutcomeUnknownAt = true, f.Now()
	if err := f.Store.NoteWork(ctx, o, nil); err != nil {
		return err
	}
	b := VendorPurchase{TxID: o.TxID, Plan: o.Plan, Quantity: o.Quantity, Days: o.Days}
	if now, err := f.Catalog.Current().Plan(o.Plan.Code); err == nil {
		b.Plan.Slug = now.Slug // slugs of regions are renamed as they grow; the code stays
	}
	if !o.Plan.DayPass() {
		b.Guard = o.UnitWholesale()
	}
	vendorOrder, err := f.Vendor.Order(ctx, b)
	if err == nil {
		return f.accepted(ctx, o, vendorOrder)
	}
	if ctx.Err() != nil {
		return ctx.Err() // stopping: it stays unsure and is asked again after the start
	}
	switch {
	case !MayHaveHappened(err):
		// A clear "no" to this call says nothing about an earlier one.
		o.OutcomeUnknown, o.OutcomeUnknownAt = earlier.OutcomeUnknown, earlier.OutcomeUnknownAt
	case VerdictOf(err) == LookUp && earlier.OutcomeUnknown:
		o.OutcomeUnknownAt = earlier.OutcomeUnknownAt // an earlier call used the key, not this one
	}
	return f.refused(ctx, o, err)
}

func (f *Fulfiller) accepted(ctx context.Context, o Order, vendorOrder string) error {
	return f.Store.MoveOrder(ctx, Move{
		Order: o.ID, From: Ordering, To: Allocating, Why: "supplier accepted",
		VendorOrder: vendorOrder, NextAt: f.Now().Add(firstLook),
	})
}

// refused decides about an order whose purchase did not succeed.
func (f *Fulfiller) refused(ctx context.Context, o Order, cause error) error {
	switch VerdictOf(cause) {
	case LookUp:
		o.OutcomeUnknown = true // it was bought by an earlier call
		return f.lookUp(ctx, o, cause)
	case LowBalance, TellOperator:
		if f.Now().Sub(o.PaidAt) >= holdFor {
			return f.giveUp(ctx, o, cause)
		}
		return f.reschedule(ctx, o, cause, true)
	case Reprice:
		return f.reprice(ctx, o, cause)
	case SoldOut:
		f.Catalog.Hide(o.Plan.Code, f.Now().Add(hideSoldOut))
		return f.giveUp(ctx, o, cause)
	case Refuse, Missing, NotAllowed, Bug:
		return f.giveUp(ctx, o, cause)
	}
	return f.reschedule(ctx, o, cause, false)
}

// later leaves the order where it is and looks at it again. Staff are told when
// it takes long, or at once if only they can help.
func (f *Fulfiller) reschedule(ctx context.Context, o Order, cause error, tellNow bool) error {
	o.Reason = cause.Error()
	o.NextAt = f.Now().Add(backOff(o.Attempts))
	notifications := f.late(&o, tellNow)
	return f.Store.NoteWork(ctx, o, notifications)
}

// late are the notifications for an order that takes too long, once.
func (f *Fulfiller) late(o *Order, tellNow bool) []Notification {
	if o.StaffTold || !tellNow && f.Now().Sub(o.PaidAt) < tellStaffAfter {
		return nil
	}
	o.StaffTold = true
	return []Notification{
		{Kind: StaffLate, Key: fmt.Sprintf("late:%s", o.ID), Order: o.ID, Note: o.Reason},
		{Kind: NotifyProgress, Key: fmt.Sprintf("progress:%s:late", o.ID), Customer: o.Customer, Order: o.ID},
	}
}

// giveUp sends the money back, once it is certain that nothing was bought.
func (f *Fulfiller) giveUp(ctx context.Context, o Order, cause error) error {
	if o.OutcomeUnknown {
		return f.lookUp(ctx, o, cause)
	}
	return f.Store.MoveOrder(ctx, Move{
		Order: o.ID, From: Ordering, To: Refunding, Why: cause.Error(),
		Notifications: []Notification{
			{Kind: NotifyProgress, Key: fmt.Sprintf("progress:%s:%s", o.ID, Refunding), Customer: o.Customer, Order: o.ID},
			{Kind: StaffFailure, Key: fmt.Sprintf("failure:%s", o.ID), Order: o.ID, Note: cause.Error()},
		},
	})
}

// lookUp settles an order of which an earlier call may have bought something: it
// searches the vendor's list for the order's key.
func (f *Fulfiller) lookUp(ctx context.Context, o Order, cause error) error {
	if o.Kind == TopUp {
		return f.findTopUp(ctx, o, cause)
	}
	found, err := f.Vendor.FindPurchase(ctx, o.TxID, o.Created.Add(-time.Hour), f.Now().Add(time.Hour))
	if err != nil {
		return f.reschedule(ctx, o, fmt.Errorf("look up after %w: %w", cause, err), false)
	}
	for _, p := range found {
		if p.TxID == o.TxID && p.VendorOrder != "" {
			return f.accepted(ctx, o, p.VendorOrder)
		}
	}
	return f.notFound(ctx, o, cause)
}

// notFound is a key that bought nothing the vendor's list shows.
func (f *Fulfiller) notFound(ctx context.Context, o Order, cause error) error {
	if f.Now().Sub(o.OutcomeUnknownAt) < settleAfter {
		return f.reschedule(ctx, o, cause, false) // it may still be on its way into the list
	}
	if VerdictOf(cause) == LookUp {
		return f.escalate(ctx, o, cause)
	}
	o.OutcomeUnknown = false
	return f.giveUp(ctx, o, cause)
}

// puzzled brings an order before a human: the vendor says that its key was used, and
// shows nothing that was bought under it.
func (f *Fulfiller) escalate(ctx context.Context, o Order, cause error) error {
	if f.Now().Sub(o.PaidAt) < holdFor {
		return f.reschedule(ctx, o, cause, true)
	}
	return f.Store.MoveOrder(ctx, Move{
		Order: o.ID, From: Ordering, To: NeedsHuman, Why: cause.Error(),
		Notifications: []Notification{
			{Kind: NotifyProgress, Key: fmt.Sprintf("progress:%s:%s", o.ID, NeedsHuman), Customer: o.Customer, Order: o.ID},
			{Kind: StaffHuman, Key: fmt.Sprintf("human:%s:%d", o.ID, f.Now().UnixMilli()), Order: o.ID, Note: cause.Error()},
		},
	})
}

// bearable reports whether a wholesale price costs us no more than the operator lets an
// order lose.
func (f *Fulfiller) bearable(wholesale, retail Money) bool {
	return wholesale.fine().Minor <= retail.fine().Minor+f.MaxLoss.fine().Minor
}

// passGuard looks at the newest price of a day pass that we know. It reports whether the
// order was dealt with.
func (f *Fulfiller) passGuard(ctx context.Context, o *Order) (bool, error) {
	plan, err := f.Catalog.Current().Plan(o.Plan.Code)
	if err != nil {
		return false, nil // the vendor will say
	}
	fresh := plan.Wholesale.Times(o.Quantity * max(o.Days, 1))
	if !f.bearable(fresh, o.Retail) {
		return true, f.giveUp(ctx, *o, fmt.Errorf("it now costs %s, %s was charged", fresh, o.Retail))
	}
	o.Wholesale = fresh
	return false, nil
}

// reprice takes the vendor's new price where the operator bears the loss, else gives up.
func (f *Fulfiller) reprice(ctx context.Context, o Order, cause error) error {
	if err := f.Catalog.Refresh(ctx); err != nil {
		return f.reschedule(ctx, o, fmt.Errorf("%w; %w", cause, err), false)
	}
	plan, err := f.Catalog.Current().Plan(o.Plan.Code)
	if errors.Is(err, ErrNotFound) {
		return f.giveUp(ctx, o, cause)
	}
	fresh := plan.Wholesale.Times(o.Quantity * max(o.Days, 1))
	if !f.bearable(fresh, o.Retail) || fresh == o.Wholesale && o.Attempts > 5 {
		return f.giveUp(ctx, o, cause)
	}
	o.Wholesale = fresh
	return f.reschedule(ctx, o, cause, false)
}

// firstLook after the vendor accepted: at once. It costs one question, and the eSIM
// that is ready waits for nothing.
const firstLook = 0

// collect fetches the eSIMs of an accepted order. Nothing here leads to a refund:
// "still allocating" can last, and the eSIM still arrives.
func (f *Fulfiller) collect(ctx context.Context, o Order) error {
	profiles, err := f.Vendor.OrderProfiles(ctx, o.VendorOrder)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var esims []ESIM
	for _, p := range profiles {
		if p.Ready() && (p.TxID == "" || p.TxID == o.TxID) {
			esims = append(esims, ESIM{
				Profile: p, Customer: o.Customer, Order: o.ID, Index: len(esims) + 1, Plan: o.Plan, Created: f.Now(),
			})
		}
	}
	if err != nil || len(esims) < o.Quantity {
		if err == nil {
			err = fmt.Errorf("%d of %d eSIMs are ready", len(esims), o.Quantity)
		}
		o.Attempts++
		o.Reason = err.Error()
		o.NextAt = f.Now().Add(lookAgain(f.Now().Sub(o.Changed)))
		notifications := f.late(&o, false)
		return f.Store.NoteWork(ctx, o, notifications)
	}
	return f.Store.Allocate(ctx, o.ID, esims, allocatedNotifications(o, esims))
}

func allocatedNotifications(o Order, esims []ESIM) []Notification {
	notifications := make([]Notification, 0, len(esims)+2)
	for _, e := range esims {
		notifications = append(notifications, Notification{
			Kind: NotifyQR, Key: "qr:" + e.ID, Customer: o.Customer, Order: o.ID, ESIM: e.ID,
		})
	}
	return append(notifications,
		Notification{Kind: NotifyProgress, Key: fmt.Sprintf("progress:%s:ready", o.ID), Customer: o.Customer, Order: o.ID},
		Notification{Kind: StaffSale, Key: "sale:" + string(o.ID), Order: o.ID},
	)
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
