package own

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// cancelFlow takes unused eSIMs back, and then gives the money back.
type cancelFlow struct {
	store interface {
		esimStore
		orderStore
		customerStore
		ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
		progressMessages
	}
	canceller *esim.Canceller
	gifts     *esim.Gifts
	now       func() time.Time
}

func (f *cancelFlow) register(t *ui.Router) {
	t.Route(refs.RouteCancel, ui.HandleWith(refs.ParseESIM(refs.RouteCancel), f.ask))
	t.Route(refs.RouteCancelNow, ui.HandleWith(refs.ParseOrder(refs.RouteCancelNow), f.begin))
	t.Route(refs.RouteCancelOne, ui.HandleWith(refs.ParseCancelOne, f.beginOne))
}

// cancellable reports whether an eSIM looks as if it could be given back; the vendor is
// asked before it is. What the shop gave brings nothing back.
func cancellable(o esim.Order, e esim.ESIM) bool { return e.Returnable(o) && !o.Gift }

// ask says how the money comes back before anything is given back: of one of several eSIMs, and
// of all of them where none was used.
func (f *cancelFlow) ask(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if !cancellable(o, e) {
		return ui.Screen{}, esim.ErrWrongState
	}
	if e.GivenAway() {
		return f.askGiven(ctx, r, e, o)
	}
	whole, err := refundSentence(r, o)
	if err != nil {
		return ui.Screen{}, err
	}
	args := i18n.Args{"plan": r.ESIMTitle(e), "id": o.ID.String(), "esim": e.ShortID(o.Quantity), "credit": r.Price(o.PartCredit())}
	no := ui.Row(ui.NewButton(r.Plain("cancel.btn_no", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))
	left := o.Remaining()
	all := ui.Row(ui.NewButton(r.PlainN("cancel.btn_yes_all", left, nil), refs.Order{Route: refs.RouteCancelNow, Order: o.ID}).AsDestructive())
	if left <= 1 {
		yes := ui.Row(ui.NewButton(r.Plain("cancel.btn_yes", nil), refs.Order{Route: refs.RouteCancelNow, Order: o.ID}).AsDestructive())
		return ui.Screen{Text: r.T("cancel.ask", args) + "\n\n" + whole, Rows: [][]ui.Button{yes, no}}, nil
	}
	back, _, _, err := o.Refundable()
	if err != nil {
		return ui.Screen{}, err
	}
	part := r.T("cancel.part_credit", args)
	if back == esim.RefundNothing {
		part = r.T("cancel.part_nothing", args)
	}
	s := ui.Screen{
		Text: r.T("cancel.ask_one", args) + "\n\n" + part,
		Rows: [][]ui.Button{ui.Row(ui.NewButton(r.Plain("cancel.btn_one", args), refs.CancelOneOf(e)).AsDestructive())},
	}
	unused, err := f.allUnused(ctx, o)
	if err != nil {
		return ui.Screen{}, err
	}
	switch {
	case o.State == esim.StateAllocating && !o.Allocated:
		s.Text += "\n\n" + r.T("cancel.others_coming", nil)
	case unused:
		s.Text += "\n\n" + ui.Sentences(r.N("cancel.or_all", left, args), whole)
		s.Rows = append(s.Rows, all)
	}
	s.Rows = append(s.Rows, no)
	return s, nil
}

// load is an eSIM that the customer may have cancelled, with its order.
func (f *cancelFlow) load(ctx context.Context, r *ui.Request, id esim.ESIMID) (esim.ESIM, esim.Order, error) {
	e, err := f.store.ESIMFor(ctx, r.Customer.ID, id)
	if err == nil && !e.MayReturn(r.Customer.ID) {
		err = esim.ErrNotFound
	}
	if err != nil {
		return e, esim.Order{}, err
	}
	o, err := f.store.Order(ctx, e.Order)
	return e, o, err
}

// askGiven is ask for an eSIM that was given away: who holds it cancels it for nothing, who bought it gets the money.
func (f *cancelFlow) askGiven(ctx context.Context, r *ui.Request, e esim.ESIM, o esim.Order) (ui.Screen, error) {
	args := i18n.Args{"plan": r.ESIMTitle(e), "esim": e.ShortID(o.Quantity), "credit": r.Price(o.PartCredit())}
	yes := ui.Row(ui.NewButton(r.Plain("gift.btn_cancel_yes", nil), refs.CancelOneOf(e)).AsDestructive())
	no := func(route ui.Route) []ui.Button {
		return ui.Row(ui.NewButton(r.Plain("cancel.btn_no", nil), refs.ESIM{Route: route, ESIM: e.ID}))
	}
	if e.Customer == r.Customer.ID {
		return ui.Screen{Text: r.T("gift.cancel_holder", args), Rows: [][]ui.Button{yes, no(refs.RouteESIM)}}, nil
	}
	// To whom they gave it is theirs to know, and not where it went from there.
	g, err := lastGift(ctx, f.gifts, r.Customer.ID, e.ID, f.now())
	if err != nil {
		return ui.Screen{}, err
	}
	args["name"] = nameOf(ctx, r, f.store, g.Recipient)
	back, err := refundSentence(r, o)
	if err != nil {
		return ui.Screen{}, err
	}
	if route, _, _, err := o.Refundable(); err != nil {
		return ui.Screen{}, err
	} else if o.Remaining() > 1 && route != esim.RefundNothing {
		back = r.T("cancel.part_credit", args)
	}
	return ui.Screen{Text: r.T("gift.cancel_buyer", args) + "\n\n" + back, Rows: [][]ui.Button{yes, no(refs.RouteGivenAway)}}, nil
}

// allUnused reports whether all that is left of an order is the customer's and looks as if it could be given back.
func (f *cancelFlow) allUnused(ctx context.Context, o esim.Order) (bool, error) {
	esims, err := f.store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return false, err
	}
	for _, e := range esims {
		if !e.Returned && (e.GivenAway() || !cancellable(o, e)) {
			return false, nil
		}
	}
	return true, nil
}

//i18n:use cancel.back_*

// refundSentence says how what is left of an order's money comes back, and how much.
func refundSentence(r *ui.Request, o esim.Order) (string, error) {
	route, err := money.RefundKey(o)
	if err != nil {
		return "", err
	}
	back, paid, credit, err := o.Refundable()
	if err != nil {
		return "", err
	}
	args := i18n.Args{"price": r.Price(paid), "credit": r.Price(credit)}
	words := r.T("cancel.back_"+route, args)
	if back == esim.RefundSameWay && credit.Minor > 0 {
		words = ui.Sentences(words, r.T("cancel.back_beside", args))
	}
	return ui.Sentences(words, money.DebtRestoredText(r, o)), nil
}

func (f *cancelFlow) begin(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	esims, err := f.store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	for _, e := range esims {
		if !e.Returned && e.GivenAway() && o.Remaining() <= 1 { // it was given away since the screen was shown
			return f.anew(e), nil
		}
	}
	return f.begun(ctx, r, o, func(ctx context.Context) error { return f.canceller.Begin(ctx, o.ID, nil) })
}

// beginOne takes one eSIM back from whom the screen named.
func (f *cancelFlow) beginOne(ctx context.Context, r *ui.Request, ref refs.CancelOne) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if ref != refs.CancelOneOf(e) {
		return f.anew(e), nil
	}
	return f.begun(ctx, r, o, func(ctx context.Context) error { return f.canceller.BeginOne(ctx, e) })
}

// anew asks again, with who holds the eSIM by now.
func (f *cancelFlow) anew(e esim.ESIM) ui.Screen {
	return ui.Screen{Follow: refs.ESIM{Route: refs.RouteCancel, ESIM: e.ID}.Data()}
}

// begun asks the vendor, and says that the cancellation began.
func (f *cancelFlow) begun(ctx context.Context, r *ui.Request, o esim.Order, begin func(context.Context) error) (ui.Screen, error) {
	if o.Kind != esim.Purchase || o.State != esim.StateDelivered && (o.State != esim.StateAllocating || o.Allocated) {
		return ui.Screen{}, esim.ErrWrongState
	}
	back := func(context.Context) error { return nil }
	if o.Customer == r.Customer.ID {
		var err error
		if back, err = f.tellHere(ctx, r, o.ID); err != nil {
			return ui.Screen{}, err
		}
	}
	return ui.Screen{
		Toast: r.Plain("cancel.toast_asking", nil), Up: refs.RouteESIMs.Data(),
		After: func(ctx context.Context) (ui.Screen, error) {
			err := begin(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, esim.ErrConflict) {
				err = errors.Join(err, back(ctx))
			}
			if errors.Is(err, esim.ErrConflict) { // another press was first, and its outcome is told
				return ui.Screen{}, nil
			}
			if err != nil {
				return ui.Screen{}, err
			}
			if o.Customer != r.Customer.ID { // the order, and the money, are somebody else's
				return ui.Screen{Text: r.T("gift.cancel_begun", nil), Rows: [][]ui.Button{ui.BackRow(r, refs.RouteESIMs)}}, nil
			}
			return ui.Screen{
				// The order's progress is told in this message: it may say already that the money is back.
				Looks: true,
				Text:  r.T("cancel.begun", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}),
				Rows:  [][]ui.Button{ui.BackRow(r, refs.RouteESIMs)},
			}, nil
		},
	}, nil
}

// progressMessages are the messages that show where orders are.
type progressMessages interface {
	ProgressMessage(ctx context.Context, id esim.OrderID) (chat int64, message int, err error)
	SetProgressMessage(ctx context.Context, id esim.OrderID, chat int64, message int) error
	ForgetProgressMessage(ctx context.Context, id esim.OrderID) error
}

// tellHere has what becomes of an order told in the message that the press came from, before anybody can go on in it.
// back has it told where it was before.
func (f *cancelFlow) tellHere(ctx context.Context, r *ui.Request, id esim.OrderID) (back func(context.Context) error, err error) {
	chat, message, err := f.store.ProgressMessage(ctx, id)
	missing := errors.Is(err, esim.ErrNotFound)
	if err != nil && !missing {
		return nil, err
	}
	if err := f.store.SetProgressMessage(ctx, id, r.Customer.Chat, r.Message); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		if missing {
			return f.store.ForgetProgressMessage(ctx, id)
		}
		return f.store.SetProgressMessage(ctx, id, chat, message)
	}, nil
}
