package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// A gift is what it costs the shop in the books, no sale, given once however often its press comes, and killed in the
// middle it goes on.
func TestStaffGiveATopUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, esims := r.bought(r.withTopUps(false), 1, 0)
	r.Must(r.Vendor.Install(string(esims[0].ID)))
	r.Must(r.Watcher.Refresh(t.Context(), esims[0].ID))
	e, err := r.DB.ESIM(t.Context(), esims[0].ID)
	r.Must(err)
	offers, err := r.TopUps.Offers(t.Context(), e, 0)
	r.Must(err)
	q := offers[0]
	before, err := r.DB.Balances(t.Context())
	r.Must(err)
	give := func(cost esim.Money) (esim.Order, error) {
		return r.TopUps.Give(t.Context(), e, q.Plan.Code, cost, "gift:1", act("gift"))
	}
	if _, err := give(esim.USDCents(1)); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("at another cost: %v", err)
	}
	if _, err := r.TopUps.Give(t.Context(), e, "NONE", q.GiftCost(), "gift:1", act("gift")); !errors.Is(err, esim.ErrPlanGone) {
		t.Errorf("of no plan: %v", err)
	}
	o, err := give(q.GiftCost())
	r.Must(err)
	r.restart()
	r.pass(time.Minute)
	r.Must(r.Monitor.Check(t.Context()))
	if again, err := give(q.GiftCost()); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("the same press again: order %s, %v", again.ID, err)
	}
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if again, err := give(q.GiftCost()); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("after it was added: order %s, %v", again.ID, err)
	}
	after, err := r.DB.Balances(t.Context())
	r.Must(err)
	spent := func(a esim.Account) int64 {
		sum := int64(0)
		for _, m := range after[a] {
			if m.Currency == esim.USD4 {
				sum += m.Minor
			}
		}
		for _, m := range before[a] {
			if m.Currency == esim.USD4 {
				sum -= m.Minor
			}
		}
		return sum
	}
	if spent(esim.AccountGrants) != q.Wholesale.Minor || spent(esim.AccountCost) != 0 || spent(esim.AccountVendor) != -q.Wholesale.Minor {
		t.Errorf("given %d, cost %d, vendor %d; want %d", spent(esim.AccountGrants), spent(esim.AccountCost), spent(esim.AccountVendor), q.Wholesale.Minor)
	}
	got, err := r.DB.ESIM(t.Context(), e.ID)
	r.Must(err)
	if got.Epoch != e.Epoch+1 || r.told(esim.NotifyToppedUp) != 1 || r.told(esim.StaffTopUp) != 0 {
		t.Errorf("epoch %d, told %d and %d times", got.Epoch, r.told(esim.NotifyToppedUp), r.told(esim.StaffTopUp))
	}
	if faults, err := r.DB.LedgerFaults(t.Context()); err != nil || len(faults) != 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
}
