package staff

import (
	"context"
	"errors"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// stakeTable is what can need a second person: what a press on a route is about to do, and what that is worth.
func stakeTable(t talks) map[ui.Route]stake {
	return map[ui.Route]stake{
		routeYes:            staked(parseYesRef, t.actions.stake),
		routeYesESIM:        staked(parseYesESIMRef, t.actions.stakeESIM),
		routeYesGift:        staked(parseGiftRef(routeYesGift), t.actions.stakeGift),
		routeYesAssign:      staked(parseAssignRef, t.actions.stakeAssign),
		routeYesPart:        staked(parseYesPartRef, t.actions.stakePart),
		routePrice:          staked(parsePriceRef, t.prices.stake),
		routeSetting:        staked(parseSettingRef, t.settings.stake),
		routeCast:           staked(parseCastRef, t.broadcasts.stake),
		routeCredit:         staked(parseCreditRef, t.people.stake),
		routeYesUnexplained: staked(parseUnexplainedRef(routeYesUnexplained), t.unexplained.stake),
	}
}

// staked reads a route's arguments first.
func staked[R any](parse func(ui.CallbackData) (R, error), s func(ctx context.Context, r *request, ref R) (esim.SensitiveAction, error)) stake {
	return func(ctx context.Context, r *request) (esim.SensitiveAction, error) {
		ref, err := parse(r.Data)
		if err != nil {
			return esim.SensitiveAction{}, err
		}
		return s(ctx, r, ref)
	}
}

// stake is of an order's money that goes back, or is said to have come: what it was sold for.
func (f *actions) stake(ctx context.Context, _ *request, ref yesRef) (esim.SensitiveAction, error) {
	a, _ := orderActionNamed(ref.Action)
	if !a.moves && !a.weighs {
		return esim.SensitiveAction{}, nil
	}
	o, err := f.cards.orders.Order(ctx, ref.Order)
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	if o.State != ref.Seen { // it is not done
		return esim.SensitiveAction{}, nil
	}
	return esim.SensitiveAction{What: a.name, Customer: o.Customer, Order: o.ID, Worth: o.Retail}, nil
}

// stakeESIM is of an eSIM that is taken away: its share of what its order was sold for.
func (f *actions) stakeESIM(ctx context.Context, _ *request, ref yesESIMRef) (esim.SensitiveAction, error) {
	if ref.Action != revokeAction {
		return esim.SensitiveAction{}, nil
	}
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	if e.Status != ref.Seen {
		return esim.SensitiveAction{}, nil
	}
	return f.stakeOfESIM(ctx, ref.Action, e)
}

// stakeOfESIM is what taking an eSIM from its holder puts at stake. What nobody paid for says nothing of what it is worth
// to them: one of no order, or a gift of the shop, takes two persons at any limit.
func (f *actions) stakeOfESIM(ctx context.Context, what string, e esim.ESIM) (esim.SensitiveAction, error) {
	d := esim.SensitiveAction{What: what, Customer: e.Customer, Order: e.Order}
	o, err := f.cards.orders.Order(ctx, e.Order)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		d.Always = true
		return d, nil
	case err != nil:
		return d, err
	}
	d.Always = o.Gift
	d.Worth = esim.USDCents(o.Retail.Minor / int64(max(o.Quantity, 1)))
	return d, nil
}

// stake is of store credit that is given or taken.
func (f *people) stake(_ context.Context, r *request, ref creditRef) (esim.SensitiveAction, error) {
	if r.reason() == "" {
		return esim.SensitiveAction{}, nil
	}
	return esim.SensitiveAction{What: "credit", Customer: ref.Customer, Worth: magnitude(esim.USDCents(ref.Cents))}, nil
}

// stake is of a payment that is sent back.
func (f *unexplained) stake(ctx context.Context, _ *request, ref unexplainedRef) (esim.SensitiveAction, error) {
	a, _ := unexplainedActionNamed(ref.Action)
	if !a.moves {
		return esim.SensitiveAction{}, nil
	}
	u, err := f.admin.UnexplainedPayment(ctx, ref.Ref)
	if err != nil {
		return esim.SensitiveAction{}, heldGone(err)
	}
	worth, known := u.Amount, u.Amount.Currency == esim.USD
	if !known {
		worth, known = f.checkout.Pricing.InDollars(u.Amount)
	}
	return esim.SensitiveAction{What: a.name, Customer: u.Customer, Worth: worth, Always: !known}, nil
}
