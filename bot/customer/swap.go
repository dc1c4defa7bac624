package customer

import (
	"context"
	"errors"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// SwapStore remembers who looks for a plan to swap an eSIM for.
type SwapStore interface {
	SetSwapSearch(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID, at time.Time) error
	// SwapSearch is the eSIM that a customer has been looking to swap since a time; "": none.
	SwapSearch(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.ESIMID, error)
}

// swapFlow swaps an unused eSIM for another plan.
type swapFlow struct {
	shelf
	payment *paymentFlow
	store   interface {
		ESIMStore
		OrderStore
		ProgressStore
		SwapStore
	}
	watcher *esim.Watcher
	notes   countrynotes.Notes
	now     func() time.Time
}

func (f *swapFlow) register(t *ui.Router) {
	t.Route(routeSwap, ui.HandleWith(parseESIMRef(routeSwap), f.choose))
	t.Route(routeSwapOf, ui.HandleWith(parseOrderRef(routeSwapOf), f.ofOrder))
	t.Route(routeSwapFind, ui.HandleWith(parseESIMRef(routeSwapFind), f.find))
	t.Route(routeSwapCard, ui.HandleWith(parseSwapRef, f.card))
	t.Route(routeSwapNow, ui.HandleWith(parseSwapNowRef, f.swap))
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
	if !s.esim.Swappable(s.order, f.checkout.DefaultMethod()) {
		return s, esim.ErrNoSwap
	}
	s.worth = s.order.WorthOfOne()
	s.credit, err = f.checkout.Store.Credit(ctx, r.Customer.ID)
	return s, err
}

// ways are the ways to pay for a plan that takes its place.
func (f *swapFlow) ways(s swapping, code string, days int) ([]esim.Quote, error) {
	return f.checkout.SwapQuotes(s.worth, s.credit, func(m esim.PaymentMethod) (esim.Quote, error) {
		return f.checkout.QuoteWith(m, code, 1, days)
	})
}

// ofOrder chooses the eSIM of an order that is to be swapped, where there are several.
func (f *swapFlow) ofOrder(ctx context.Context, r *ui.Request, ref orderRef) (ui.Screen, error) {
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
		if e.Order == o.ID && e.Swappable(o, f.checkout.DefaultMethod()) {
			first = e.ID
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(swapLabel(e, o), esimRef{routeSwap, e.ID})))
		}
	}
	switch len(s.Rows) {
	case 0:
		return ui.Screen{}, esim.ErrNoSwap
	case 1:
		return f.choose(ctx, r, esimRef{routeSwap, first})
	}
	s.Rows = append(s.Rows, ui.Back(r, routeESIMs))
	return s, nil
}

// swapLabel is an eSIM of an order on a button, with what it is called.
func swapLabel(e esim.ESIM, o esim.Order) string {
	if e.Name == "" {
		return "🔁 " + e.ShortID(o.Quantity)
	}
	return ui.CutLabel(e.Name, 1, func(name string) string { return "🔁 " + name + " · " + e.ShortID(o.Quantity) })
}

// choose looks whether the eSIM is still unused, and offers the good plans of the same place.
func (f *swapFlow) choose(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	if _, err := f.load(ctx, r, ref.ESIM); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Toast: r.Plain("cancel.toast_asking", nil), Up: esimRef{routeESIM, ref.ESIM}.Data(),
		After: func(ctx context.Context) (ui.Screen, error) {
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
	for _, q := range f.good(s.esim.Plan.Location) {
		days := passDays(q.Plan, ui.DayPassDays(s.esim))
		if q.Plan.Code == s.esim.Plan.Code && days == ui.DayPassDays(s.esim) {
			continue
		}
		ways, err := f.ways(s, q.Plan.Code, days)
		if err != nil {
			continue // no way to pay takes so much, or so little
		}
		label := r.Plain("swap.btn_plan", i18n.Args{"size": r.PlanSize(q.Plan, days), "difference": f.difference(r, s, ways[0])})
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, swapRef{s.esim.ID, q.Plan.Code, days})))
	}
	screen.Rows = append(screen.Rows,
		ui.Row(ui.NewButton(r.Plain("swap.btn_find", nil), esimRef{routeSwapFind, s.esim.ID})),
		ui.Back(r, esimRef{routeESIM, s.esim.ID}))
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
func (f *swapFlow) find(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	s, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.SetSwapSearch(ctx, r.Customer.ID, s.esim.ID, f.now()); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Typing: true, Text: r.T("swap.find", i18n.Args{"button": r.Plain("swap.btn_for_this", nil)}),
		Rows: append(ui.Pairs(ui.NewButton(r.Plain("menu.btn_countries", nil), routeContinents), ui.NewButton(r.Plain("menu.btn_regions", nil), routeRegions)),
			ui.Back(r, esimRef{routeSwap, s.esim.ID})),
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
	return ui.NewButton(r.Plain("swap.btn_for_this", nil), swapRef{esimID, q.Plan.Code, q.Days}), true, nil
}

//i18n:use swap.promise_*

// card says what is swapped for what, what it costs, and what happens if it fails.
func (f *swapFlow) card(ctx context.Context, r *ui.Request, ref swapRef) (ui.Screen, error) {
	s, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	p, err := f.catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	days := passDays(p, ref.Days)
	ways, err := f.ways(s, p.Code, days)
	if err != nil {
		return ui.Screen{}, err
	}
	screen := ui.Screen{Text: f.says(r, s, ways, days)}
	if notes := planNotes(r, f.notes, p, ""); notes != "" {
		screen.Text += "\n\n" + notes
	}
	for _, w := range ways {
		more, _ := s.settle(w)
		label := r.Plain("pay.btn_by_"+string(w.Method), i18n.Args{"price": r.Price(more)})
		if more.Minor == 0 {
			label = r.Plain("swap.btn_now", nil)
		} else if len(ways) == 1 {
			label = r.Plain("swap.btn_pay", i18n.Args{"price": r.Price(more)})
		}
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, swapNowRef{s.esim.ID, p.Code, days, w.Price.Minor, w.Method, w.Credit.Minor})))
	}
	if p.DayPass() {
		screen.Rows = append(screen.Rows, f.dayRow(r, s, p, days)...)
	}
	screen.Rows = append(screen.Rows,
		ui.Row(ui.NewButton(r.Plain("swap.btn_plan_card", nil), planRef{Code: p.Code, Days: days})),
		ui.Back(r, esimRef{routeSwap, s.esim.ID}))
	return screen, nil
}

// says are the words of the card.
func (f *swapFlow) says(r *ui.Request, s swapping, ways []esim.Quote, days int) string {
	first := ways[0]
	more, back := s.settle(first)
	credit := esim.USDCents(max(0, first.Credit.Minor-s.worth.Minor))
	args := i18n.Args{
		"old_flag": ui.PlanFlag(s.esim.Plan), "old": r.ESIMTitle(s.esim),
		"flag": ui.PlanFlag(first.Plan), "new": r.PlanTitle(first.Plan, days),
		"worth": r.Price(s.worth), "all": r.Price(esim.USDCents(max(s.worth.Minor, first.Credit.Minor))), "price": r.Price(first.Retail), "more": about(r, f.checkout, more), "back": r.Price(back), "credit": r.Price(credit),
	}
	lines := []string{r.T("swap.head", args), ""}
	spec, err := first.Method.Spec()
	free := err == nil && spec.RefundRoute == esim.RefundNothing
	switch {
	case free:
		lines = append(lines, r.T("swap.free", args))
	case more.Minor == 0 && back.Minor == 0:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.even", args))
	case more.Minor == 0:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.less", args))
	case spec.FromCredit:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.from_credit", args))
	default:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.more", args))
		if credit.Minor > 0 {
			lines = append(lines, r.T("swap.and_credit", args))
		} else if left := s.worth.Minor - first.Credit.Minor; left > 0 { // no method takes less than some amount
			args["back"] = r.Price(esim.USDCents(left))
			lines = append(lines, r.T("swap.rest_back", args))
		}
	}
	lines = append(lines, "", r.T("swap.order", args))
	if !free {
		lines = append(lines, r.T("swap.promise_"+promised(ways, more), args))
	}
	return strings.Join(lines, "\n")
}

// promised says how what is paid beside the old eSIM comes back: the end of a sentence's key.
func promised(ways []esim.Quote, more esim.Money) string {
	same, credit := false, false
	for _, w := range ways {
		spec, err := w.Method.Spec()
		same = same || err == nil && spec.RefundRoute == esim.RefundSameWay
		credit = credit || err == nil && spec.RefundRoute == esim.RefundAsCredit
	}
	switch {
	case more.Minor == 0:
		return "unpaid"
	case same && credit:
		return "either"
	case same:
		return "same"
	}
	return "credit"
}

// dayRow chooses another number of days.
func (f *swapFlow) dayRow(r *ui.Request, s swapping, p esim.Plan, days int) [][]ui.Button {
	var buttons []ui.Button
	for _, n := range usualDays {
		if _, err := f.ways(s, p.Code, n); err == nil && len(buttons) < 4 {
			buttons = append(buttons, ui.NewButton(mark(n == days)+r.Number(int64(n)), swapRef{s.esim.ID, p.Code, n}))
		}
	}
	if len(buttons) == 0 {
		return nil
	}
	return [][]ui.Button{buttons}
}

// swap begins a swap: what needs no payment is on its way with this press.
func (f *swapFlow) swap(ctx context.Context, r *ui.Request, ref swapNowRef) (ui.Screen, error) {
	if _, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM); err != nil {
		return ui.Screen{}, err
	}
	card := swapRef{ref.ESIM, ref.Code, ref.Days}
	seen, err := f.checkout.Pricing.Amount(ref.Method, ref.Seen)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := f.checkout.BeginSwap(ctx, esim.PurchaseRequest{
		Customer: r.Customer.ID, PlanCode: ref.Code, Quantity: 1, Days: ref.Days,
		Method: ref.Method, Seen: seen, Credit: esim.USDCents(ref.Credit), CallbackQueryID: r.CallbackQueryID,
	}, ref.ESIM)
	switch {
	case errors.Is(err, esim.ErrPriceMoved), errors.Is(err, esim.ErrNoCredit): // shown again, never charged silently
		return ui.Screen{Follow: card.Data(), Toast: r.Plain("error.price_moved", nil), Alert: true}, nil
	case err != nil:
		return ui.Screen{}, err
	case o.State == esim.StateAwaitingPayment:
		return f.payment.ask(ctx, r, o, card, "p_"+o.Plan.Code, planNotes(r, f.notes, whole(f.catalog, o.Plan), ""))
	}
	// What becomes of it is told in the message that the press came from.
	if err := f.payment.messages.moveTo(ctx, o.ID, r.Customer.Chat, r.Message); err != nil {
		return ui.Screen{}, err
	}
	text, err := progressText(r, o, false)
	return ui.Screen{
		Text: text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("menu.btn_esims", nil), routeESIMs)}},
		OnSent: f.payment.messages.follow(o.ID, r.Customer.Chat),
	}, err
}
