package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routePlan     = "plan"  // code, origin (a country or region), days of a day pass, quantity
	routeNetworks = "nets"  // code, origin, days, page, quantity
	routePhone    = "phone" // code, origin, days, quantity
)

// planFlow shows everything there is to know about a plan before paying.
type planFlow struct {
	catalog  *esim.CatalogCache
	checkout *esim.Checkout
	buying   *buyFlow
}

func (f *planFlow) register(b *Bot) {
	b.route(routePlan, f.card)
	b.route(routeNetworks, f.networks)
	b.route(routePhone, f.phone)
}

// usualDays of a day pass are offered as buttons.
var usualDays = []int{1, 3, 5, 7, 10, 15, 20, 30}

const firstDays = 7 // of a day pass, until chosen

func (f *planFlow) card(ctx context.Context, r *Request) (Screen, error) {
	p, err := f.catalog.Plan(r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	days := 0
	if p.DayPass() {
		days = min(max(r.Data.Int(2, firstDays), 1), esim.MaxDays)
	}
	n := min(max(r.Data.Int(3, 1), 1), esim.MaxQuantity)
	q, err := f.checkout.Quote(p.Code, n, days)
	for r.Data.Arg(2) == "" && days > 1 && errors.Is(err, esim.ErrTooDear) {
		days-- // nobody chose so many: show the most that can be paid
		q, err = f.checkout.Quote(p.Code, n, days)
	}
	if err != nil {
		return Screen{}, err
	}
	origin := r.Data.Arg(1)
	buy, err := f.buyButton(ctx, r, q, origin)
	if err != nil {
		return Screen{}, err
	}
	s := Screen{Text: r.planCard(q), Rows: [][]Button{row(buy)}}
	if p.DayPass() {
		s.Rows = append(s.Rows, f.dayRows(r, q, origin)...)
	}
	s.Rows = append(s.Rows,
		f.quantityRow(r, q, origin),
		row(press(r.Plain("plan.btn_networks", nil), routeNetworks, p.Code, origin, days, 0, n)),
		row(press(r.Plain("help.btn_phone", nil), routePhone, p.Code, origin, days, n)),
		back(r, originOf(p, origin)))
	return s, nil
}

// buyButton leads to the payment where there is one way to pay, else to the choice.
func (f *planFlow) buyButton(ctx context.Context, r *Request, q esim.Quote, origin string) (Button, error) {
	code := q.Plan.Code
	ways, err := f.buying.till.ways(ctx, r.Customer.ID, f.buying.price(code, q.Quantity, q.Days))
	if err != nil {
		return Button{}, err
	}
	if len(ways) > 1 {
		return press(r.Plain("plan.btn_buy", i18n.Args{"price": r.price(q.Price)}), routeWays, code, origin, q.Days, q.Quantity), nil
	}
	w := ways[0]
	label := r.wayLabel(w)
	if w.Price.Minor != 0 {
		label = r.Plain("plan.btn_buy", i18n.Args{"price": r.price(w.Price)})
	}
	return press(label,
		routeBuy, code, origin, q.Days, w.Price.Minor, q.Quantity, w.Method), nil
}

// can reports whether so much of a plan can be paid for.
func (f *planFlow) can(p esim.Plan, quantity, days int) bool {
	_, err := f.checkout.Quote(p.Code, quantity, days)
	return err == nil
}

// dayRows choose the number of days of a day pass; what is too dear is not offered.
func (f *planFlow) dayRows(r *Request, q esim.Quote, origin string) [][]Button {
	at := func(label string, n int) Button { return press(label, routePlan, q.Plan.Code, origin, n, q.Quantity) }
	var usual []Button
	for _, n := range usualDays {
		if f.can(q.Plan, q.Quantity, n) {
			usual = append(usual, at(mark(n == q.Days)+r.Number(int64(n)), n))
		}
	}
	return append(chunk(usual, 4), f.stepper(q.Days, r.Days(q.Days), at, func(n int) bool { return f.can(q.Plan, q.Quantity, n) }))
}

// quantityRow chooses how many eSIMs.
func (f *planFlow) quantityRow(r *Request, q esim.Quote, origin string) []Button {
	at := func(label string, n int) Button { return press(label, routePlan, q.Plan.Code, origin, q.Days, n) }
	return f.stepper(q.Quantity, r.PlainN("plan.btn_quantity", q.Quantity, nil), at, func(n int) bool { return f.can(q.Plan, n, q.Days) })
}

// stepper is a row − n +, without the steps that lead nowhere.
func (f *planFlow) stepper(n int, label string, at func(string, int) Button, can func(int) bool) []Button {
	steps := row(at(label, n))
	if can(n - 1) {
		steps = append(row(at("−", n-1)), steps...)
	}
	if can(n + 1) {
		steps = append(steps, at("+", n+1))
	}
	return steps
}

// originOf is the list a plan's card leads back to.
func originOf(p esim.Plan, origin string) Data {
	switch {
	case len(origin) == 2:
		return to(routeCountry, origin, tabOf(p))
	case origin != "":
		return to(routeRegion, origin, tabOf(p))
	case p.Scope() == esim.Country:
		return to(routeCountry, countryOf(p), tabOf(p))
	}
	return to(routeRegion, p.Location, tabOf(p))
}

func tabOf(p esim.Plan) string {
	if p.DayPass() {
		return tabDays
	}
	return tabFixed
}

//i18n:use plan.*

// planCard writes the facts of a plan, a line each.
func (r *Request) planCard(q esim.Quote) string {
	p := q.Plan
	lines := []string{
		r.T("plan.head", i18n.Args{"flag": planFlag(p), "title": r.planTitle(p, q.Days)}),
		r.priceLine(q),
		"",
		r.dataLine(p, q.Days),
		r.T(startKey(p), i18n.Args{"days": r.Days(max(p.Days, q.Days))}),
	}
	add := func(key string, args i18n.Args) { lines = append(lines, r.T(key, args)) }
	if p.UnusedDays > 0 {
		add("plan.unused", i18n.Args{"days": r.Days(p.UnusedDays)})
	}
	if g := speed(p); g != "" {
		add("plan.speed", i18n.Args{"speed": g})
	}
	lines = append(lines, r.networkLine(p), r.exitLine(p), r.topUpLine(p))
	add(smsKey(p), nil)
	add("plan.hotspot", nil)
	lines = append(lines, r.coverage(p)...)
	lines = append(lines, "", r.T("plan.refund", nil))
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == absent })
	return strings.Join(lines, "\n")
}

func (r *Request) priceLine(q esim.Quote) string {
	if q.Quantity > 1 {
		return r.N("plan.price_many", q.Quantity, i18n.Args{"price": r.price(q.Price)})
	}
	return r.T("plan.price", i18n.Args{"price": r.price(q.Price)})
}

// absent marks a line that this plan does not have.
const absent = "\x00"

func (r *Request) dataLine(p esim.Plan, days int) string {
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

func (r *Request) topUpLine(p esim.Plan) string {
	switch p.TopUp {
	case esim.TopUpVolume:
		return r.T("plan.topup_volume", nil)
	case esim.TopUpDays:
		return r.T("plan.topup_days", nil)
	}
	return r.T("plan.topup_none", nil)
}

// networkLine names the networks where they are few; else a screen of its own does.
func (r *Request) networkLine(p esim.Plan) string {
	if len(p.Coverage) != 1 || len(p.Coverage[0].Operators) == 0 {
		return absent
	}
	return r.T("plan.networks", i18n.Args{"networks": operators(p.Coverage[0])})
}

func operators(c esim.Coverage) string {
	names := make([]string, len(c.Operators))
	for i, o := range c.Operators {
		names[i] = strings.TrimSpace(o.Name + " " + o.Generation)
	}
	return strings.Join(names, ", ")
}

// exitLine says where the traffic leaves, with a warning for Hong Kong.
func (r *Request) exitLine(p esim.Plan) string {
	if len(p.Exits) == 0 {
		return r.T("plan.exit_unknown", nil)
	}
	args := i18n.Args{"countries": r.List(r.placeNames(p.Exits))}
	if p.ExitsIn("HK") && !p.Covers("HK") {
		return r.T("plan.exit_hongkong", args)
	}
	return r.T("plan.exit", args)
}

// maxMissing is how many neighbours outside a region are named.
const maxMissing = 10

// coverage lists the countries of a plan, and those nearby where it does not work.
func (r *Request) coverage(p esim.Plan) []string {
	if len(p.Places) <= 1 {
		return []string{r.T("plan.only_here", i18n.Args{"place": r.planPlace(p)})}
	}
	lines := []string{"", r.T("plan.countries", i18n.Args{
		"count": r.Number(int64(len(p.Places))), "list": strings.Join(r.placeNames(p.Places), ", "),
	})}
	if missing := missingNearby(p); len(missing) > 0 {
		shown := missing[:min(len(missing), maxMissing)]
		key := "plan.missing"
		if len(missing) > len(shown) {
			key = "plan.missing_more"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"list": strings.Join(r.placeNames(shown), ", "), "count": r.Number(int64(len(missing) - len(shown))),
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

func (f *planFlow) networks(_ context.Context, r *Request) (Screen, error) {
	p, err := f.catalog.Plan(r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	origin, days, quantity := r.Data.Arg(1), r.Data.Int(2, 0), r.Data.Int(4, 1)
	pg := paged(len(p.Coverage), networksPage, r.Data.Int(3, 0))
	lines := []string{r.T("plan.networks_head", i18n.Args{"title": r.planTitle(p, days)}), ""}
	for _, c := range p.Coverage[pg.from:pg.to] {
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
	s := Screen{Text: clip(lines)}
	s.Rows = append(s.Rows, pg.row(func(n int) Data { return to(routeNetworks, p.Code, origin, days, n, quantity) })...)
	s.Rows = append(s.Rows, back(r, to(routePlan, p.Code, origin, days, quantity)))
	return s, nil
}

// clip joins lines and drops the last ones where Telegram's limit would be passed.
func clip(lines []string) string {
	for len(lines) > 1 && telegram.Length(strings.Join(lines, "\n")) > telegram.MaxText {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

func (f *planFlow) phone(_ context.Context, r *Request) (Screen, error) {
	up := to(routeHelp)
	if code := r.Data.Arg(0); code != "" {
		up = to(routePlan, code, r.Data.Arg(1), r.Data.Int(2, 0), r.Data.Int(3, 1))
	}
	return Screen{Text: r.T("help.phone", nil), Rows: [][]Button{back(r, up)}}, nil
}
