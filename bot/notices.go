package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// sendNotice writes a notice in its person's language and sends it. Only a nil
// error means that Telegram accepted it.
func (b *Bot) sendNotice(ctx context.Context, n Owed) error {
	if n.Kind.ForStaff() {
		return b.staff.notify(ctx, n)
	}
	person, err := b.cfg.Store.Person(ctx, n.Person)
	if err != nil {
		return fmt.Errorf("person of notice: %w", err)
	}
	r := &Request{Printer: b.cfg.Texts.Printer(person.Language), Person: person}
	switch n.Kind {
	case esim.NoticeProgress:
		return b.sendProgress(ctx, r, n)
	case esim.NoticeQR:
		return b.sendQR(ctx, r, n)
	case esim.NoticeAlert:
		return b.sendAlert(ctx, r, n)
	case esim.NoticeRefunded:
		return b.send(ctx, r, Screen{
			Text: r.T("notice.refunded", i18n.Args{"price": r.price(n.Amount), "id": n.Order.String()}),
			Rows: menuRow(r),
		})
	}
	b.log.Error("notice of unknown kind", "notice", n.ID, "kind", n.Kind)
	return nil
}

func (b *Bot) send(ctx context.Context, r *Request, s Screen) error {
	_, err := b.put(ctx, s, target{chat: r.Person.Chat})
	return err
}

// sendProgress shows where an order is, always in the same message.
func (b *Bot) sendProgress(ctx context.Context, r *Request, n Owed) error {
	o, err := b.cfg.Store.Order(ctx, n.Order)
	if err != nil {
		return fmt.Errorf("order of notice: %w", err)
	}
	s := Screen{
		Text: r.T(progressKey(o), i18n.Args{
			"plan": r.planTitle(o.Plan, o.Days), "id": o.ID.String(), "price": r.price(o.Price),
		}),
		Rows: [][]Button{{press(r.Plain("menu.btn_esims", nil), routeESIMs)}},
	}
	at := target{chat: r.Person.Chat}
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

func progressKey(o esim.Order) string {
	switch {
	case o.State == esim.Refunding, o.State == esim.Refunded:
		return "progress." + string(o.State)
	case o.State == esim.Delivered, o.Allocated:
		return "progress.ready"
	case o.State == esim.NeedsHuman, o.StaffTold:
		return "progress.late"
	case o.State == esim.Paid:
		return "progress.paid"
	}
	return "progress.preparing"
}

func (b *Bot) sendQR(ctx context.Context, r *Request, n Owed) error {
	e, err := b.cfg.Store.ESIMOf(ctx, n.Person, n.ESIM)
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

func (b *Bot) sendAlert(ctx context.Context, r *Request, n Owed) error {
	e, err := b.cfg.Store.ESIMOf(ctx, n.Person, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notice: %w", err)
	}
	args := i18n.Args{
		"title": r.planTitle(e.Plan, dayPassDays(e)), "id": e.ShortID(1),
		"left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
		"time": r.Left(e.Expires.Sub(b.cfg.Now())), "date": r.DateTime(e.Expires, time.UTC),
	}
	s := Screen{Text: r.T("alert."+string(n.Alert), args)}
	if (n.Alert == esim.Data20 || n.Alert == esim.Data10) && !e.UsageAt.IsZero() {
		s.Text += "\n" + r.T("esim.as_of", i18n.Args{"time": r.DateTime(e.UsageAt, time.UTC)})
	}
	s.Rows = [][]Button{
		{press(r.Plain("alert.btn_show", nil), routeESIM, e.TranNo)},
		{{Text: r.Plain("alert.btn_more", nil), Data: more(e.Plan)}},
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

// errNobodyWatches ends a notice for staff when there is no staff group.
var errNobodyWatches = errors.New("no staff group is configured")

// notify tells the staff group.
func (s *staff) notify(ctx context.Context, n Owed) error {
	if s.chat() == 0 {
		s.bot.log.Warn("nobody watches", "kind", n.Kind, "order", n.Order, "note", n.Note)
		return errNobodyWatches
	}
	text, err := s.noticeText(ctx, n)
	if err != nil {
		return err
	}
	return s.write(ctx, text)
}

// write sends a text to the staff group, and follows it when it became a supergroup.
func (s *staff) write(ctx context.Context, html string) error {
	_, err := s.bot.put(ctx, Screen{Text: html}, target{chat: s.chat()})
	if id, moved := telegram.MigratedTo(err); moved {
		if err := s.moved(ctx, id); err != nil {
			return err
		}
		_, err = s.bot.put(ctx, Screen{Text: html}, target{chat: id})
	}
	return err
}
