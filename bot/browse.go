package bot

import (
	"context"
	"slices"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeContinents = "conts"
	routeContinent  = "cont" // continent, page
	routeRegions    = "regions"
	routeCountry    = "country" // place, tab, sort, page
	routeRegion     = "region"  // location such as EU-42, tab, sort, page
)

// The tabs and orders of a list of plans, as they stand in callback data.
const (
	tabFixed   = "f"
	tabDays    = "d"
	tabAround  = "r" // regions that include the country
	byData     = "d"
	byPrice    = "p"
	plansPage  = 8
	placesPage = 20
)

// browseFlow leads from the world to a plan by buttons alone.
type browseFlow struct {
	catalog  *esim.CatalogCache
	checkout *esim.Checkout
}

func (f *browseFlow) register(b *Bot) {
	b.command("countries", true, f.continents)
	b.route(routeContinents, f.continents)
	b.route(routeContinent, f.continent)
	b.route(routeRegions, f.regions)
	b.route(routeCountry, f.country)
	b.route(routeRegion, f.region)
}

//i18n:use continent.*

func (f *browseFlow) continents(_ context.Context, r *Request) (Screen, error) {
	s := Screen{Text: r.T("browse.continents", nil)}
	counts := map[esim.Continent]int{}
	for _, code := range f.catalog.Current().Countries() {
		counts[esim.ContinentOf(code)]++
	}
	var pair []Button
	for _, c := range esim.Continents() {
		if counts[c] == 0 {
			continue
		}
		name := r.Plain("continent.btn_"+string(c), nil)
		pair = append(pair, press(name, routeContinent, c))
		if len(pair) == 2 {
			s.Rows, pair = append(s.Rows, pair), nil
		}
	}
	if pair != nil {
		s.Rows = append(s.Rows, pair)
	}
	s.Rows = append(s.Rows, row(press(r.Plain("menu.btn_regions", nil), routeRegions)), back(r, to(routeMenu)))
	return s, nil
}

// continent lists its countries from A to Z in the customer's language.
func (f *browseFlow) continent(_ context.Context, r *Request) (Screen, error) {
	where := esim.Continent(r.Data.Arg(0))
	if !slices.Contains(esim.Continents(), where) {
		return Screen{}, esim.ErrNotFound
	}
	type place struct{ code, name string }
	var places []place
	for _, code := range f.catalog.Current().Countries() {
		if esim.ContinentOf(code) == where {
			places = append(places, place{code, r.Place(code)})
		}
	}
	col := collator(r.Lang())
	slices.SortFunc(places, func(a, b place) int { return col.CompareString(a.name, b.name) })
	pg := paged(len(places), placesPage, r.Data.Int(1, 0))
	s := Screen{Text: r.T("browse.continent", i18n.Args{"continent": r.Plain("continent.btn_"+string(where), nil)})}
	var pair []Button
	for _, p := range places[pg.from:pg.to] {
		pair = append(pair, press(i18n.Flag(p.code)+" "+p.name, routeCountry, p.code))
		if len(pair) == 2 {
			s.Rows, pair = append(s.Rows, pair), nil
		}
	}
	if pair != nil {
		s.Rows = append(s.Rows, pair)
	}
	s.Rows = append(s.Rows, pg.row(func(n int) Data { return to(routeContinent, where, n) })...)
	s.Rows = append(s.Rows, back(r, to(routeContinents)))
	return s, nil
}

// regions lists regional and global offers, one per name: of several with the same
// name (Europe 30, 42, 43) each shows its number of countries.
func (f *browseFlow) regions(_ context.Context, r *Request) (Screen, error) {
	s := Screen{Text: r.T("browse.regions", nil)}
	catalog := f.catalog.Current()
	for _, code := range append(catalog.Regions(esim.Global), catalog.Regions(esim.Regional)...) {
		if b, ok := f.regionButton(r, code); ok {
			s.Rows = append(s.Rows, row(b))
		}
	}
	s.Rows = append(s.Rows, back(r, to(routeMenu)))
	return s, nil
}

// regionButton leads to a region's plans; false if none can be sold.
func (f *browseFlow) regionButton(r *Request, code string) (Button, bool) {
	plans := f.catalog.Current().Region(code)
	q, ok := f.cheapest(plans)
	if !ok {
		return Button{}, false
	}
	text := r.Plain("browse.btn_region", i18n.Args{
		"place": r.planPlace(plans[0]), "count": r.Number(int64(len(plans[0].Places))), "price": r.price(q.Price),
	})
	return press(planFlag(plans[0])+" "+text, routeRegion, code), true
}

// cheapest is the least one can pay for any of the plans; false if none can be sold.
func (f *browseFlow) cheapest(plans []esim.Plan) (esim.Quote, bool) {
	var best esim.Quote
	found := false
	for _, p := range plans {
		q, err := f.checkout.From(p)
		if err != nil || f.catalog.Hidden(p.Code) {
			continue
		}
		if !found || q.Price.Minor < best.Price.Minor {
			best, found = q, true
		}
	}
	return best, found
}

func (f *browseFlow) country(_ context.Context, r *Request) (Screen, error) {
	code := r.Data.Arg(0)
	catalog := f.catalog.Current()
	own, around := catalog.Country(code), catalog.Covering(code)
	if len(own)+len(around) == 0 {
		return Screen{}, esim.ErrNotFound
	}
	l := plansList{flow: f, r: r, route: routeCountry, code: code, around: len(around) > 0, up: backOf(code)}
	if l.tab = r.Data.Arg(1); l.tab == "" && len(own) == 0 {
		l.tab = tabAround
	}
	l.title = i18n.Flag(code) + " " + r.Place(code)
	if l.tab == tabAround {
		return l.regions(around)
	}
	return l.screen(own)
}

func (f *browseFlow) region(_ context.Context, r *Request) (Screen, error) {
	code := r.Data.Arg(0)
	plans := f.catalog.Current().Region(code)
	if len(plans) == 0 {
		return Screen{}, esim.ErrNotFound
	}
	l := plansList{flow: f, r: r, route: routeRegion, code: code, tab: r.Data.Arg(1), up: to(routeRegions)}
	l.title = planFlag(plans[0]) + " " + r.Plain("browse.title_region", i18n.Args{
		"place": r.planPlace(plans[0]), "count": r.Number(int64(len(plans[0].Places))),
	})
	return l.screen(plans)
}

// backOf is where a country's screen leads back to: its continent.
func backOf(code string) Data {
	if c := esim.ContinentOf(code); c != "" {
		return to(routeContinent, c)
	}
	return to(routeContinents)
}

// back is the last row of a screen: one step up, and home.
func back(r *Request, up Data) []Button {
	home := press(r.Plain("menu.btn_menu", nil), routeMenu)
	if up.Route == routeMenu {
		return row(home)
	}
	return row(Button{Text: r.Plain("menu.btn_back", nil), Data: up}, home)
}

// page is one page of a list: entries from, to of it.
type page struct{ from, to, n, last int }

// paged clamps the wanted page to those that exist.
func paged(postings, perPage, wanted int) page {
	last := max(0, (postings-1)/perPage)
	n := min(max(wanted, 0), last)
	return page{from: n * perPage, to: min(postings, (n+1)*perPage), n: n, last: last}
}

// row is the row to turn pages with, none for a single page.
func (p page) row(at func(page int) Data) [][]Button {
	if p.last == 0 {
		return nil
	}
	label := func(text string, n int) Button {
		return Button{Text: text, Data: at(min(max(n, 0), p.last))}
	}
	count := pageCount(p.n+1, p.last+1)
	if p.n == 0 {
		return [][]Button{{label(count, 0), label("›", 1)}}
	}
	if p.n == p.last {
		return [][]Button{{label("‹", p.n-1), label(count, p.n)}}
	}
	return [][]Button{{label("‹", p.n-1), label(count, p.n), label("›", p.n+1)}}
}
