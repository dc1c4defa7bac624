package own

import (
	"context"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// mostAlertable eSIMs are offered to be set apart: a screen has ten rows at most.
const mostAlertable = 8

// alertable are the eSIMs of which there will be something to tell, newest first.
func alertable(esims []esim.ESIM) (live []esim.ESIM) {
	for _, e := range esims {
		if !e.Status.Final() && !e.Returned && len(live) < mostAlertable {
			live = append(live, e)
		}
	}
	return live
}

// esimAlerts sets which alerts come of one eSIM: some have several, for themselves and others. Until the first press
// they are those of all.
func (f *settingsFlow) esimAlerts(ctx context.Context, r *ui.Request, ref refs.ESIMAlerts) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if ref.ESIM == "" {
		return whichESIM(r, alertable(esims)), nil
	}
	for _, e := range esims {
		if e.ID == ref.ESIM {
			return f.alertsOf(ctx, r, e, ref)
		}
	}
	return ui.Screen{}, esim.ErrNotFound
}

// whichESIM asks for one of them.
func whichESIM(r *ui.Request, esims []esim.ESIM) ui.Screen {
	var rows [][]ui.Button
	for _, e := range esims {
		label := ui.FitLabel(1, []string{r.ESIMTitle(e)}, func(title string) string { return refs.ChosenMark(e.Alerts.IsOwn()) + title })
		rows = append(rows, ui.Row(ui.NewButton(label, refs.ESIMAlerts{ESIM: e.ID})))
	}
	return ui.Screen{Text: r.T("settings.one_which", nil), Rows: append(rows, ui.BackRow(r, refs.RouteSettings))}
}

func (f *settingsFlow) alertsOf(ctx context.Context, r *ui.Request, e esim.ESIM, ref refs.ESIMAlerts) (ui.Screen, error) {
	switch ref.Kind {
	case "":
	case refs.InheritAlerts:
		e.Alerts = ""
	default:
		e.Alerts = r.Customer.Alerts.ForESIM(e).AsOwn().With(ref.Kind, ref.On)
	}
	if ref.Kind != "" {
		if err := f.store.SetESIMAlerts(ctx, r.Customer.ID, e.ID, e.Alerts); err != nil {
			return ui.Screen{}, err
		}
	}
	key := "settings.one_as_all"
	if e.Alerts.IsOwn() {
		key = "settings.one_own"
	}
	s := ui.Screen{
		Text: r.T("settings.one", i18n.Args{"title": r.ESIMTitle(e)}) + "\n\n" + r.T(key, nil),
		Rows: switches(r, r.Customer.Alerts.ForESIM(e), func(k esim.AlertKind, on bool) ui.CallbackRef {
			return refs.ESIMAlerts{ESIM: e.ID, Kind: k, On: on}
		}),
	}
	if e.Alerts.IsOwn() {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("settings.btn_as_all", nil), refs.ESIMAlerts{ESIM: e.ID, Kind: refs.InheritAlerts})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.ESIMAlerts{}))
	return s, nil
}
