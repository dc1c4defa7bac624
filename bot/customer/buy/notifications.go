package buy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// notifications are what the shop tells of orders and their money by itself.
type notifications struct {
	screens  *ui.Presenter
	store    notificationStore
	credit   money.CreditStore
	now      func() time.Time
	invoices *invoices
	byHand   *byHandFlow
	autos    esim.AutoTopUpStore
	pay      *paymentFlow
}

type notificationStore interface {
	esimStore
	orderStore
	progressStore
}

func (f *notifications) refunded(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T("notice.refunded", i18n.Args{"price": r.Price(n.Amount), "id": n.Order.String()}),
		Rows: ui.MenuRow(r),
	})
}

// refundedOut tells of a payment that somebody else sent back, and what that means for what it paid.
func (f *notifications) refundedOut(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	args := i18n.Args{"price": r.Price(n.Amount), "id": n.Order.String()}
	o, err := f.store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return fmt.Errorf("order of notification: %w", err)
	}
	text := r.T("notice.refunded_out", args)
	switch {
	case err != nil:
	case o.Kind == esim.TopUp && o.Allocated:
		text += "\n\n" + r.T("notice.refunded_out_topup", args)
	case o.Kind == esim.Purchase && o.Allocated:
		text += "\n\n" + r.T("notice.refunded_out_esim", args)
	default:
		text += "\n\n" + r.T("notice.refunded_out_none", args)
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: text, Rows: ui.MenuRow(r)})
}

// toppedUp shows an eSIM after its top-up, unless it was given away since: its data is nobody else's business then.
func (f *notifications) toppedUp(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, e, bought, err := f.facts(ctx, n)
	switch {
	case errors.Is(err, esim.ErrNotFound), err == nil && e.Customer != n.Customer:
		return nil
	case err != nil:
		return err
	}
	args := i18n.Args{
		"flag": ui.PlanFlag(e.Plan), "title": r.NamedTitle(e, 0), "id": e.ShortID(bought.Quantity),
		"data": r.Printer.Data(o.Plan.Data), "days": r.Days(o.Plan.Days), "lasts": forsale.ValidityText(r, e.Plan, max(e.Days, 1)),
		"left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total), "date": r.Moment(e.Expires),
	}
	var text string
	if o.Plan.DayPass() {
		args["days"] = r.Days(max(o.Days, 1))
		text = r.T("topup.done_days", args)
	} else {
		text = r.T("topup.done_data", args)
	}
	if o.Gift {
		text = r.T("topup.present", nil) + "\n\n" + text
	}
	if e.Activated.IsZero() || e.Expires.IsZero() {
		text += "\n" + r.T("topup.lasts", args)
	} else {
		text += "\n" + r.T("topup.until", args)
	}
	automatic, err := f.autoLine(ctx, r, o)
	if err != nil {
		return err
	}
	text += automatic
	return f.screens.Send(ctx, r, ui.Screen{Text: text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})}}})
}

func (f *notifications) notCancelled(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, err := f.store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil {
		return fmt.Errorf("order of notification: %w", err)
	}
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T("notice.not_cancelled", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}),
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)}},
	})
}

// expiring says that an order waits for money by hand, and for how long still. One that was paid or
// left while the message waited is not told of.
func (f *notifications) expiring(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, err := f.store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil {
		return fmt.Errorf("order of notification: %w", err)
	}
	if !o.WaitsForStaff() || !o.NextAt.After(f.now()) {
		return nil
	}
	return f.screens.Send(ctx, r, ui.Screen{
		Text: r.T("notice.expiring", i18n.Args{
			"price": r.Price(o.Price), "plan": r.OrderTitle(o), "id": o.ID.String(), "time": r.Moment(o.NextAt),
		}),
		Rows: [][]ui.Button{
			ui.Row(ui.NewButton(r.Plain("pay.btn_show", nil), refs.Order{Route: refs.RouteOrder, Order: o.ID})),
			ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("pay.btn_leave", nil), refs.Order{Route: refs.RouteAbandon, Order: o.ID})),
		},
	})
}

// expired says that no money came for an order in time.
func (f *notifications) expired(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	o, err := f.store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil {
		return fmt.Errorf("order of notification: %w", err)
	}
	if o.State != esim.StateExpired {
		return nil
	}
	text := r.T("notice.expired", i18n.Args{
		"price": r.Price(o.Price), "plan": r.OrderTitle(o), "id": o.ID.String(), "button": r.Plain("support.btn_person", nil),
	})
	if aside := o.ToReserve(); aside.Minor > 0 {
		text += "\n" + r.T("pay.credit_free", i18n.Args{"credit": r.Price(aside)})
	}
	rows := [][]ui.Button{ui.Row(refs.AskButton(r))}
	if o.Kind == esim.Purchase {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("buy.btn_again", nil), refs.Order{Route: refs.RouteBuyAgain, Order: o.ID})))
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: text, Rows: rows})
}

func (f *notifications) granted(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	return f.withCredit(ctx, r, r.T("notice.granted", i18n.Args{"credit": r.Price(n.Amount)}))
}

func (f *notifications) amountBack(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	return f.withCredit(ctx, r, r.T("notice.amount_back", i18n.Args{"credit": r.Price(n.Amount), "id": n.Order.String()}))
}

func (f *notifications) credited(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	return f.withCredit(ctx, r, r.T("notice.credited", i18n.Args{"price": r.Price(n.Amount), "id": n.Order.String()}))
}

func (f *notifications) referralCredit(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	return f.withCredit(ctx, r, r.T("invite.earned", i18n.Args{"credit": r.Price(n.Amount)}))
}

// withCredit sends a text with what store credit there is now.
func (f *notifications) withCredit(ctx context.Context, r *ui.Request, text string) error {
	line, has, err := money.CreditLine(ctx, r, f.credit)
	if err != nil {
		return err
	}
	if has {
		text += "\n" + line
	}
	return f.screens.Send(ctx, r, ui.Screen{Text: text, Rows: ui.MenuRow(r)})
}

// partCredited tells of the store credit for a part of an order: one eSIM, or what never came.
func (f *notifications) partCredited(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	args := i18n.Args{"credit": r.Price(n.Amount), "id": n.Order.String()}
	text := r.T("notice.part_missing", args)
	if n.ESIM != "" {
		e, err := f.store.ESIMFor(ctx, n.Customer, n.ESIM)
		if err != nil {
			return fmt.Errorf("eSIM of notification: %w", err)
		}
		args["esim"] = e.ShortID(2) // it was one of several
		text = r.T("notice.part_credited", args)
	}
	return f.withCredit(ctx, r, text)
}

// facts are the order that a notification names, its eSIM, and the order that brought the eSIM.
func (f *notifications) facts(ctx context.Context, n esim.OutboxMessage) (o esim.Order, e esim.ESIM, bought esim.Order, err error) {
	if o, err = f.store.OrderOf(ctx, n.Customer, n.Order); err != nil {
		return o, e, bought, fmt.Errorf("order of notification: %w", err)
	}
	if e, err = f.store.ESIMFor(ctx, n.Customer, n.ESIM); err != nil {
		return o, e, bought, fmt.Errorf("eSIM of notification: %w", err)
	}
	bought, err = ownOrder(ctx, f.store, e)
	return o, e, bought, err
}
