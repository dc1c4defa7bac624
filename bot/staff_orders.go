package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	ordersShown = 15
	// matchesShown bounds what a search for an order offers.
	matchesShown = 10
)

// orders lists the latest orders, of a state if one is named.
func (s *staff) orders(ctx context.Context, r *staffRequest) (Screen, error) {
	var states []esim.State
	switch wanted := r.Data.Arg(0); {
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
		return Screen{Text: r.T("staff.orders_usage", i18n.Args{"states": strings.Join(all, ", ")})}, nil
	}
	orders, err := s.store.RecentOrders(ctx, states, ordersShown)
	if err != nil {
		return Screen{}, err
	}
	if len(orders) == 0 {
		return Screen{Text: r.T("staff.orders_none", nil)}, nil
	}
	return s.orderList(r, r.T("staff.orders_head", nil), orders), nil
}

// orderList is a line for each order and a button to its card.
func (s *staff) orderList(r *staffRequest, head string, orders []esim.Order) Screen {
	lines := []string{head}
	var buttons []Button
	for _, o := range orders {
		lines = append(lines, s.orderLine(r, o))
		buttons = append(buttons, press(o.ID.String(), routeStaffCard, o.ID))
	}
	screen := Screen{Text: clip(lines)}
	for chunk := range slices.Chunk(buttons, 3) {
		screen.Rows = append(screen.Rows, chunk)
	}
	return screen
}

func (s *staff) orderLine(r *staffRequest, o esim.Order) string {
	return r.T("staff.order_line", i18n.Args{
		"id": o.ID.String(), "state": s.stateName(r, o.State), "plan": r.planTitle(o.Plan, o.Days),
		"price": r.price(o.Price), "time": s.when(r, o.Created), "person": int64(o.Customer),
	})
}

// order shows the card of the one order that is meant, or those that may be.
func (s *staff) order(ctx context.Context, r *staffRequest) (Screen, error) {
	wanted := strings.Join(r.Data.Args, "")
	if wanted == "" {
		return Screen{Text: r.T("staff.order_usage", nil)}, nil
	}
	found, err := s.find(ctx, wanted)
	switch {
	case err != nil:
		return Screen{}, err
	case len(found) == 0:
		return Screen{Text: r.T("staff.order_none", i18n.Args{"words": cut(wanted, 64)})}, nil
	case len(found) == 1:
		return s.card(ctx, r, found[0].ID)
	}
	return s.orderList(r, r.T("staff.order_several", nil), found), nil
}

// find looks for orders by their id, by the end of an eSIM's ICCID, and by their
// customer's number. Eight digits may be any of them.
func (s *staff) find(ctx context.Context, wanted string) ([]esim.Order, error) {
	var found []esim.Order
	add := func(o esim.Order) {
		if len(found) < matchesShown && !slices.ContainsFunc(found, func(f esim.Order) bool { return f.ID == o.ID }) {
			found = append(found, o)
		}
	}
	if id, err := esim.ParseOrderID(wanted); err == nil {
		o, err := s.bot.cfg.Store.Order(ctx, id)
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
		bought, err := s.bot.cfg.Store.OrdersOf(ctx, esim.CustomerID(number), matchesShown)
		if err != nil {
			return nil, err
		}
		for _, o := range bought {
			add(o)
		}
	}
	esims, err := s.store.ESIMsByICCID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for _, e := range esims {
		o, err := s.bot.cfg.Store.Order(ctx, e.Order)
		if errors.Is(err, esim.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		add(o)
	}
	return found, nil
}

// refund asks about giving the money of an order back.
func (s *staff) refund(ctx context.Context, r *staffRequest) (Screen, error) {
	id, err := esim.ParseOrderID(r.Data.Arg(0))
	if err != nil {
		return Screen{Text: r.T("staff.refund_usage", nil)}, nil
	}
	a, _ := orderActNamed("refund")
	return s.question(ctx, r, a, id, oneLine(r.Data.Args[1:]))
}
