package find

import (
	"cmp"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// region shows the regional plans for a part of the world: what they cover and leave out.
func (f *searchFlow) region(r *ui.Request, ref refs.Find) (ui.Screen, error) {
	code := i18n.RegionPrefix + ref.Places[0]
	name := r.Place(code)
	if name == code {
		return ui.Screen{}, ui.ErrBadData
	}
	catalog := f.Catalog.Current()
	wanted := f.texts.Members(code)
	fits := catalog.RegionsFor(wanted)
	if len(wanted) == 0 {
		for _, location := range catalog.Regions(esim.ScopeGlobal) {
			fits = append(fits, esim.RegionFit{Location: location})
		}
	}
	lines := []string{r.T("search.region", i18n.Args{"place": name})}
	var rows [][]ui.Button
	var all []esim.Plan
	for _, fit := range fits {
		plans := f.sellable(catalog.Region(fit.Location))
		if len(plans) == 0 || len(rows) == mostRegions || len(rows) > 0 && len(wanted) > 0 && plans[0].Scope() == esim.ScopeGlobal {
			continue
		}
		all = append(all, plans...)
		for _, b := range f.regionButtons(r, plans, ref.Trail()) {
			rows = append(rows, ui.Row(b))
		}
		lines = append(lines, "", f.covers(r, plans[0], fit))
	}
	switch {
	case len(all) == 0:
		lines = []string{r.T("search.region_none", i18n.Args{"place": name})}
	case ref.Any():
		s := f.fitting(r, ref, all, name)
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(f.allLabel(r, name), refs.Find{Mode: refs.FindRegion, Places: ref.Places})), f.home(r))
		return s, nil
	}
	s := ui.Screen{Text: ui.Clip(lines), Rows: rows}
	if c := continentOf[ref.Places[0]]; c != "" {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("search.btn_countries", nil), refs.Continent{Continent: c})))
	} else if members := f.texts.Members(code); len(members) > 0 && len(members) <= 6 {
		s.Rows = append(s.Rows, f.eachRows(r, refs.Find{Mode: refs.FindAll, Places: f.soldOf(members)})...)
	} else {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents)))
	}
	s.Rows = append(s.Rows, f.home(r))
	return s, nil
}

// mostNamed countries are named of those a region leaves out.
const mostNamed = 12

// covers says what a region's plans cover, and what of the part of the world they leave out.
func (f *searchFlow) covers(r *ui.Request, p esim.Plan, fit esim.RegionFit) string {
	args := i18n.Args{
		"place": r.PlanPlace(p), "count": r.Number(int64(len(p.Places))),
		"covered": r.Number(int64(len(fit.Covered))), "all": r.Number(int64(len(fit.Covered) + len(fit.Missing))),
	}
	if len(fit.Covered)+len(fit.Missing) == 0 {
		return r.T("search.covers_world", args)
	}
	if len(fit.Missing) == 0 {
		return r.T("search.covers_all", args)
	}
	names := r.PlaceNames(fit.Missing)
	args["missing"] = r.Enumerate(names[:min(len(names), mostNamed)])
	if len(names) > mostNamed {
		args["missing"] = args["missing"].(string) + " …"
	}
	return r.T("search.covers", args)
}

// continentOf are the continents that the parts of the world by i18n's names lie on, whose countries are offered one
// by one.
var continentOf = map[string]esim.Continent{
	"europe": esim.Europe, "asia": esim.Asia, "middle-east": esim.MiddleEast, "africa": esim.Africa,
	"north-america": esim.NorthAmerica, "south-america": esim.SouthAmerica, "caribbean": esim.Caribbean, "oceania": esim.Oceania,

	"schengen": esim.Europe, "eu": esim.Europe, "eurozone": esim.Europe, "western-europe": esim.Europe, "central-europe": esim.Europe,
	"southern-europe": esim.Europe, "eastern-europe": esim.Europe, "cee": esim.Europe, "alps": esim.Europe, "balkans": esim.Europe,
	"ex-yugoslavia": esim.Europe, "mediterranean": esim.Europe,
	"apac": esim.Asia, "southeast-asia": esim.Asia, "asean": esim.Asia, "south-asia": esim.Asia,
	"mena": esim.MiddleEast, "arab-world": esim.MiddleEast, "arabian-peninsula": esim.MiddleEast,
	"sub-saharan-africa": esim.Africa, "southern-africa": esim.Africa,
	"latin-america": esim.SouthAmerica, "americas": esim.NorthAmerica, "andes": esim.SouthAmerica, "pacific": esim.Oceania,
}

// continents are the parts of the world that are continents of ours as a whole.
var continents = map[esim.Continent]string{
	esim.Europe: "europe", esim.Asia: "asia", esim.MiddleEast: "middle-east", esim.Africa: "africa",
	esim.NorthAmerica: "north-america", esim.SouthAmerica: "south-america", esim.Caribbean: "caribbean", esim.Oceania: "oceania",
}

// mostRegions are offered for one search.
const mostRegions = 5

// regionButtons lead to the lists of plans, the cheapest first: by the price of the least that each list offers
// first, as everywhere.
func (f *searchFlow) regionButtons(r *ui.Request, plans []esim.Plan, from string) []ui.Button {
	var quotes []esim.Quote
	for _, p := range plans {
		place := p.Location
		if p.Scope() == esim.ScopeCountry {
			place = ui.CountryOf(p)
		}
		if slices.ContainsFunc(quotes, func(o esim.Quote) bool { return o.Plan.Location == p.Location }) {
			continue
		}
		if least, ok := f.PriceFrom(place); ok {
			quotes = append(quotes, esim.Quote{Plan: p, Price: least})
		}
	}
	slices.SortStableFunc(quotes, func(a, b esim.Quote) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) })
	global := func(q esim.Quote) bool { return q.Plan.Scope() == esim.ScopeGlobal }
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
	to := refs.List{Route: refs.RouteRegion, Code: q.Plan.Location, From: from}
	if q.Plan.Scope() == esim.ScopeCountry {
		to = refs.List{Route: refs.RouteCountry, Code: ui.CountryOf(q.Plan), From: from}
	}
	label := func(key, flags string) func(name string) string {
		return func(name string) string {
			return r.Plain(key, i18n.Args{"place": strings.TrimSpace(flags + " " + name), "count": r.Number(int64(len(q.Plan.Places))), "price": r.Price(q.Price)})
		}
	}
	if n := len(q.Plan.Places); n > 1 && n <= forsale.MaxRegionFlags {
		return ui.NewButton(label("search.btn_region", forsale.RegionFlags(q.Plan))(""), to)
	}
	flag := ui.PlanFlag(q.Plan)
	return ui.NewButton(ui.FitLabel(1, r.PlaceLabels(q.Plan), label("search.btn_region", flag), label("search.btn_region_tight", flag)), to)
}
