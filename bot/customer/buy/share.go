package buy

import (
	"context"
	"net/url"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/i18n"
)

// share hands a plan on: as a card into any chat where inline mode is on, else by Telegram's own way to send a
// link; and as a link to copy, in two forms, since the web site behind one of them can be down.
func (f *planFlow) share(_ context.Context, r *ui.Request, ref refs.Share) (ui.Screen, error) {
	p, err := f.Catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	days := forsale.PassDays(p, ref.Days)
	title := r.PlanTitle(p, days)
	back := ui.BackRow(r, refs.Details(ref))
	start := refs.PlanStart(p, days)
	if start == "" {
		return ui.Screen{Text: r.T("plan.share_none", i18n.Args{"title": title}), Rows: [][]ui.Button{back}}, nil
	}
	link := f.links.To(start)
	send := ui.Button{Text: r.Plain("plan.btn_share_send", nil), Inline: start}
	if !f.inlineMode {
		// Source: https://core.telegram.org/widgets/share
		send = ui.Button{Text: send.Text, URL: f.links.Base + "/share/url?" + url.Values{"url": {link}, "text": {title}}.Encode()}
	}
	return ui.Screen{
		Text: r.T("plan.share", i18n.Args{"title": title, "link": link}),
		Rows: [][]ui.Button{
			ui.Row(send), ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy", nil), Copy: link}),
			ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy_app", nil), Copy: f.links.InApp(start)}), back,
		},
	}, nil
}
