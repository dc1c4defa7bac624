package esim

import (
	"context"
	"errors"
)

// The vendor guards the price of a fixed plan: an order that names another is refused. Of day
// passes and top-ups it guards none and charges what they cost at that moment, so their price
// is read right before the purchase, from the vendor and not from our list, and that is what
// the books say. Once a purchase may have been made the price is not read any more: what it
// cost is what was read before it.

// price asks the vendor what the purchase would cost now, in all.
func (f *Fulfiller) price(ctx context.Context, o Order) (answer, error) {
	var p Plan
	var err error
	if o.Kind == TopUp {
		e, leaving, storeErr := leavingNow(ctx, f.Store, o.ESIM)
		if storeErr != nil {
			return nil, storeErr
		}
		if why := topUpOff(o, e, leaving); why != nil {
			return unpriced{&VendorError{Op: "before the top-up", Action: ActionRefund, Err: why}}, nil
		}
		p, err = f.TopUpVendor.TopUpPlan(ctx, o.ESIM, e.ICCID, e.Plan.Code, o.Plan.Code)
	} else if p, err = f.Vendor.Plan(ctx, o.Plan.Code); err == nil {
		f.Catalog.UpdatePrice(p)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrNotFound):
		return priced{gone: true}, nil
	case err != nil:
		return unpriced{err}, nil
	}
	total, ok := o.costAt(p)
	return priced{total, !ok}, nil
}

// costAt is what an order costs (USD4, in all) at the price of a plan; false for a price at which
// nothing is sold.
func (o Order) costAt(p Plan) (Money, bool) {
	if p.Wholesale.Currency != USD4 || p.Wholesale.Minor <= 0 || p.Wholesale.Minor > maxWholesale {
		return Money{}, false
	}
	return p.Wholesale.Times(o.Quantity * max(o.Days, 1)), true
}

// listPrice is what an order would cost by the price list we have; gone if the plan is
// not in it.
func (f *Fulfiller) listPrice(o Order) (price Money, gone bool) {
	plan, err := f.Catalog.Current().Known(o.Plan.Code)
	if err != nil {
		return Money{}, true
	}
	price, ok := o.costAt(plan)
	return price, !ok
}
