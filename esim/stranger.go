package esim

import (
	"context"
	"errors"
	"fmt"
)

// stranger is a live profile that is none of our eSIMs.
func (r *Reconciler) stranger(ctx context.Context, p Profile, rep *ReconcileReport) error {
	o, err := r.Store.OrderByIdempotencyKey(ctx, p.IdempotencyKey)
	switch {
	case errors.Is(err, ErrNotFound):
		before := rep.UnmatchedESIMs
		id, named := OrderOfIdempotencyKey(p.IdempotencyKey)
		if !named {
			id = ""
		}
		err := r.orphan(ctx, p, id, rep)          // its customer has that number in their chat
		if named && rep.UnmatchedESIMs > before { // of a shop of which this is an older copy
			err = errors.Join(err, r.RestoreDetector.Noticed(ctx))
		}
		return err
	case err != nil:
		return fmt.Errorf("order of a profile: %w", err)
	case o.Customer.Forgotten():
		return r.ofNobody(ctx, p, o, rep)
	}
	switch o.State {
	case StateRefunding, StateRefunded:
		return r.late(ctx, p, o, rep)
	case StateDelivered, StateCancelling, StateAllocating:
		if o.Allocated && o.Missing > 0 { // its part went back
			return r.late(ctx, p, o, rep)
		}
	}
	switch o.State {
	case StateDelivered, StateCancelling: // more eSIMs than were bought
		return r.orphan(ctx, p, o.ID, rep)
	case StateAwaitingPayment, StateExpired: // an older copy does not know that it was paid, and nobody looks for it
		return r.orphan(ctx, p, o.ID, rep)
	}
	if o.Allocated {
		return r.orphan(ctx, p, o.ID, rep)
	}
	return nil // fulfilment is going to find it
}

// ofNobody is a profile of a customer who was forgotten: nobody's business any more, unless its money was fetched back
// since. Then it is taken back, and if it is in use it is for staff.
func (r *Reconciler) ofNobody(ctx context.Context, p Profile, o Order, rep *ReconcileReport) error {
	payments, err := r.Store.PaymentsOf(ctx, o.ID)
	if err != nil {
		return fmt.Errorf("payments of an order of nobody: %w", err)
	}
	if !AllRefunded(payments) {
		return nil
	}
	return r.late(ctx, p, o, rep)
}

// goneOfNobody is a profile that the vendor has back and that is none of our eSIMs: with who was forgotten their eSIMs were. There is
// nobody whose money it was; what the vendor gave back for it is ours, and is booked once. Which of several came back before
// cannot be told any more, but how many of them did.
func (r *Reconciler) goneOfNobody(ctx context.Context, p Profile, w *walk) error {
	o, err := r.Store.OrderByIdempotencyKey(ctx, p.IdempotencyKey)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("order of a profile: %w", err)
	}
	if !o.Customer.Forgotten() || o.State != StateDelivered {
		return nil
	}
	if w.gone[o.ID] == nil {
		w.gone[o.ID] = map[ESIMID]bool{}
	}
	w.gone[o.ID][p.ID] = true
	booked, whole, err := r.Store.CostsCameBack(ctx, o.ID)
	if err != nil || whole || len(w.gone[o.ID]) <= booked {
		return err
	}
	told := NewStaffWithdrawn(ESIM{Profile: Profile{ID: p.ID}, Order: o.ID}, "whoever bought it was forgotten")
	back := CostBackTransaction(o)
	if o.Quantity > 1 {
		back = LateReturnTransaction(o, ESIMID(fmt.Sprintf("of-nobody-%d", booked+1)))
	}
	if err := r.Store.BookLateReturn(ctx, back, []Notification{told}); err != nil {
		return fmt.Errorf("book what the vendor gave back: %w", err)
	}
	return nil
}

func (r *Reconciler) orphan(ctx context.Context, p Profile, id OrderID, rep *ReconcileReport) error {
	fresh, err := r.Store.NoteUnmatchedESIM(ctx, p.ID, id, r.Now(), []Notification{NewStaffUnmatchedESIM(p, id)})
	if err != nil {
		return fmt.Errorf("note an orphan: %w", err)
	}
	if fresh {
		rep.UnmatchedESIMs++
	}
	return nil
}

// late cancels an eSIM that came after its order's money went back. Only what a look-up
// confirms counts; what cannot be cancelled is for staff.
func (r *Reconciler) late(ctx context.Context, p Profile, o Order, rep *ReconcileReport) error {
	refusal := r.Manager.Cancel(ctx, p.ID)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now, err := r.Profiles.Profile(ctx, p.ID)
	switch {
	case err == nil && now.Status.gone():
		rep.Late++
		err := r.Store.BookLateReturn(ctx, LateReturnTransaction(o, p.ID), []Notification{NewStaffLateESIM(p, o.ID)})
		if err != nil {
			return fmt.Errorf("note a late eSIM that was cancelled: %w", err)
		}
		return nil
	case refusal != nil && ActionFor(refusal) != ActionRetry:
		return r.orphan(ctx, p, o.ID, rep)
	}
	return errors.Join(refusal, err) // asked again at the next comparison
}
