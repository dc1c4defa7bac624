package customer

import (
	"context"
	"net/url"

	"esimbot/bot/ui"
	"esimbot/i18n"
)

// shareRef leads to the ways to send a plan to somebody, and from there back to its details.
type shareRef planRef

func (p shareRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeShare, p.Code, p.Origin, p.Days, p.Quantity)
}

func parseShareRef(d ui.CallbackData) (shareRef, error) {
	a := d.Read(routeShare)
	p := shareRef{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// share hands a plan on: as a card into any chat where inline mode is on, else by Telegram's own way to send a
// link; and as a link to copy, in two forms, since the web site behind one of them can be down.
func (f *planFlow) share(_ context.Context, r *ui.Request, ref shareRef) (ui.Screen, error) {
	p, err := f.catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	days := passDays(p, ref.Days)
	title := r.PlanTitle(p, days)
	back := ui.Back(r, detailsRef(ref))
	start := planStart(p, days)
	if start == "" {
		return ui.Screen{Text: r.T("plan.share_none", i18n.Args{"title": title}), Rows: [][]ui.Button{back}}, nil
	}
	link := f.links.to(start)
	send := ui.Button{Text: r.Plain("plan.btn_share_send", nil), Inline: start}
	if !f.inlineMode {
		// Source: https://core.telegram.org/widgets/share
		send = ui.Button{Text: send.Text, URL: f.links.base + "/share/url?" + url.Values{"url": {link}, "text": {title}}.Encode()}
	}
	return ui.Screen{
		Text: r.T("plan.share", i18n.Args{"title": title, "link": link}),
		Rows: [][]ui.Button{
			ui.Row(send), ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy", nil), Copy: link}),
			ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy_app", nil), Copy: f.links.inApp(start)}), back,
		},
	}, nil
}
