package buy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// progress shows where an order is, always in the same message.
func (f *notifications) progress(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, err := f.store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notification: %w", err)
	}
	if o.Gift { // they bought nothing: they hear of it when it is there
		return nil
	}
	s := f.byHand.waits(r, o)
	if !o.WaitsForStaff() {
		if s.Text, err = f.progressText(ctx, r, o); err != nil {
			return err
		}
		s.Rows = f.byHand.rows(r, o)
	}
	at := ui.ScreenTarget{Chat: r.Customer.Chat}
	if chat, message, err := f.store.ProgressMessage(ctx, o.ID); err == nil && chat == at.Chat {
		at.Message = message
	} else if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	if loud, err := cameBackAsCredit(o); err != nil {
		return err
	} else if loud {
		at.Message = 0
	}
	shown, err := f.screens.Put(ctx, s, at)
	if err != nil {
		return err
	}
	if shown != at.Message {
		if err := f.byHand.messages.moveTo(ctx, o.ID, at.Chat, shown); err != nil {
			return err
		}
	}
	f.invoices.paid(ctx, o)
	return nil
}

// cameBackAsCredit reports whether an order ended as store credit. Its message is sent anew then, since
// nobody hears of one that is only changed; of Stars the messenger tells by itself.
func cameBackAsCredit(o esim.Order) (bool, error) {
	back, _, _, err := o.Refundable()
	return o.State == esim.StateRefunded && back == esim.RefundAsCredit && !aboutSwap(o), err
}

// aboutSwap reports whether a swap has messages of its own that tell of an order's money.
func aboutSwap(o esim.Order) bool { return o.SwappedFor != "" || o.Swapping() }

// progressRows lead on from where an order is. Each opens a message of its own: this one stays, and
// is the customer's receipt in the end.
func progressRows(r *ui.Request, o esim.Order) [][]ui.Button {
	if o.Kind == esim.TopUp {
		show := ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: o.ESIM}))
		if o.State != esim.StateRefunded || o.Allocated {
			return [][]ui.Button{show}
		}
		// Who wanted it still needs it; and on credit what the vendor refused counts for nothing.
		rows := [][]ui.Button{ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: o.ESIM})), show}
		if o.EmergencyTopUp {
			again := forsale.EmergencyTopUpButton(r, esim.ESIM{Profile: esim.Profile{ID: o.ESIM}}, esim.Quote{Plan: o.Plan, Days: o.Days, Price: o.Price})
			rows = append([][]ui.Button{ui.Row(again)}, rows...)
		}
		return rows
	}
	rows := [][]ui.Button{ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs))}
	switch {
	case o.Fulfilled():
		rows = append(rows,
			ui.Row(ui.NewButton(r.Plain("trip.btn", nil), refs.TripOfOrder(o.ID))),
			ui.Row(ui.NewButton(r.Plain("buy.btn_again", nil), refs.Order{Route: refs.RouteBuyAgain, Order: o.ID})))
	case o.State == esim.StateExpired:
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("buy.btn_again", nil), refs.Order{Route: refs.RouteBuyAgain, Order: o.ID})))
		if o.Allocated && !o.State.RefundOwed() && o.SwapWorthOfOne().Minor > 0 {
			rows = append(rows, ui.Row(ui.NewButton(r.Plain("swap.btn", nil), refs.Order{Route: refs.RouteSwapOf, Order: o.ID})))
		}
	case o.State.RefundOwed() && !o.Allocated: // who wanted it still needs one
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("buy.btn_another", nil), refs.Order{Route: refs.RouteBuyAgain, Order: o.ID})))
	}
	return rows
}

//i18n:use progress.*

// progressText is the sentence for where an order is; of one whose eSIMs come one by one it counts
// those that are here.
func (f *notifications) progressText(ctx context.Context, r *ui.Request, o esim.Order) (string, error) {
	if o.Kind == esim.Purchase && o.State == esim.StateAllocating && !o.Allocated && o.Remaining() > 1 {
		esims, err := f.store.ESIMsOf(ctx, o.Customer)
		if err != nil {
			return "", err
		}
		here := 0
		for _, e := range esims {
			if e.Order == o.ID && !e.Returned {
				here++
			}
		}
		if here > 0 {
			return r.T("progress.part_ready", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String(), "here": here, "all": o.Remaining()}), nil
		}
	}
	stays, err := staysWith(ctx, f.store, o)
	if err != nil {
		return "", err
	}
	text, err := progressText(r, o, stays)
	if err != nil || o.State != esim.StateRefunded || aboutSwap(o) {
		return text, err
	}
	if _, _, credit, err := o.Refundable(); err != nil || credit.Minor == 0 {
		return text, err
	}
	line, has, err := money.CreditLine(ctx, r, f.credit)
	if has {
		text += "\n\n" + line
	}
	return text, err
}

// staysWith reports whether a customer keeps something of an order whose money goes back, or went: staff
// gave it out of kindness.
func staysWith(ctx context.Context, store esimStore, o esim.Order) (bool, error) {
	if !o.State.RefundOwed() || !o.Allocated {
		return false, nil
	}
	esims, err := store.ESIMsOf(ctx, o.Customer)
	if err != nil {
		return false, fmt.Errorf("eSIMs of an order that is paid back: %w", err)
	}
	return slices.ContainsFunc(esims, func(e esim.ESIM) bool {
		return (e.Order == o.ID || o.Kind == esim.TopUp && e.ID == o.ESIM) && !e.Returned && !e.Status.Withdrawn()
	}), nil
}

// progressText is the sentence for where an order is; stays as staysWith has it.
func progressText(r *ui.Request, o esim.Order, stays bool) (string, error) {
	if text, is, err := swapText(r, o); is || err != nil {
		return text, err
	}
	args := i18n.Args{
		"plan": r.OrderTitle(o), "id": o.ID.String(), "price": r.MoneyAndCredit(o.Price, o.Credit), "credit": r.Price(o.Retail), "when": forsale.WhenToInstall(r, o.Plan),
	}
	key, err := progressKey(o, stays)
	if err != nil {
		return "", err
	}
	if o.State.RefundOwed() {
		back, paid, credit, err := o.Refundable()
		if err != nil {
			return "", err
		}
		args["price"], args["credit"] = r.Price(paid), r.Price(credit)
		if back == esim.RefundSameWay {
			args["price"] = r.MoneyAndCredit(paid, credit)
		}
	}
	if aside := o.ToReserve(); o.State == esim.StateExpired && aside.Minor > 0 {
		return r.T(key, args) + "\n" + r.T("pay.credit_free", i18n.Args{"credit": r.Price(aside)}), nil
	}
	if key == "progress.ready" && o.Returned > 0 {
		args["back"], args["all"] = r.Number(int64(o.Returned)), r.Number(int64(o.Quantity))
		return r.N("progress.part_returned", o.Remaining(), args), nil
	}
	if key != "progress.ready" || o.Remaining() <= 1 {
		return r.T(key, args), nil
	}
	return r.N("progress.ready_all", o.Remaining(), args), nil
}

// progressKey is the sentence for where an order is.
func progressKey(o esim.Order, stays bool) (string, error) {
	topUp := ""
	if o.Kind == esim.TopUp {
		topUp = "topup_"
	}
	if o.EmergencyTopUp {
		topUp = "rescue_"
	}
	switch {
	case o.EmergencyTopUp && o.State.RefundOwed():
		return "progress.rescue_refunded", nil
	case o.State == esim.StateRefunding, o.State == esim.StateRefunded:
		end, err := inCredit(o)
		return "progress." + goingBack(o, stays) + string(o.State) + end, err
	case o.State == esim.StateAwaitingPayment:
		return "progress.by_hand", nil
	case o.Abandoned():
		return "progress.left", nil
	case o.State == esim.StateExpired:
		return "progress.expired", nil
	case o.State == esim.StateCancelling:
		return "progress.cancelling", nil
	case o.State == esim.StateNeedsHuman && o.Allocated && !o.EmergencyTopUp:
		return "progress." + topUp + "human", nil
	case o.State == esim.StateDelivered, o.Allocated:
		return "progress." + topUp + "ready", nil
	case o.State == esim.StateNeedsHuman, o.StaffTold:
		return "progress." + topUp + "late", nil
	case o.State == esim.StatePaid:
		return "progress." + topUp + "paid", nil
	}
	return "progress." + topUp + "preparing", nil
}

// goingBack tells money for what was given back from money for what stays, and for what never came.
func goingBack(o esim.Order, stays bool) string {
	switch {
	case o.Allocated && stays:
		return "kept_"
	case o.Allocated:
		return "returned_"
	case o.Kind == esim.TopUp:
		return "topup_"
	}
	return ""
}

func inCredit(o esim.Order) (string, error) {
	route, err := money.RefundKey(o)
	switch route {
	case "credit":
		return "_credit", err
	case "nothing":
		return "_free", err
	}
	return "", err
}
