package buy

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// swapStore remembers who looks for a plan to swap an eSIM for.
type swapStore interface {
	SetSwapSearch(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID, at time.Time) error
	// SwapSearch is the eSIM that a customer has been looking to swap since a time; "": none.
	SwapSearch(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.ESIMID, error)
}

// swapFlow swaps an unused eSIM for another plan.
type swapFlow struct {
	forsale.Offers
	payment *paymentFlow
	store   interface {
		esimStore
		orderStore
		progressStore
		swapStore
	}
	watcher *esim.Watcher
	notes   countrynotes.Notes
	now     func() time.Time
}

func (f *swapFlow) register(t *ui.Router) {
	t.Route(refs.RouteSwap, ui.HandleWith(refs.ParseESIM(refs.RouteSwap), f.choose))
	t.Route(refs.RouteSwapOf, ui.HandleWith(refs.ParseOrder(refs.RouteSwapOf), f.ofOrder))
	t.Route(refs.RouteSwapFind, ui.HandleWith(refs.ParseESIM(refs.RouteSwapFind), f.find))
	t.Route(refs.RouteSwapCard, ui.HandleWith(refs.ParseSwap, f.card))
	t.Route(refs.RouteSwapNow, ui.HandleWith(refs.ParseSwapNow, f.swap))
}

// swapSearchLasts is how long plans are offered as a swap after somebody asked for one.
const swapSearchLasts = 24 * time.Hour

// A swapping is an eSIM that is to be swapped, and what it is worth.
type swapping struct {
	esim          esim.ESIM
	order         esim.Order
	worth, credit esim.Money // USD; what it becomes, and the store credit there is
}

// load is the eSIM of a request, as we know it: ErrNoSwap if it cannot be swapped.
func (f *swapFlow) load(ctx context.Context, r *ui.Request, esimID esim.ESIMID) (swapping, error) {
	var s swapping
	var err error
	if s.esim, err = f.store.ESIMOf(ctx, r.Customer.ID, esimID); err != nil {
		return s, err
	}
	if s.order, err = f.store.OrderOf(ctx, r.Customer.ID, s.esim.Order); err != nil {
		return s, err
	}
	if !s.esim.Swappable(s.order, f.Checkout.DefaultMethod()) {
		return s, esim.ErrNoSwap
	}
	s.worth = s.order.SwapWorthOfOne()
	s.credit, err = f.Checkout.Store.Credit(ctx, r.Customer.ID)
	return s, err
}

// ways are the ways to pay for a plan that takes its place.
func (f *swapFlow) ways(s swapping, code string, days int) ([]esim.Quote, error) {
	return f.Checkout.SwapQuotes(s.worth, s.credit, func(m esim.PaymentMethod) (esim.Quote, error) {
		return f.Checkout.QuoteWith(m, code, 1, days)
	})
}

// ofOrder chooses the eSIM of an order that is to be swapped, where there are several.
func (f *swapFlow) ofOrder(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	all, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: r.T("swap.which", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()})}
	var first esim.ESIMID
	for _, e := range all {
		if e.Order == o.ID && e.Swappable(o, f.Checkout.DefaultMethod()) {
			first = e.ID
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(swapLabel(r, e, o), refs.ESIM{Route: refs.RouteSwap, ESIM: e.ID})))
		}
	}
	switch len(s.Rows) {
	case 0:
		return ui.Screen{}, esim.ErrNoSwap
	case 1:
		return f.choose(ctx, r, refs.ESIM{Route: refs.RouteSwap, ESIM: first})
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.RouteESIMs))
	return s, nil
}

// swapLabel is an eSIM of an order on a button, with what it is called.
func swapLabel(r *ui.Request, e esim.ESIM, o esim.Order) string {
	if e.Name == "" {
		return "🔁 " + e.ShortID(o.Quantity)
	}
	return ui.CutLabel(e.Name, 1, func(name string) string { return "🔁 " + r.Facts(name, e.ShortID(o.Quantity)) })
}

// choose looks whether the eSIM is still unused, and offers the good plans of the same place.
func (f *swapFlow) choose(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	if _, err := f.load(ctx, r, ref.ESIM); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Toast: r.Plain("cancel.toast_asking", nil), Up: refs.ESIM{Route: refs.RouteESIM, ESIM: ref.ESIM}.Data(),
		Looks: true, After: func(ctx context.Context) (ui.Screen, error) {
			if err := f.watcher.Refresh(ctx, ref.ESIM); err != nil && !errors.Is(err, esim.ErrNotFound) {
				return ui.Screen{}, err
			}
			s, err := f.load(ctx, r, ref.ESIM)
			if err != nil {
				return ui.Screen{}, err
			}
			// Wherever they look from now on, a plan's card offers to swap for it.
			if err := f.store.SetSwapSearch(ctx, r.Customer.ID, s.esim.ID, f.now()); err != nil {
				return ui.Screen{}, err
			}
			return f.choice(r, s), nil
		},
	}, nil
}

func (f *swapFlow) choice(r *ui.Request, s swapping) ui.Screen {
	key := "swap.choose"
	if s.worth.Minor == 0 {
		key = "swap.choose_free"
	}
	screen := ui.Screen{Text: r.T(key, i18n.Args{
		"flag": ui.PlanFlag(s.esim.Plan), "title": r.ESIMTitle(s.esim), "id": s.esim.ShortID(s.order.Quantity),
		"worth": r.Price(s.worth),
	})}
	for _, q := range f.Suggested(s.esim.Plan.Location) {
		days := forsale.PassDays(q.Plan, ui.DayPassDays(s.esim))
		if q.Plan.Code == s.esim.Plan.Code && days == ui.DayPassDays(s.esim) {
			continue
		}
		ways, err := f.ways(s, q.Plan.Code, days)
		if err != nil {
			continue // no way to pay takes so much, or so little
		}
		label := r.Plain("swap.btn_plan", i18n.Args{"size": r.PlanSize(q.Plan, days), "difference": f.difference(r, s, ways[0])})
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, refs.Swap{ESIM: s.esim.ID, Code: q.Plan.Code, Days: days})))
	}
	screen.Rows = append(screen.Rows,
		ui.Row(ui.NewButton(r.Plain("swap.btn_find", nil), refs.ESIM{Route: refs.RouteSwapFind, ESIM: s.esim.ID})),
		ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: s.esim.ID}))
	return screen
}

// difference is what a swap costs or brings, on a button: "+ ⭐ 120", "− $0.70", "± 0".
func (f *swapFlow) difference(r *ui.Request, s swapping, way esim.Quote) string {
	more, back := s.settle(way)
	switch {
	case more.Minor > 0:
		return "+ " + r.Price(more)
	case back.Minor > 0:
		return "− " + r.Price(back)
	}
	return r.Plain("swap.same", nil)
}

// settle is what is paid beside the old eSIM, in the way's money, and what comes back of it.
func (s swapping) settle(way esim.Quote) (more, back esim.Money) {
	spec, err := way.Method.Spec()
	if err != nil || !spec.FromCredit {
		return way.Price, esim.USDCents(0)
	}
	if rest := s.worth.Minor - way.Price.Minor; rest >= 0 {
		return esim.USDCents(0), esim.USDCents(rest)
	}
	return esim.USDCents(way.Price.Minor - s.worth.Minor), esim.USDCents(0)
}

// find says how to swap for a plan of another place.
func (f *swapFlow) find(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	s, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.SetSwapSearch(ctx, r.Customer.ID, s.esim.ID, f.now()); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Typing: true, Text: r.T("swap.find", i18n.Args{"button": r.Plain("swap.btn_for_this", nil)}),
		Rows: append(ui.PairRows(ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_regions", nil), refs.RouteRegions)),
			ui.BackRow(r, refs.ESIM{Route: refs.RouteSwap, ESIM: s.esim.ID})),
	}, nil
}

// offer is the button of a plan's card that swaps the eSIM somebody looks to swap; false: they do not.
func (f *swapFlow) offer(ctx context.Context, r *ui.Request, q esim.Quote) (ui.Button, bool, error) {
	esimID, err := f.store.SwapSearch(ctx, r.Customer.ID, f.now().Add(-swapSearchLasts))
	if err != nil || esimID == "" || q.Quantity != 1 {
		return ui.Button{}, false, err
	}
	switch _, err := f.load(ctx, r, esimID); {
	case errors.Is(err, esim.ErrNoSwap), errors.Is(err, esim.ErrNotFound):
		return ui.Button{}, false, nil
	case err != nil:
		return ui.Button{}, false, err
	}
	return ui.NewButton(r.Plain("swap.btn_for_this", nil), refs.Swap{ESIM: esimID, Code: q.Plan.Code, Days: q.Days}), true, nil
}

// swap begins a swap: what needs no payment is on its way with this press.
func (f *swapFlow) swap(ctx context.Context, r *ui.Request, ref refs.SwapNow) (ui.Screen, error) {
	if _, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM); err != nil {
		return ui.Screen{}, err
	}
	card := refs.Swap{ESIM: ref.ESIM, Code: ref.Code, Days: ref.Days}
	seen, err := f.Checkout.Pricing.Amount(ref.Method, ref.Seen)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := f.Checkout.BeginSwap(ctx, esim.PurchaseRequest{
		Customer: r.Customer.ID, PlanCode: ref.Code, Quantity: 1, Days: ref.Days,
		Method: ref.Method, Seen: seen, Credit: esim.USDCents(ref.Credit), CallbackQueryID: r.CallbackQueryID, Consent: f.payment.contracts.Consent(r.Lang()),
	}, ref.ESIM)
	switch {
	case errors.Is(err, esim.ErrPriceChanged), errors.Is(err, esim.ErrInsufficientCredit): // shown again, never charged silently
		return ui.Screen{Follow: card.Data(), Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	case err != nil:
		return ui.Screen{}, err
	case o.State == esim.StateAwaitingPayment:
		return f.payment.ask(ctx, r, o, card, "p_"+o.Plan.Code, forsale.ShortNotes(r, f.notes, forsale.WithPlaces(f.Catalog, o.Plan), "", 0))
	}
	// What becomes of it is told in the message that the press came from.
	if err := f.payment.messages.moveTo(ctx, o.ID, r.Customer.Chat, r.Message); err != nil {
		return ui.Screen{}, err
	}
	text, err := progressText(r, o, false)
	return ui.Screen{
		Text: text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)}},
		OnSent: f.payment.messages.follow(o.ID, r.Customer.Chat),
	}, err
}
