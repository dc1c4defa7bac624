package bot

import (
	"context"
	"strings"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeMenu     = "menu"
	routeLanguage = "lang" // arg 0: a language code, or nothing to be asked
	routeHelp     = "help"
)

// startFlow greets, follows deep links, and keeps the language.
type startFlow struct {
	catalog *esim.CatalogCache
	texts   *i18n.Bundle
	people  CustomerStore
}

func (f *startFlow) register(b *Bot) {
	b.command("start", true, f.start)
	b.command("language", true, f.language)
	b.command("settings", false, f.language)
	b.command("help", true, f.help)
	b.route(routeMenu, f.menu)
	b.route(routeLanguage, f.language)
	b.route(routeHelp, f.help)
}

// start follows a deep link: a country's code, or p_ and a plan.
// Characters of links: https://core.telegram.org/bots/features#deep-linking.
func (f *startFlow) start(ctx context.Context, r *Request) (Screen, error) {
	link := r.Data.Arg(0)
	if code, ok := strings.CutPrefix(link, "p_"); ok {
		return Screen{Follow: to(routePlan, code)}, nil
	}
	if place := strings.ToUpper(link); len(place) == 2 && len(f.catalog.Current().Country(place))+len(f.catalog.Current().Covering(place)) > 0 {
		return Screen{Follow: to(routeCountry, place)}, nil
	}
	return f.menu(ctx, r)
}

func (f *startFlow) menu(_ context.Context, r *Request) (Screen, error) {
	catalog := f.catalog.Current()
	if len(catalog.Plans()) == 0 {
		return Screen{Text: r.T("start.no_catalog", nil), Rows: [][]Button{
			{press(r.Plain("menu.btn_again", nil), routeMenu)},
			{press(r.Plain("menu.btn_esims", nil), routeESIMs), press(r.Plain("menu.btn_help", nil), routeHelp)},
		}}, nil
	}
	s := Screen{Text: r.T("start.menu", i18n.Args{
		"name": r.name(), "countries": r.Number(int64(len(catalog.Countries()))),
	})}
	var pair []Button
	for _, code := range esim.Popular() {
		if len(catalog.Country(code)) == 0 || len(s.Rows) == 4 {
			continue
		}
		pair = append(pair, press(i18n.Flag(code)+" "+r.Place(code), routeCountry, code))
		if len(pair) == 2 {
			s.Rows, pair = append(s.Rows, pair), nil
		}
	}
	s.Rows = append(s.Rows,
		row(press(r.Plain("menu.btn_countries", nil), routeContinents), press(r.Plain("menu.btn_regions", nil), routeRegions)),
		row(press(r.Plain("menu.btn_esims", nil), routeESIMs)),
		row(press(r.Plain("menu.btn_help", nil), routeHelp), press(r.Plain("menu.btn_language", nil), routeLanguage)),
	)
	return s, nil
}

func (f *startFlow) language(ctx context.Context, r *Request) (Screen, error) {
	if code := r.Data.Arg(0); code != "" {
		for _, l := range f.texts.Languages() {
			if l.Code != code {
				continue
			}
			if err := f.people.SetLanguage(ctx, r.Customer.ID, code); err != nil {
				return Screen{}, err
			}
			r.Customer.Language, r.Printer = code, f.texts.Printer(code)
			s, err := f.menu(ctx, r)
			s.Toast = r.Plain("start.toast_language", nil)
			return s, err
		}
	}
	s := Screen{Text: r.T("start.language", nil)}
	for _, l := range f.texts.Languages() {
		name := l.Native
		if l.Code == r.Lang() {
			name = "✓ " + name
		}
		s.Rows = append(s.Rows, row(press(name, routeLanguage, l.Code)))
	}
	s.Rows = append(s.Rows, row(press(r.Plain("menu.btn_menu", nil), routeMenu)))
	return s, nil
}

func (f *startFlow) help(_ context.Context, r *Request) (Screen, error) {
	return Screen{Text: r.T("help.text", nil), Rows: [][]Button{
		{press(r.Plain("help.btn_phone", nil), routePhone)},
		{press(r.Plain("menu.btn_esims", nil), routeESIMs), press(r.Plain("menu.btn_menu", nil), routeMenu)},
	}}, nil
}
