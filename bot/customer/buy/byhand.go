package buy

import (
	"context"
	"log/slog"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// byHandFlow is for orders whose money staff confirm: they wait for days, can be found again and
// left.
type byHandFlow struct {
	checkout  *esim.Checkout
	store     byHandStore
	words     i18n.OperatorText
	messages  *orderMessages
	notes     countrynotes.Notes
	contracts *esim.Contracts
}

// byHandStore is where orders are, and what of one that is paid back stays.
type byHandStore interface {
	orderStore
	esimStore
}

func (f *byHandFlow) register(t *ui.Router) {
	t.Route(refs.RouteOrder, ui.HandleWith(refs.ParseOrder(refs.RouteOrder), f.show))
	t.Route(refs.RouteAbandon, ui.HandleWith(refs.ParseOrder(refs.RouteAbandon), f.askLeave))
	t.Route(refs.RouteAbandonNow, ui.HandleWith(refs.ParseOrder(refs.RouteAbandonNow), f.leave))
}

// waits is an order that waits for money by hand: how to pay it, what to name, and how long it is
// kept.
func (f *byHandFlow) waits(r *ui.Request, o esim.Order) ui.Screen {
	args := i18n.Args{
		"price": r.Price(o.Price), "plan": r.OrderTitle(o), "id": o.ID.String(), "time": r.Moment(o.NextAt),
		"button": r.Plain("support.btn_person", nil),
	}
	text := r.T("progress.by_hand", args) + "\n\n"
	if len(f.words) > 0 {
		text += string(f.words.In(r.Lang(), map[string]i18n.HTML{
			"amount": i18n.HTML(r.T("pay.amount", args)), "reference": i18n.HTML(r.T("pay.reference", args)),
		}))
	} else {
		text += r.T("pay.by_hand_ask", args)
	}
	text += "\n\n" + r.T("pay.by_hand_until", args)
	if consent := consentLine(r, f.contracts); consent != "" {
		text += "\n" + consent
	}
	if aside := o.ToReserve(); aside.Minor > 0 {
		text += "\n" + r.T("pay.set_aside", i18n.Args{"credit": r.Price(aside)})
	}
	if o.Replaces != "" {
		text += "\n" + r.T("swap.by_hand", nil)
	}
	return ui.Screen{Text: text, Rows: [][]ui.Button{
		ui.Row(ui.Button{Text: r.Plain("pay.btn_copy_reference", args), Copy: o.ID.String()}),
		ui.Row(refs.AskButton(r)), ui.Row(ui.NewButton(r.Plain("pay.btn_leave", nil), refs.Order{Route: refs.RouteAbandon, Order: o.ID})),
		ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)),
	}}
}

// rows are under an order that does not wait for staff; while its customer may withdraw, an entry for that too.
func (f *byHandFlow) rows(r *ui.Request, o esim.Order) [][]ui.Button {
	rows := progressRows(r, o)
	if f.contracts.MayWithdraw(o) {
		rows = append(rows, refs.WithdrawRow(r, o, ""))
	}
	return rows
}

// show shows an order that waits, in the message that will show what becomes of it.
func (f *byHandFlow) show(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{OnSent: f.messages.follow(o.ID, r.Customer.Chat)}
	if o.WaitsForStaff() {
		waits := f.waits(r, o)
		s.Text, s.Rows = waits.Text, waits.Rows
		if notes := forsale.ShortNotes(r, f.notes, forsale.WithPlaces(f.checkout.Catalog, o.Plan), "", 0); notes != "" {
			s.Text += "\n\n" + notes // as where it was asked for first
		}
		return s, nil
	}
	if r.Replaceable { // it goes on meanwhile: the message follows it from before the order is read
		s.OnSent(ctx, r.Message)
		if o, err = f.store.OrderOf(ctx, r.Customer.ID, ref.Order); err != nil {
			return ui.Screen{}, err
		}
	}
	s.Rows = f.rows(r, o)
	stays, err := staysWith(ctx, f.store, o)
	if err != nil {
		return ui.Screen{}, err
	}
	s.Text, err = progressText(r, o, stays)
	return s, err
}

func (f *byHandFlow) askLeave(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.store.OrderOf(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	if !o.WaitsForStaff() {
		return f.show(ctx, r, ref)
	}
	return ui.Screen{
		Text: r.T("pay.ask_leave", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}),
		Rows: [][]ui.Button{
			ui.Row(ui.NewButton(r.Plain("pay.btn_leave_no", nil), refs.Order{Route: refs.RouteOrder, Order: o.ID})),
			ui.Row(ui.NewButton(r.Plain("pay.btn_leave_yes", nil), refs.Order{Route: refs.RouteAbandonNow, Order: o.ID}).AsDestructive()),
		},
		OnSent: f.messages.follow(o.ID, r.Customer.Chat),
	}, nil
}

// leave ends the order, and says so in its own message, as the outbox will.
func (f *byHandFlow) leave(ctx context.Context, r *ui.Request, ref refs.Order) (ui.Screen, error) {
	o, err := f.checkout.Abandon(ctx, r.Customer.ID, ref.Order)
	if err != nil {
		return ui.Screen{}, err
	}
	text, err := progressText(r, o, false)
	return ui.Screen{Text: text, Rows: progressRows(r, o), Toast: r.Plain("pay.toast_left", nil)}, err
}

// orderMessages knows which message shows an order.
type orderMessages struct {
	telegram *telegram.Client
	store    progressStore
	log      *slog.Logger
}

// follow makes the message that a screen becomes the one that shows the order from now on. The one
// before it goes away: it would say for ever what was true once.
func (f *orderMessages) follow(id esim.OrderID, chat int64) func(ctx context.Context, message int) {
	return func(ctx context.Context, message int) {
		if err := f.moveTo(ctx, id, chat, message); err != nil {
			f.log.Warn("message of an order not noted", "order", id, "err", err)
		}
	}
}

// moveTo makes a message the one that shows an order, and takes the one before it away.
func (f *orderMessages) moveTo(ctx context.Context, id esim.OrderID, chat int64, message int) error {
	_, before, missing := f.store.ProgressMessage(ctx, id)
	if missing == nil && before == message {
		return nil
	}
	if err := f.store.SetProgressMessage(ctx, id, chat, message); err != nil {
		return err
	}
	if missing == nil {
		if err := f.telegram.Delete(ctx, chat, before); err != nil && !telegram.MessageGone(err) && ctx.Err() == nil {
			f.log.Warn("old message of an order left where it is", "order", id, "err", err)
		}
	}
	return nil
}

// progressStore keeps which message shows where an order is.
type progressStore interface {
	ProgressMessage(ctx context.Context, id esim.OrderID) (chat int64, message int, err error)
	SetProgressMessage(ctx context.Context, id esim.OrderID, chat int64, message int) error
	ForgetProgressMessage(ctx context.Context, id esim.OrderID) error
	// ShowsOrder reports whether a message shows where an order is.
	ShowsOrder(ctx context.Context, chat int64, message int) (bool, error)
}
