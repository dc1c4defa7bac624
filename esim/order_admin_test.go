package esim_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

func (r *rig) topUps() *esim.TopUps { return r.TopUps }

func (r *rig) canceller() *esim.Canceller { return r.Canceller }

func (r *rig) admin() *esim.OrderAdmin { return r.Admin }

// stars is an account of Stars that a test writes.
type stars []esim.StarTransaction

func (s stars) StarTransactions(_ context.Context, skip int) iter.Seq2[esim.StarTransactionAt, error] {
	return func(yield func(esim.StarTransactionAt, error) bool) {
		for i, m := range s {
			if i >= skip && !yield(esim.StarTransactionAt{StarTransaction: m, Read: i + 1}, nil) {
				return
			}
		}
	}
}

func (r *rig) reconcile(s stars) esim.ReconcileReport {
	r.Helper()
	r.Reconciler.Stars = s
	rep, err := r.Reconciler.Run(r.Context(), true)
	r.Must(err)
	return rep
}

// delivered buys one eSIM and sees it delivered.
func (r *rig) delivered() (esim.Order, esim.ESIM) {
	r.Helper()
	o := r.paid(r.plan(), 1, 0)
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	r.Must(err)
	if len(esims) != 1 {
		r.Fatalf("%d eSIMs", len(esims))
	}
	return r.order(o.ID), esims[0]
}

// wantState checks where an order is, and that the books agree.
func (r *rig) wantState(id esim.OrderID, want esim.State) {
	r.Helper()
	if o := r.order(id); o.State != want {
		r.Errorf("the order is %s (%s), want %s; reports: %v", o.State, o.Reason, want, r.reports)
	}
	faults, err := r.DB.LedgerFaults(r.Context())
	r.Must(err)
	if len(faults) > 0 {
		r.Errorf("the books: %v", faults)
	}
}

// balance is the sum of an account of the books in a currency.
func (r *rig) balance(a esim.Account, c esim.Currency) int64 {
	r.Helper()
	all, err := r.DB.Balances(r.Context())
	r.Must(err)
	i := slices.IndexFunc(all[a], func(m esim.Money) bool { return m.Currency == c })
	if i < 0 {
		return 0
	}
	return all[a][i].Minor
}

func act(what string) esim.AuditEntry {
	return esim.AuditEntry{At: noon, Who: 7, What: what, Why: "a test"}
}

func TestOfTwoStaffWhoRefundOneDoes(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, _ := r.delivered()
	d := r.admin()
	r.Must(d.Refund(t.Context(), o.ID, act("refund")))
	if err := d.Refund(t.Context(), o.ID, act("refund")); !errors.Is(err, esim.ErrWrongState) && !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the second: %v", err)
	}
	r.Must(r.Refunder.Run(t.Context()))
	r.wantState(o.ID, esim.StateRefunded)
	if len(r.bank.returned) != 1 {
		t.Errorf("returned %d times", len(r.bank.returned))
	}
	if entries, err := r.DB.AuditEntries(t.Context(), o.ID, 10); err != nil || len(entries) != 1 {
		t.Errorf("acts %v, %v", entries, err)
	}
	if n := r.balance(esim.AccountRefunds, esim.XTR); n != o.Price.Minor {
		t.Errorf("%d Stars given back after delivery, want %d", n, o.Price.Minor)
	}
}

func TestStaffSendAnOrderOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	for _, to := range []esim.State{esim.StateOrdering, esim.StateNeedsHuman} {
		o = r.order(o.ID)
		m := o.TransitionTo(to, "test", r.Vendor.Time())
		if to == esim.StateNeedsHuman {
			m.Notifications = []esim.Notification{esim.NewStaffNeedsHuman(o, "test", r.Vendor.Time())}
		}
		r.Must(r.DB.ApplyTransition(t.Context(), m))
	}
	d := r.admin()
	for days, want := range []int{1, 2, 3} {
		for range 3 {
			r.Must(d.Remind(t.Context()))
			r.Vendor.Advance(time.Hour)
		}
		r.deliver()
		if n := r.told(esim.StaffNeedsHuman) + r.told(esim.StaffOpenItems); n != want {
			t.Errorf("after %d days staff were told %d times, want %d", days, n, want)
		}
		r.Vendor.Advance(21 * time.Hour)
	}
	r.Must(d.Retry(t.Context(), o.ID, act("retry")))
	r.pass(2 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.Vendor.Charged(o.IdempotencyKey); n != 1 {
		t.Errorf("charged %d times", n)
	}
}

func TestStaffManageAnESIM(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	r.Must(r.Vendor.Burn(string(e.ID), 1<<20))
	d := r.admin()
	for _, step := range []struct {
		name string
		do   func(context.Context, esim.ESIMID, esim.AuditEntry) error
		want esim.Condition
	}{{"suspend", d.Suspend, esim.ConditionPaused}, {"resume", d.Resume, esim.ConditionWorking}, {"revoke", d.Revoke, esim.ConditionWithdrawn}} {
		r.Vendor.Advance(time.Minute)
		r.Must(step.do(t.Context(), e.ID, act(step.name)))
		now, err := r.DB.ESIM(t.Context(), e.ID)
		r.Must(err)
		if got := now.Condition(r.Vendor.Time()); got != step.want {
			t.Errorf("%s: it is %s, want %s", step.name, got, step.want)
		}
	}
	if entries, err := r.DB.AuditEntries(t.Context(), "", 10); err != nil || len(entries) != 3 {
		t.Errorf("acts %v, %v", entries, err)
	}
}
