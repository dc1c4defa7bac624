package own

import (
	"context"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/zones"
)

// settingsStore keeps what customers want to be told, when, and where they are.
type settingsStore interface {
	SetAlerts(ctx context.Context, id esim.CustomerID, s esim.AlertSettings) error
	SetESIMAlerts(ctx context.Context, id esim.CustomerID, esimID esim.ESIMID, s esim.AlertSettings) error
	SetQuietHours(ctx context.Context, id esim.CustomerID, q esim.QuietHours) error
	SetNews(ctx context.Context, id esim.CustomerID, on bool) error
	SetZone(ctx context.Context, id esim.CustomerID, zone string, at time.Time) error
}

// settingsFlow has customers say which alerts they want, and when they want none.
type settingsFlow struct {
	texts *i18n.Bundle
	store interface {
		esimStore
		questionStore
		settingsStore
	}
	now func() time.Time
}

func (f *settingsFlow) register(t *ui.Router) {
	t.Command("settings", true, f.screen)
	t.Route(refs.RouteSettings, f.screen)
	t.Route(refs.RouteAlert, ui.HandleWith(refs.ParseAlert, f.alert))
	t.Route(refs.RouteESIMAlerts, ui.HandleWith(refs.ParseESIMAlerts, f.esimAlerts))
	t.Route(refs.RouteQuiet, ui.HandleWith(refs.ParseQuiet, f.quiet))
	t.Route(refs.RouteNews, ui.HandleWith(refs.ParseNews, f.news))
	t.Route(refs.RouteZone, ui.HandleWith(refs.ParseZone, f.zone))
}

//i18n:use settings.btn_*

// screen shows all settings. A press changes one, and shows them again.
func (f *settingsFlow) screen(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	c := r.Customer
	at, sure := whereIs(c, esims, f.now())
	quiet := r.Plain("settings.btn_quiet_off", nil)
	if !c.Quiet.Off() {
		quiet = r.Plain("settings.btn_quiet", i18n.Args{"hours": hours(r, c.Quiet)})
	}
	zone := r.Plain("settings.btn_zone", nil)
	if at != nil {
		zone = r.Plain("settings.btn_zone_is", i18n.Args{"clock": r.Clock(f.now(), at), "city": cityOf(r, at)})
	}
	news := ui.NewButton(r.Plain("settings.btn_news", i18n.Args{"mark": switchMark(!c.NewsOff)}), refs.News{On: c.NewsOff, Settings: true})
	s := ui.Screen{Text: r.T("settings.text", nil), Rows: switches(r, c.Alerts, func(k esim.AlertKind, on bool) ui.CallbackRef { return refs.Alert{Kind: k, On: on} })}
	if len(alertable(esims)) > 0 {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("settings.btn_one", nil), refs.ESIMAlerts{})))
	}
	switch {
	case c.Quiet.Off():
	case at == nil:
		s.Text += "\n\n" + r.T("settings.no_zone", nil)
	case !sure:
		s.Text += "\n\n" + r.T("settings.unsure_zone", i18n.Args{"city": cityOf(r, at)})
	}
	s.Rows = append(s.Rows,
		ui.Row(ui.NewButton(quiet, refs.Quiet{})), ui.Row(ui.NewButton(zone, refs.Zone{})),
		ui.Row(ui.NewButton(r.Plain("settings.btn_language", nil), refs.RouteLanguage), news),
		ui.Row(
			ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs),
			ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

// switches are a button for each alert that can be switched, two in a row.
func switches(r *ui.Request, s esim.AlertSettings, press func(k esim.AlertKind, on bool) ui.CallbackRef) [][]ui.Button {
	var all []ui.Button
	for _, k := range esim.SwitchableAlerts() {
		on := s.Wants(k)
		all = append(all, ui.NewButton(r.Plain("settings.btn_"+string(k), i18n.Args{"mark": switchMark(on)}), press(k, !on)))
	}
	return ui.PairRows(all...)
}

func (f *settingsFlow) alert(ctx context.Context, r *ui.Request, ref refs.Alert) (ui.Screen, error) {
	r.Customer.Alerts = r.Customer.Alerts.With(ref.Kind, ref.On)
	if err := f.store.SetAlerts(ctx, r.Customer.ID, r.Customer.Alerts); err != nil {
		return ui.Screen{}, err
	}
	return f.screen(ctx, r)
}

// switchMark stands before what is on or off.
func switchMark(on bool) string {
	if on {
		return "✅"
	}
	return "▫️"
}

// news switches messages to all on or off: in the settings, or below such a message, which stays.
func (f *settingsFlow) news(ctx context.Context, r *ui.Request, ref refs.News) (ui.Screen, error) {
	if err := f.store.SetNews(ctx, r.Customer.ID, ref.On); err != nil {
		return ui.Screen{}, err
	}
	r.Customer.NewsOff = !ref.On
	switch {
	case ref.Settings:
		return f.screen(ctx, r)
	case ref.On:
		return ui.Screen{Toast: r.Plain("settings.toast_news_on", nil), Alert: true}, nil
	}
	return ui.Screen{Toast: r.Plain("settings.toast_news_off", nil), Alert: true}, nil
}

// usualNights are offered as quiet hours.
var usualNights = []esim.QuietHours{{From: 21, Until: 7}, {From: 22, Until: 7}, {From: 22, Until: 8}, {From: 23, Until: 8}, {From: 23, Until: 9}, {From: 0, Until: 10}}

func (f *settingsFlow) quiet(ctx context.Context, r *ui.Request, ref refs.Quiet) (ui.Screen, error) {
	if ref.Hours != "" {
		q, err := esim.ParseQuietHours(ref.Hours)
		if err != nil {
			return ui.Screen{}, err
		}
		if err := f.store.SetQuietHours(ctx, r.Customer.ID, q); err != nil {
			return ui.Screen{}, err
		}
		r.Customer.Quiet = q
		return f.screen(ctx, r)
	}
	var nights []ui.Button
	for _, q := range usualNights {
		nights = append(nights, ui.NewButton(refs.ChosenMark(q == r.Customer.Quiet)+hours(r, q), refs.Quiet{Hours: q.String()}))
	}
	off := esim.QuietHours{}
	return ui.Screen{Text: r.T("settings.quiet", nil), Rows: append(ui.PairRows(nights...),
		ui.Row(ui.NewButton(refs.ChosenMark(r.Customer.Quiet.Off())+r.Plain("settings.btn_never_quiet", nil), refs.Quiet{Hours: off.String()})),
		ui.BackRow(r, refs.RouteSettings))}, nil
}

// hours writes quiet hours: "22:00–08:00".
func hours(r *ui.Request, q esim.QuietHours) string {
	at := func(hour int) string { return r.Clock(time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC), nil) }
	return at(q.From) + "–" + at(q.Until)
}

// cityOf is the city that a time zone is named after, in the customer's language where it is known.
func cityOf(r *ui.Request, at *time.Location) string { return r.City(zones.City(at)) }
