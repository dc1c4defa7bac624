package buy

import (
	"context"
	"slices"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// planFlow shows everything there is to know about a plan before paying.
type planFlow struct {
	forsale.Offers
	buying *buyFlow
	notes  countrynotes.Notes
	links  refs.Links
	// inlineMode: plans can be sent as cards.
	inlineMode bool
	swaps      *swapFlow
}

func (f *planFlow) register(t *ui.Router) {
	t.Route(refs.RoutePlan, ui.HandleWith(refs.ParsePlan, f.card))
	t.Route(refs.RouteDetails, ui.HandleWith(refs.ParseDetails, f.details))
	t.Route(refs.RouteNetworks, ui.HandleWith(refs.ParseNetworks, f.networks))
	t.Route(refs.RouteShare, ui.HandleWith(refs.ParseShare, f.share))
}

// usualDays of a day pass are offered as buttons.
var usualDays = []int{3, 7, 15, 30}

// priced is the quote for what a button names, with the customer's promo and the buttons that buy it.
func (f *planFlow) priced(ctx context.Context, r *ui.Request, ref refs.Plan) (q esim.Quote, promo esim.Promo, buy [][]ui.Button, err error) {
	p, err := f.Catalog.Plan(ref.Code)
	if err != nil {
		return q, promo, buy, err
	}
	if q, err = f.chosen(p, min(max(ref.Quantity, 1), esim.MaxQuantity), ref.Days); err != nil {
		return q, promo, buy, err
	}
	if promo, err = f.buying.promos.entered(ctx, r); err != nil {
		return q, promo, buy, err
	}
	if promo.Code != "" {
		if q, err = f.buying.price(promo, p.Code, q.Quantity, q.Days)(q.Method); err != nil {
			return q, promo, buy, err
		}
	}
	buy, err = f.buyRows(ctx, r, q, promo, ref.Origin)
	return q, promo, buy, err
}

func (f *planFlow) card(ctx context.Context, r *ui.Request, ref refs.Plan) (ui.Screen, error) {
	q, promo, buy, err := f.priced(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	p := q.Plan
	text, err := f.cardText(ctx, r, q, ref.Origin, promo)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: text, Rows: buy}
	if swap, offered, err := f.swaps.offer(ctx, r, q); err != nil {
		return ui.Screen{}, err
	} else if offered {
		s.Rows = append(s.Rows, ui.Row(swap))
	}
	if p.DayPass() {
		s.Rows = append(s.Rows, f.dayRows(r, q, ref.Origin)...)
	}
	facts := ui.Row(ui.NewButton(r.Plain("plan.btn_details", nil), refs.Details{Code: p.Code, Origin: ref.Origin, Days: q.Days, Quantity: q.Quantity}))
	if f.Checkout.TakesPromos() {
		facts = append(facts, ui.NewButton(r.Plain("promo.btn", nil), refs.Promo{Plan: refs.Plan{Code: p.Code, Origin: ref.Origin, Days: q.Days, Quantity: q.Quantity}}))
	}
	s.Rows = append(s.Rows, f.quantityRow(r, q, ref.Origin), facts,
		ui.Row(ui.NewButton(r.Plain("help.btn_phone", nil), refs.Phone{Code: p.Code, Origin: ref.Origin, Days: q.Days, Quantity: q.Quantity})),
		ui.BackRow(r, refs.UpFromPlan(p, ref.Origin)))
	return s, nil
}

// chosen prices a plan for the days of a day pass that were chosen; 0: as it opens.
func (f *planFlow) chosen(p esim.Plan, quantity, days int) (esim.Quote, error) {
	if days == 0 {
		return f.OpeningQuote(p, quantity)
	}
	return f.Checkout.Quote(p.Code, quantity, forsale.PassDays(p, days))
}

// mostWays to pay have a button each on a card; of more there is the choice behind the last of its buttons.
const mostWays = 2

// buyRows lead to the payment, each on a way to pay; there are none while the shop pauses.
func (f *planFlow) buyRows(ctx context.Context, r *ui.Request, q esim.Quote, promo esim.Promo, origin string) ([][]ui.Button, error) {
	if f.PausedText(r) != "" {
		return nil, nil
	}
	code := q.Plan.Code
	ways, err := f.buying.payment.ways(ctx, r.Customer.ID, f.buying.price(promo, code, q.Quantity, q.Days))
	if err != nil {
		return nil, err
	}
	shown, more := onCard(ways)
	var rows [][]ui.Button
	for _, w := range shown {
		label := wayLabel(r, w)
		if w.Price.Minor != 0 && len(ways) == 1 {
			label = r.Plain("plan.btn_buy", i18n.Args{"price": f.PriceWithDollars(r, w.Price)})
		}
		b := ui.NewButton(label, refs.Buy{Code: code, Origin: origin, Days: q.Days, Seen: w.Price.Minor, Quantity: q.Quantity, Method: w.Method, Credit: w.Credit.Minor})
		if phoneWarning(r) == "" { // nobody is drawn to what will not work
			b = b.AsPurchase()
		}
		rows = append(rows, ui.Row(b))
	}
	if more {
		other := refs.PaymentMethods{Code: code, Origin: origin, Days: q.Days, Quantity: q.Quantity}
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("pay.btn_other", nil), other)))
	}
	return rows, nil
}

// onCard are the ways to pay that have a button on a card, and whether there are more behind a button of their own.
// Store credit that covers the price is always among them, beside the others: whoever has it should see it.
func onCard(ways []esim.Quote) (shown []esim.Quote, more bool) {
	covers := slices.IndexFunc(ways, func(q esim.Quote) bool {
		spec, err := q.Method.Spec()
		return err == nil && spec.FromCredit
	})
	most := mostWays
	if covers > 0 {
		most++
	}
	if len(ways) <= most {
		return ways, false
	}
	shown = ways[: mostWays-1 : mostWays-1]
	if covers > 0 {
		shown = append(shown, ways[covers])
	}
	return shown, true
}

// can reports whether so much of a plan can be paid for.
func (f *planFlow) can(p esim.Plan, quantity, days int) bool {
	_, err := f.Checkout.Quote(p.Code, quantity, days)
	return err == nil
}

// dayRows choose the number of days of a day pass, in two rows: the usual numbers but the one that
// is chosen, and a step more or less. What is too dear is not offered.
func (f *planFlow) dayRows(r *ui.Request, q esim.Quote, origin string) [][]ui.Button {
	at := func(label string, n int) ui.Button {
		return ui.NewButton(label, refs.Plan{Code: q.Plan.Code, Origin: origin, Days: n, Quantity: q.Quantity})
	}
	var usual []ui.Button
	for _, n := range usualDays {
		if n != q.Days && len(usual) < 3 && f.can(q.Plan, q.Quantity, n) {
			usual = append(usual, at(r.Days(n), n))
		}
	}
	var rows [][]ui.Button
	if len(usual) > 0 {
		rows = append(rows, usual)
	}
	return append(rows, f.stepper(q.Days, r.Days(q.Days), at, func(n int) bool { return f.can(q.Plan, q.Quantity, n) }))
}

// quantityRow chooses how many eSIMs.
func (f *planFlow) quantityRow(r *ui.Request, q esim.Quote, origin string) []ui.Button {
	at := func(label string, n int) ui.Button {
		return ui.NewButton(label, refs.Plan{Code: q.Plan.Code, Origin: origin, Days: q.Days, Quantity: n})
	}
	return f.stepper(q.Quantity, r.PlainN("plan.btn_quantity", q.Quantity, nil), at, func(n int) bool { return f.can(q.Plan, n, q.Days) })
}

// stepper is a row − n +, without the steps that lead nowhere.
func (f *planFlow) stepper(n int, label string, at func(string, int) ui.Button, can func(int) bool) []ui.Button {
	steps := ui.Row(at(label, n))
	if can(n - 1) {
		steps = append(ui.Row(at("−", n-1)), steps...)
	}
	if can(n + 1) {
		steps = append(steps, at("+", n+1))
	}
	return steps
}

const networksPage = 15 // countries

func (f *planFlow) networks(_ context.Context, r *ui.Request, ref refs.Networks) (ui.Screen, error) {
	p, err := f.Catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	byName := coverageByName(r, p)
	pg := ui.Paginate(len(byName), networksPage, ref.Page)
	lines := []string{r.T("plan.networks_head", i18n.Args{"title": r.PlanTitle(p, ref.Days)}), ""}
	for _, c := range byName[pg.From:pg.To] {
		nets := r.Enumerate(forsale.NetworkNames(c.Coverage, len(c.Networks)))
		if nets == "" {
			nets = r.Plain("plan.networks_unknown", nil)
		}
		lines = append(lines, r.T("plan.networks_line", i18n.Args{"flag": i18n.Flag(c.Place), "place": c.name, "networks": nets}))
	}
	if len(p.Coverage) == 0 {
		lines = append(lines, r.T("plan.networks_unknown", nil))
	}
	s := ui.Screen{Text: ui.Clip(lines)}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef {
		return refs.Networks{Code: p.Code, Origin: ref.Origin, Days: ref.Days, Page: n, Quantity: ref.Quantity}
	})...)
	s.Rows = append(s.Rows, ui.BackRow(r, refs.Details{Code: p.Code, Origin: ref.Origin, Days: ref.Days, Quantity: ref.Quantity}))
	return s, nil
}

// A namedCoverage is a country's networks under its name in the customer's language.
type namedCoverage struct {
	esim.Coverage
	name string
}

// coverageByName lists a plan's countries from A to Z.
func coverageByName(r *ui.Request, p esim.Plan) []namedCoverage {
	named := make([]namedCoverage, len(p.Coverage))
	for i, c := range p.Coverage {
		named[i] = namedCoverage{c, c.Name}
		if c.Place != "" {
			named[i].name = r.Place(c.Place)
		}
	}
	col := ui.Collator(r.Lang())
	slices.SortStableFunc(named, func(a, b namedCoverage) int { return col.CompareString(a.name, b.name) })
	return named
}
