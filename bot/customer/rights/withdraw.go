package rights

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// withdrawFlow takes customers' withdrawals from contracts: one entry on every order, one confirming press, and a receipt.
type withdrawFlow struct {
	contracts *esim.Contracts
	screens   *ui.Presenter
}

func (f *withdrawFlow) register(t *ui.Router) {
	t.Route(refs.RouteWithdraw, ui.HandleWith(refs.ParseWithdraw(refs.RouteWithdraw), f.ask))
	t.Route(refs.RouteWithdrawNow, ui.HandleWith(refs.ParseWithdraw(refs.RouteWithdrawNow), f.confirm))
}

// ask shows the statement, and what will follow.
func (f *withdrawFlow) ask(ctx context.Context, r *ui.Request, ref refs.Withdraw) (ui.Screen, error) {
	o, err := f.contracts.Store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	if made, err := f.contracts.Store.WithdrawalOf(ctx, o.ID, ref.ESIM); err == nil {
		return f.received(r, made), nil
	} else if !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	if !f.contracts.MayWithdraw(o) {
		return f.over(r, o), nil
	}
	esims, err := f.contracts.Store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{
		r.T("withdraw.ask", i18n.Args{"what": statement(r, o, chosen(esims, ref.ESIM)), "name": r.Name(), "until": r.Moment(f.contracts.Until(o))}),
	}
	follows, err := f.follows(r, o, esims, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	lines = append(lines, follows)
	rows := [][]ui.Button{ui.Row(ui.NewButton(r.Plain("withdraw.btn_confirm", nil), refs.Withdraw{Route: refs.RouteWithdrawNow, Order: o.ID, ESIM: ref.ESIM}).AsDestructive())}
	if ref.ESIM == "" && o.Remaining() > 1 {
		for _, e := range esims {
			if !e.Returned {
				rows = append(rows, ui.Row(ui.NewButton(r.Plain("withdraw.btn_one", i18n.Args{"esim": e.ShortID(o.Quantity)}), refs.Withdraw{Route: refs.RouteWithdraw, Order: o.ID, ESIM: e.ID})))
			}
		}
	}
	rows = append(rows, ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("cancel.btn_no", nil), refs.RouteESIMs)))
	return ui.Screen{Fresh: true, Text: strings.Join(lines, "\n\n"), Rows: rows}, nil
}

// statement says what is withdrawn from.
func statement(r *ui.Request, o esim.Order, one esim.ESIM) i18n.HTML {
	args := i18n.Args{
		"plan": r.OrderTitle(o), "id": o.ID.String(), "price": r.MoneyAndCredit(o.Price, o.Credit), "time": r.Moment(o.PaidAt), "esim": one.ShortID(o.Quantity),
	}
	if one.ID != "" && o.Quantity > 1 {
		return i18n.HTML(r.T("withdraw.of_esim", args))
	}
	return i18n.HTML(r.T("withdraw.of_order", args))
}

// chosen is the eSIM that is withdrawn from alone; the zero value: all of the order.
func chosen(esims []esim.ESIM, one esim.ESIMID) esim.ESIM {
	for _, e := range esims {
		if e.ID == one && one != "" {
			return e
		}
	}
	return esim.ESIM{}
}

//i18n:use cancel.back_*

// follows says what the withdrawal brings.
func (f *withdrawFlow) follows(r *ui.Request, o esim.Order, esims []esim.ESIM, one esim.ESIMID) (string, error) {
	unused, begun := 0, 0
	for _, e := range esims {
		if e.Returned || one != "" && e.ID != one {
			continue
		}
		if e.Returnable(o) {
			unused++
		} else {
			begun++
		}
	}
	switch {
	case o.Kind != esim.Purchase || begun > 0:
		return r.T("withdraw.begun", nil), nil
	case unused == 0: // nothing is here yet
		return r.T("withdraw.coming", nil), nil
	}
	if one != "" && o.Remaining() > 1 {
		return ui.Sentences(r.T("withdraw.unused", nil), r.T("cancel.part_credit", i18n.Args{"credit": r.Price(o.PartCredit())})), nil
	}
	route, err := money.RefundKey(o)
	if err != nil {
		return "", err
	}
	back, paid, credit, err := o.Refundable()
	if err != nil {
		return "", err
	}
	args := i18n.Args{"price": r.Price(paid), "credit": r.Price(credit)}
	words := ui.Sentences(r.T("withdraw.unused", nil), r.T("cancel.back_"+route, args))
	if back == esim.RefundSameWay && credit.Minor > 0 {
		words = ui.Sentences(words, r.T("cancel.back_beside", args))
	}
	return ui.Sentences(words, money.DebtRestoredText(r, o)), nil
}

// over says that the period has ended, and leads to a person.
func (f *withdrawFlow) over(r *ui.Request, o esim.Order) ui.Screen {
	key := "withdraw.over"
	if o.State.RefundOwed() {
		key = "withdraw.back_already"
	}
	return ui.Screen{Fresh: true, Text: r.T(key, i18n.Args{"id": o.ID.String(), "days": r.Days(f.contracts.Days)}), Rows: [][]ui.Button{
		ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)),
	}}
}

// confirm takes the statement. The receipt comes as a message of its own, which stays; what is unused is given back at once.
func (f *withdrawFlow) confirm(ctx context.Context, r *ui.Request, ref refs.Withdraw) (ui.Screen, error) {
	made, o, err := f.contracts.Withdraw(ctx, r.Customer, ref.Order, ref.ESIM)
	if errors.Is(err, esim.ErrWithdrawalPeriodOver) {
		return f.over(r, o), nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	s := f.received(r, made)
	s.Fresh = false
	s.After = func(ctx context.Context) (ui.Screen, error) { return ui.Screen{}, f.contracts.Run(ctx) }
	return s, nil
}

// received says that there is a statement.
func (f *withdrawFlow) received(r *ui.Request, w esim.ContractWithdrawal) ui.Screen {
	return ui.Screen{Fresh: true, Text: r.T("withdraw.received", i18n.Args{"id": w.Order.String(), "time": r.Moment(w.At)}), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)),
	}}
}

// acknowledge sends the receipt: what was withdrawn from, by whom, and when, in the reader's zone and in UTC. Nothing ever
// changes this message.
func (f *withdrawFlow) acknowledge(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	w, what, err := f.of(ctx, r, n)
	if err != nil {
		return err
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: r.T("withdraw.acknowledged", i18n.Args{
		"what": what, "name": w.Name, "time": r.Moment(w.At), "utc": w.At.UTC().Format("2006-01-02 15:04:05 UTC"), "number": w.ID,
	})})
}

// toPerson says that a person looks at it, and why.
func (f *withdrawFlow) toPerson(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	_, what, err := f.of(ctx, r, n)
	if err != nil {
		return err
	}
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T("withdraw.to_person", i18n.Args{"what": what}),
		Rows: [][]ui.Button{ui.Row(refs.AskButton(r))},
	})
}

// of is the statement that a notification is about, and its words.
func (f *withdrawFlow) of(ctx context.Context, r *ui.Request, n esim.OutboxMessage) (esim.ContractWithdrawal, i18n.HTML, error) {
	w, err := f.contracts.Store.WithdrawalOf(ctx, n.Order, n.ESIM)
	if err != nil {
		return w, "", fmt.Errorf("withdrawal of notification: %w", err)
	}
	o, err := f.contracts.Store.Order(ctx, n.Order)
	if err != nil {
		return w, "", fmt.Errorf("order of notification: %w", err)
	}
	esims, err := f.contracts.Store.ESIMsOfOrder(ctx, n.Order)
	if err != nil {
		return w, "", fmt.Errorf("eSIMs of notification: %w", err)
	}
	return w, statement(r, o, chosen(esims, w.ESIM)), nil
}
