package buy

import (
	"context"
	"net/url"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// inviteFlow shows customers the link by which they bring friends, and what it brought.
type inviteFlow struct {
	referrals *esim.Referrals
	links     refs.Links
}

func (f *inviteFlow) register(t *ui.Router) {
	show := func(ctx context.Context, r *ui.Request) (ui.Screen, error) { return f.show(ctx, r) }
	t.Command("invite", false, show)
	t.Route(refs.RouteInvite, show)
}

func (f *inviteFlow) show(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	if f.referrals.Promised().Minor <= 0 {
		return ui.Screen{Text: r.T("invite.off", nil), Rows: ui.MenuRow(r)}, nil
	}
	s, err := f.referrals.Store.ReferralOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	start := refs.StartReferral + s.Code
	link := f.links.To(start)
	text := r.T("invite.text", i18n.Args{"credit": r.Price(f.referrals.Promised()), "link": link})
	if s.Friends > 0 {
		text += "\n\n" + r.T("invite.so_far", i18n.Args{
			"friends": r.Number(int64(s.Friends)), "bought": r.Number(int64(s.Bought)), "earned": r.Price(s.Earned),
		})
	}
	return ui.Screen{Text: text, Rows: [][]ui.Button{
		// Source: https://core.telegram.org/widgets/share
		ui.Row(ui.Button{Text: r.Plain("gift.btn_send", nil), URL: f.links.Base + "/share/url?" + url.Values{"url": {link}, "text": {r.Plain("invite.words", nil)}}.Encode()}),
		ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy", nil), Copy: link}),
		ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy_app", nil), Copy: f.links.InApp(start)}),
		ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)),
	}}, nil
}
