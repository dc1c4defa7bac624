package buy

import (
	"context"
	"errors"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// rescue tops up an eSIM on credit: who is out of data has no time for a question more. The alert stays as it is, and its
// other ways to get data are in reach where this one is closed.
func (f *topUpFlow) rescue(ctx context.Context, r *ui.Request, ref refs.EmergencyTopUp) (ui.Screen, error) {
	return f.asked(ctx, r, ref.ESIM, r.Plain("topup.toast_price", nil), func(ctx context.Context, e esim.ESIM) (ui.Screen, error) {
		o, err := f.topUps.BeginEmergency(ctx, e, esim.PurchaseRequest{
			Customer: r.Customer.ID, Seen: esim.USDCents(ref.Seen), CallbackQueryID: r.CallbackQueryID, Consent: f.payment.contracts.Consent(r.Lang()),
		})
		others := ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID}))
		key := "rescue.given"
		switch {
		case errors.Is(err, esim.ErrAlreadyPaid): // pressed before
			key = "error.already_paid"
		case errors.Is(err, esim.ErrPriceChanged): // a new one is asked for, never taken silently
			return f.rescueAnew(ctx, r, e, others)
		case errors.Is(err, esim.ErrNoEmergencyTopUp):
			return ui.Screen{Fresh: true, Text: r.T("error.no_rescue", nil), Rows: [][]ui.Button{others}}, nil
		case err != nil:
			return ui.Screen{}, err
		}
		owed, err := money.DebtLine(ctx, r, f.payment.checkout.Store)
		return ui.Screen{
			Fresh: true, Text: r.T(key, i18n.Args{"what": r.PlanSize(o.Plan, o.Days), "title": r.ESIMTitle(e)}) + "\n\n" + owed,
			Rows: [][]ui.Button{ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))},
		}, err
	})
}

// rescueAnew offers it at the price of now.
func (f *topUpFlow) rescueAnew(ctx context.Context, r *ui.Request, e esim.ESIM, others []ui.Button) (ui.Screen, error) {
	s := ui.Screen{Fresh: true, Text: r.T("error.price_moved", nil), Rows: [][]ui.Button{others}}
	offers, err := f.topUps.Offers(ctx, e, 0)
	if err != nil {
		return ui.Screen{}, err
	}
	q, may, err := f.topUps.EmergencyOffer(ctx, e, offers)
	if err != nil || !may {
		return s, err
	}
	s.Text = f.payment.agreeing(r, s.Text+"\n\n"+forsale.EmergencyTopUpText(r, q))
	s.Rows = [][]ui.Button{ui.Row(forsale.EmergencyTopUpButton(r, e, q)), others}
	return s, nil
}
