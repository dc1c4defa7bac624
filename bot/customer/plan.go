package customer

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// planFlow shows everything there is to know about a plan before paying.
type planFlow struct {
	catalog  *esim.CatalogCache
	checkout *esim.Checkout
	buying   *buyFlow
}

func (f *planFlow) register(t *ui.Router) {
	t.Route(routePlan, ui.On(parsePlanRef, f.card))
	t.Route(routeNetworks, ui.On(parseNetworksRef, f.networks))
	t.Route(routePhone, ui.On(parsePhoneRef, f.phone))
}

// usualDays of a day pass are offered as buttons.
var usualDays = []int{1, 3, 5, 7, 10, 15, 20, 30}

const firstDays = 7 // of a day pass, until chosen

func (f *planFlow) card(ctx context.Context, r *ui.Request, ref planRef) (ui.Screen, error) {
	p, err := f.catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	days := 0
	if p.DayPass() {
		days = min(max(cmp.Or(ref.Days, firstDays), 1), esim.MaxDays)
	}
	n := min(max(ref.Quantity, 1), esim.MaxQuantity)
	q, err := f.checkout.Quote(p.Code, n, days)
	for ref.Days == 0 && days > 1 && errors.Is(err, esim.ErrTooDear) {
		days-- // nobody chose so many: show the most that can be paid
		q, err = f.checkout.Quote(p.Code, n, days)
	}
	if err != nil {
		return ui.Screen{}, err
	}
	buy, err := f.buyButton(ctx, r, q, ref.Origin)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: planCard(r, q), Rows: [][]ui.Button{ui.Row(buy)}}
	if p.DayPass() {
		s.Rows = append(s.Rows, f.dayRows(r, q, ref.Origin)...)
	}
	s.Rows = append(s.Rows,
		f.quantityRow(r, q, ref.Origin),
		ui.Row(ui.Press(r.Plain("plan.btn_networks", nil), networksRef{p.Code, ref.Origin, days, 0, n})),
		ui.Row(ui.Press(r.Plain("help.btn_phone", nil), phoneRef{p.Code, ref.Origin, days, n})),
		ui.Back(r, originOf(p, ref.Origin)))
	return s, nil
}

// buyButton leads to the payment where there is one way to pay, else to the choice.
func (f *planFlow) buyButton(ctx context.Context, r *ui.Request, q esim.Quote, origin string) (ui.Button, error) {
	code := q.Plan.Code
	ways, err := f.buying.till.ways(ctx, r.Customer.ID, f.buying.price(code, q.Quantity, q.Days))
	if err != nil {
		return ui.Button{}, err
	}
	if len(ways) > 1 {
		return ui.Press(r.Plain("plan.btn_buy", i18n.Args{"price": r.Price(q.Price)}), waysRef{code, origin, q.Days, q.Quantity}), nil
	}
	w, label := ways[0], r.Plain("pay.btn_by_free", nil)
	if w.Method != esim.MethodFree {
		label = r.Plain("plan.btn_buy", i18n.Args{"price": r.Price(w.Price)})
	}
	return ui.Press(label, buyRef{code, origin, q.Days, w.Price.Minor, q.Quantity, w.Method}), nil
}

// can reports whether so much of a plan can be paid for.
func (f *planFlow) can(p esim.Plan, quantity, days int) bool {
	_, err := f.checkout.Quote(p.Code, quantity, days)
	return err == nil
}

// dayRows choose the number of days of a day pass; what is too dear is not offered.
func (f *planFlow) dayRows(r *ui.Request, q esim.Quote, origin string) [][]ui.Button {
	at := func(label string, n int) ui.Button {
		return ui.Press(label, planRef{q.Plan.Code, origin, n, q.Quantity})
	}
	var usual []ui.Button
	for _, n := range usualDays {
		if f.can(q.Plan, q.Quantity, n) {
			usual = append(usual, at(mark(n == q.Days)+r.Number(int64(n)), n))
		}
	}
	return append(slices.Collect(slices.Chunk(usual, 4)), f.stepper(q.Days, r.Days(q.Days), at, func(n int) bool { return f.can(q.Plan, q.Quantity, n) }))
}

// quantityRow chooses how many eSIMs.
func (f *planFlow) quantityRow(r *ui.Request, q esim.Quote, origin string) []ui.Button {
	at := func(label string, n int) ui.Button { return ui.Press(label, planRef{q.Plan.Code, origin, q.Days, n}) }
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

// originOf is the list a plan's card leads back to.
func originOf(p esim.Plan, origin string) ui.Ref {
	switch {
	case len(origin) == 2:
		return listRef{Route: routeCountry, Code: origin, Tab: tabOf(p)}
	case origin != "":
		return listRef{Route: routeRegion, Code: origin, Tab: tabOf(p)}
	case p.Scope() == esim.Country:
		return listRef{Route: routeCountry, Code: ui.CountryOf(p), Tab: tabOf(p)}
	}
	return listRef{Route: routeRegion, Code: p.Location, Tab: tabOf(p)}
}

func tabOf(p esim.Plan) string {
	if p.DayPass() {
		return tabDays
	}
	return tabFixed
}

//i18n:use plan.*

// planCard writes the facts of a plan, a line each.
func planCard(r *ui.Request, q esim.Quote) string {
	p := q.Plan
	lines := []string{
		r.T("plan.head", i18n.Args{"flag": ui.PlanFlag(p), "title": r.PlanTitle(p, q.Days)}),
		priceLine(r, q),
		"",
		dataLine(r, p, q.Days),
		r.T(startKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}),
	}
	add := func(key string, args i18n.Args) { lines = append(lines, r.T(key, args)) }
	if p.UnusedDays > 0 {
		add("plan.unused", i18n.Args{"days": r.Days(p.UnusedDays)})
	}
	if g := speed(p); g != "" {
		add("plan.speed", i18n.Args{"speed": g})
	}
	if line, has := networkLine(r, p); has {
		lines = append(lines, line)
	}
	lines = append(lines, exitLine(r, p), topUpLine(r, p))
	add(smsKey(p), nil)
	add("plan.hotspot", nil)
	lines = append(lines, coverage(r, p)...)
	lines = append(lines, "", r.T("plan.refund", nil))
	return strings.Join(lines, "\n")
}

func priceLine(r *ui.Request, q esim.Quote) string {
	if q.Quantity > 1 {
		return r.N("plan.price_many", q.Quantity, i18n.Args{"price": r.Price(q.Price)})
	}
	return r.T("plan.price", i18n.Args{"price": r.Price(q.Price)})
}

func dataLine(r *ui.Request, p esim.Plan, days int) string {
	args := i18n.Args{"data": r.Printer.Data(p.Data), "speed": p.FairUse, "days": r.Days(days)}
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.T("plan.data_unlimited", args)
	case p.Kind == esim.DailyCutOff:
		return r.T("plan.data_cut_off", args)
	case p.DayPass() && p.FairUse != "":
		return r.T("plan.data_slowed", args)
	case p.DayPass():
		return r.T("plan.data_slowed_unknown", args)
	}
	return r.T("plan.data_total", args)
}

func startKey(p esim.Plan) string {
	if p.Starts == esim.AtInstall {
		return "plan.starts_install"
	}
	return "plan.starts_use"
}

func smsKey(p esim.Plan) string {
	switch p.SMS {
	case esim.SMSFromAll:
		return "plan.sms_all"
	case esim.SMSFromAPI:
		return "plan.sms_service"
	}
	return "plan.sms_none"
}

func topUpLine(r *ui.Request, p esim.Plan) string {
	switch p.TopUp {
	case esim.TopUpVolume:
		return r.T("plan.topup_volume", nil)
	case esim.TopUpDays:
		return r.T("plan.topup_days", nil)
	}
	return r.T("plan.topup_none", nil)
}

// networkLine names the networks where they are few; else a screen of its own does.
func networkLine(r *ui.Request, p esim.Plan) (line string, has bool) {
	if len(p.Coverage) != 1 || len(p.Coverage[0].Operators) == 0 {
		return "", false
	}
	return r.T("plan.networks", i18n.Args{"networks": operators(p.Coverage[0])}), true
}

func operators(c esim.Coverage) string {
	names := make([]string, len(c.Operators))
	for i, o := range c.Operators {
		names[i] = strings.TrimSpace(o.Name + " " + o.Generation)
	}
	return strings.Join(names, ", ")
}

// exitLine says where the traffic leaves, with a warning for Hong Kong.
func exitLine(r *ui.Request, p esim.Plan) string {
	if len(p.Exits) == 0 {
		return r.T("plan.exit_unknown", nil)
	}
	args := i18n.Args{"countries": r.List(r.PlaceNames(p.Exits))}
	if p.ExitsIn("HK") && !p.Covers("HK") {
		return r.T("plan.exit_hongkong", args)
	}
	return r.T("plan.exit", args)
}

// maxMissing is how many neighbours outside a region are named.
const maxMissing = 10

// coverage lists the countries of a plan, and those nearby where it does not work.
func coverage(r *ui.Request, p esim.Plan) []string {
	if len(p.Places) <= 1 {
		return []string{r.T("plan.only_here", i18n.Args{"place": r.PlanPlace(p)})}
	}
	lines := []string{"", r.T("plan.countries", i18n.Args{
		"count": r.Number(int64(len(p.Places))), "list": strings.Join(r.PlaceNames(p.Places), ", "),
	})}
	if missing := missingNearby(p); len(missing) > 0 {
		shown := missing[:min(len(missing), maxMissing)]
		key := "plan.missing"
		if len(missing) > len(shown) {
			key = "plan.missing_more"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"list": strings.Join(r.PlaceNames(shown), ", "), "count": r.Number(int64(len(missing) - len(shown))),
		}))
	}
	return lines
}

// missingNearby are the well-visited countries on the continents of a regional plan
// where it does not work. A global plan's gaps are too many to call nearby.
func missingNearby(p esim.Plan) []string {
	if p.Scope() != esim.Regional {
		return nil
	}
	home := map[esim.Continent]int{}
	for _, code := range p.Places {
		home[esim.ContinentOf(code)]++
	}
	var out []string
	for _, code := range esim.WellVisited() {
		if home[esim.ContinentOf(code)] > 1 && !p.Covers(code) {
			out = append(out, code)
		}
	}
	return out
}

const networksPage = 15 // countries

func (f *planFlow) networks(_ context.Context, r *ui.Request, ref networksRef) (ui.Screen, error) {
	p, err := f.catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	pg := ui.Paginate(len(p.Coverage), networksPage, ref.Page)
	lines := []string{r.T("plan.networks_head", i18n.Args{"title": r.PlanTitle(p, ref.Days)}), ""}
	for _, c := range p.Coverage[pg.From:pg.To] {
		name := c.Name
		if c.Place != "" {
			name = r.Place(c.Place)
		}
		nets := operators(c)
		if nets == "" {
			nets = r.Plain("plan.networks_unknown", nil)
		}
		lines = append(lines, r.T("plan.networks_line", i18n.Args{"flag": i18n.Flag(c.Place), "place": name, "networks": nets}))
	}
	if len(p.Coverage) == 0 {
		lines = append(lines, r.T("plan.networks_unknown", nil))
	}
	s := ui.Screen{Text: ui.Clip(lines)}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.Ref { return networksRef{p.Code, ref.Origin, ref.Days, n, ref.Quantity} })...)
	s.Rows = append(s.Rows, ui.Back(r, planRef{p.Code, ref.Origin, ref.Days, ref.Quantity}))
	return s, nil
}

func (f *planFlow) phone(_ context.Context, r *ui.Request, ref phoneRef) (ui.Screen, error) {
	var up ui.Ref = routeHelp
	if ref.Code != "" {
		up = planRef(ref)
	}
	return ui.Screen{Text: r.T("help.phone", nil), Rows: [][]ui.Button{ui.Back(r, up)}}, nil
}

// speed is the best generation of a plan: "3G/4G/5G" is "5G".
func speed(p esim.Plan) string {
	parts := strings.Split(p.Speed, "/")
	return parts[len(parts)-1]
}
