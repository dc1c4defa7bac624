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
	routePlan     = "plan" // code, origin (a country or region), days of a day pass
	routeNetworks = "nets" // code, origin, days, page
	routePhone    = "phone"
)

// planFlow shows everything there is to know about a plan before paying.
type planFlow struct {
	shelf    *esim.Shelf
	checkout *esim.Checkout
}

func (f *planFlow) register(b *Bot) {
	b.route(routePlan, f.card)
	b.route(routeNetworks, f.networks)
	b.route(routePhone, f.phone)
}

// usualDays of a day pass are offered as buttons.
var usualDays = []int{1, 3, 5, 7, 10, 15, 20, 30}

const firstDays = 7 // of a day pass, until chosen

func (f *planFlow) card(_ context.Context, r *Request) (Screen, error) {
	p, err := f.shelf.Plan(r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	days := 0
	if p.DayPass() {
		days = min(max(r.Data.Int(2, firstDays), 1), esim.MaxDays)
	}
	q, err := f.checkout.Pricing.Quote(p, 1, days)
	for r.Data.Arg(2) == "" && days > 1 && errors.Is(err, esim.ErrTooDear) {
		days-- // nobody chose so many: show the most that can be paid
		q, err = f.checkout.Pricing.Quote(p, 1, days)
	}
	if err != nil {
		return Screen{}, err
	}
	origin := r.Data.Arg(1)
	s := Screen{Text: r.planCard(q)}
	s.Rows = append(s.Rows, row(press(r.Plain("plan.btn_buy", i18n.Args{"price": r.price(q.Price)}),
		routeBuy, p.Code, origin, days, q.Price.Minor)))
	if p.DayPass() {
		s.Rows = append(s.Rows, f.dayRows(r, p, origin, days)...)
	}
	s.Rows = append(s.Rows,
		row(press(r.Plain("plan.btn_networks", nil), routeNetworks, p.Code, origin, days)),
		row(press(r.Plain("help.btn_phone", nil), routePhone, p.Code, origin, days)),
		back(r, originOf(p, origin)))
	return s, nil
}

// dayRows choose the number of days of a day pass.
func (f *planFlow) dayRows(r *Request, p esim.Plan, origin string, days int) [][]Button {
	var usual []Button
	for _, n := range usualDays {
		label := r.Number(int64(n))
		if n == days {
			label = "● " + label
		}
		usual = append(usual, press(label, routePlan, p.Code, origin, n))
	}
	half := len(usual) / 2
	return [][]Button{usual[:half], usual[half:], {
		press("−", routePlan, p.Code, origin, max(days-1, 1)),
		press(r.Days(days), routePlan, p.Code, origin, days),
		press("+", routePlan, p.Code, origin, min(days+1, esim.MaxDays)),
	}}
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
		r.T("plan.price", i18n.Args{"price": r.price(q.Price)}),
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
	p, err := f.shelf.Plan(r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	origin, days := r.Data.Arg(1), r.Data.Int(2, 0)
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
	s.Rows = append(s.Rows, pg.row(func(n int) Data { return to(routeNetworks, p.Code, origin, days, n) })...)
	s.Rows = append(s.Rows, back(r, to(routePlan, p.Code, origin, days)))
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
		up = to(routePlan, code, r.Data.Arg(1), r.Data.Int(2, 0))
	}
	return Screen{Text: r.T("help.phone", nil), Rows: [][]Button{back(r, up)}}, nil
}
