package rights

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// forgetFlow forgets customers who ask for it: not before they know what that means, and not while something of theirs is on
// its way.
type forgetFlow struct{ store esim.ForgetStore }

func (f *forgetFlow) register(t *ui.Router) {
	t.Command("forget", true, f.ask)
	t.Route(refs.RouteForget, f.ask)
	t.Route(refs.RouteForgetNow, ui.HandleWith(refs.ParseForget, f.forget))
}

// ask says what goes, what stays, and what is lost with it.
func (f *forgetFlow) ask(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	facts, err := f.store.ForgetFacts(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if esim.DecideForget(facts) != nil {
		return f.later(r, facts), nil
	}
	lines := []string{r.T("forget.ask", nil)}
	no := ui.Row(ui.NewButton(r.Plain("forget.btn_no", nil), ui.RouteMenu))
	rows := [][]ui.Button{no}
	if n := len(facts.Live); n > 0 {
		lines = append(lines, r.N("forget.live", n, nil))
	}
	if n := facts.Returnable; n > 0 {
		lines = append(lines, r.N("forget.returnable", n, nil))
	}
	if len(facts.Live) > 0 {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)))
	}
	if facts.Credit.Minor > 0 {
		lines = append(lines, r.T("forget.credit", i18n.Args{"credit": r.Price(facts.Credit)}))
		rows = append(rows, ui.Row(refs.AskButton(r)))
	}
	if owed := esim.Owed(facts.Credit); owed.Minor > 0 {
		lines = append(lines, r.T("forget.owed", i18n.Args{"owed": r.Price(owed)}))
	}
	rows = append(rows,
		ui.Row(ui.NewButton(r.Plain("forget.btn_copy", nil), refs.RouteMyData)),
		ui.Row(ui.NewButton(r.Plain("forget.btn_yes", nil), lost(facts)).AsDestructive()))
	return ui.Screen{Text: strings.Join(lines, "\n\n"), Rows: rows}, nil
}

// lost is the button's word for what they were told that they lose.
func lost(f esim.ForgetFacts) refs.Forget {
	return refs.Forget{Live: len(f.Live), Credit: max(0, f.Credit.Minor)}
}

// later says what has to end first, and when that is.
func (f *forgetFlow) later(r *ui.Request, facts esim.ForgetFacts) ui.Screen {
	lines := []string{r.T("forget.later", nil)}
	var rows [][]ui.Button
	for _, o := range facts.Open {
		lines = append(lines, r.T("forget.open", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}))
	}
	for _, o := range facts.ByHand {
		lines = append(lines, r.T("forget.by_hand", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}))
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("pay.btn_leave", nil), refs.Order{Route: refs.RouteAbandon, Order: o.ID})))
	}
	switch {
	case facts.Approved:
		lines = append(lines, r.T("forget.approved", nil))
	case facts.RefundPending:
		lines = append(lines, r.T("forget.on_its_way", nil))
	case facts.Withdrawing:
		lines = append(lines, r.T("forget.withdrawing", nil))
	}
	lines = append(lines, r.T("forget.when", nil))
	rows = append(rows, ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return ui.Screen{Text: strings.Join(lines, "\n\n"), Rows: rows}
}

// forget does it, if what they were told is still so.
func (f *forgetFlow) forget(ctx context.Context, r *ui.Request, ref refs.Forget) (ui.Screen, error) {
	facts, err := f.store.ForgetFacts(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if facts.Unknown {
		return ui.Screen{Text: r.T("forget.done", nil)}, nil
	}
	if ref != lost(facts) {
		return f.ask(ctx, r)
	}
	err = f.store.Forget(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrStillOpen) {
		return f.ask(ctx, r)
	}
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("forget.done", nil)}, nil
}
