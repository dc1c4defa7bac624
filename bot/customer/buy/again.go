package buy

import (
	"context"
	"errors"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// againFlow leads from something bought to buying it once more.
type againFlow struct {
	catalog *esim.CatalogCache
	store   orderStore
}

func (f *againFlow) register(t *ui.Router) {
	t.Route(refs.RouteBuyAgain, ui.HandleWith(refs.ParseOrder(refs.RouteBuyAgain), f.again))
}

// again shows the card of the plan of an order, with as many eSIMs and days; of a plan that is not
// sold any more, the one that comes nearest, with a word.
func (f *againFlow) again(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	p, err := f.catalog.Plan(o.Plan.Code)
	switch {
	case err == nil:
		return ui.Screen{Follow: refs.Plan{Code: p.Code, Days: o.Days, Quantity: o.Quantity}.Data()}, nil
	case !errors.Is(err, esim.ErrPlanGone):
		return ui.Screen{}, err
	}
	gone := i18n.Args{"plan": r.PlanTitle(o.Plan, o.Days)}
	if near, ok := f.catalog.Current().NearestPlan(o.Plan, o.Days); ok {
		return ui.Screen{
			Lead:   r.T("buy.again_nearest", gone),
			Follow: refs.Plan{Code: near.Plan.Code, Days: near.Days, Quantity: o.Quantity}.Data(),
		}, nil
	}
	s := ui.Screen{Text: r.T("buy.again_gone", gone), Rows: [][]ui.Button{ui.MenuRow(r)[0]}}
	catalog, place := f.catalog.Current(), o.Plan.Place()
	if len(catalog.Country(place))+len(catalog.Covering(place))+len(catalog.Region(place)) > 0 { // its place may be hidden
		s.Rows = append([][]ui.Button{ui.Row(ui.Button{Text: r.Plain("alert.btn_more", nil), Data: refs.MorePlans(o.Plan)})}, s.Rows...)
	}
	return s, nil
}
