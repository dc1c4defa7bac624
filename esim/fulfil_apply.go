package esim

import (
	"context"
	"fmt"
)

// step decides and does, from one answer to the next, until the order is left for now.
func (f *Fulfiller) step(ctx context.Context, o Order) error {
	rules := f.rules()
	for a := answer(due{}); a != nil; {
		var err error
		if o, a, err = f.apply(ctx, rules.decide(o, a, f.Now())); err != nil {
			return err
		}
	}
	return nil
}

// apply carries a decision out. It returns the order as it is stored now and, if the
// decision was to ask, the answer.
func (f *Fulfiller) apply(ctx context.Context, d decision) (Order, answer, error) {
	o := d.order
	if !d.hideUntil.IsZero() {
		f.Catalog.Hide(o.Plan.Code, d.hideUntil)
	}
	switch d.do {
	case doBegin:
		if err := f.Store.ApplyTransition(ctx, d.move); err != nil {
			return o, nil, err
		}
		o.State = d.move.To
		return o, due{}, nil
	case doSwap:
		a, err := f.swap(ctx, o)
		return o, a, err
	case doPrice:
		a, err := f.price(ctx, o)
		return o, a, err
	case doBuy:
		return f.buy(ctx, o)
	case doSearch:
		a, err := f.search(ctx, o, d.cause)
		return o, a, err
	case doReprice:
		return o, f.reprice(ctx, o, d.cause), nil
	case doCollect:
		return f.collect(ctx, o)
	case doAccept, doGiveUp, doEscalate:
		return o, nil, f.Store.ApplyTransition(ctx, d.move)
	case doFinish:
		return o, nil, f.Store.ApplyTopUp(ctx, d.move, d.esims[0])
	case doAllocate:
		return o, nil, f.Store.Allocate(ctx, Allocation{
			Order: o, ESIMs: d.esims, Part: d.part, Transactions: d.transactions, Notifications: d.notifications,
		})
	case doReschedule:
		return o, nil, f.Store.NoteWork(ctx, o, d.notifications)
	}
	return o, nil, fmt.Errorf("order %s: nobody knows how to %s", o.ID, d.do)
}

// reprice fetches the price list anew.
func (f *Fulfiller) reprice(ctx context.Context, o Order, cause error) answer {
	if err := f.Catalog.Refresh(ctx); err != nil {
		return repriceFailed{cause, err}
	}
	p, gone := f.listPrice(o)
	return repriced{cause, p, gone}
}

// buy asks the vendor to buy or to top up. That it is about to ask is written down first:
// a program that dies here must know that it may have bought.
func (f *Fulfiller) buy(ctx context.Context, o Order) (Order, answer, error) {
	var e ESIM
	if o.Kind == TopUp {
		var err error
		if e, err = f.topUpESIM(ctx, o); err != nil {
			return o, nil, err
		}
	}
	earlier, since := o.OutcomeUnknown, o.OutcomeUnknownAt
	o.Attempts++
	o.OutcomeUnknown, o.OutcomeUnknownAt = true, f.Now()
	if err := f.Store.NoteWork(ctx, o, nil); err != nil {
		return o, nil, err
	}
	a, err := f.call(ctx, o, e)
	if err == nil {
		return o, a, nil
	}
	if ctx.Err() != nil {
		return o, nil, ctx.Err() // stopping: the outcome stays unknown and is asked for after the start
	}
	return o, refused{err, earlier, since}, nil
}

// call makes the purchase. e is the eSIM of a top-up.
func (f *Fulfiller) call(ctx context.Context, o Order, e ESIM) (answer, error) {
	if o.Kind == TopUp {
		done, err := f.TopUpVendor.TopUp(ctx, TopUpRequest{IdempotencyKey: o.IdempotencyKey, ID: o.ESIM, ICCID: e.ICCID, PlanCode: o.Plan.Code, Days: o.Days})
		if err != nil {
			return nil, err
		}
		return f.toppedUp(ctx, e, done), nil
	}
	b := VendorPurchase{IdempotencyKey: o.IdempotencyKey, Plan: o.Plan, Quantity: o.Quantity, Days: o.Days}
	if now, err := f.Catalog.Current().Known(o.Plan.Code); err == nil {
		b.Plan.Slug = now.Slug // slugs of regions are renamed as they grow; the code stays
	}
	if !o.Plan.DayPass() {
		b.ExpectedUnitPrice = o.UnitWholesale()
	}
	vendorOrder, err := f.Vendor.Order(ctx, b)
	if err != nil {
		return nil, err
	}
	return accepted{vendorOrder}, nil
}

// search looks for the order's key in the vendor's list, to settle an order of which an
// earlier call may have bought something.
func (f *Fulfiller) search(ctx context.Context, o Order, cause error) (answer, error) {
	from, to := o.boughtBetween(f.Now())
	if o.Kind == TopUp {
		_, found, err := f.TopUpVendor.FindTopUp(ctx, o.IdempotencyKey, from, to)
		if err != nil {
			return listFailed{cause, err}, nil
		}
		if !found {
			return notListed{cause}, nil
		}
		e, err := f.topUpESIM(ctx, o)
		if err != nil {
			return nil, err
		}
		return f.toppedUp(ctx, e, TopUpResult{}), nil
	}
	found, err := f.Vendor.FindPurchase(ctx, o.IdempotencyKey, from, to)
	if err != nil {
		return listFailed{cause, err}, nil
	}
	for _, p := range found {
		if p.IdempotencyKey == o.IdempotencyKey && p.VendorOrder != "" {
			return accepted{p.VendorOrder}, nil
		}
	}
	return notListed{cause}, nil
}

// toppedUp is an eSIM after its top-up. What the vendor's answer leaves out is asked for.
func (f *Fulfiller) toppedUp(ctx context.Context, e ESIM, done TopUpResult) answer {
	if done.Total == 0 || done.Expires.IsZero() {
		p, err := f.TopUpVendor.Profile(ctx, e.ID)
		if err != nil {
			return unseen{err}
		}
		e = e.Merge(p)
	} else {
		e.Total, e.Days, e.Expires, e.Used = done.Total, done.Days, done.Expires, max(e.Used, done.Used)
		if e.Status == ProfileUsedUp && e.Used < e.Total {
			e.Status = ProfileInUse
		}
	}
	e.Asked = f.Now()
	return applied{e}
}

func (f *Fulfiller) topUpESIM(ctx context.Context, o Order) (ESIM, error) {
	e, err := f.Store.ESIM(ctx, o.ESIM)
	if err != nil {
		return ESIM{}, fmt.Errorf("eSIM of a top-up: %w", err)
	}
	return e, nil
}
