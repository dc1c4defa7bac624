package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// errNobodyWatches ends a notification for staff when there is no staff group.
var errNobodyWatches = errors.New("no staff group is configured")

// notify tells the staff group.
func (s *staff) notify(ctx context.Context, n OutboxMessage) error {
	if s.chat() == 0 {
		s.bot.log.Warn("nobody watches", "kind", n.Kind, "order", n.Order, "note", n.Note)
		return errNobodyWatches
	}
	screen, err := s.notificationScreen(ctx, n)
	if err != nil {
		return err
	}
	return s.put(ctx, screen)
}

// write sends a text to the staff group.
func (s *staff) write(ctx context.Context, html string) error {
	return s.put(ctx, Screen{Text: html})
}

// put sends a screen to the staff group, and follows it when it became a supergroup.
func (s *staff) put(ctx context.Context, screen Screen) error {
	_, err := s.bot.put(ctx, screen, target{chat: s.chat()})
	if id, moved := telegram.MigratedTo(err); moved {
		if err := s.moved(ctx, id); err != nil {
			return err
		}
		_, err = s.bot.put(ctx, screen, target{chat: id})
	}
	return err
}

// troubles are the notifications that bring the buttons of their order's card; all others
// bring only the button to it.
var troubles = []esim.NotificationKind{
	esim.StaffFailure, esim.StaffLate, esim.StaffHuman, esim.StaffManual, esim.StaffRefundStuck, esim.StaffRefundedOut,
	esim.StaffLateESIM, esim.StaffOrphan, esim.StaffLedger, esim.StaffFoundPaid, esim.StaffToReturn, esim.StaffTopUp,
	esim.StaffUnreachable,
}

// notificationScreen is what the group is told, and what can be done about it as things are
// when it is sent.
func (s *staff) notificationScreen(ctx context.Context, n OutboxMessage) (Screen, error) {
	r := &Request{Printer: s.printer(ctx)}
	args := i18n.Args{"id": n.Order.String(), "amount": r.exact(n.Amount), "note": cut(n.Note, 300), "esim": shortTran(n.ESIM)}
	if n.Order == "" {
		args["id"] = "—"
	}
	for _, about := range []string{"plan", "price", "wholesale", "person", "state"} {
		args[about] = "?"
	}
	var rows [][]Button
	o, err := s.bot.cfg.Store.Order(ctx, n.Order)
	switch {
	case err == nil:
		args["plan"], args["price"] = r.planTitle(o.Plan, o.Days), r.price(o.Price)
		args["wholesale"], args["person"] = r.exact(o.Wholesale), int64(o.Customer)
		args["state"] = r.Plain("staff.state_"+string(o.State), nil)
		if rows, err = s.notificationRows(ctx, r, n.Kind, o); err != nil {
			return Screen{}, err
		}
	case !errors.Is(err, esim.ErrNotFound):
		return Screen{}, err
	}
	return Screen{Text: r.T("staff.notice_"+strings.TrimPrefix(string(n.Kind), "staff_"), args), Rows: rows}, nil
}

func (s *staff) notificationRows(ctx context.Context, r *Request, kind esim.NotificationKind, o esim.Order) ([][]Button, error) {
	card := s.cardRow(r, o.ID)
	if !slices.Contains(troubles, kind) {
		return card, nil
	}
	esims, err := s.esimsOf(ctx, o)
	if err != nil {
		return nil, err
	}
	return append(s.actRows(r, o, esims), card...), nil
}
