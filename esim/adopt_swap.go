package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// An older copy of the database does not know what was swapped since: the eSIM that it has is cancelled, and the one that
// took its place is in the vendor's list under a key that names both orders. Such a swap is begun again here as it was, and
// ends as every swap does: the old eSIM is found to be back and pays the new order, which asks the vendor under the same key and
// is given the same eSIM.

// swapSeen keeps a profile for adoptSwaps whose key names an order that is not in this database and was paid with an eSIM
// of one that is.
func (r *Reconciler) swapSeen(ctx context.Context, p Profile, w *walk) (bool, error) {
	old := swappedByKey(p.IdempotencyKey)
	if old == "" || p.Status.Final() || r.untold[p.ID] && !w.whole {
		return false, nil
	}
	id, _ := OrderOfIdempotencyKey(p.IdempotencyKey)
	for _, known := range []struct {
		id   OrderID
		here bool
	}{{id, false}, {old, true}} {
		_, err := r.Checkout.Store.Order(ctx, known.id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, fmt.Errorf("order of a swap: %w", err)
		}
		if (err == nil) != known.here {
			return false, nil
		}
	}
	w.swaps = append(w.swaps, p)
	return true, nil
}

// adoptSwaps begins the swaps again that were seen. What cannot be told for certain goes the way of every other profile.
func (r *Reconciler) adoptSwaps(ctx context.Context, w *walk, rep *ReconcileReport, stuck map[string]bool) error {
	if len(w.swaps) == 0 {
		return nil
	}
	s, err := r.swapSources(ctx, w.swaps)
	if err != nil {
		return err
	}
	if err := w.hold(ctx, r.Store); err != nil {
		return err
	}
	var failed []error
	for _, p := range w.swaps {
		id, _ := OrderOfIdempotencyKey(p.IdempotencyKey)
		err := r.isolate(ctx, stuck, "swap", string(p.ID), id, func() error {
			begun, err := r.adoptSwap(ctx, s, p, rep)
			if err != nil || begun {
				return err
			}
			if r.untold == nil {
				r.untold = map[ESIMID]bool{}
			}
			r.untold[p.ID] = true // to ask both neighbours each time would be much for one that staff decide on
			if w.held[id] {
				w.found = append(w.found, VendorRecord{Profile: p})
				return nil
			}
			return r.stranger(ctx, p, rep)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// swapSources reads what the two neighbours say of some swaps.
func (r *Reconciler) swapSources(ctx context.Context, swaps []Profile) (s RecoverySources, err error) {
	s = RecoverySources{Bot: r.Bot, Plan: r.Checkout.Catalog.Current().Known, Pricing: r.Checkout.Pricing, Now: r.Now()}
	since := s.Now
	for _, p := range swaps {
		old, err := r.Checkout.Store.Order(ctx, swappedByKey(p.IdempotencyKey))
		if err != nil {
			return s, fmt.Errorf("order that was swapped: %w", err)
		}
		if old.PaidAt.Before(since) {
			since = old.PaidAt
		}
	}
	from, to := Order{Created: since, PaidAt: s.Now}.boughtBetween(s.Now)
	for page, err := range r.Records.RecordsOrdered(ctx, from, to) {
		if err != nil {
			return s, fmt.Errorf("look for swaps in the vendor's list: %w", err)
		}
		for _, v := range page {
			if slices.ContainsFunc(swaps, func(p Profile) bool { return p.ID == v.ID }) {
				s.Records = append(s.Records, v)
			}
		}
	}
	if r.Stars == nil {
		return s, nil
	}
	for line, err := range r.Stars.StarTransactions(ctx, 0) {
		if err != nil {
			return s, fmt.Errorf("read the Stars account for swaps: %w", err)
		}
		if m := line.StarTransaction; !m.Incoming || m.Invoiced.Swaps != "" {
			s.Stars = append(s.Stars, m)
		}
	}
	return s, nil
}

// adoptSwap begins a swap again. False: it cannot be told for certain what was paid, or the old eSIM is not what pays it.
func (r *Reconciler) adoptSwap(ctx context.Context, s RecoverySources, p Profile, rep *ReconcileReport) (begun bool, err error) {
	i := slices.IndexFunc(s.Records, func(v VendorRecord) bool { return v.ID == p.ID && !v.TopUp })
	if i < 0 {
		return false, nil
	}
	old, e, found, err := r.swappedESIM(ctx, swappedByKey(p.IdempotencyKey))
	if err != nil || !found {
		return false, err
	}
	credit, err := r.Checkout.Store.Credit(ctx, old.Customer)
	if err != nil {
		return false, err
	}
	rec, ok := swapUnderWay(s, s.Records[i], old, e, credit)
	if !ok {
		return false, nil
	}
	if err := r.RestoreDetector.Noticed(ctx); err != nil {
		return false, err
	}
	o := rec.Order
	told := []Notification{NewStaffFoundPaid(StarTransaction{ID: rec.paidBy(), Amount: o.Price}, o.ID)}
	switch err := r.Store.AdoptRecovered(ctx, Customer{ID: o.Customer, Chat: int64(o.Customer), Created: o.Created}, rec, told); {
	case errors.Is(err, ErrConflict):
		return false, nil // staff decided meanwhile
	case err != nil:
		return false, fmt.Errorf("begin the swap of order %s again: %w", old.ID, err)
	}
	rep.Payments++
	return true, nil
}

func (rec *RecoveredOrder) paidBy() string {
	for _, p := range rec.Payments {
		return p.ID
	}
	return "swap:" + string(rec.Order.ID)
}

// swappedESIM is the eSIM of an order that the vendor has back and whose money did not go back here.
func (r *Reconciler) swappedESIM(ctx context.Context, id OrderID) (o Order, e ESIM, found bool, err error) {
	if o, err = r.Checkout.Store.Order(ctx, id); err != nil {
		return o, e, false, fmt.Errorf("order that was swapped: %w", err)
	}
	if o.Customer.Forgotten() || o.Kind != Purchase || !CanMove(o.State, StateCancelling) || o.State == StateAllocating && !o.Allocated {
		return o, e, false, nil
	}
	esims, err := r.Store.ESIMsOfOrder(ctx, id)
	if err != nil {
		return o, e, false, fmt.Errorf("eSIMs of an order that was swapped: %w", err)
	}
	for _, e := range esims {
		if e.Returned || e.Customer != o.Customer {
			continue
		}
		now, err := r.Profiles.Profile(ctx, e.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return o, e, false, fmt.Errorf("look at an eSIM that was swapped: %w", err)
		}
		if err == nil && now.Status.gone() {
			return o, e, true, nil
		}
	}
	return o, e, false, nil
}

// swapUnderWay is a swap as it was before the vendor had the old eSIM back, from what the two neighbours tell of it; false
// if they do not tell all. credit (USD) is what its customer has in this database.
func swapUnderWay(s RecoverySources, line VendorRecord, old Order, e ESIM, credit Money) (RecoveredOrder, bool) {
	id, _ := OrderOfIdempotencyKey(line.IdempotencyKey)
	s.Records = []VendorRecord{line}
	j := s.join()
	var rec RecoveredOrder
	var ok bool
	if j.paid[id] == nil {
		rec, ok = j.swapForCredit(id, line, old, credit)
	} else if rec, ok = j.orderFromPayments(&Recovery{}, id); ok {
		rec.Payments = slices.DeleteFunc(rec.Payments, func(p OrderPayment) bool { return p.Method == creditMethod() }) // it is paid in the end
		first := j.paid[id][0]
		ok = rec.Payments[0].Status == PaymentSettled && rec.Order.Credit.Minor >= 0 && first.Customer == old.Customer && IdempotencyKeyOf(first.Invoiced) == line.IdempotencyKey
	}
	if !ok {
		return RecoveredOrder{}, false
	}
	o := &rec.Order
	o.Kind, o.Quantity, o.IdempotencyKey = Purchase, 1, line.IdempotencyKey
	o.Replaces, o.SwapWorth, o.State = e.ID, old.SwapWorthOfOne(), StatePaid
	o.OutcomeUnknown, o.OutcomeUnknownAt = true, o.PaidAt // it was bought: neither its price nor a refusal says anything
	j.describe(&rec, line)
	rec.event(o.Created, "", StateAwaitingPayment, "recovered: created")
	rec.event(o.PaidAt, StateAwaitingPayment, StatePaid, "recovered: swapped after the copy was made that this database is")
	for _, p := range rec.Payments {
		rec.postPayment(p.Payment)
	}
	rec.Books = append(rec.Books, rec.commissions...)
	rec.Old = old.swappedSince(id, e, s.Now)
	return rec, true
}

// swapForCredit is a swap that was paid with the old eSIM and store credit alone: its key says so. Its price is in no list: it
// is what the plan costs today, but no more than there is to pay it.
func (j *join) swapForCredit(id OrderID, line VendorRecord, old Order, credit Money) (RecoveredOrder, bool) {
	sale := InvoicedSale{Order: id, PlanCode: line.Plan.Code, Quantity: 1, Swaps: old.ID}
	plan, err := j.Plan(line.Plan.Code)
	if err != nil {
		return RecoveredOrder{}, false
	}
	if plan.DayPass() {
		sale.Days = line.Days
	}
	if IdempotencyKeyOf(sale) != line.IdempotencyKey {
		return RecoveredOrder{}, false
	}
	q, err := j.Pricing.QuoteWith(creditMethod(), plan, 1, sale.Days)
	if err != nil {
		return RecoveredOrder{}, false
	}
	at := line.Bought
	if at.Before(old.PaidAt) {
		at = old.PaidAt
	}
	price := USDCents(min(q.Price.Minor, old.SwapWorthOfOne().Minor+max(0, credit.Minor)))
	j.paid[id] = []StarTransaction{{Order: id, Customer: old.Customer, At: at, Invoiced: sale}}
	return RecoveredOrder{Order: Order{
		ID: id, Customer: old.Customer, Days: sale.Days, Method: creditMethod(), Created: at, PaidAt: at, NextAt: j.Now, Changed: at,
		Price: price, Retail: price, Reason: "recovered",
	}}, true
}

// swappedSince is the move of an order of which an eSIM was swapped for another order.
func (o Order) swappedSince(id OrderID, e ESIM, now time.Time) *Transition {
	if o.CancellingESIM = ""; o.Remaining() > 1 {
		o.CancellingESIM = e.ID
	}
	m := o.TransitionTo(StateCancelling, "swapped for order "+id.String()+" since this copy was made", now)
	m.SwappedFor, m.Undelivered = id, o.Remaining() <= 1
	return &m
}

// SwapReserve sets aside what a swap that was begun again needs beside its old eSIM; store credit (USD) that its customer had
// then, and has not in this database, is theirs again.
// The store calls it inside its transaction.
func (rec *RecoveredOrder) SwapReserve(credit Money) []Transaction {
	o := rec.Order
	if !o.Swapping() || rec.Old == nil {
		return nil
	}
	var all []Transaction
	if missing := o.ToReserve().Minor - credit.Minor; o.ToReserve().Minor > 0 && missing > 0 {
		all = append(all, GrantTransaction("recovered:"+string(o.ID), o.Customer, USDCents(missing), "recovered: it paid a part of an order"))
	}
	return append(all, o.reserve(Reserve{Amount: USDCents(0)})...)
}
