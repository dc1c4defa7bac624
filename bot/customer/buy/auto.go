package buy

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// autoFlow has customers set an eSIM to top itself up from store credit: what is added, and from when on.
type autoFlow struct {
	topUps *topUpFlow
	store  esim.AutoTopUpStore
	now    func() time.Time
}

func (f *autoFlow) register(t *ui.Router) {
	t.Route(refs.RouteAutoTopUp, ui.HandleWith(refs.ParseAutoTopUp, f.auto))
	t.Route(refs.RouteAutoTopUpOff, ui.HandleWith(refs.ParseESIM(refs.RouteAutoTopUpOff), f.off))
}

//i18n:use auto.btn_* auto.at_* auto.off_*

func (f *autoFlow) auto(ctx context.Context, r *ui.Request, ref refs.AutoTopUp) (ui.Screen, error) {
	if ref.Code == "" {
		e, err := f.topUps.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
		if err != nil {
			return ui.Screen{}, err
		}
		a, err := f.store.AutoTopUp(ctx, r.Customer.ID, ref.ESIM)
		if err == nil {
			return f.isOn(ctx, r, e, a)
		}
		if !errors.Is(err, esim.ErrNotFound) {
			return ui.Screen{}, err
		}
	}
	ask := f.topUps.looked
	if ref.Level != "" { // it is switched on
		ask = f.topUps.asked
	}
	return ask(ctx, r, ref.ESIM, r.Plain("topup.toast_asking", nil), func(ctx context.Context, e esim.ESIM) (ui.Screen, error) {
		if !e.MayAutoTopUp(f.now()) {
			return ui.Screen{}, esim.ErrNoTopUp
		}
		offers, err := f.topUps.topUps.Offers(ctx, e, 0)
		if err != nil {
			return ui.Screen{}, err
		}
		if ref.Code == "" || ref.Code == refs.AutoTopUpChange {
			return f.choose(ctx, r, e, offers)
		}
		for _, o := range offers {
			if o.Plan.Code != ref.Code {
				continue
			}
			q, err := f.topUps.price(o.Plan, 0)(esim.MethodCredit)
			if err != nil {
				return ui.Screen{}, err
			}
			if ref.Level == "" || ref.Seen != q.Price.Minor {
				return f.when(r, e, q, ref), nil
			}
			return f.on(ctx, r, e, q, ref.Level)
		}
		return f.choose(ctx, r, e, offers) // it is not sold any more
	})
}

// choose asks what is to be added each time.
func (f *autoFlow) choose(ctx context.Context, r *ui.Request, e esim.ESIM, offers []esim.Quote) (ui.Screen, error) {
	s := ui.Screen{Text: r.T("auto.choose", i18n.Args{"title": r.ESIMTitle(e)})}
	line, has, err := f.topUps.payment.creditLine(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if !has {
		line = r.T("auto.no_credit", nil)
	}
	s.Text += "\n\n" + line
	for _, o := range offers[:min(len(offers), offersPage)] {
		q, err := f.topUps.price(o.Plan, 0)(esim.MethodCredit)
		if err != nil {
			continue
		}
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("topup.btn_offer", i18n.Args{"what": r.PlanSize(o.Plan, 0), "price": r.Price(q.Price)}),
			refs.AutoTopUp{ESIM: e.ID, Code: o.Plan.Code, Seen: q.Price.Minor})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))
	return s, nil
}

// when asks from when on, at the price of now.
func (f *autoFlow) when(r *ui.Request, e esim.ESIM, q esim.Quote, ref refs.AutoTopUp) ui.Screen {
	text := r.T("auto.when", i18n.Args{"title": r.ESIMTitle(e), "what": r.PlanSize(q.Plan, 0), "price": r.Price(q.Price)})
	if ref.Level != "" {
		text = r.T("error.price_moved", nil) + "\n\n" + text
	}
	s := ui.Screen{Text: f.topUps.payment.agreeing(r, text)}
	for _, level := range esim.AutoTopUpLevels() {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("auto.btn_"+string(level), nil), refs.AutoTopUp{ESIM: e.ID, Code: q.Plan.Code, Level: level, Seen: q.Price.Minor})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.AutoTopUp{ESIM: e.ID, Code: refs.AutoTopUpChange}))
	return s
}

// on switches it on. Whoever presses it again while it is on for the same says so once more: after a price was asked about.
func (f *autoFlow) on(ctx context.Context, r *ui.Request, e esim.ESIM, q esim.Quote, level esim.AlertKind) (ui.Screen, error) {
	if before, err := f.store.AutoTopUp(ctx, r.Customer.ID, e.ID); err == nil && before.State == esim.AutoTopUpBuying {
		return ui.Screen{Text: r.T("auto.too_late", nil), Rows: [][]ui.Button{ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})}}, nil
	} else if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	a := esim.AutoTopUp{
		ESIM: e.ID, Customer: r.Customer.ID, Plan: q.Plan.Snapshot(), Level: level, Agreed: q.Price,
		Consent: f.topUps.payment.contracts.Consent(r.Lang()), Set: f.now(), Epoch: e.Epoch,
	}
	if err := f.store.SetAutoTopUp(ctx, a); err != nil {
		return ui.Screen{}, err
	}
	return f.isOn(ctx, r, e, a)
}

// isOn says how it is set, and what it waits for.
func (f *autoFlow) isOn(ctx context.Context, r *ui.Request, e esim.ESIM, a esim.AutoTopUp) (ui.Screen, error) {
	s := ui.Screen{Text: r.T("auto.on", i18n.Args{
		"title": r.ESIMTitle(e), "what": r.PlanSize(a.Plan, 0), "price": r.Price(a.Agreed), "when": r.T("auto.at_"+string(a.Level), nil),
	})}
	credit, err := f.topUps.payment.checkout.Store.Credit(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if line, has, err := f.topUps.payment.creditLine(ctx, r); err != nil {
		return ui.Screen{}, err
	} else if has {
		s.Text += "\n\n" + line
	}
	if credit.Minor < a.Agreed.Minor {
		s.Text += "\n" + r.T("auto.short_of", i18n.Args{"price": r.Price(a.Agreed)})
		s.Rows = append(s.Rows, ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID})))
	}
	s.Rows = append(s.Rows,
		ui.Row(ui.NewButton(r.Plain("auto.btn_off", nil), refs.ESIM{Route: refs.RouteAutoTopUpOff, ESIM: e.ID})),
		ui.Row(ui.NewButton(r.Plain("auto.btn_change", nil), refs.AutoTopUp{ESIM: e.ID, Code: refs.AutoTopUpChange})),
		ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))
	return s, nil
}

// off switches it off, if it is not being bought at this moment.
func (f *autoFlow) off(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, err := f.topUps.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	key := "auto.is_off"
	switch err := f.store.StopAutoTopUp(ctx, r.Customer.ID, e.ID); {
	case errors.Is(err, esim.ErrConflict):
		key = "auto.too_late"
	case err != nil && !errors.Is(err, esim.ErrNotFound): // it was off
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T(key, i18n.Args{"title": r.ESIMTitle(e)}), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID})), ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}),
	}}, nil
}
