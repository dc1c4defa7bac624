package customer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/places"
)

// find shows again what a search found.
func (f *searchFlow) find(_ context.Context, r *ui.Request, ref findRef) (ui.Screen, error) {
	catalog := f.catalog.Current()
	if len(catalog.Plans()) == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	switch ref.Mode {
	case findRegion:
		return f.region(r, ref)
	case findOne:
		return f.one(r, ref, ""), nil
	}
	if len(ref.Places) == 1 && !ref.Said() {
		return ui.Screen{Follow: listRef{Route: routeCountry, Code: ref.Places[0], From: fromMenu}.Data()}, nil
	}
	return f.all(r, ref), nil
}

// one lists places of which one is meant.
func (f *searchFlow) one(r *ui.Request, ref findRef, query string) ui.Screen {
	s := ui.Screen{Text: r.T("search.which", nil)}
	if query != "" {
		s.Text = r.T("search.several", i18n.Args{"query": query})
	}
	from := ref.trail()
	for _, code := range ref.Places {
		if _, ok := f.serving(code); ok {
			s.Rows = append(s.Rows, ui.Row(f.button(r, code, ref.Wanted, from)))
		}
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}

// all shows the plans that work in all places and fit what is wanted; where there are none, each
// place by itself.
func (f *searchFlow) all(r *ui.Request, ref findRef) ui.Screen {
	plans := f.sellable(f.catalog.Current().CoveringAll(ref.Places))
	if len(ref.Places) == 1 {
		if own := f.sellable(f.catalog.Current().Country(ref.Places[0])); len(own) > 0 {
			plans = own
		}
	}
	names := r.List(f.names(r, ref.Places))
	switch {
	case len(plans) == 0:
		return f.each(r, ref, r.T("search.each", i18n.Args{"places": names}))
	case ref.Said():
		s := f.fitting(r, ref, plans, names)
		if len(ref.Places) == 1 {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("search.btn_all", i18n.Args{"place": r.Place(ref.Places[0])}),
				listRef{Route: routeCountry, Code: ref.Places[0], From: ref.trail()})))
		}
		s.Rows = append(s.Rows, f.home(r))
		return s
	}
	s := ui.Screen{Text: r.T("search.together", i18n.Args{"places": names})}
	for _, b := range f.regionButtons(r, plans, ref.trail()) {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	s.Rows = append(s.Rows, f.eachRows(r, ref)...)
	s.Rows = append(s.Rows, f.home(r))
	return s
}

// fewPlaces of a region are shown as flags.
const fewPlaces = 3

// mostRegions are offered for one search.
const mostRegions = 5

// regionButtons lead to the lists of plans, the cheapest first.
func (f *searchFlow) regionButtons(r *ui.Request, plans []esim.Plan, from string) []ui.Button {
	var quotes []esim.Quote
	for _, p := range plans {
		q, err := f.checkout.From(p)
		if err != nil {
			continue
		}
		i := slices.IndexFunc(quotes, func(o esim.Quote) bool { return o.Plan.Location == p.Location })
		switch {
		case i < 0:
			quotes = append(quotes, q)
		case q.Price.Minor < quotes[i].Price.Minor:
			quotes[i] = q
		}
	}
	slices.SortStableFunc(quotes, func(a, b esim.Quote) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) })
	global := func(q esim.Quote) bool { return q.Plan.Scope() == esim.Global }
	if slices.ContainsFunc(quotes, func(q esim.Quote) bool { return !global(q) }) {
		quotes = slices.DeleteFunc(quotes, global) // who names two countries does not want the whole world
	}
	var out []ui.Button
	for _, q := range quotes[:min(len(quotes), mostRegions)] {
		out = append(out, f.regionButton(r, q, from))
	}
	return out
}

// regionButton leads to the plans of a region; q is its cheapest.
func (f *searchFlow) regionButton(r *ui.Request, q esim.Quote, from string) ui.Button {
	to := listRef{Route: routeRegion, Code: q.Plan.Location, From: from}
	if q.Plan.Scope() == esim.Country {
		to = listRef{Route: routeCountry, Code: ui.CountryOf(q.Plan), From: from}
	}
	price := r.Price(q.Price)
	label := func(name string) string {
		return r.Plain("search.btn_region", i18n.Args{"place": ui.PlanFlag(q.Plan) + " " + name, "count": r.Number(int64(len(q.Plan.Places))), "price": price})
	}
	if n := len(q.Plan.Places); n > 1 && n <= fewPlaces {
		flags := ""
		for _, code := range q.Plan.Places {
			flags += i18n.Flag(code)
		}
		return ui.NewButton(r.Plain("search.btn_region", i18n.Args{"place": flags, "count": r.Number(int64(n)), "price": price}), to)
	}
	return ui.NewButton(ui.CutLabel(r.PlanPlace(q.Plan), 1, label), to)
}

// fitting lists the plans that fit, with what they cover where that is not said yet.
func (f *searchFlow) fitting(r *ui.Request, ref findRef, plans []esim.Plan, title string) ui.Screen {
	picks, enough := esim.Fitting(plans, ref.Places[0], ref.Wanted)
	key := "search.fitting"
	if !enough {
		key = "search.fitting_none"
	}
	lines := []string{r.T(key, i18n.Args{"place": title, "wanted": f.wanted(r, ref.Wanted)})}
	s := ui.Screen{}
	for _, p := range picks {
		q, err := f.checkout.Quote(p.Plan.Code, 1, p.Days)
		if err != nil {
			continue
		}
		size := r.PlanSize(p.Plan, p.Days)
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(size+" · "+r.Price(q.Price), planRef{Code: p.Plan.Code, Origin: "." + ref.trail(), Days: p.Days})))
		if p.Plan.Scope() != esim.Country {
			lines = append(lines, r.T("search.fitting_line", i18n.Args{"size": size, "place": r.PlanPlace(p.Plan), "count": r.Number(int64(len(p.Plan.Places)))}))
		}
	}
	s.Text = strings.Join(lines, "\n")
	return s
}

// wanted is what was asked for, in words: "5 GB, 30 days".
func (f *searchFlow) wanted(r *ui.Request, w esim.Wanted) string {
	var parts []string
	switch {
	case w.Unlimited:
		parts = append(parts, r.Plain("plan.title_unlimited", nil))
	case w.Data > 0:
		parts = append(parts, r.Printer.Data(w.Data))
	}
	if w.Days > 0 {
		parts = append(parts, r.Days(w.Days))
	}
	return strings.Join(parts, " · ")
}

// each leads to each place by itself.
func (f *searchFlow) each(r *ui.Request, ref findRef, text string) ui.Screen {
	return ui.Screen{Text: text, Rows: append(f.eachRows(r, ref), f.home(r))}
}

func (f *searchFlow) eachRows(r *ui.Request, ref findRef) [][]ui.Button {
	var buttons []ui.Button
	for _, code := range ref.Places {
		b := f.button(r, code, ref.Wanted, ref.trail())
		if len(ref.Places) > fewPlaces { // two in a row have no room for prices
			b.Text = ui.CutLabel(r.Place(code), 2, func(name string) string { return i18n.Flag(code) + " " + name })
		}
		buttons = append(buttons, b)
	}
	return ui.Pairs(buttons...)
}

// region shows the regional plans for a part of the world: what they cover and leave out.
func (f *searchFlow) region(r *ui.Request, ref findRef) (ui.Screen, error) {
	code := places.RegionPrefix + ref.Places[0]
	name := r.Place(code)
	if name == code {
		return ui.Screen{}, ui.ErrBadData
	}
	catalog := f.catalog.Current()
	wanted := f.texts.Members(code)
	fits := catalog.RegionsFor(wanted)
	if len(wanted) == 0 {
		for _, location := range catalog.Regions(esim.Global) {
			fits = append(fits, esim.RegionFit{Location: location})
		}
	}
	lines := []string{r.T("search.region", i18n.Args{"place": name})}
	var rows [][]ui.Button
	var all []esim.Plan
	for _, fit := range fits {
		plans := f.sellable(catalog.Region(fit.Location))
		if len(plans) == 0 || len(rows) == mostRegions || len(rows) > 0 && len(wanted) > 0 && plans[0].Scope() == esim.Global {
			continue
		}
		all = append(all, plans...)
		for _, b := range f.regionButtons(r, plans, ref.trail()) {
			rows = append(rows, ui.Row(b))
		}
		lines = append(lines, "", f.covers(r, plans[0], fit))
	}
	switch {
	case len(all) == 0:
		lines = []string{r.T("search.region_none", i18n.Args{"place": name})}
	case ref.Said():
		s := f.fitting(r, ref, all, name)
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("search.btn_all", i18n.Args{"place": name}), findRef{Mode: findRegion, Places: ref.Places})), f.home(r))
		return s, nil
	}
	s := ui.Screen{Text: ui.Clip(lines), Rows: rows}
	if c := continentOf[ref.Places[0]]; c != "" {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("search.btn_countries", nil), continentRef{Continent: c})))
	} else if members := f.texts.Members(code); len(members) > 0 && len(members) <= 6 {
		s.Rows = append(s.Rows, f.eachRows(r, findRef{Mode: findAll, Places: f.soldOf(members)})...)
	} else {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_countries", nil), routeContinents)))
	}
	s.Rows = append(s.Rows, f.home(r))
	return s, nil
}

// mostNamed countries are named of those a region leaves out.
const mostNamed = 12

// covers says what a region's plans cover, and what of the part of the world they leave out.
func (f *searchFlow) covers(r *ui.Request, p esim.Plan, fit esim.RegionFit) string {
	args := i18n.Args{"place": r.PlanPlace(p), "count": r.Number(int64(len(p.Places)))}
	if len(fit.Covered)+len(fit.Missing) == 0 {
		return r.T("search.covers_world", args)
	}
	if len(fit.Missing) == 0 {
		return r.T("search.covers_all", args)
	}
	names := r.PlaceNames(fit.Missing)
	args["missing"] = strings.Join(names[:min(len(names), mostNamed)], ", ")
	if len(names) > mostNamed {
		args["missing"] = args["missing"].(string) + " …"
	}
	return r.T("search.covers", args)
}

// continentOf are the parts of the world by i18n's names that are continents of ours.
var continentOf = map[string]esim.Continent{
	"europe": esim.Europe, "asia": esim.Asia, "middle-east": esim.MiddleEast, "africa": esim.Africa,
	"north-america": esim.NorthAmerica, "south-america": esim.SouthAmerica, "caribbean": esim.Caribbean, "oceania": esim.Oceania,
}

// sellable are the plans that can be bought at the moment.
func (f *searchFlow) sellable(plans []esim.Plan) []esim.Plan {
	var out []esim.Plan
	for _, p := range plans {
		if _, err := f.checkout.From(p); err == nil && !f.catalog.Hidden(p.Code) {
			out = append(out, p)
		}
	}
	return out
}

func (f *searchFlow) soldOf(codes []string) []string {
	var out []string
	for _, code := range codes {
		if _, ok := f.serving(code); ok {
			out = append(out, code)
		}
	}
	return out
}

func (f *searchFlow) names(r *ui.Request, codes []string) []string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = r.Place(code)
	}
	return names
}

func (f *searchFlow) home(r *ui.Request) []ui.Button { return ui.Back(r, ui.RouteMenu) }
