package bot

import (
	"context"
	"errors"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeCancel    = "cancel"    // esimTranNo
	routeCancelNow = "cancelnow" // order
)

// cancelFlow takes unused eSIMs back, and then gives the money back.
type cancelFlow struct {
	store interface {
		ESIMStore
		OrderStore
	}
	canceller *esim.Canceller
}

func (f *cancelFlow) register(b *Bot) {
	b.route(routeCancel, f.ask)
	b.route(routeCancelNow, f.begin)
}

// cancellable reports whether an order looks as if it could be given back; the vendor is
// asked before it is.
func cancellable(o esim.Order, e esim.ESIM) bool {
	return o.ID != "" && o.Customer == e.Customer && o.Kind == esim.Purchase && o.State == esim.Delivered && e.Cancellable() && e.Epoch == 0
}

//i18n:use cancel.back_*

func (f *cancelFlow) ask(ctx context.Context, r *Request) (Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	o, err := f.store.OrderOf(ctx, r.Customer.ID, e.Order)
	if err != nil {
		return Screen{}, err
	}
	if !cancellable(o, e) {
		return Screen{}, esim.ErrWrongState
	}
	args := i18n.Args{"plan": r.planTitle(o.Plan, o.Days), "id": o.ID.String()}
	text, yes := r.T("cancel.ask", args), r.Plain("cancel.btn_yes", nil)
	if o.Quantity > 1 {
		text, yes = r.N("cancel.ask_all", o.Quantity, args), r.PlainN("cancel.btn_yes_all", o.Quantity, nil)
	}
	route, err := refundRoute(o)
	if err != nil {
		return Screen{}, err
	}
	return Screen{
		Text: text + "\n\n" + r.T("cancel.back_"+route, i18n.Args{"price": r.price(o.Price), "credit": r.price(o.Retail)}),
		Rows: [][]Button{
			row(press(yes, routeCancelNow, string(o.ID))),
			row(press(r.Plain("cancel.btn_no", nil), routeESIM, e.ID)),
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

func (f *cancelFlow) begin(ctx context.Context, r *Request) (Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, esim.OrderID(r.Data.Arg(0)))
	if err != nil {
		return Screen{}, err
	}
	if o.Kind != esim.Purchase || o.State != esim.Delivered {
		return Screen{}, esim.ErrWrongState
	}
	return Screen{
		Toast: r.Plain("cancel.toast_asking", nil), Up: to(routeESIMs),
		After: func(ctx context.Context) (Screen, error) {
			err := f.canceller.Begin(ctx, o.ID, nil)
			if errors.Is(err, esim.ErrConflict) { // another press was first
				err = esim.ErrWrongState
			}
			if err != nil {
				return Screen{}, err
			}
			return Screen{
				Text: r.T("cancel.begun", i18n.Args{"plan": r.orderTitle(o), "id": o.ID.String()}),
				Rows: [][]Button{back(r, to(routeESIMs))},
			}, nil
		},
	}, nil
}
