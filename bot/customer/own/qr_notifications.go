package own

import (
	"context"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// qrPicture brings an eSIM. One that was given back while the message waited is not brought.
func (f *notifications) qrPicture(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	e, err := f.store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notification: %w", err)
	}
	o, err := f.store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notification: %w", err)
	}
	if o.State.RefundOwed() || !e.Installable(o) {
		return nil
	}
	s, err := qrScreen(r, f.qr, e, o)
	if err != nil {
		return err
	}
	message, err := f.screens.Put(ctx, s, ui.ScreenTarget{Chat: r.Customer.Chat})
	if err != nil {
		return err
	}
	// It arrived: a picture sent twice would be worse than one that stays as it is.
	_ = f.store.AddQRMessage(ctx, e.ID, r.Customer.Chat, message)
	return nil
}

// qrGone takes the install buttons of an eSIM's pictures away, and says that it was given back.
func (f *notifications) qrGone(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	e, err := f.store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notification: %w", err)
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return err
	}
	messages, err := f.store.QRMessages(ctx, e.ID, r.Customer.Chat)
	if err != nil {
		return err
	}
	s := ui.Screen{
		Text: r.T("qr.gone", i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}),
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("qr.btn_open", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})}},
	}
	for _, message := range messages {
		if err := f.screens.Recaption(ctx, s, ui.ScreenTarget{Chat: r.Customer.Chat, Message: message}); err != nil {
			return err
		}
	}
	return nil
}
