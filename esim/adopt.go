package esim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// A restored older copy of the database does not know the sales since. Their payments are held,
// since no order explains them; their eSIMs show in the vendor's list under a key that names the
// order. Where both are there the order is made again, and its eSIM is its owner's: it is neither
// bought again nor paid back.

// AdoptStore is what adopting needs from storage.
type AdoptStore interface {
	// AdoptRecovered stores an order that was held as unexplained payments, with the customer if
	// they are unknown, closes these payments, and adds the notifications. ErrConflict if the
	// order exists, or if a payment of it is not open any more.
	AdoptRecovered(ctx context.Context, c Customer, o RecoveredOrder, notifications []Notification) error
	// NoteWork stores the work fields of an order if it is still in its state, with the notifications; else ErrConflict.
	NoteWork(ctx context.Context, o Order, notifications []Notification) error
	// Grant posts store credit once per key, with the audit entry and the notifications; ErrConflict if it was posted.
	Grant(ctx context.Context, p Transaction, entry AuditEntry, notifications []Notification) error
}

// named keeps a profile for adopt whose key names an order with a held payment.
func (r *Reconciler) named(ctx context.Context, p Profile, w *walk) (bool, error) {
	id, ok := OrderOfIdempotencyKey(p.IdempotencyKey)
	if !ok {
		return false, nil
	}
	if err := w.hold(ctx, r.Store); err != nil {
		return false, err
	}
	if w.held[id] {
		w.found = append(w.found, VendorRecord{Profile: p})
	}
	return w.held[id], nil
}

// hold asks once for which orders payments are held.
func (w *walk) hold(ctx context.Context, s UnexplainedStore) error {
	if w.held != nil {
		return nil
	}
	open, err := s.UnexplainedPayments(ctx)
	if err != nil {
		return err
	}
	w.held = map[OrderID]bool{}
	for _, u := range open {
		w.held[u.Order] = true
		if w.from.IsZero() || u.At.Before(w.from) {
			w.from = u.At
		}
		if u.At.After(w.to) {
			w.to = u.At
		}
	}
	return nil
}

// topUps finds the top-ups of held payments: the walk through eSIMs shows none. With them come the
// lines of the eSIMs that were found, which say what was added to each.
func (r *Reconciler) topUps(ctx context.Context, w *walk) error {
	if err := w.hold(ctx, r.Store); err != nil || len(w.held) == 0 {
		return err
	}
	from, to := Order{Created: w.from, PaidAt: w.to}.boughtBetween(w.to)
	for page, err := range r.Records.RecordsOrdered(ctx, from, to) {
		if err != nil {
			return fmt.Errorf("look for top-ups that are held: %w", err)
		}
		for _, v := range page {
			id, named := OrderOfIdempotencyKey(v.IdempotencyKey)
			if !named || !w.held[id] {
				continue
			}
			if i := slices.IndexFunc(w.found, func(f VendorRecord) bool { return f.ID == v.ID }); i >= 0 {
				w.found[i] = v
			} else if v.TopUp {
				w.found = append(w.found, v)
			}
		}
	}
	return nil
}

// RecordLister is the vendor's list of what was ordered between two times.
type RecordLister interface {
	// RecordsOrdered walks eSIMs and top-ups, page by page. It ends after the first error.
	RecordsOrdered(ctx context.Context, from, to time.Time) iter.Seq2[[]VendorRecord, error]
}

// namedRecord is the line of the vendor's list whose key names an order, though it is not the
// order's own: of before its database was lost. The zero value: there is none.
func namedRecord(ctx context.Context, l RecordLister, o Order, now time.Time) (VendorRecord, error) {
	from, to := o.boughtBetween(now)
	var found VendorRecord
	for page, err := range l.RecordsOrdered(ctx, from, to) {
		if err != nil {
			return VendorRecord{}, fmt.Errorf("look for order %s in the vendor's list: %w", o.ID, err)
		}
		for _, v := range page {
			id, named := OrderOfIdempotencyKey(v.IdempotencyKey)
			if !named || id != o.ID || v.TopUp != (o.Kind == TopUp) || found.IdempotencyKey == o.IdempotencyKey {
				continue
			}
			if v.TopUp {
				v.VendorOrder = ""
			}
			found = v
		}
	}
	return found, nil
}

// A walk is what one walk through the vendor's list found of orders that are not ours yet.
type walk struct {
	held     map[OrderID]bool // orders named by held payments; nil: not asked yet
	from, to time.Time        // the first and the last of these payments
	found    []VendorRecord
	whole    bool
	gone     map[OrderID]map[ESIMID]bool // of customers who were forgotten: what the vendor has back
	swaps    []Profile                   // that took the place of eSIMs which are ours
	credit   map[OrderID]*creditFound    // that store credit paid
}

// adopt makes the orders again whose payment is held and whose eSIMs or top-ups were found.
// Top-ups are looked for in whole walks only.
func (r *Reconciler) adopt(ctx context.Context, w *walk, whole bool, rep *ReconcileReport, stuck map[string]bool) error {
	if r.Stars == nil {
		return nil
	}
	if whole {
		if err := r.topUps(ctx, w); err != nil {
			return err
		}
	}
	if len(w.found) == 0 {
		return nil
	}
	orders := map[OrderID]bool{}
	for _, v := range w.found {
		id, _ := OrderOfIdempotencyKey(v.IdempotencyKey)
		orders[id] = true
	}
	s := RecoverySources{Bot: r.Bot, Records: w.found, Plan: r.Checkout.Catalog.Current().Known, Pricing: r.Checkout.Pricing, Now: r.Now()}
	var err error
	for line, failed := range r.Stars.StarTransactions(ctx, 0) { // the invoices say what was bought
		if failed != nil {
			return fmt.Errorf("read the Stars account for what is held: %w", failed)
		}
		if m := line.StarTransaction; orders[m.Order] || !m.Incoming {
			s.Stars = append(s.Stars, m)
		}
	}
	if s.Known, err = r.Store.ESIMs(ctx, toppedUpIn(s.Stars)); err != nil {
		return fmt.Errorf("eSIMs of top-ups that are held: %w", err)
	}
	recovered := Recover(s)
	var failed []error
	for _, o := range recovered.Orders {
		failed = append(failed, r.isolate(ctx, stuck, "order that was found", string(o.Order.ID), o.Order.ID, func() error { return r.adoptOne(ctx, recovered, o, rep) }))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(failed...)
}

// adoptOne makes one order again.
func (r *Reconciler) adoptOne(ctx context.Context, recovered Recovery, o RecoveredOrder, rep *ReconcileReport) error {
	i := slices.IndexFunc(recovered.Customers, func(c Customer) bool { return c.ID == o.Order.Customer })
	p := o.Payments[0].Payment
	told := []Notification{NewStaffFoundPaid(StarTransaction{ID: p.ID, Amount: p.Amount}, o.Order.ID)}
	if o.Order.State == StateNeedsHuman {
		told = append(told, NewStaffNeedsHuman(o.Order, o.Note, r.Now()))
	}
	err := r.Store.AdoptRecovered(ctx, recovered.Customers[i], o, told)
	if errors.Is(err, ErrConflict) {
		return nil // staff decided meanwhile
	} else if err != nil {
		return err
	}
	rep.Payments++
	return r.RestoreDetector.Noticed(ctx)
}

// toppedUpIn are the eSIMs that invoices of top-ups name.
func toppedUpIn(lines []StarTransaction) []ESIMID {
	var ids []ESIMID
	for _, m := range lines {
		if m.Incoming && m.Invoiced.ESIM != "" {
			ids = append(ids, m.Invoiced.ESIM)
		}
	}
	return ids
}
