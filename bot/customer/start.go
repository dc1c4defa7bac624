package customer

import (
	"context"
	"log/slog"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/customer/support"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// startFlow greets, follows deep links, and keeps the language.
type startFlow struct {
	forsale.Offers
	texts     *i18n.Bundle
	members   CustomerStore
	credit    money.CreditStore
	arrivals  ArrivalStore
	promos    money.PromoEnterer
	referrals *esim.Referrals
	now       func() time.Time
	log       *slog.Logger
	support   *support.Flow
}

func (f *startFlow) register(t *ui.Router) {
	t.Command("start", true, f.start)
	t.Command("language", true, func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		return f.language(ctx, r, refs.Language{Code: r.Word(0)})
	})
	t.Command("menu", false, f.menu) // what many type who look for the first screen
	t.Command("help", true, f.help)
	t.Route(ui.RouteMenu, f.menu)
	t.Route(refs.RouteLanguage, ui.HandleWith(refs.ParseLanguage, f.language))
	t.Route(refs.RouteHelp, f.help)
}

// popularPlaces are offered on the first screen, one a row.
const popularPlaces = 6

func (f *startFlow) menu(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	catalog := f.Catalog.Current()
	if len(catalog.Plans()) == 0 {
		return ui.Screen{Text: r.T("start.no_catalog", nil), Rows: [][]ui.Button{
			{ui.NewButton(r.Plain("menu.btn_again", nil), ui.RouteMenu)},
			{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_help", nil), refs.RouteHelp)},
		}}, nil
	}
	talking, err := f.support.Talking(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	key, places := "start.menu", popularPlaces
	if talking { // what they type goes to staff, and a button that ends it stands on top
		key, places = "start.menu_talking", popularPlaces-1
	}
	s := ui.Screen{Typing: true, Text: r.T(key, i18n.Args{
		"name": r.Name(), "countries": r.Number(int64(len(catalog.Countries()))),
	})}
	if closed := f.PausedText(r); closed != "" {
		s.Text += "\n\n" + closed
	}
	if line, has, err := money.CreditLine(ctx, r, f.credit); err != nil {
		return ui.Screen{}, err
	} else if has {
		s.Text += "\n\n" + line
	}
	for _, code := range esim.PopularDestinations() {
		if len(s.Rows) < places && len(f.Suggested(code)) > 0 {
			s.Rows = append(s.Rows, ui.Row(f.PlaceButton(r, code, refs.List{Route: refs.RouteCountry, Code: code, From: refs.FromMenu})))
		}
	}
	more := ui.Row(
		ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_regions", nil), refs.RouteRegions),
		ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_help", nil), refs.RouteHelp),
		ui.NewButton(r.Plain("menu.btn_language", nil), refs.RouteLanguage), ui.NewButton(r.Plain("menu.btn_settings", nil), refs.RouteSettings))
	if f.referrals.Promised().Minor > 0 {
		more = append(more, ui.NewButton(r.Plain("menu.btn_invite", nil), refs.RouteInvite))
	}
	s.Rows = append(s.Rows, ui.PairRows(more...)...)
	return s, nil
}

func (f *startFlow) language(ctx context.Context, r *ui.Request, ref refs.Language) (ui.Screen, error) {
	if code := ref.Code; code != "" {
		for _, l := range f.texts.Languages() {
			if l.Code != code {
				continue
			}
			if err := f.members.SetLanguage(ctx, r.Customer.ID, code); err != nil {
				return ui.Screen{}, err
			}
			r.Customer.Language, r.Printer = code, f.texts.Printer(code)
			s, err := f.menu(ctx, r)
			s.Toast = r.Plain("start.toast_language", nil)
			return s, err
		}
	}
	s := ui.Screen{Text: r.T("start.language", nil)}
	var languages []ui.Button
	for _, l := range f.texts.Languages() {
		name := l.Native
		if l.Code == r.Lang() {
			name = "✓ " + name
		}
		languages = append(languages, ui.NewButton(name, refs.Language{Code: l.Code}))
	}
	s.Rows = append(ui.PairRows(languages...), ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

func (f *startFlow) help(_ context.Context, r *ui.Request) (ui.Screen, error) {
	return ui.Screen{Typing: true, Text: r.T("help.text", i18n.Args{"methods": money.MethodNames(r, f.Checkout)}), Rows: [][]ui.Button{
		{refs.FaultButton(r, "")},
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("help.btn_phone", nil), refs.RoutePhone)},
		{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}, nil
}
