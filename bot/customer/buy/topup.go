package buy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// topUpFlow sells more data or days for an eSIM. Its offers and prices are known to the
// vendor alone, so each screen is drawn once the vendor answered.
type topUpFlow struct {
	store interface {
		esimStore
		orderStore
	}
	topUps  *esim.TopUps
	payment *paymentFlow
	now     func() time.Time
}

func (f *topUpFlow) register(t *ui.Router) {
	t.Route(refs.RouteTopUp, ui.HandleWith(refs.ParseTopUps, f.list))
	t.Route(refs.RouteTopUpCard, ui.HandleWith(refs.ParseTopUp, f.card))
	t.Route(refs.RouteTopUpBuy, ui.HandleWith(refs.ParseTopUpBuy, f.buy))
	t.Route(refs.RouteEmergencyTopUp, ui.HandleWith(refs.ParseEmergencyTopUp, f.rescue))
}

// topUpDays of a day pass are offered as buttons.
var topUpDays = []int{1, 3, 5, 7, 10, 15, 30}

const offersPage = 7 // rows of a list, beside those to leaf, to what is automatic, and back

// looked is asked for what is only looked up.
func (f *topUpFlow) looked(ctx context.Context, r *ui.Request, esimID esim.ESIMID, toast string, draw func(ctx context.Context, e esim.ESIM) (ui.Screen, error)) (ui.Screen, error) {
	s, err := f.asked(ctx, r, esimID, toast, draw)
	s.Looks = true
	return s, err
}

// asked loads the eSIM of a request and asks the vendor in the background.
func (f *topUpFlow) asked(ctx context.Context, r *ui.Request, esimID esim.ESIMID, toast string, draw func(ctx context.Context, e esim.ESIM) (ui.Screen, error)) (ui.Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, esimID)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := ownOrder(ctx, f.store, e)
	if err != nil {
		return ui.Screen{}, err
	}
	if !e.CanTopUp(f.now()) || o.TakesBack(e.ID) {
		return ui.Screen{}, esim.ErrNoTopUp
	}
	return ui.Screen{
		Toast: toast, Up: refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}.Data(),
		After: func(ctx context.Context) (ui.Screen, error) { return draw(ctx, e) },
	}, nil
}

func (f *topUpFlow) list(ctx context.Context, r *ui.Request, ref refs.TopUps) (ui.Screen, error) {
	return f.looked(ctx, r, ref.ESIM, r.Plain("topup.toast_asking", nil), func(ctx context.Context, e esim.ESIM) (ui.Screen, error) {
		offers, err := f.topUps.Offers(ctx, e, 1)
		if err != nil {
			return ui.Screen{}, err
		}
		s := ui.Screen{Text: r.T("topup.list", i18n.Args{
			"flag": ui.PlanFlag(e.Plan), "title": r.NamedTitle(e, 0), "id": e.Order.String(),
		})}
		for _, q := range offers {
			s.Rows = append(s.Rows, f.offerRows(r, e, q, len(offers) > 1)...)
		}
		pg := ui.Paginate(len(s.Rows), offersPage, ref.Page)
		s.Rows = append(s.Rows[pg.From:pg.To:pg.To], pg.Row(func(n int) ui.CallbackRef { return refs.TopUps{ESIM: e.ID, Page: n} })...)
		if e.MayAutoTopUp(f.now()) {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("auto.btn_list", nil), refs.AutoTopUp{ESIM: e.ID})))
		}
		s.Rows = append(s.Rows, ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))
		return s, nil
	})
}

// offerRows are the buttons of one offer: one, or one for each usual number of days.
func (f *topUpFlow) offerRows(r *ui.Request, e esim.ESIM, offer esim.Quote, named bool) [][]ui.Button {
	if !offer.Plan.DayPass() {
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("topup.btn_offer", i18n.Args{
			"what": r.PlanSize(offer.Plan, 0), "price": r.Price(offer.Price),
		}), refs.TopUp{ESIM: e.ID, Code: offer.Plan.Code}))}
	}
	days := topUpDays
	if named { // several passes: the days are chosen on the card
		days = topUpDays[:1]
	}
	var buttons []ui.Button
	for _, n := range days {
		q, err := f.price(offer.Plan, n)(offer.Method)
		if err != nil {
			continue
		}
		what := r.Days(n)
		if named {
			what = r.PlanSize(offer.Plan, n)
		}
		buttons = append(buttons, ui.NewButton(r.Plain("topup.btn_offer", i18n.Args{"what": what, "price": r.Price(q.Price)}),
			refs.TopUp{ESIM: e.ID, Code: offer.Plan.Code, Days: n}))
	}
	return ui.PairRows(buttons...)
}

// price prices so many days of a plan that Offers returned.
func (f *topUpFlow) price(p esim.Plan, days int) func(esim.PaymentMethod) (esim.Quote, error) {
	if !p.DayPass() {
		days = 0
	}
	return func(method esim.PaymentMethod) (esim.Quote, error) {
		return f.topUps.Checkout.Prices().QuoteWith(method, p, 1, days)
	}
}

func (f *topUpFlow) card(ctx context.Context, r *ui.Request, ref refs.TopUp) (ui.Screen, error) {
	return f.looked(ctx, r, ref.ESIM, r.Plain("topup.toast_price", nil), func(ctx context.Context, e esim.ESIM) (ui.Screen, error) {
		return f.cardOf(ctx, r, e, ref.Code, ref.Days)
	})
}

// cardOf says what a top-up does, and takes the purchase request to pay.
func (f *topUpFlow) cardOf(ctx context.Context, r *ui.Request, e esim.ESIM, code string, days int) (ui.Screen, error) {
	offers, err := f.topUps.Offers(ctx, e, max(days, 1))
	if err != nil {
		return ui.Screen{}, err
	}
	for _, q := range offers {
		if q.Plan.Code != code {
			continue
		}
		ways, err := f.payment.ways(ctx, r.Customer.ID, f.price(q.Plan, q.Days))
		if err != nil {
			return ui.Screen{}, err
		}
		s := ui.Screen{Text: f.says(r, e, q)}
		if closed := forsale.PausedText(r, f.payment.checkout); closed != "" {
			s.Text += "\n\n" + closed
			ways = nil
		}
		if line, has, err := f.payment.creditLine(ctx, r); err != nil {
			return ui.Screen{}, err
		} else if has {
			s.Text += "\n" + line
		}
		for _, w := range ways {
			label := wayLabel(r, w)
			if len(ways) == 1 && w.Price.Minor != 0 {
				label = r.Plain("buy.btn_pay", i18n.Args{"price": r.Price(w.Price)})
			}
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(label, refs.TopUpBuy{ESIM: e.ID, Code: code, Days: q.Days, Seen: w.Price.Minor, Method: w.Method, Credit: w.Credit.Minor}).AsPurchase()))
		}
		if q.Plan.DayPass() {
			s.Rows = append(s.Rows, f.dayRows(r, e, q)...)
		}
		s.Rows = append(s.Rows, ui.BackRow(r, refs.TopUps{ESIM: e.ID}))
		return s, nil
	}
	return ui.Screen{}, fmt.Errorf("top-up %s: %w", code, esim.ErrPlanGone)
}

// dayRows choose another number of days.
func (f *topUpFlow) dayRows(r *ui.Request, e esim.ESIM, q esim.Quote) [][]ui.Button {
	var days []ui.Button
	for _, n := range topUpDays {
		if _, err := f.price(q.Plan, n)(q.Method); err == nil {
			days = append(days, ui.NewButton(refs.ChosenMark(n == q.Days)+r.Number(int64(n)), refs.TopUp{ESIM: e.ID, Code: q.Plan.Code, Days: n}))
		}
	}
	return slices.Collect(slices.Chunk(days, 4))
}

// says are the words of the card: what is added, and what there is afterwards.
func (f *topUpFlow) says(r *ui.Request, e esim.ESIM, q esim.Quote) string {
	added := q.Plan.Days
	if q.Plan.DayPass() {
		added = q.Days
	}
	args := i18n.Args{
		"flag": ui.PlanFlag(e.Plan), "title": r.NamedTitle(e, 0), "id": e.Order.String(),
		"data": r.Printer.Data(q.Plan.Data), "days": r.Days(added), "price": r.Price(q.Price),
		"left": r.Printer.Data(e.Remaining() + q.Plan.Data), "total": r.Printer.Data(e.Total + q.Plan.Data),
		"date": r.Moment(e.Expires.AddDate(0, 0, added)), "lasts": forsale.ValidityText(r, e.Plan, max(e.Days, 0)+added),
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

func (f *topUpFlow) buy(ctx context.Context, r *ui.Request, ref refs.TopUpBuy) (ui.Screen, error) {
	seen, err := f.payment.checkout.Pricing.Amount(ref.Method, ref.Seen)
	if err != nil {
		return ui.Screen{}, err
	}
	return f.asked(ctx, r, ref.ESIM, r.Plain("topup.toast_price", nil), func(ctx context.Context, e esim.ESIM) (ui.Screen, error) {
		o, err := f.topUps.Begin(ctx, e, esim.PurchaseRequest{
			Customer: r.Customer.ID, PlanCode: ref.Code, Quantity: 1, Days: ref.Days,
			Method: ref.Method, Seen: seen, Credit: esim.USDCents(ref.Credit), CallbackQueryID: r.CallbackQueryID, Consent: f.payment.contracts.Consent(r.Lang()),
		})
		if errors.Is(err, esim.ErrPriceChanged) || ref.Credit > 0 && errors.Is(err, esim.ErrInsufficientCredit) { // shown again, never charged silently
			s, err := f.cardOf(ctx, r, e, ref.Code, ref.Days)
			s.Text = r.T("error.price_moved", nil) + "\n\n" + s.Text
			return s, err
		}
		if err != nil {
			return ui.Screen{}, err
		}
		return f.payment.ask(ctx, r, o, refs.TopUp{ESIM: e.ID, Code: ref.Code, Days: ref.Days}, "p_"+e.Plan.Code, "")
	})
}
