package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

// sendNotification writes a notification in its customer's language and sends it. Only a nil
// error means that Telegram accepted it.
func (b *Bot) sendNotification(ctx context.Context, n OutboxMessage) error {
	switch n.Kind.Audience() {
	case esim.AudienceStaff:
		return b.staff.notify(ctx, n)
	case esim.AudienceUnknown:
		return fmt.Errorf("%q: %w", n.Kind, errUnknownKind)
	}
	customer, err := b.cfg.Store.Customer(ctx, n.Customer)
	if err != nil {
		return fmt.Errorf("person of notice: %w", err)
	}
	r := &Request{Printer: b.cfg.Texts.Printer(customer.Language), Customer: customer}
	switch n.Kind {
	case esim.NotifyProgress:
		return b.sendProgress(ctx, r, n)
	case esim.NotifyQR:
		return b.sendQR(ctx, r, n)
	case esim.NotifyAlert:
		return b.sendAlert(ctx, r, n)
	case esim.NotifyToppedUp:
		return b.sendToppedUp(ctx, r, n)
	case esim.NotifyNotCancelled:
		return b.sendNotCancelled(ctx, r, n)
	case esim.NotifyCredited:
		return b.sendCredited(ctx, r, n)
	case esim.NotifyRefunded:
		return b.send(ctx, r, Screen{
			Text: r.T("notice.refunded", i18n.Args{"price": r.price(n.Amount), "id": n.Order.String()}),
			Rows: menuRow(r),
		})
	}
	return fmt.Errorf("%q: %w", n.Kind, errUnknownKind)
}

// errUnknownKind is a notification for which there is no sentence.
var errUnknownKind = errors.New("notification of unknown kind")

func (b *Bot) send(ctx context.Context, r *Request, s Screen) error {
	_, err := b.put(ctx, s, target{chat: r.Customer.Chat})
	return err
}

// sendProgress shows where an order is, always in the same message.
func (b *Bot) sendProgress(ctx context.Context, r *Request, n OutboxMessage) error {
	o, err := b.cfg.Store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	text, err := r.progressText(o)
	if err != nil {
		return err
	}
	s := Screen{Text: text, Rows: [][]Button{{press(r.Plain("menu.btn_esims", nil), routeESIMs)}}}
	if o.Kind == esim.TopUp {
		s.Rows = [][]Button{{press(r.Plain("alert.btn_show", nil), routeESIM, o.ESIM)}}
	}
	at := target{chat: r.Customer.Chat}
	if chat, message, err := b.cfg.Store.ProgressMessage(ctx, o.ID); err == nil && chat == at.chat {
		at.message = message
	} else if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	shown, err := b.put(ctx, s, at)
	if err != nil || shown == at.message {
		return err
	}
	return b.cfg.Store.SetProgressMessage(ctx, o.ID, at.chat, shown)
}

//i18n:use progress.*

func (r *Request) progressText(o esim.Order) (string, error) {
	args := i18n.Args{
		"plan": r.orderTitle(o), "id": o.ID.String(), "price": r.price(o.Price), "credit": r.price(o.Retail),
	}
	key, err := progressKey(o)
	if err != nil {
		return "", err
	}
	if key != "progress.ready" || o.Quantity <= 1 {
		return r.T(key, args), nil
	}
	return r.N("progress.ready_all", o.Quantity, args), nil
}

// progressKey is the sentence for where an order is.
func progressKey(o esim.Order) (string, error) {
	topUp := ""
	if o.Kind == esim.TopUp {
		topUp = "topup_"
	}
	switch {
	case o.State == esim.Refunding, o.State == esim.Refunded:
		end, err := inCredit(o)
		return "progress." + goingBack(o) + string(o.State) + end, err
	case o.State == esim.AwaitingPayment:
		return "progress.by_hand", nil
	case o.State == esim.Expired:
		return "progress.expired", nil
	case o.State == esim.Cancelling:
		return "progress.cancelling", nil
	case o.State == esim.NeedsHuman && o.Allocated:
		return "progress.human", nil
	case o.State == esim.Delivered, o.Allocated:
		return "progress." + topUp + "ready", nil
	case o.State == esim.NeedsHuman, o.StaffTold:
		return "progress." + topUp + "late", nil
	case o.State == esim.Paid:
		return "progress." + topUp + "paid", nil
	}
	return "progress." + topUp + "preparing", nil
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

func inCredit(o esim.Order) (string, error) {
	route, err := refundRoute(o)
	switch route {
	case "credit":
		return "_credit", err
	case "nothing":
		return "_free", err
	}
	return "", err
}

// sendToppedUp shows an eSIM after its top-up.
func (b *Bot) sendToppedUp(ctx context.Context, r *Request, n OutboxMessage) error {
	o, err := b.cfg.Store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	e, err := b.cfg.Store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notice: %w", err)
	}
	bought, err := orderOf(ctx, b.cfg.Store, e)
	if err != nil {
		return err
	}
	args := i18n.Args{
		"flag": planFlag(e.Plan), "title": r.planTitle(e.Plan, 0), "id": e.ShortID(bought.Quantity),
		"data": r.Printer.Data(o.Plan.Data), "days": r.Days(o.Plan.Days), "all": r.Days(max(e.Days, 1)),
		"left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total), "date": r.DateTime(e.Expires, time.UTC),
	}
	var text string
	if o.Plan.DayPass() {
		args["days"] = r.Days(max(o.Days, 1))
		text = r.T("topup.done_days", args)
	} else {
		text = r.T("topup.done_data", args)
	}
	if e.Activated.IsZero() || e.Expires.IsZero() {
		text += "\n" + r.T("topup.lasts", args)
	} else {
		text += "\n" + r.T("topup.until", args)
	}
	return b.send(ctx, r, Screen{Text: text, Rows: [][]Button{{press(r.Plain("alert.btn_show", nil), routeESIM, e.ID)}}})
}

func (b *Bot) sendNotCancelled(ctx context.Context, r *Request, n OutboxMessage) error {
	o, err := b.cfg.Store.OrderOf(ctx, n.Customer, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	return b.send(ctx, r, Screen{
		Text: r.T("notice.not_cancelled", i18n.Args{"plan": r.orderTitle(o), "id": o.ID.String()}),
		Rows: [][]Button{{press(r.Plain("menu.btn_esims", nil), routeESIMs)}},
	})
}

func (b *Bot) sendCredited(ctx context.Context, r *Request, n OutboxMessage) error {
	text := r.T("notice.credited", i18n.Args{"price": r.price(n.Amount), "id": n.Order.String()})
	line, err := creditLine(ctx, r, b.cfg.Checkout.Store)
	if err != nil {
		return err
	}
	if line != absent {
		text += "\n" + line
	}
	return b.send(ctx, r, Screen{Text: text, Rows: menuRow(r)})
}

func (b *Bot) sendQR(ctx context.Context, r *Request, n OutboxMessage) error {
	e, err := b.cfg.Store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notice: %w", err)
	}
	o, err := b.cfg.Store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	s, err := qrScreen(r, b.cfg.QR, e, o.Quantity)
	if err != nil {
		return err
	}
	return b.send(ctx, r, s)
}

//i18n:use alert.*

func (b *Bot) sendAlert(ctx context.Context, r *Request, n OutboxMessage) error {
	e, err := b.cfg.Store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notice: %w", err)
	}
	o, err := orderOf(ctx, b.cfg.Store, e)
	if err != nil {
		return err
	}
	args := i18n.Args{
		"title": r.planTitle(e.Plan, dayPassDays(e)), "id": e.ShortID(o.Quantity),
		"left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
		"time": r.Left(e.Expires.Sub(b.cfg.Now())), "date": r.DateTime(e.Expires, time.UTC),
	}
	s := Screen{Text: r.T("alert."+string(n.Alert), args)}
	if (n.Alert == esim.Data20 || n.Alert == esim.Data10) && !e.UsageAt.IsZero() {
		s.Text += "\n" + r.T("esim.as_of", i18n.Args{"time": r.DateTime(e.UsageAt, time.UTC)})
	}
	s.Rows = [][]Button{
		{press(r.Plain("alert.btn_show", nil), routeESIM, e.ID)},
		{{Text: r.Plain("alert.btn_more", nil), Data: more(e.Plan)}},
	}
	if e.CanTopUp(b.cfg.Now()) {
		s.Rows[1] = row(press(r.Plain("topup.btn", nil), routeTopUp, e.ID))
	}
	return b.send(ctx, r, s)
}

// more is where somebody who needs more data is led.
func more(p esim.Plan) Data {
	if p.Scope() == esim.Country {
		return to(routeCountry, countryOf(p))
	}
	return to(routeRegion, p.Location)
}
