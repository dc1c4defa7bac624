package esim

import (
	"context"
	"fmt"
)

// Staff can top an eSIM up as a gift of the shop: an order like any other top-up, that costs its holder nothing and that
// the books have as given away. Whoever is blocked or at their limit can be given one too, also while the shop is paused:
// nothing is sold.

// GiftCost is what a top-up of a quote would cost the shop (US cents, rounded up).
func (q Quote) GiftCost() Money { return USDCents((q.Wholesale.fine().Minor + 99) / 100) }

// Give tops an eSIM up with a plan as a gift. cost (US cents) is what it was shown to cost the shop. press names the
// press that gives it: however often it comes, it is one gift, and the later ones are ErrAlreadyPaid.
// Other errors: ErrNoTopUp, ErrPlanGone, ErrPriceChanged, and those of VendorMonitor.CanSell.
func (s *TopUps) Give(ctx context.Context, e ESIM, code string, cost Money, press string, entry AuditEntry) (Order, error) {
	if !e.CanTopUp(s.Now()) || e.Customer.Forgotten() {
		return Order{}, ErrNoTopUp
	}
	if err := s.Checkout.staying(ctx, e.ID, e.Customer); err != nil {
		return Order{}, err
	}
	plans, err := s.Vendor.TopUps(ctx, e.ID, e.ICCID, e.Plan.Code)
	if err != nil {
		return Order{}, fmt.Errorf("ask for top-ups: %w", err)
	}
	for _, p := range plans {
		if p.Code != code {
			continue
		}
		q, err := s.quote(MethodFree, e, p, 0)
		if err != nil {
			return Order{}, err
		}
		if q.GiftCost() != cost {
			return Order{}, fmt.Errorf("gift of top-up %s: %s shown, now %s: %w", code, cost, q.GiftCost(), ErrPriceChanged)
		}
		if err := s.Checkout.Monitor.CanSell(ctx, q.Wholesale); err != nil {
			return Order{}, err
		}
		q.Retail = USDCents(0) // it is worth nothing where sales are summed up
		o, err := s.Checkout.add(ctx, PurchaseRequest{Customer: e.Customer, PlanCode: code, CallbackQueryID: press}, q, Order{Kind: TopUp, ESIM: e.ID, Gift: true}, "")
		if err != nil {
			return Order{}, err
		}
		entry.Order, entry.ESIM, entry.Customer = o.ID, e.ID, e.Customer
		return s.Checkout.inside(ctx, o, &entry)
	}
	return Order{}, fmt.Errorf("top-up %s: %w", code, ErrPlanGone)
}
