package buy

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// autoTold is what the shop tells of automatic top-ups. What was stopped, changed or overtaken while the message waited is
// not told.
func (f *notifications) autoTold(key string, state esim.AutoTopUpState) func(context.Context, *ui.Request, esim.OutboxMessage) error {
	return func(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
		a, err := f.autos.AutoTopUp(ctx, n.Customer, n.ESIM)
		switch {
		case errors.Is(err, esim.ErrNotFound) || err == nil && a.State != state:
			return nil
		case err != nil:
			return err
		}
		e, err := f.store.ESIMOf(ctx, n.Customer, n.ESIM)
		if err != nil {
			return fmt.Errorf("eSIM of notification: %w", err)
		}
		credit, err := f.credit.Credit(ctx, n.Customer)
		if err != nil {
			return fmt.Errorf("store credit: %w", err)
		}
		stop := ui.Row(ui.NewButton(r.Plain("auto.btn_off", nil), refs.ESIM{Route: refs.RouteAutoTopUpOff, ESIM: e.ID}))
		more := ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID}))
		s := ui.Screen{Text: r.T(key, i18n.Args{
			"title": r.ESIMTitle(e), "what": r.PlanSize(a.Plan, 0), "price": r.Price(n.Amount), "was": r.Price(a.Agreed),
			"time": r.Moment(a.NextAt), "credit": r.ExactAmount(credit),
		})}
		switch state {
		case esim.AutoTopUpLacksCredit:
			s.Rows = [][]ui.Button{more, ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID})), stop}
		case esim.AutoTopUpPriceRose:
			s.Text = f.pay.agreeing(r, s.Text)
			agree := refs.AutoTopUp{ESIM: e.ID, Code: a.Plan.Code, Level: a.Level, Seen: n.Amount.Minor}
			s.Rows = [][]ui.Button{ui.Row(ui.NewButton(r.Plain("auto.btn_agree", i18n.Args{"price": r.Price(n.Amount)}), agree)), stop}
		default:
			s.Rows = [][]ui.Button{stop, ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))}
		}
		return f.screens.Send(ctx, r, s)
	}
}

// autoOff says why an automatic top-up was switched off by itself.
func (f *notifications) autoOff(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	text := r.T("auto.off_"+n.Note, nil)
	if e, err := f.store.ESIMFor(ctx, n.Customer, n.ESIM); err == nil {
		text += "\n" + r.ESIMTitle(e)
	} else if !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: text, Rows: ui.MenuRow(r)})
}

// autoLine says that a top-up was an automatic one, and what store credit is left; "" of any other.
func (f *notifications) autoLine(ctx context.Context, r *ui.Request, o esim.Order) (string, error) {
	a, err := f.autos.AutoTopUp(ctx, o.Customer, o.ESIM)
	if errors.Is(err, esim.ErrNotFound) || err == nil && a.Order != o.ID {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	text := "\n\n" + r.T("auto.done", i18n.Args{"price": r.Price(o.Price)})
	line, has, err := money.CreditLine(ctx, r, f.credit)
	if has {
		text += "\n" + line
	}
	return text, err
}
