package find

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// aboutESIM is how a wish about an eSIM is answered: where it leads, and for which eSIMs.
type aboutESIM struct {
	fits func(e esim.ESIM, o esim.Order, c esim.Condition) bool
	to   func(id esim.ESIMID) ui.CallbackRef
	lead bool // a sentence stands before where one eSIM leads: wish.lead_WISH
}

func cardRef(id esim.ESIMID) ui.CallbackRef { return refs.ESIM{Route: refs.RouteESIM, ESIM: id} }

func routeTo(route ui.Route) func(esim.ESIMID) ui.CallbackRef {
	return func(id esim.ESIMID) ui.CallbackRef { return refs.ESIM{Route: route, ESIM: id} }
}

func canReturn(e esim.ESIM, o esim.Order, _ esim.Condition) bool {
	return e.Returnable(o) && !e.GivenAway()
}

func isLive(e esim.ESIM, _ esim.Order, c esim.Condition) bool {
	return !e.Status.Final() && !c.Ended()
}

// aboutESIMs says of every wish about an eSIM how it is answered.
func (f *searchFlow) aboutESIMs() map[i18n.Intent]aboutESIM {
	return map[i18n.Intent]aboutESIM{
		i18n.IntentLost:    {isLive, func(id esim.ESIMID) ui.CallbackRef { return refs.Lost{ESIM: id} }, false},
		i18n.IntentConnect: {isLive, func(id esim.ESIMID) ui.CallbackRef { return refs.Fault{ESIM: id} }, false},
		i18n.IntentRefund:  {canReturn, routeTo(refs.RouteCancel), false},
		i18n.IntentCancel:  {canReturn, routeTo(refs.RouteCancel), false},
		i18n.IntentQR: {func(e esim.ESIM, o esim.Order, c esim.Condition) bool {
			return e.Installable(o) && (c == esim.ConditionReady || c == esim.ConditionDownloading)
		}, routeTo(refs.RouteQR), false},
		i18n.IntentTopUp: {
			func(e esim.ESIM, o esim.Order, _ esim.Condition) bool {
				return e.CanTopUp(f.now()) && !o.TakesBack(e.ID)
			},
			func(id esim.ESIMID) ui.CallbackRef { return refs.TopUps{ESIM: id} }, false,
		},
		i18n.IntentRename: {
			func(e esim.ESIM, _ esim.Order, _ esim.Condition) bool { return !e.Status.Final() },
			func(id esim.ESIMID) ui.CallbackRef { return refs.Name{ESIM: id} }, false,
		},
		i18n.IntentGift:  {func(e esim.ESIM, o esim.Order, _ esim.Condition) bool { return e.CanBeGivenAway(o, f.now()) }, routeTo(refs.RouteGift), false},
		i18n.IntentUsage: {func(esim.ESIM, esim.Order, esim.Condition) bool { return true }, cardRef, false},
		i18n.IntentOrder: {func(esim.ESIM, esim.Order, esim.Condition) bool { return true }, cardRef, true},
	}
}

//i18n:use wish.*

// wish answers what somebody wants who looks for no place; false: nothing that is known here.
func (f *searchFlow) wish(ctx context.Context, r *ui.Request, q i18n.Query) (ui.Screen, bool, error) {
	if about, is := f.aboutESIMs()[q.Intent]; is {
		s, err := f.wishAbout(ctx, r, q.Intent, about)
		return s, true, err
	}
	switch q.Intent {
	case i18n.IntentSlow, i18n.IntentAPN:
		s, err := f.faultStep(ctx, r, q.Intent)
		return s, true, err
	case i18n.IntentPromo:
		return f.below(r, ui.Screen{Follow: refs.Promo{}.Data()}), true, nil
	case i18n.IntentInstall:
		return f.below(r, ui.Screen{Follow: refs.Guide{}.Data()}), true, nil
	case i18n.IntentFit:
		if phone, named := phoneNamed(r.Text, true); named {
			return ui.Screen{Follow: refs.PhoneCheck{Answer: refs.PhoneCheckAnswer(phone)}.Data()}, true, nil
		}
		return f.below(r, ui.Screen{Follow: refs.RoutePhone.Data()}), true, nil
	case i18n.IntentLanguage:
		return ui.Screen{Follow: refs.Language{}.Data()}, true, nil
	case i18n.IntentMenu, i18n.IntentHello:
		return ui.Screen{Follow: ui.RouteMenu.Data()}, true, nil
	case i18n.IntentAnswer:
		return f.unasked(r, q), true, nil
	case i18n.IntentThanks:
		return ui.Screen{Text: r.T("wish.thanks", nil), Rows: [][]ui.Button{
			{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
		}}, true, nil
	case i18n.IntentPrice, i18n.IntentCheapest:
		if len(f.Catalog.Current().Plans()) == 0 {
			return ui.Screen{Follow: ui.RouteMenu.Data()}, true, nil
		}
		s := f.whereTo(r, esim.PlanCriteria{})
		s.Text = r.T("wish."+string(q.Intent), buttonsOf(r))
		return s, true, nil
	}
	return ui.Screen{}, false, nil
}

// faultStep leads to what the fault finder says of an eSIM that is slow, or of its access point.
func (f *searchFlow) faultStep(ctx context.Context, r *ui.Request, wish i18n.Intent) (ui.Screen, error) {
	like, step, fits := i18n.IntentConnect, refs.StepSlow, isLive
	if wish == i18n.IntentAPN {
		like, step, fits = i18n.IntentUsage, refs.StepAPN, func(esim.ESIM, esim.Order, esim.Condition) bool { return true }
	}
	return f.wishAbout(ctx, r, like, aboutESIM{fits, func(id esim.ESIMID) ui.CallbackRef { return refs.Fault{ESIM: id, Step: step} }, false})
}

// unasked answers a yes or a no where nothing was asked. "No" is Norway's code too: what it may be the name of is a
// press away.
func (f *searchFlow) unasked(r *ui.Request, q i18n.Query) ui.Screen {
	s := ui.Screen{Text: r.T("wish.answer", nil)}
	if where := f.sold(q); len(where.order) > 0 {
		s.Rows = append(s.Rows, ui.Row(f.button(r, where.order[0], esim.PlanCriteria{}, refs.FromMenu)))
	}
	s.Rows = append(s.Rows,
		ui.Row(ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)),
		ui.Row(refs.AskButton(r)),
		ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}

// buttonsOf are the buttons that sentences name.
func buttonsOf(r *ui.Request) i18n.Args {
	return i18n.Args{
		"cancel": r.Plain("cancel.btn", nil), "person": r.Plain("support.btn_person", nil), "fault": r.Plain("fault.btn", nil),
		"gift": r.Plain("gift.btn", nil), "all": r.Plain("browse.btn_all", nil),
	}
}

// below has a person offered below the screen that is followed.
func (f *searchFlow) below(r *ui.Request, s ui.Screen) ui.Screen {
	s.Below = ui.Row(refs.AskButton(r))
	return s
}

// wishAbout leads to what is wanted of the eSIM that it can be wanted of; to a choice where there are several. What
// is still on its way comes first for those who have nothing else.
func (f *searchFlow) wishAbout(ctx context.Context, r *ui.Request, wish i18n.Intent, about aboutESIM) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, fmt.Errorf("the eSIMs that a wish may be about: %w", err)
	}
	if wish == i18n.IntentOrder || len(esims) == 0 {
		coming, err := f.coming(ctx, r)
		if err != nil {
			return ui.Screen{}, err
		}
		if len(coming) > 0 { // the newest: of the others its screen leads to the list
			return f.below(r, ui.Screen{Follow: refs.Order{Route: refs.RouteOrder, Order: coming[0].ID}.Data()}), nil
		}
	}
	if len(esims) == 0 && wish == i18n.IntentConnect {
		return f.trouble(ctx, r)
	}
	if len(esims) == 0 {
		return ui.Screen{Text: r.T("fault.no_esims", nil), Rows: [][]ui.Button{
			{refs.AskButton(r)},
			{ui.NewButton(r.Plain("esims.btn_first", nil), ui.RouteMenu)},
		}}, nil
	}
	var fitting []esim.ESIM
	var paidBack esim.OrderID
	esims = esim.LiveFirst(esims, f.now())
	for i, e := range esims {
		o, err := f.store.Order(ctx, e.Order)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return ui.Screen{}, fmt.Errorf("the order of an eSIM that a wish may be about: %w", err)
		}
		if about.fits(e, o, e.Condition(f.now())) {
			fitting = append(fitting, e)
		}
		if i == 0 && e.Condition(f.now()).Ended() && o.Customer == r.Customer.ID && (o.State == esim.StateRefunded || o.TakesBack(e.ID)) {
			paidBack = o.ID
		}
	}
	if len(fitting) == 0 && paidBack != "" && (wish == i18n.IntentRefund || wish == i18n.IntentCancel) {
		return f.below(r, ui.Screen{Follow: refs.Order{Route: refs.RouteOrder, Order: paidBack}.Data()}), nil
	}
	key, to := "wish.which_", about.to
	switch {
	case len(fitting) == 0:
		key, to, fitting = "wish.none_", cardRef, esims
		if len(esims) == 1 {
			return f.below(r, ui.Screen{Follow: to(esims[0].ID).Data(), Lead: r.T("wish.none_"+string(wish), buttonsOf(r))}), nil
		}
	case len(fitting) == 1:
		s := ui.Screen{Follow: to(fitting[0].ID).Data()}
		if about.lead {
			s.Lead = r.T("wish.lead_"+string(wish), buttonsOf(r))
		}
		return f.below(r, s), nil
	}
	s := ui.Screen{Text: r.T(key+string(wish), buttonsOf(r)), Rows: f.esimRows(r, fitting, to)}
	if len(fitting) > mostESIMs {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)))
	}
	s.Rows = append(s.Rows, ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

// mostOrders are looked through for one that is still to come.
const mostOrders = 20

// coming are the customer's orders that neither an eSIM nor the money has come of yet, the newest first.
func (f *searchFlow) coming(ctx context.Context, r *ui.Request) ([]esim.Order, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, mostOrders)
	if err != nil {
		return nil, fmt.Errorf("the orders that are still to come: %w", err)
	}
	var coming []esim.Order
	for _, o := range orders {
		if o.State.Open() && !o.Allocated || o.WaitsForStaff() {
			coming = append(coming, o)
		}
	}
	return coming, nil
}
