package find

import (
	"context"
	"slices"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// How many plans and places stand on a page.
const (
	plansPage  = 5
	placesPage = 7
)

// browseFlow leads from the world to a plan by buttons alone.
type browseFlow struct {
	forsale.Offers
	texts *i18n.Bundle
}

func (f *browseFlow) register(t *ui.Router) {
	t.Command("countries", true, f.continents)
	t.Route(refs.RouteContinents, f.continents)
	t.Route(refs.RouteContinent, ui.HandleWith(refs.ParseContinent, f.continent))
	t.Route(refs.RouteRegions, ui.HandleWith(refs.ParseRegions, f.regions))
	t.Route(refs.RouteCountry, ui.HandleWith(refs.ParseList(refs.RouteCountry), f.country))
	t.Route(refs.RouteRegion, ui.HandleWith(refs.ParseList(refs.RouteRegion), f.region))
}

//i18n:use continent.*

func (f *browseFlow) continents(_ context.Context, r *ui.Request) (ui.Screen, error) {
	s := ui.Screen{Text: r.T("browse.continents", nil)}
	counts := map[esim.Continent]int{}
	for _, code := range f.Catalog.Current().Countries() {
		counts[esim.ContinentOf(code)]++
	}
	var parts []ui.Button
	for _, c := range esim.Continents() {
		if counts[c] > 0 {
			parts = append(parts, ui.NewButton(r.Plain("continent.btn_"+string(c), nil), refs.Continent{Continent: c}))
		}
	}
	s.Rows = append(s.Rows, ui.PairRows(parts...)...)
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_regions", nil), refs.RouteRegions)), ui.BackRow(r, ui.RouteMenu))
	return s, nil
}

// continent lists its countries from A to Z in the customer's language.
func (f *browseFlow) continent(_ context.Context, r *ui.Request, ref refs.Continent) (ui.Screen, error) {
	where := ref.Continent
	if !slices.Contains(esim.Continents(), where) {
		return ui.Screen{}, esim.ErrNotFound
	}
	type place struct{ code, name string }
	var places []place
	for _, code := range f.Catalog.Current().Countries() {
		if esim.ContinentOf(code) == where {
			places = append(places, place{code, r.Place(code)})
		}
	}
	col := ui.Collator(r.Lang())
	slices.SortFunc(places, func(a, b place) int { return col.CompareString(a.name, b.name) })
	pg := ui.Paginate(len(places), placesPage, ref.Page)
	s := ui.Screen{Text: r.T("browse.continent", i18n.Args{"continent": r.Plain("continent.btn_"+string(where), nil)})}
	if b, ok := f.togetherButton(r, where); ok {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	for _, p := range places[pg.From:pg.To] {
		s.Rows = append(s.Rows, ui.Row(f.PlaceButton(r, p.code, refs.List{Route: refs.RouteCountry, Code: p.code})))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return refs.Continent{Continent: where, Page: n} })...)
	s.Rows = append(s.Rows, ui.BackRow(r, refs.RouteContinents))
	return s, nil
}

// togetherButton leads to the regional plans for a continent; false if there are none.
func (f *browseFlow) togetherButton(r *ui.Request, where esim.Continent) (ui.Button, bool) {
	code := i18n.RegionPrefix + continents[where]
	if len(f.Catalog.Current().RegionsFor(f.texts.Members(code))) == 0 {
		return ui.Button{}, false
	}
	label := func(name string) string { return r.Plain("browse.btn_together", i18n.Args{"place": name}) }
	return ui.NewButton(ui.FitLabel(1, r.Labels(code), label), refs.Find{Mode: refs.FindRegion, Places: []string{continents[where]}}), true
}

// regions lists global and regional offers, those with most countries first: of several with
// the same name (Europe 30, 42, 43) each shows its number of countries.
func (f *browseFlow) regions(_ context.Context, r *ui.Request, ref refs.Regions) (ui.Screen, error) {
	s := ui.Screen{Text: r.T("browse.regions", nil)}
	catalog := f.Catalog.Current()
	var buttons []ui.Button
	for _, code := range append(catalog.Regions(esim.ScopeGlobal), catalog.Regions(esim.ScopeRegional)...) {
		if b, ok := f.RegionButton(r, code, ""); ok {
			buttons = append(buttons, b)
		}
	}
	pg := ui.Paginate(len(buttons), regionsPage, ref.Page)
	for _, b := range buttons[pg.From:pg.To] {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return refs.Regions{Page: n} })...)
	s.Rows = append(s.Rows, ui.BackRow(r, ui.RouteMenu))
	return s, nil
}

func (f *browseFlow) country(_ context.Context, r *ui.Request, ref refs.List) (ui.Screen, error) {
	code := ref.Code
	catalog := f.Catalog.Current()
	own, around := catalog.Country(code), catalog.Covering(code)
	if len(own)+len(around) == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	l := plansList{flow: f, r: r, List: ref, around: len(around) > 0, up: refs.UpFromList(ref.From, refs.UpFromCountry(code))}
	l.title = i18n.Flag(code) + " " + r.Place(code)
	return l.screen(own), nil
}

func (f *browseFlow) region(_ context.Context, r *ui.Request, ref refs.List) (ui.Screen, error) {
	plans := f.Catalog.Current().Region(ref.Code)
	if len(plans) == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	l := plansList{flow: f, r: r, List: ref, up: refs.UpFromList(ref.From, refs.RouteRegions)}
	l.title = ui.PlanFlag(plans[0]) + " " + r.Plain("browse.title_region", i18n.Args{
		"place": r.PlanPlace(plans[0]), "count": r.Number(int64(len(plans[0].Places))),
	})
	return l.screen(plans), nil
}

// screen is the one that the Tab asks for: without plans of its own a country has only regions.
func (l plansList) screen(plans []esim.Plan) ui.Screen {
	switch {
	case l.around && (l.Tab == refs.TabAround || len(plans) == 0):
		return l.regions()
	case l.Tab == refs.TabFixed || l.Tab == refs.TabDays:
		return l.allPlans(plans)
	}
	return l.goodPlans()
}
