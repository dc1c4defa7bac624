package find

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// own leads to the eSIM that an order's number, or the end of its own, names; false if it is none of
// the customer's.
func (f *searchFlow) own(ctx context.Context, r *ui.Request, q i18n.Query) (ui.Screen, bool, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, false, err
	}
	for _, typed := range q.Orders {
		id, err := esim.ParseOrderID(typed)
		if err != nil {
			continue
		}
		o, err := f.store.OrderOf(ctx, r.Customer.ID, id)
		if errors.Is(err, esim.ErrNotFound) {
			continue
		}
		if err != nil {
			return ui.Screen{}, false, err
		}
		return f.ofOrder(r, o, esims), true, nil
	}
	if q.OrderPart != "" {
		mine, err := f.beginning(ctx, r, q.OrderPart)
		if err != nil {
			return ui.Screen{}, false, err
		}
		if len(mine) == 1 {
			return f.ofOrder(r, mine[0], esims), true, nil
		}
		return f.halfNumber(r), true, nil
	}
	for _, digits := range q.Digits {
		if mine := ending(esims, digits); len(mine) > 0 {
			return f.pickESIM(r, mine), true, nil
		}
	}
	return ui.Screen{}, false, nil
}

// beginning are the customer's orders whose number begins so.
func (f *searchFlow) beginning(ctx context.Context, r *ui.Request, part string) ([]esim.Order, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, mostOrders)
	if err != nil {
		return nil, fmt.Errorf("the orders that a part of a number may be of: %w", err)
	}
	var mine []esim.Order
	for _, o := range orders {
		if strings.HasPrefix(string(o.ID), strings.ToUpper(part)) {
			mine = append(mine, o)
		}
	}
	return mine, nil
}

// halfNumber asks for the rest of an order's number.
func (f *searchFlow) halfNumber(r *ui.Request) ui.Screen {
	s := f.notYours(r)
	s.Text = r.T("search.half_number", nil)
	return s
}

// ofOrder leads to what came of an order; one without an eSIM yet stands in the list of eSIMs.
func (f *searchFlow) ofOrder(r *ui.Request, o esim.Order, esims []esim.ESIM) ui.Screen {
	var mine []esim.ESIM
	for _, e := range esims {
		if e.Order == o.ID || o.Kind == esim.TopUp && e.ID == o.ESIM {
			mine = append(mine, e)
		}
	}
	if len(mine) == 0 {
		return ui.Screen{Follow: refs.ESIMs{}.Data()}
	}
	return f.pickESIM(r, mine)
}

// ending are the eSIMs whose number, or the vendor's number of them, ends in these digits.
func ending(esims []esim.ESIM, digits string) []esim.ESIM {
	var out []esim.ESIM
	for _, e := range esims {
		if strings.HasSuffix(string(e.ICCID), digits) || string(e.ID) == digits {
			out = append(out, e)
		}
	}
	return out
}

// pickESIM leads to an eSIM, or offers several.
func (f *searchFlow) pickESIM(r *ui.Request, esims []esim.ESIM) ui.Screen {
	if len(esims) == 1 {
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: esims[0].ID}.Data()}
	}
	s := ui.Screen{Text: r.T("search.your_esims", nil), Rows: f.esimRows(r, esims, func(id esim.ESIMID) ui.CallbackRef { return refs.ESIM{Route: refs.RouteESIM, ESIM: id} })}
	s.Rows = append(s.Rows, ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}

// mostESIMs are offered one by one.
const mostESIMs = 4

func (f *searchFlow) esimRows(r *ui.Request, esims []esim.ESIM, to func(esim.ESIMID) ui.CallbackRef) [][]ui.Button {
	var rows [][]ui.Button
	for _, e := range esims[:min(len(esims), mostESIMs)] {
		label := ui.ConditionMark(e.Condition(f.now())) + " " + r.ESIMLabel(e)
		rows = append(rows, ui.Row(ui.NewButton(ui.CutLabel(label, 1, func(s string) string { return s }), to(e.ID))))
	}
	return rows
}

// trouble answers a cry for help: with the eSIMs it may be about, and with a person.
func (f *searchFlow) trouble(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: r.T("search.trouble", nil), Rows: f.esimRows(r, esim.LiveFirst(esims, f.now()), func(id esim.ESIMID) ui.CallbackRef { return refs.Fault{ESIM: id} })}
	if len(esims) > 0 {
		s.Text += "\n\n" + r.T("search.trouble_which", nil)
	}
	if len(esims) > mostESIMs {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)))
	}
	s.Rows = append(s.Rows,
		ui.Row(refs.AskButton(r)),
		ui.Row(ui.NewButton(r.Plain("menu.btn_help", nil), refs.RouteHelp), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

// notYours answers a number that is none of the customer's.
func (f *searchFlow) notYours(r *ui.Request) ui.Screen {
	return ui.Screen{Text: r.T("search.not_yours", nil), Rows: [][]ui.Button{
		{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)},
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}
}

// ambiguous asks what somebody wants who wrote a sentence.
func (f *searchFlow) ambiguous(r *ui.Request, q i18n.Query) ui.Screen {
	where := f.sold(q)
	s := ui.Screen{Text: r.T("search.talk", nil)}
	if len(where.order) == 0 || q.Guess {
		s.Rows = [][]ui.Button{
			{refs.AskButton(r)},
			{ui.NewButton(r.Plain("menu.btn_help", nil), refs.RouteHelp), ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents)},
			{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
		}
		return s
	}
	code := where.order[0]
	s.Text = r.T("search.talk_place", i18n.Args{"place": r.Place(code)})
	wanted := criteria(q)
	b := f.button(r, code, wanted, refs.FromMenu)
	if len(where.places) > 1 {
		s.Text = r.T("search.talk_place", i18n.Args{"place": r.List(f.names(r, where.places))})
		b = ui.NewButton("", refs.Find{Mode: refs.FindAll, Places: where.places, PlanCriteria: wanted})
	}
	b.Text = r.Plain("search.btn_find", nil)
	s.Rows = [][]ui.Button{{b}, {refs.AskButton(r)}, {ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)}}
	return s
}

// offer is a button to the plans of a place, and what that is called, where a text is its name, with or without
// how much and how long, and nothing else; false: it is something else.
func (f *searchFlow) offer(r *ui.Request) (ui.Button, string, bool) {
	q := f.texts.ParseText(r.Text)
	if !q.Alone || q.SoundsUrgent {
		return ui.Button{}, "", false
	}
	to := f.somewhere(r, q).Follow
	if to.Route == "" {
		return ui.Button{}, "", false
	}
	var names []string
	for i, n := range q.Places {
		if i == 0 || !q.Guess {
			names = append(names, r.Place(n.Code))
		}
	}
	return ui.Button{Text: r.Plain("search.btn_find", nil), Data: to}, r.List(names), true
}

// notSold says that nothing is sold for a place.
func (f *searchFlow) notSold(r *ui.Request, p i18n.NamedPlace) ui.Screen {
	return ui.Screen{Text: r.T("search.not_sold", i18n.Args{"place": r.Place(p.Code)}), Rows: [][]ui.Button{
		{ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_regions", nil), refs.RouteRegions)},
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}
}

// mostPopular places are offered to somebody who named a size and no place.
const mostPopular = 6

// whereTo asks for the place of a size or of a number of days that came alone, and takes them along.
func (f *searchFlow) whereTo(r *ui.Request, wanted esim.PlanCriteria) ui.Screen {
	s := ui.Screen{Text: r.T("search.where_to", i18n.Args{"wanted": f.wanted(r, wanted)})}
	for _, code := range popularFirst(f.Catalog.Current()) {
		if len(s.Rows) < mostPopular {
			s.Rows = append(s.Rows, ui.Row(f.button(r, code, wanted, refs.FromMenu)))
		}
	}
	s.Rows = append(s.Rows,
		ui.Row(ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}
