package customer

import (
	"context"
	"errors"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// cancelFlow takes unused eSIMs back, and then gives the money back.
type cancelFlow struct {
	store interface {
		ESIMStore
		OrderStore
	}
	canceller *esim.Canceller
}

func (f *cancelFlow) register(t *ui.Router) {
	t.Route(routeCancel, ui.HandleWith(parseESIMRef(routeCancel), f.ask))
	t.Route(routeCancelNow, ui.HandleWith(parseOrderRef(routeCancelNow), f.begin))
}

// cancellable reports whether an order looks as if it could be given back; the vendor is
// asked before it is.
func cancellable(o esim.Order, e esim.ESIM) bool {
	return o.ID != "" && o.Customer == e.Customer && o.Kind == esim.Purchase && o.State == esim.Delivered && e.Cancellable() && e.Epoch == 0
}

//i18n:use cancel.back_*

func (f *cancelFlow) ask(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := f.store.OrderOf(ctx, r.Customer.ID, e.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	if !cancellable(o, e) {
		return ui.Screen{}, esim.ErrWrongState
	}
	args := i18n.Args{"plan": r.PlanTitle(o.Plan, o.Days), "id": o.ID.String()}
	text, yes := r.T("cancel.ask", args), r.Plain("cancel.btn_yes", nil)
	if o.Quantity > 1 {
		text, yes = r.N("cancel.ask_all", o.Quantity, args), r.PlainN("cancel.btn_yes_all", o.Quantity, nil)
	}
	route, err := refundRoute(o)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Text: text + "\n\n" + r.T("cancel.back_"+route, i18n.Args{"price": r.Price(o.Price), "credit": r.Price(o.Retail)}),
		Rows: [][]ui.Button{
			ui.Row(ui.NewButton(yes, orderRef{routeCancelNow, o.ID})),
			ui.Row(ui.NewButton(r.Plain("cancel.btn_no", nil), esimRef{routeESIM, e.ID})),
		},
	}, nil
}

// refundRoute says how the money of an order comes back: the end of a sentence's key.
func refundRoute(o esim.Order) (string, error) {
	spec, err := o.Method.Spec()
	switch {
	case err != nil:
		return "", err
	case o.Price.Minor == 0 || spec.Back == esim.BackNothing:
		return "nothing", nil
	case spec.Back == esim.BackAsCredit:
		return "credit", nil
	}
	return string(o.Method), nil
}

func (f *cancelFlow) begin(ctx context.Context, r *ui.Request, ref orderRef) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	if o.Kind != esim.Purchase || o.State != esim.Delivered {
		return ui.Screen{}, esim.ErrWrongState
	}
	return ui.Screen{
		Toast: r.Plain("cancel.toast_asking", nil), Up: routeESIMs.Data(),
		After: func(ctx context.Context) (ui.Screen, error) {
			err := f.canceller.Begin(ctx, o.ID, nil)
			if errors.Is(err, esim.ErrConflict) { // another press was first
				err = esim.ErrWrongState
			}
			if err != nil {
				return ui.Screen{}, err
			}
			return ui.Screen{
				Text: r.T("cancel.begun", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}),
				Rows: [][]ui.Button{ui.Back(r, routeESIMs)},
			}, nil
		},
	}, nil
}
