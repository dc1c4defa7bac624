package esim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// An older copy of the database has the store credit that was spent since, and not what was bought with it. The vendor key of such
// an order says who paid how much: the order is made again, or paid again where the copy has it unpaid. Then its eSIM is its
// owner's, and what it cost is off their store credit once more. Until the vendor's list was read no store credit is
// spent (RestoreDetector.ListUnread).

// creditFound is what the vendor's list has of an order that store credit paid.
type creditFound struct {
	sale     CreditSale
	unpaid   *Order // as this database has it; nil: it does not
	profiles []Profile
	live     bool // one of them at least
}

// paidFromCredit keeps a profile for adoptCredit that store credit paid and that is none of our eSIMs. What the vendor has
// back is kept too, beside others of its order, and goes on its way.
func (r *Reconciler) paidFromCredit(ctx context.Context, p Profile, w *walk) (bool, error) {
	sale, ok := r.Seal.Open(p.IdempotencyKey)
	if !ok {
		return false, nil
	}
	found := w.credit[sale.Order]
	if found == nil {
		unpaid, ok, err := r.unpaidFromCredit(ctx, sale)
		if err != nil || !ok {
			return false, err
		}
		if w.credit == nil {
			w.credit = map[OrderID]*creditFound{}
		}
		found = &creditFound{sale: sale, unpaid: unpaid}
		w.credit[sale.Order] = found
	}
	found.profiles = append(found.profiles, p)
	found.live = found.live || !p.Status.Final()
	return !p.Status.Final(), nil
}

// unpaidFromCredit is an order that the vendor knows and store credit paid, as far as this database has it unpaid; nil: it does not
// have it. False: it is none of those.
func (r *Reconciler) unpaidFromCredit(ctx context.Context, sale CreditSale) (*Order, bool, error) {
	o, err := r.Checkout.Store.Order(ctx, sale.Order)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, true, nil
	case err != nil:
		return nil, false, fmt.Errorf("order that store credit paid: %w", err)
	}
	return &o, o.State.Payable() && o.Customer == sale.Customer && o.Method == creditMethod() && !o.EmergencyTopUp, nil
}

// adoptCredit makes the orders again that store credit paid.
func (r *Reconciler) adoptCredit(ctx context.Context, w *walk, rep *ReconcileReport, stuck map[string]bool) error {
	var failed []error
	for _, id := range slices.Sorted(maps.Keys(w.credit)) {
		found := w.credit[id]
		if !found.live {
			continue
		}
		failed = append(failed, r.isolate(ctx, stuck, "order that store credit paid", string(id), id, func() error {
			adopt := r.adoptCreditSale
			if found.unpaid != nil {
				adopt = r.payAgain
			}
			err := adopt(ctx, found, rep)
			if errors.Is(err, ErrInsufficientCredit) { // spent once more already: staff decide
				return r.strangers(ctx, found, rep)
			}
			return err
		}))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(failed...)
}

func (r *Reconciler) strangers(ctx context.Context, found *creditFound, rep *ReconcileReport) error {
	var errs []error
	for _, p := range found.profiles {
		if !p.Status.Final() {
			errs = append(errs, r.stranger(ctx, p, rep))
		}
	}
	return errors.Join(errs...)
}

// payAgain pays an order that this database has unpaid. The vendor is asked under the same key and has it: neither its
// price nor a refusal says anything.
func (r *Reconciler) payAgain(ctx context.Context, found *creditFound, rep *ReconcileReport) error {
	o := *found.unpaid
	o.OutcomeUnknown, o.OutcomeUnknownAt = true, o.Created
	if err := r.Store.NoteWork(ctx, o, nil); err != nil {
		return fmt.Errorf("order %s was bought: %w", o.ID, err)
	}
	if _, err := r.Checkout.inside(ctx, o, nil); err != nil && !errors.Is(err, ErrAlreadyPaid) {
		return err
	}
	rep.Payments++
	return errors.Join(r.tell(ctx, NewStaffFoundCredit(o.ID, o.ID, o.Price)), r.RestoreDetector.Noticed(ctx))
}

// adoptCreditSale makes an order again that this database does not have.
func (r *Reconciler) adoptCreditSale(ctx context.Context, found *creditFound, rep *ReconcileReport) error {
	lines := make([]VendorRecord, 0, len(found.profiles))
	for _, p := range found.profiles {
		v, err := r.Lines.Record(ctx, p.ID)
		if err != nil {
			return fmt.Errorf("ask what store credit paid: %w", err)
		}
		lines = append(lines, v)
	}
	s := RecoverySources{Bot: r.Bot, Plan: r.Checkout.Catalog.Current().Known, Pricing: r.Checkout.Pricing, Now: r.Now()}
	rec := recoverCreditSale(s, found.sale, lines)
	o := rec.Order
	told := []Notification{NewStaffFoundCredit(o.ID, o.ID, o.Price)}
	if o.State == StateNeedsHuman {
		told = append(told, NewStaffNeedsHuman(o, rec.Note, s.Now))
	}
	switch err := r.Store.AdoptRecovered(ctx, Customer{ID: o.Customer, Chat: int64(o.Customer), Created: o.Created}, rec, told); {
	case errors.Is(err, ErrConflict):
		return nil // made again meanwhile
	case err != nil:
		return err
	}
	rep.Payments++
	return r.RestoreDetector.Noticed(ctx)
}

// recoverCreditSale is an order that store credit paid, from its lines in the vendor's list.
func recoverCreditSale(s RecoverySources, sale CreditSale, lines []VendorRecord) RecoveredOrder {
	slices.SortStableFunc(lines, func(a, b VendorRecord) int { return a.Bought.Compare(b.Bought) })
	line := lines[0]
	at := line.Bought
	if at.IsZero() || at.After(s.Now) {
		at = s.Now
	}
	o := Order{
		ID: sale.Order, Customer: sale.Customer, Kind: Purchase, Quantity: sale.Quantity, Method: creditMethod(), Price: sale.Amount, Retail: sale.Amount,
		IdempotencyKey: line.IdempotencyKey, VendorOrder: line.VendorOrder, Created: at, PaidAt: at, NextAt: s.Now, Changed: at, Reason: "recovered",
	}
	if line.Plan.DayPass() {
		o.Days = max(1, line.Days)
	}
	paid := Payment{ID: string(o.Method) + ":" + string(o.ID), Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: at}
	rec := RecoveredOrder{Order: o, Payments: []OrderPayment{{Payment: paid, Status: PaymentSettled, Reason: "recovered"}}}
	j := s.join()
	j.paid[o.ID] = []StarTransaction{{Order: o.ID, Customer: o.Customer, At: at, Invoiced: InvoicedSale{Order: o.ID, PlanCode: line.Plan.Code, Quantity: o.Quantity, Days: o.Days}}}
	j.describe(&rec, line)
	var r Recovery
	j.addESIMs(&r, rec, lines[:min(len(lines), o.Quantity)])
	rec = r.Orders[0]
	if parts := rec.Order.Parts(); rec.Order.State == StateDelivered && parts > 0 { // it became store credit again
		part := rec.Order.share(o.Price, parts)
		rec.post(s.Now, PartTransaction(paid, "recovered", true, part, part))
		rec.Note = ""
	}
	return rec
}
