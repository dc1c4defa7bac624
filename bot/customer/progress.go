package customer

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// progress shows where an order is, always in the same message.
func (f *notifications) progress(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, err := f.store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	s := ui.Screen{Text: progressText(r, o), Rows: [][]ui.Button{{ui.Press(r.Plain("menu.btn_esims", nil), routeESIMs)}}}
	if o.Kind == esim.TopUp {
		s.Rows = [][]ui.Button{{ui.Press(r.Plain("alert.btn_show", nil), esimRef{routeESIM, o.ESIM})}}
	}
	at := ui.Target{Chat: r.Customer.Chat}
	if chat, message, err := f.store.ProgressMessage(ctx, o.ID); err == nil && chat == at.Chat {
		at.Message = message
	} else if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	shown, err := f.screens.Put(ctx, s, at)
	if err != nil || shown == at.Message {
		return err
	}
	return f.store.SetProgressMessage(ctx, o.ID, at.Chat, shown)
}

//i18n:use progress.*

func progressText(r *ui.Request, o esim.Order) string {
	args := i18n.Args{
		"plan": r.OrderTitle(o), "id": o.ID.String(), "price": r.Price(o.Price), "credit": r.Price(o.Retail),
	}
	if key := progressKey(o); key != "progress.ready" || o.Quantity <= 1 {
		return r.T(key, args)
	}
	return r.N("progress.ready_all", o.Quantity, args)
}

// progressKey is the sentence for where an order is.
func progressKey(o esim.Order) string {
	topUp := ""
	if o.Kind == esim.TopUp {
		topUp = "topup_"
	}
	switch {
	case o.State == esim.Refunding, o.State == esim.Refunded:
		return "progress." + goingBack(o) + string(o.State) + inCredit(o)
	case o.State == esim.AwaitingPayment:
		return "progress.by_hand"
	case o.State == esim.Expired:
		return "progress.expired"
	case o.State == esim.Cancelling:
		return "progress.cancelling"
	case o.State == esim.NeedsHuman && o.Allocated:
		return "progress.human"
	case o.State == esim.Delivered, o.Allocated:
		return "progress." + topUp + "ready"
	case o.State == esim.NeedsHuman, o.StaffTold:
		return "progress." + topUp + "late"
	case o.State == esim.Paid:
		return "progress." + topUp + "paid"
	}
	return "progress." + topUp + "preparing"
}

// goingBack tells money for what was given back from money for what never came.
func goingBack(o esim.Order) string {
	switch {
	case o.Kind == esim.TopUp:
		return "topup_"
	case o.Allocated:
		return "returned_"
	}
	return ""
}

func inCredit(o esim.Order) string {
	switch refundRoute(o) {
	case "credit":
		return "_credit"
	case "nothing":
		return "_free"
	}
	return ""
}
