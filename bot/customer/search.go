package customer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// searchFlow finds a place in whatever a customer types.
type searchFlow struct {
	catalog  *esim.CatalogCache
	checkout *esim.Checkout
	texts    *i18n.Bundle
}

const (
	maxQuery  = 64 // characters; a longer text is no name of a place
	maxFound  = 8
	regionTag = "region:" // how package i18n marks a part of the world
)

func (f *searchFlow) register(t *ui.Router) { t.Typed(f.typed) }

func (f *searchFlow) typed(_ context.Context, r *ui.Request) (ui.Screen, error) {
	if utf8.RuneCountInString(r.Text) > maxQuery {
		return f.nothing(r, "search.too_long"), nil
	}
	catalog := f.catalog.Current()
	if len(catalog.Plans()) == 0 {
		return ui.Screen{Follow: ui.RouteMenu.Data()}, nil
	}
	if p, err := catalog.Plan(strings.ToUpper(r.Text)); err == nil {
		return ui.Screen{Follow: planRef{Code: p.Code}.Data()}, nil
	}
	var found []ui.Button
	for _, p := range f.texts.FindPlaces(r.Text, maxFound) {
		b, ok := f.button(r, p.Code)
		if ok && !slices.ContainsFunc(found, func(o ui.Button) bool { return o.Text == b.Text }) {
			found = append(found, b)
		}
	}
	switch len(found) {
	case 0:
		return f.nothing(r, "search.nothing"), nil
	case 1:
		return ui.Screen{Follow: found[0].Data}, nil
	}
	s := ui.Screen{Text: r.T("search.several", i18n.Args{"query": r.Text})}
	for _, b := range found {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

//i18n:use search.*

func (f *searchFlow) nothing(r *ui.Request, key string) ui.Screen {
	return ui.Screen{Text: r.T(key, i18n.Args{"query": ui.Cut(r.Text, 40)}), Rows: [][]ui.Button{
		{ui.NewButton(r.Plain("menu.btn_countries", nil), routeContinents), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}
}

// button leads to a place that was found, if anything is sold there.
func (f *searchFlow) button(r *ui.Request, code string) (ui.Button, bool) {
	catalog := f.catalog.Current()
	if part, ok := strings.CutPrefix(code, regionTag); ok {
		return f.part(r, part)
	}
	if len(catalog.Country(code))+len(catalog.Covering(code)) == 0 {
		return ui.Button{}, false
	}
	return ui.NewButton(i18n.Flag(code)+" "+r.Place(code), listRef{Route: routeCountry, Code: code, From: fromMenu}), true
}

// continentOf are the parts of the world by i18n's names that are continents of ours.
var continentOf = map[string]esim.Continent{
	"europe": esim.Europe, "asia": esim.Asia, "middle-east": esim.MiddleEast, "africa": esim.Africa,
	"north-america": esim.NorthAmerica, "south-america": esim.SouthAmerica, "latin-america": esim.SouthAmerica,
	"caribbean": esim.Caribbean, "oceania": esim.Oceania,
}

// part leads to a continent; every other part of the world to the list of regions.
func (f *searchFlow) part(r *ui.Request, part string) (ui.Button, bool) {
	if c := continentOf[part]; c != "" {
		return ui.NewButton(r.Plain("continent.btn_"+string(c), nil), continentRef{Continent: c}), true
	}
	return ui.NewButton(r.Plain("menu.btn_regions", nil), routeRegions), true
}
