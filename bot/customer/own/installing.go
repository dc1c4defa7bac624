package own

import (
	"context"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// installing tells of an installation that stands still, with what helps on the customer's phone, or
// that came to its end, with what is left to do. What was overtaken while the message waited is not
// told.
func (f *notifications) installing(ctx context.Context, r *ui.Request, kind esim.AlertKind, e esim.ESIM, o esim.Order, args i18n.Args, whereKnown bool) error {
	c := e.Condition(f.now())
	family := phoneOf(r, o)
	if o.TakesBack(e.ID) || o.State.RefundOwed() {
		return nil
	}
	open := ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))
	switch {
	case kind == esim.AlertHalfInstalled && c == esim.ConditionDownloading:
		known := family
		if !known.Known() {
			known = esim.FamilyOther
		}
		return f.reminds(ctx, r, e, ui.Screen{
			Text: r.T("alert.half_installed", args) + "\n\n" + guideSteps(r, known, refs.CardHalfInstalled),
			Rows: [][]ui.Button{
				ui.Row(ui.NewButton(r.Plain("guide.btn_again", nil), refs.Guide{Family: family, ESIM: e.ID, Card: refs.CardAll})),
				open, ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID})),
			},
		})
	case kind == esim.AlertInstalled && (c == esim.ConditionInstalled || c == esim.ConditionWorking && e.Plan.ValidityStart == esim.ValidFromInstall):
		s := ui.Screen{
			Text: r.T("alert.installed_"+forsale.ValidityStartKey(e.Plan), args),
			Rows: [][]ui.Button{
				ui.Row(ui.NewButton(r.Plain("guide.btn_use", nil), refs.Guide{Family: family, ESIM: e.ID, Card: refs.CardUse})),
				ui.Row(ui.NewButton(r.Plain("guide.btn_home", nil), refs.Guide{Family: family, ESIM: e.ID, Card: refs.CardHome})),
				open,
			},
		}
		ambiguous := zoneOf(e.Plan) == nil || len(clocksOf(e.Plan)) > 0                   // its use will not tell where they are
		if !whereKnown && ambiguous && !r.Customer.Quiet.Off() && r.Customer.Zone == "" { // asked once, where nothing else tells it
			s.Text += "\n\n" + r.T("zone.offer", nil)
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("settings.btn_zone", nil), refs.Zone{})))
		}
		return f.screens.Send(ctx, r, s)
	}
	return nil
}
