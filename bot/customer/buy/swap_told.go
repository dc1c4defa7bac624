package buy

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use swap.off_*

// swapText is the sentence for where a swap is: of the order that takes an eSIM's place, and of the
// one that the eSIM was of. false: neither.
func swapText(r *ui.Request, o esim.Order) (text string, is bool, err error) {
	args := i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String(), "other": o.SwappedFor.String()}
	back, paid, credit, err := o.Refundable()
	if err != nil {
		return "", false, err
	}
	args["price"], args["credit"] = r.Price(paid), r.Price(credit)
	switch {
	case o.SwappedFor != "" && o.State == esim.StateCancelling:
		return r.T("swap.leaving", args), true, nil
	case o.SwappedFor != "" && o.State.RefundOwed():
		return r.T("swap.gone", args), true, nil
	case o.Swapping() && o.State == esim.StatePaid && !o.StaffTold:
		return r.T("swap.under_way", args), true, nil
	case o.Swapping() && o.State.RefundOwed():
		return r.T("swap.off", args) + refundLine(r, o, back, args) + "\n" + r.T("swap.number", args), true, nil
	case o.SwapDone && !o.Allocated:
		text = failedSwap(r, o, back, args)
		return text, text != "", nil
	}
	return "", false, nil
}

// failedSwap says that the order which was to take an eSIM's place has failed, and how its money comes back; "" if
// none of it is owed.
func failedSwap(r *ui.Request, o esim.Order, back esim.RefundRoute, args i18n.Args) string {
	switch {
	case back == esim.RefundSameWay && o.State == esim.StateRefunded:
		return r.T("swap.failed_same_done", args)
	case back == esim.RefundSameWay && o.State.RefundOwed():
		return r.T("swap.failed_same", args)
	case back == esim.RefundAsCredit && o.State.RefundOwed():
		return r.T("swap.failed", args)
	}
	return ""
}

// refundLine says how what was paid for a swap that did not happen comes back, or came.
func refundLine(r *ui.Request, o esim.Order, back esim.RefundRoute, args i18n.Args) string {
	switch back {
	case esim.RefundSameWay:
		if o.State == esim.StateRefunded {
			return "\n" + r.T("swap.off_same_done", args)
		}
		return "\n" + r.T("swap.off_same", args)
	case esim.RefundAsCredit:
		return "\n" + r.T("swap.off_credit", args)
	}
	return ""
}

// swapOff says why an eSIM was not swapped, and that what was paid comes back.
func (f *notifications) swapOff(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, e, base, err := f.facts(ctx, n)
	if err != nil {
		return err
	}
	back, paid, credit, err := o.Refundable()
	if err != nil {
		return err
	}
	args := i18n.Args{
		"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(base.Quantity), "plan": r.OrderTitle(o),
		"price": r.Price(paid), "credit": r.Price(credit),
	}
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T(whySwapOff(e, base), args) + refundLine(r, o, back, args),
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})}},
	})
}

// whySwapOff is the sentence for why an eSIM was not swapped, by what it and the order it is of are now.
func whySwapOff(e esim.ESIM, base esim.Order) string {
	switch {
	case base.State == esim.StateNeedsHuman:
		return "swap.off_human"
	case e.Returned || e.Status.Final() || base.TakesBack(e.ID) || base.State.RefundOwed():
		return "swap.off_gone"
	case !e.Cancellable() || e.Epoch > 0:
		return "swap.off_used"
	}
	return "swap.off_plan"
}

// swapCredit tells of the store credit that a swap left.
func (f *notifications) swapCredit(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	args := i18n.Args{"credit": r.Price(n.Amount), "id": n.Order.String()}
	key := "swap.credit_all"
	switch o, err := f.store.OrderOf(ctx, n.Customer, n.Order); {
	case err == nil && o.SwapDone:
		key = "swap.credit_rest"
	case err != nil && !errors.Is(err, esim.ErrNotFound):
		return fmt.Errorf("order of notification: %w", err)
	}
	return f.withCredit(ctx, r, r.T(key, args))
}
