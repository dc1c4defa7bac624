package staff

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	ordersShown = 15
	// matchesShown bounds what a search for an order offers.
	matchesShown = 10
)

// SearchStore finds orders and eSIMs.
type SearchStore interface {
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
	RecentOrders(ctx context.Context, states []esim.State, limit int) ([]esim.Order, error)
	// ESIMsByICCID lists eSIMs by their whole ICCID or its last digits, at least four;
	// newest first.
	ESIMsByICCID(ctx context.Context, iccid string) ([]esim.ESIM, error)
}

// search finds orders: the latest, and the one that is meant.
type search struct {
	cards *cards
	store SearchStore
}

// orders lists the latest orders, of a state if one is named.
func (f *search) orders(ctx context.Context, r *request) (ui.Screen, error) {
	var states []esim.State
	switch wanted := strings.ToLower(strings.Join(r.Data.Args, " ")); {
	case wanted == "open":
		for _, st := range esim.States() {
			if st.Open() {
				states = append(states, st)
			}
		}
	case slices.Contains(esim.States(), esim.State(wanted)):
		states = []esim.State{esim.State(wanted)}
	case wanted != "":
		all := make([]string, 0, len(esim.States()))
		for _, st := range esim.States() {
			all = append(all, string(st))
		}
		return notUnderstood(r, wanted, r.T("staff.orders_usage", i18n.Args{"states": strings.Join(all, ", ")})), nil
	}
	orders, err := f.store.RecentOrders(ctx, states, ordersShown)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(orders) == 0 {
		return ui.Screen{Text: r.T("staff.orders_none", nil)}, nil
	}
	return f.list(ctx, r, r.T("staff.orders_head", nil), orders)
}

// list is a line for each order and a button to its card.
func (f *search) list(ctx context.Context, r *request, head string, orders []esim.Order) (ui.Screen, error) {
	lines := []string{head}
	var buttons []ui.Button
	for _, o := range orders {
		customer, err := customerOf(ctx, f.cards.orders, r.Request, o.Customer)
		if err != nil {
			return ui.Screen{}, err
		}
		lines = append(lines, orderLine(r, o, customer))
		buttons = append(buttons, ui.NewButton(o.ID.String(), cardRef{o.ID}))
	}
	screen := ui.Screen{Text: ui.Clip(lines)}
	for chunk := range slices.Chunk(buttons, 3) {
		screen.Rows = append(screen.Rows, chunk)
	}
	return screen, nil
}

func orderLine(r *request, o esim.Order, customer i18n.HTML) string {
	return r.T("staff.order_line", i18n.Args{
		"id": o.ID.String(), "state": stateName(r, o.State), "plan": r.PlanTitle(o.Plan, o.Days),
		"price": r.MoneyAndCredit(o.Price, o.Credit), "time": when(r.Request, o.Created), "customer": customer,
	})
}

// order shows the card of the one order that is meant, or those that may be.
func (f *search) order(ctx context.Context, r *request) (ui.Screen, error) {
	wanted := strings.Join(r.Data.Args, "")
	found, err := f.find(ctx, wanted)
	switch {
	case err != nil:
		return ui.Screen{}, err
	case len(found) == 0:
		return ui.Screen{Text: r.T("staff.order_none", i18n.Args{"words": ui.Truncate(strings.Join(r.Data.Args, " "), 64)})}, nil
	case len(found) == 1:
		return f.cards.card(ctx, r, found[0].ID)
	}
	return f.list(ctx, r, r.T("staff.order_several", nil), found)
}

// find looks for orders by their id, by the end of an eSIM's ICCID, and by their
// customer's number. Eight digits may be any of them.
func (f *search) find(ctx context.Context, wanted string) ([]esim.Order, error) {
	var found []esim.Order
	add := func(o esim.Order) {
		if len(found) < matchesShown && !slices.ContainsFunc(found, func(f esim.Order) bool { return f.ID == o.ID }) {
			found = append(found, o)
		}
	}
	if id, err := esim.ParseOrderID(wanted); err == nil {
		o, err := f.cards.orders.Order(ctx, id)
		if err == nil {
			add(o)
		} else if !errors.Is(err, esim.ErrNotFound) {
			return nil, err
		}
	}
	number, err := strconv.ParseInt(wanted, 10, 64)
	if err != nil && strings.Trim(wanted, "0123456789") != "" {
		return found, nil
	}
	if err == nil {
		bought, err := f.store.OrdersOf(ctx, esim.CustomerID(number), matchesShown)
		if err != nil {
			return nil, err
		}
		for _, o := range bought {
			add(o)
		}
	}
	esims, err := f.store.ESIMsByICCID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for _, e := range esims {
		o, err := f.cards.orders.Order(ctx, e.Order)
		if errors.Is(err, esim.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		add(o)
	}
	return found, nil
}
