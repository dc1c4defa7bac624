package own

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// giftTaken tells who gave an eSIM away who took it from them, whoever has it by now, and marks its pictures in their chat: it installs once.
func (f *notifications) giftTaken(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	e, err := f.store.ESIM(ctx, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notification: %w", err)
	}
	if e.Customer == n.Customer { // it is theirs again
		return nil
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return err
	}
	g, err := lastGift(ctx, f.gifts, n.Customer, e.ID, f.now())
	if err != nil {
		return err
	}
	messages, err := f.store.QRMessages(ctx, e.ID, r.Customer.Chat)
	if err != nil {
		return err
	}
	args := i18n.Args{"name": nameOf(ctx, r, f.store, g.Recipient), "flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}
	open := [][]ui.Button{{ui.NewButton(r.Plain("gift.btn_see", nil), refs.ESIM{Route: refs.RouteGivenAway, ESIM: e.ID})}}
	for _, message := range messages {
		if err := f.screens.Recaption(ctx, ui.Screen{Text: r.T("gift.picture", args), Rows: open}, ui.ScreenTarget{Chat: r.Customer.Chat, Message: message}); err != nil {
			return err
		}
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: r.T("gift.told", args), Rows: open})
}

// giftGone tells who holds an eSIM that it was cancelled, without a word of money: it was not theirs.
func (f *notifications) giftGone(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	e, err := f.store.ESIMOf(ctx, n.Customer, n.ESIM)
	if errors.Is(err, esim.ErrNotFound) {
		return nil // it is somebody else's by now
	} else if err != nil {
		return fmt.Errorf("eSIM of notification: %w", err)
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return err
	}
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T("gift.cancelled", i18n.Args{"title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}),
		Rows: [][]ui.Button{ui.Row(ui.Button{Text: r.Plain("alert.btn_more", nil), Data: refs.MorePlans(e.Plan)})},
	})
}
