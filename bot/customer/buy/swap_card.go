package buy

import (
	"context"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use swap.promise_*

// card says what is swapped for what, what it costs, and what happens if it fails.
func (f *swapFlow) card(ctx context.Context, r *ui.Request, ref refs.Swap) (ui.Screen, error) {
	s, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	p, err := f.Catalog.Plan(ref.Code)
	if err != nil {
		return ui.Screen{}, err
	}
	days := forsale.PassDays(p, ref.Days)
	ways, err := f.ways(s, p.Code, days)
	if err != nil {
		return ui.Screen{}, err
	}
	screen := ui.Screen{Text: f.says(r, s, ways, days)}
	if notes := forsale.ShortNotes(r, f.notes, p, "", forsale.MaxNotes); notes != "" {
		screen.Text += "\n\n" + notes
	}
	if closed := f.PausedText(r); closed != "" {
		screen.Text += "\n\n" + closed
		ways = nil
	}
	for _, w := range ways {
		more, _ := s.settle(w)
		label := r.Plain("pay.btn_by_"+string(w.Method), i18n.Args{"price": r.Price(more)})
		if more.Minor == 0 {
			label = r.Plain("swap.btn_now", nil)
		} else if len(ways) == 1 {
			label = r.Plain("swap.btn_pay", i18n.Args{"price": r.Price(more)})
		}
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, refs.SwapNow{ESIM: s.esim.ID, Code: p.Code, Days: days, Seen: w.Price.Minor, Method: w.Method, Credit: w.Credit.Minor}).AsPurchase()))
	}
	if p.DayPass() {
		screen.Rows = append(screen.Rows, f.dayRow(r, s, p, days)...)
	}
	screen.Rows = append(screen.Rows,
		ui.Row(ui.NewButton(r.Plain("swap.btn_plan_card", nil), refs.Plan{Code: p.Code, Days: days})),
		ui.BackRow(r, refs.ESIM{Route: refs.RouteSwap, ESIM: s.esim.ID}))
	return screen, nil
}

// says are the words of the card.
func (f *swapFlow) says(r *ui.Request, s swapping, ways []esim.Quote, days int) string {
	first := ways[0]
	more, back := s.settle(first)
	credit := esim.USDCents(max(0, first.Credit.Minor-s.worth.Minor))
	args := i18n.Args{
		"old_flag": ui.PlanFlag(s.esim.Plan), "old": r.ESIMTitle(s.esim),
		"flag": ui.PlanFlag(first.Plan), "new": r.PlanTitle(first.Plan, days),
		"worth": r.Price(s.worth), "all": r.Price(esim.USDCents(max(s.worth.Minor, first.Credit.Minor))), "price": r.Price(first.Retail), "more": forsale.PriceWithDollars(r, f.Checkout, more), "back": r.Price(back), "credit": r.Price(credit),
	}
	lines := []string{r.T("swap.head", args), ""}
	spec, err := first.Method.Spec()
	free := err == nil && spec.RefundRoute == esim.RefundNothing
	switch {
	case free:
		lines = append(lines, r.T("swap.free", args))
	case more.Minor == 0 && back.Minor == 0:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.even", args))
	case more.Minor == 0:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.less", args))
	case spec.FromCredit:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.from_credit", args))
	default:
		lines = append(lines, r.T("swap.worth", args), r.T("swap.more", args))
		if credit.Minor > 0 {
			lines = append(lines, r.T("swap.and_credit", args))
		} else if left := s.worth.Minor - first.Credit.Minor; left > 0 { // no method takes less than some amount
			args["back"] = r.Price(esim.USDCents(left))
			lines = append(lines, r.T("swap.rest_back", args))
		}
	}
	lines = append(lines, "", r.T("swap.order", args))
	if !free {
		lines = append(lines, r.T("swap.promise_"+promised(ways, more), args))
	}
	if paid, err := s.order.Method.Spec(); err == nil && paid.RefundRoute == esim.RefundSameWay {
		lines = append(lines, r.T("swap.not_same_way", args))
	}
	return strings.Join(lines, "\n")
}

// promised says how what is paid beside the old eSIM comes back: the end of a sentence's key.
func promised(ways []esim.Quote, more esim.Money) string {
	same, credit := false, false
	for _, w := range ways {
		spec, err := w.Method.Spec()
		same = same || err == nil && spec.RefundRoute == esim.RefundSameWay
		credit = credit || err == nil && spec.RefundRoute == esim.RefundAsCredit
	}
	switch {
	case more.Minor == 0:
		return "unpaid"
	case same && credit:
		return "either"
	case same:
		return "same"
	}
	return "credit"
}

// dayRow chooses another number of days.
func (f *swapFlow) dayRow(r *ui.Request, s swapping, p esim.Plan, days int) [][]ui.Button {
	var buttons []ui.Button
	for _, n := range usualDays {
		if _, err := f.ways(s, p.Code, n); err == nil && len(buttons) < 4 {
			buttons = append(buttons, ui.NewButton(refs.ChosenMark(n == days)+r.Days(n), refs.Swap{ESIM: s.esim.ID, Code: p.Code, Days: n}))
		}
	}
	return ui.PairRows(buttons...)
}
