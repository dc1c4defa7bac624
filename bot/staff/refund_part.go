package staff

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Less than the whole of an order goes back as store credit: an amount, or the share of one of its eSIMs. Either is asked
// about from the question of the whole, waits for its reason, and then for a Yes like any other.
const (
	amountAction = "amount"
	partAction   = "part"
)

// partRows lead from the question of the whole to less of it.
func partRows(r *request, d orderDetails) [][]ui.Button {
	if d.RefundableAsCredit().Minor == 0 {
		return nil
	}
	var row []ui.Button
	if d.Kind != esim.TopUp && d.Remaining() > 1 {
		row = append(row, ui.NewButton(r.Plain("staff.btn_part", nil), actionRef{routePick, partAction, d.ID}))
	}
	return [][]ui.Button{append(row, ui.NewButton(r.Plain("staff.btn_amount", nil), actionRef{routeAsk, amountAction, d.ID}))}
}

// askAmount asks for a sum and a reason.
func (f *actions) askAmount(r *request, d orderDetails) ui.Screen {
	return ui.Screen{
		Fresh: true, Text: r.T("staff.ask_amount", partArgs(r, d, d.RefundableAsCredit())),
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), wordsRef{Action: amountAction, Order: d.ID})}},
	}
}

func partArgs(r *request, d orderDetails, credit esim.Money) i18n.Args {
	return i18n.Args{
		"id": d.ID.String(), "plan": r.PlanTitle(d.Plan, d.Days), "credit": r.ExactAmount(credit),
		"name": ui.CustomerName(d.buyer), "customer": int64(d.Customer),
	}
}

// saidAmount takes in the sum and the reason, and asks whether it is right.
func (f *actions) saidAmount(ctx context.Context, r *request, id esim.OrderID, said []string) (ui.Screen, error) {
	d, err := f.cards.details(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	if d.RefundableAsCredit().Minor == 0 {
		return f.cards.above(ctx, r, words(r, esim.ErrWrongState), id), nil
	}
	return f.questionAmount(r, d, said), nil
}

// questionAmount asks about the sum and the reason that were said; what cannot be given is asked for again. The whole is one
// press away: a number in front of a reason may be none of dollars.
func (f *actions) questionAmount(r *request, d orderDetails, said []string) ui.Screen {
	left := d.RefundableAsCredit()
	amount, ok := parseDollars(i18n.PlainDigits(said[0]))
	if !ok || amount.Minor < 0 || amount.Minor > left.Minor || len(said) < 2 {
		return f.askAmount(r, d)
	}
	yes := yesPartRef{Order: d.ID, Cents: amount.Minor, Left: left.Minor}
	rows := yesNo(r, yes, d.ID)
	if a, _ := orderActionNamed("refund"); a.fits(d) {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("staff.btn_whole", nil), actionRef{routeAsk, a.name, d.ID})))
	}
	return ui.Screen{Fresh: true, Text: reasoned(r, r.T("staff.ask_give_amount", partArgs(r, d, amount)), oneLine(said[1:])), Rows: rows}
}

// askPart asks about the share of one eSIM, for a reason that is still to be said ("").
func (f *actions) askPart(ctx context.Context, r *request, id esim.ESIMID, why string) (ui.Screen, error) {
	e, err := f.cards.store.ESIM(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	a, _ := esimActionNamed(partAction)
	d, err := f.cards.details(ctx, e.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	left := d.RefundableAsCredit()
	if left.Minor == 0 || !a.fits(e) || d.Remaining() < 2 {
		screen := f.cards.above(ctx, r, words(r, esim.ErrWrongState), d.ID)
		screen.Fresh = true
		return screen, nil
	}
	args, yes := partArgs(r, d, d.PartCredit()), yesPartRef{d.ID, e.ID, d.PartCredit().Minor, left.Minor}
	args["esim"] = i18n.HTML(f.cards.esimLine(r, e))
	key := "staff.ask_part_stays"
	if e.Returnable(d.Order) {
		key, yes.Cents = "staff.ask_part_goes", 0
	}
	text := r.T(key, args)
	if sum, _, ok := amountBefore(strings.Fields(why)); ok {
		text, why = r.T("staff.whole_only", i18n.Args{"words": ui.Truncate(sum, 64)})+"\n\n"+text, ""
	}
	if why == "" {
		ref := wordsRef{Action: partAction, Order: d.ID, ESIM: e.ID}
		return ui.Screen{Fresh: true, Text: text + "\n" + r.T("staff.ask_words_why", nil), Rows: whyRows(r, ref)}, nil
	}
	return ui.Screen{Fresh: true, Text: reasoned(r, text, why), Rows: yesNo(r, yes, d.ID)}, nil
}

// stakePart is of the part that goes back.
func (f *actions) stakePart(ctx context.Context, r *request, ref yesPartRef) (esim.SensitiveAction, error) {
	o, err := f.cards.orders.Order(ctx, ref.Order)
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	if r.reason() == "" || o.RefundableAsCredit().Minor != ref.Left { // it is not done
		return esim.SensitiveAction{}, nil
	}
	d := esim.SensitiveAction{What: amountAction, Customer: o.Customer, Order: o.ID, Worth: esim.USDCents(ref.Cents)}
	if ref.Cents == 0 {
		d.What, d.Worth = partAction, o.PartCredit()
	}
	return d, nil
}

// yesPart gives a part back, once.
func (f *actions) yesPart(ctx context.Context, r *request, ref yesPartRef) (ui.Screen, error) {
	d, err := f.cards.details(ctx, ref.Order)
	switch {
	case err != nil:
		return ui.Screen{}, err
	case r.reason() == "": // the question is too old to be read
		return ui.Screen{}, ui.ErrBadData
	case d.RefundableAsCredit().Minor != ref.Left:
		return f.cards.above(ctx, r, changedBy(r, d), d.ID), nil
	}
	entry := r.auditEntry(amountAction, f.now())
	entry.Customer, entry.Why = d.Customer, r.reason()
	if ref.Cents > 0 {
		err := f.admin.RefundAmount(ctx, esim.AmountRefund{Order: d.ID, ESIM: ref.ESIM, Amount: esim.USDCents(ref.Cents), Seen: esim.USDCents(ref.Left)}, entry)
		if err != nil && !errors.Is(err, esim.ErrConflict) && !errors.Is(err, esim.ErrWrongState) {
			return ui.Screen{}, err
		}
		if err != nil {
			return f.cards.above(ctx, r, words(r, err), d.ID), nil
		}
		r.done = true
		args := partArgs(r, d, esim.USDCents(ref.Cents))
		args["who"] = r.name
		return ui.Screen{Text: reasoned(r, r.T("staff.done_amount", args), entry.Why), Rows: cardRow(r.Request, d.ID)}, nil
	}
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	entry.What, entry.Amount = partAction, d.PartCredit()
	end, err := f.admin.BeginVendorAction(ctx, esim.VendorAction{Who: entry.Who, What: partAction, Order: d.ID, ESIM: e.ID})
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.working", i18n.Args{"id": d.ID.String()}), After: ended(end, func(ctx context.Context) (ui.Screen, error) {
		return f.outcome(ctx, r, partAction, d.ID, entry.Why, f.admin.CancelOne(ctx, e, entry))
	})}, nil
}
