package esim

import (
	"context"
	"errors"
	"fmt"
)

// creditTopUps takes what was paid for top-ups since the copy was made off the store credit of who paid. Which eSIM each went
// to the list does not say, and the eSIM has it already. It is looked for once in a run, in what the vendor sold since the run before.
func (r *Reconciler) creditTopUps(ctx context.Context, rep *ReconcileReport, stuck map[string]bool) error {
	since := r.RestoreDetector.Since()
	if since.IsZero() || r.Seal == nil || r.toppedUp {
		r.RestoreDetector.ListRead()
		return nil
	}
	from, to := Order{Created: since, PaidAt: r.Now()}.boughtBetween(r.Now())
	var failed []error
	for page, err := range r.Records.RecordsOrdered(ctx, from, to) {
		if err != nil {
			return fmt.Errorf("look for top-ups that store credit paid: %w", err)
		}
		for _, v := range page {
			sale, ok := r.Seal.Open(v.IdempotencyKey)
			if !ok || !v.TopUp {
				continue
			}
			failed = append(failed, r.isolate(ctx, stuck, "top-up that store credit paid", string(v.ID), sale.Order, func() error { return r.creditTopUp(ctx, sale, v, rep) }))
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	r.RestoreDetector.ListRead()
	err := errors.Join(failed...)
	r.toppedUp = err == nil
	return err
}

func (r *Reconciler) creditTopUp(ctx context.Context, sale CreditSale, v VendorRecord, rep *ReconcileReport) error {
	unpaid, ok, err := r.unpaidFromCredit(ctx, sale)
	if err != nil || !ok {
		return err
	}
	found := &creditFound{sale: sale, unpaid: unpaid}
	if unpaid != nil {
		if err := r.payAgain(ctx, found, rep); !errors.Is(err, ErrInsufficientCredit) {
			return err
		}
	}
	credit, err := r.Checkout.Store.Credit(ctx, sale.Customer)
	if err != nil {
		return err
	}
	spent := USDCents(min(sale.Amount.Minor, max(0, credit.Minor)))
	if spent.Minor == 0 {
		return nil
	}
	now := r.Now()
	entry := AuditEntry{At: now, What: "credit", Customer: sale.Customer, Amount: USDCents(-spent.Minor), Why: "spent on top-up " + sale.Order.String() + " since this copy of the database was made"}
	err = r.Store.Grant(ctx, GrantTransaction("recovered:"+string(sale.Order), sale.Customer, entry.Amount, entry.Why), entry, []Notification{NewStaffFoundCredit(sale.Order, "", spent)})
	if errors.Is(err, ErrConflict) {
		return nil
	}
	if err != nil {
		return err
	}
	rep.Payments++
	return r.RestoreDetector.Noticed(ctx)
}
