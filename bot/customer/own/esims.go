package own

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/qrcard"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// esimStore is where customers' eSIMs are. All reads are by id and customer.
type esimStore interface {
	ESIMOf(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error)
	ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error)
	// ESIMFor is ESIMOf, and also one that the customer bought and gave away.
	ESIMFor(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error)
	// ESIM is for what is known to concern who asks.
	ESIM(ctx context.Context, esimID esim.ESIMID) (esim.ESIM, error)
}

// orderStore is where orders are.
type orderStore interface {
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
	// OrderOf is esim.ErrNotFound also when the order is somebody else's.
	OrderOf(ctx context.Context, customer esim.CustomerID, id esim.OrderID) (esim.Order, error)
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
}

// esimsFlow shows customers what they own.
type esimsFlow struct {
	store interface {
		esimStore
		orderStore
	}
	watcher *esim.Watcher
	qr      *qrcard.Painter
	charts  *chart.Painter
	texts   *i18n.Bundle
	credit  money.CreditStore
	now     func() time.Time
	// pictures remembers the messages with QR pictures.
	pictures qrStore
	given    *giftFlow
	// contracts can be withdrawn from.
	contracts *esim.Contracts
	looks     looks
}

func (f *esimsFlow) register(t *ui.Router) {
	t.Command("esims", true, func(ctx context.Context, r *ui.Request) (ui.Screen, error) { return f.list(ctx, r, refs.ESIMs{}) })
	t.Route(refs.RouteESIMs, ui.HandleWith(refs.ParseESIMs, f.list))
	t.Route(refs.RouteESIM, ui.HandleWith(refs.ParseESIM(refs.RouteESIM), f.card))
	t.Route(refs.RouteRefresh, ui.HandleWith(refs.ParseESIM(refs.RouteRefresh), f.refresh))
	t.Route(refs.RouteChart, ui.HandleWith(refs.ParseESIM(refs.RouteChart), f.chart))
	t.Route(refs.RouteQR, ui.HandleWith(refs.ParseESIM(refs.RouteQR), f.picture))
}

const esimsPage = 8

func (f *esimsFlow) list(ctx context.Context, r *ui.Request, ref refs.ESIMs) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	esims = esim.LiveFirst(esims, f.now())
	open, err := f.openOrders(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if line, has, err := money.CreditLine(ctx, r, f.credit); err != nil {
		return ui.Screen{}, err
	} else if has {
		open = append(open, line)
	}
	waiting, err := f.waiting(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	given, err := f.given.list(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(esims)+len(open)+len(waiting)+len(given) == 0 {
		return ui.Screen{Text: r.T("esims.none", nil), Rows: [][]ui.Button{{ui.NewButton(r.Plain("esims.btn_first", nil), ui.RouteMenu)}}}, nil
	}
	lines := append([]string{r.T("esims.head", nil)}, open...)
	pg := ui.Paginate(len(esims), esimsPage, ref.Page)
	s := ui.Screen{Text: ui.Clip(lines), Rows: waiting}
	labels := f.labels(r, esims)
	for _, e := range esims[pg.From:pg.To] {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(labels[e.ID], refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})))
	}
	if ref.Page == 0 {
		s.Rows = append(s.Rows, given...)
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return refs.ESIMs{Page: n} })...)
	s.Rows = append(s.Rows, ui.PairRows(ui.NewButton(r.Plain("menu.btn_settings", nil), refs.RouteSettings), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu))...)
	return s, nil
}

// openOrders are lines about purchases that have not arrived yet.
func (f *esimsFlow) openOrders(ctx context.Context, r *ui.Request) ([]string, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, 20)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range orders {
		if o.State.Open() && !o.Allocated && o.Kind == esim.Purchase {
			lines = append(lines, r.T("esims.coming", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}))
		}
	}
	return lines, nil
}

// mostWaiting are offered in the list of eSIMs.
const mostWaiting = 2

// waiting leads to orders that wait for money by hand.
func (f *esimsFlow) waiting(ctx context.Context, r *ui.Request) ([][]ui.Button, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, 20)
	if err != nil {
		return nil, err
	}
	var rows [][]ui.Button
	for _, o := range orders {
		if o.WaitsForStaff() && len(rows) < mostWaiting {
			rows = append(rows, ui.Row(ui.NewButton(r.Plain("esims.btn_waiting", i18n.Args{"price": r.Price(o.Price)}), refs.Order{Route: refs.RouteOrder, Order: o.ID})))
		}
	}
	return rows, nil
}

// leftOf is the data and the time that are left of an eSIM in use, in words and shorter: "734 MB · 5 days", of a day
// pass "500 MB × 5 days".
func (f *esimsFlow) leftOf(r *ui.Request, e esim.ESIM) []string {
	data := r.PlanData(e.Plan)
	if !e.Plan.DayPass() && e.Total > 0 {
		data = r.Printer.Data(e.Remaining())
	}
	left := e.Expires.Sub(f.now())
	if e.Expires.IsZero() || left <= 0 {
		return []string{data}
	}
	if days := int(left / (24 * time.Hour)); e.Plan.DayPass() && days > 0 {
		return r.PlanSizes(e.Plan, days)
	}
	words, short := r.TimeLeftShort(left)
	return []string{r.Facts(data, words), r.Facts(data, short)}
}

func (f *esimsFlow) card(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	s, err := f.cardOf(ctx, r, e, o)
	if err == nil && f.looks.due(e, f.now()) {
		s.Quiet, s.After = true, func(ctx context.Context) (ui.Screen, error) { return f.news(ctx, r, ref, s) }
	}
	return s, err
}

// load is the eSIM of a request with its order; one without an order has an empty one.
func (f *esimsFlow) load(ctx context.Context, r *ui.Request, ref refs.ESIM) (esim.ESIM, esim.Order, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return esim.ESIM{}, esim.Order{}, err
	}
	o, err := orderOf(ctx, f.store, e)
	return e, o, err
}

// orderOf is the order of an eSIM, an empty one if there is none. Of one that was given away it is the buyer's: what they
// said of their phone is left out.
func orderOf(ctx context.Context, store orderStore, e esim.ESIM) (esim.Order, error) {
	o, err := store.Order(ctx, e.Order)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.Order{}, nil
	}
	if e.GivenAway() {
		o.Phone = esim.Phone{}
	}
	return o, err
}

// refresh asks the vendor in the background and shows the card again when it answered.
func (f *esimsFlow) refresh(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	const often = 10 * time.Second
	if f.now().Sub(e.Asked) < often {
		s, err := f.cardOf(ctx, r, e, o)
		s.Toast = r.Plain("esim.toast_fresh", nil)
		return s, err
	}
	return ui.Screen{
		Toast: r.Plain("esim.toast_asking", nil),
		Looks: true, After: func(ctx context.Context) (ui.Screen, error) {
			if err := f.watcher.Refresh(ctx, e.ID); err != nil && !errors.Is(err, esim.ErrNotFound) {
				return ui.Screen{}, err
			}
			fresh, o, err := f.load(ctx, r, ref)
			if err != nil {
				return ui.Screen{}, err
			}
			return f.cardOf(ctx, r, fresh, o)
		},
	}, nil
}
