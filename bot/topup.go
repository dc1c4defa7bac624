package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeTopUp     = "topup" // esimTranNo
	routeTopUpCard = "tcard" // esimTranNo, code, days of a day pass
	routeTopUpBuy  = "tbuy"  // esimTranNo, code, days, the price that was shown, payment method
)

// topUpFlow sells more data or days for an eSIM. Its offers and prices are known to the
// vendor alone, so each screen is drawn once the vendor answered.
type topUpFlow struct {
	store interface {
		ESIMStore
		OrderStore
	}
	topUps *esim.TopUps
	till   *paymentFlow
	now    func() time.Time
}

func (f *topUpFlow) register(b *Bot) {
	b.route(routeTopUp, f.list)
	b.route(routeTopUpCard, f.card)
	b.route(routeTopUpBuy, f.buy)
}

// topUpDays of a day pass are offered as buttons.
var topUpDays = []int{1, 3, 5, 7, 10, 15, 30}

// maxOffers keeps a list within one message.
const maxOffers = 30

// asked loads the eSIM of a request and asks the vendor in the background.
func (f *topUpFlow) asked(ctx context.Context, r *Request, toast string, draw func(ctx context.Context, e esim.ESIM) (Screen, error)) (Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return Screen{}, err
	}
	if !e.CanTopUp(f.now()) || leaving(o) {
		return Screen{}, esim.ErrNoTopUp
	}
	return Screen{
		Toast: toast, Up: to(routeESIM, e.ID),
		After: func(ctx context.Context) (Screen, error) { return draw(ctx, e) },
	}, nil
}

func (f *topUpFlow) list(ctx context.Context, r *Request) (Screen, error) {
	return f.asked(ctx, r, r.Plain("topup.toast_asking", nil), func(ctx context.Context, e esim.ESIM) (Screen, error) {
		offers, err := f.topUps.Offers(ctx, e, 1)
		if err != nil {
			return Screen{}, err
		}
		s := Screen{Text: r.T("topup.list", i18n.Args{
			"flag": planFlag(e.Plan), "title": r.planTitle(e.Plan, 0), "id": e.Order.String(),
		})}
		for _, q := range offers[:min(len(offers), maxOffers)] {
			s.Rows = append(s.Rows, f.offerRows(r, e, q, len(offers) > 1)...)
		}
		s.Rows = append(s.Rows, back(r, to(routeESIM, e.ID)))
		return s, nil
	})
}

// offerRows are the buttons of one offer: one, or one for each usual number of days.
func (f *topUpFlow) offerRows(r *Request, e esim.ESIM, offer esim.Quote, named bool) [][]Button {
	if !offer.Plan.DayPass() {
		return [][]Button{row(press(r.Plain("topup.btn_offer", i18n.Args{
			"what": r.planSize(offer.Plan, 0), "price": r.price(offer.Price),
		}), routeTopUpCard, e.ID, offer.Plan.Code, 0))}
	}
	days := topUpDays
	if named { // several passes: the days are chosen on the card
		days = topUpDays[:1]
	}
	var buttons []Button
	for _, n := range days {
		q, err := f.price(offer.Plan, n)(offer.Method)
		if err != nil {
			continue
		}
		what := r.Days(n)
		if named {
			what = r.planSize(offer.Plan, n)
		}
		buttons = append(buttons, press(r.Plain("topup.btn_offer", i18n.Args{"what": what, "price": r.price(q.Price)}),
			routeTopUpCard, e.ID, offer.Plan.Code, n))
	}
	return chunk(buttons, 2)
}

// chunk puts buttons into rows of n.
func chunk(buttons []Button, n int) [][]Button {
	var rows [][]Button
	for len(buttons) > n {
		rows, buttons = append(rows, buttons[:n]), buttons[n:]
	}
	if len(buttons) > 0 {
		rows = append(rows, buttons)
	}
	return rows
}

// price prices so many days of a plan that Offers returned.
func (f *topUpFlow) price(p esim.Plan, days int) func(esim.PaymentMethod) (esim.Quote, error) {
	if !p.DayPass() {
		days = 0
	}
	return func(method esim.PaymentMethod) (esim.Quote, error) {
		return f.topUps.Checkout.Pricing.QuoteWith(method, p, 1, days)
	}
}

func (f *topUpFlow) card(ctx context.Context, r *Request) (Screen, error) {
	code, days := r.Data.Arg(1), r.Data.Int(2, 0)
	return f.asked(ctx, r, r.Plain("topup.toast_price", nil), func(ctx context.Context, e esim.ESIM) (Screen, error) {
		return f.cardOf(ctx, r, e, code, days)
	})
}

// cardOf says what a top-up does, and takes the purchase request to pay.
func (f *topUpFlow) cardOf(ctx context.Context, r *Request, e esim.ESIM, code string, days int) (Screen, error) {
	offers, err := f.topUps.Offers(ctx, e, max(days, 1))
	if err != nil {
		return Screen{}, err
	}
	for _, q := range offers {
		if q.Plan.Code != code {
			continue
		}
		ways, err := f.till.ways(ctx, r.Customer.ID, f.price(q.Plan, q.Days))
		if err != nil {
			return Screen{}, err
		}
		s := Screen{Text: f.says(r, e, q)}
		if line, err := f.till.creditLine(ctx, r); err != nil {
			return Screen{}, err
		} else if line != absent {
			s.Text += "\n" + line
		}
		for _, w := range ways {
			label := r.wayLabel(w)
			if len(ways) == 1 && w.Price.Minor != 0 {
				label = r.Plain("buy.btn_pay", i18n.Args{"price": r.price(w.Price)})
			}
			s.Rows = append(s.Rows, row(press(label, routeTopUpBuy, e.ID, code, q.Days, w.Price.Minor, w.Method)))
		}
		if q.Plan.DayPass() {
			s.Rows = append(s.Rows, f.dayRows(r, e, q)...)
		}
		s.Rows = append(s.Rows, back(r, to(routeTopUp, e.ID)))
		return s, nil
	}
	return Screen{}, fmt.Errorf("top-up %s: %w", code, esim.ErrPlanGone)
}

// dayRows choose another number of days.
func (f *topUpFlow) dayRows(r *Request, e esim.ESIM, q esim.Quote) [][]Button {
	var days []Button
	for _, n := range topUpDays {
		if _, err := f.price(q.Plan, n)(q.Method); err == nil {
			days = append(days, press(mark(n == q.Days)+r.Number(int64(n)), routeTopUpCard, e.ID, q.Plan.Code, n))
		}
	}
	return chunk(days, 4)
}

// says are the words of the card: what is added, and what there is afterwards.
func (f *topUpFlow) says(r *Request, e esim.ESIM, q esim.Quote) string {
	added := q.Plan.Days
	if q.Plan.DayPass() {
		added = q.Days
	}
	args := i18n.Args{
		"flag": planFlag(e.Plan), "title": r.planTitle(e.Plan, 0), "id": e.Order.String(),
		"data": r.Printer.Data(q.Plan.Data), "days": r.Days(added), "price": r.price(q.Price),
		"left": r.Printer.Data(e.Remaining() + q.Plan.Data), "total": r.Printer.Data(e.Total + q.Plan.Data),
		"date": r.DateTime(e.Expires.AddDate(0, 0, added), time.UTC), "all": r.Days(max(e.Days, 0) + added),
	}
	lines := []string{r.T("topup.head", args), ""}
	if q.Plan.DayPass() {
		lines = append(lines, r.T("topup.adds_days", args))
	} else {
		lines = append(lines, r.T("topup.adds_data", args), r.T("topup.then_data", args))
	}
	if e.Activated.IsZero() || e.Expires.IsZero() {
		lines = append(lines, r.T("topup.then_days", args))
	} else {
		lines = append(lines, r.T("topup.then_until", args))
	}
	lines = append(lines, "", r.T("topup.promise", args))
	if e.Cancellable() && e.Epoch == 0 {
		lines = append(lines, r.T("topup.no_cancel", args))
	}
	return strings.Join(lines, "\n")
}

func (f *topUpFlow) buy(ctx context.Context, r *Request) (Screen, error) {
	code, days, method := r.Data.Arg(1), r.Data.Int(2, 0), methodOf(r.Data.Arg(4))
	seen, err := f.till.checkout.Pricing.Amount(method, int64(r.Data.Int(3, -1)))
	if err != nil {
		return Screen{}, err
	}
	return f.asked(ctx, r, r.Plain("topup.toast_price", nil), func(ctx context.Context, e esim.ESIM) (Screen, error) {
		o, err := f.topUps.Begin(ctx, e, esim.PurchaseRequest{
			Customer: r.Customer.ID, Code: code, Quantity: 1, Days: days, Method: method, Seen: seen,
		})
		if errors.Is(err, esim.ErrPriceMoved) { // shown again, never charged silently
			s, err := f.cardOf(ctx, r, e, code, days)
			s.Text = r.T("error.price_moved", nil) + "\n\n" + s.Text
			return s, err
		}
		if err != nil {
			return Screen{}, err
		}
		return f.till.ask(ctx, r, o, to(routeTopUpCard, e.ID, code, days), "p_"+e.Plan.Code)
	})
}
