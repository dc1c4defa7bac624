package staff

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"esimbot/bot/notify"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// notifications are what the shop tells staff by itself.
type notifications struct {
	home  *home
	cards *cards
	log   *slog.Logger
	items esim.OpenItemStore
	// reports writes the daily report.
	reports *reports
	store   esim.StaffCardStore
}

// buttons is what a notification about an order brings along.
type buttons int

const (
	cardButton buttons = iota // leads to the order's card
	allButtons                // those of the card itself: something has to be done
	heldButton                // leads to the payments that no order explains
)

// A notice is what a kind of notification brings along, and where it goes.
type notice struct {
	buttons buttons
	topic   topic
}

// kinds is every notification for staff.
var kinds = map[esim.NotificationKind]notice{
	esim.StaffSale:               {cardButton, topicOrders},
	esim.StaffRefunded:           {cardButton, topicOrders},
	esim.StaffStuck:              {allButtons, topicAlerts},
	esim.StaffGivenUp:            {cardButton, topicAlerts},
	esim.StaffDeposit:            {cardButton, topicAlerts},
	esim.StaffBalanceOff:         {cardButton, topicAlerts},
	esim.StaffConcern:            {cardButton, topicAlerts},
	esim.StaffConcernOver:        {cardButton, topicAlerts},
	esim.StaffFailure:            {allButtons, topicAlerts},
	esim.StaffLate:               {allButtons, topicOrders},
	esim.StaffNeedsHuman:         {allButtons, topicOrders},
	esim.StaffOpenItems:          {cardButton, topicReports},
	esim.StaffReport:             {cardButton, topicReports},
	esim.StaffManual:             {allButtons, topicOrders},
	esim.StaffAbandoned:          {allButtons, topicOrders},
	esim.StaffRefundStuck:        {allButtons, topicOrders},
	esim.StaffRefundedElsewhere:  {allButtons, topicOrders},
	esim.StaffRefundedTwice:      {allButtons, topicOrders},
	esim.StaffLateESIM:           {allButtons, topicOrders},
	esim.StaffUnexplained:        {heldButton, topicOrders},
	esim.StaffUnpaidApproval:     {allButtons, topicOrders},
	esim.StaffPromoOver:          {allButtons, topicOrders},
	esim.StaffWithdrawn:          {allButtons, topicOrders},
	esim.StaffUnmatchedESIM:      {allButtons, topicOrders},
	esim.StaffAssigned:           {cardButton, topicOrders},
	esim.StaffOlderCopy:          {cardButton, topicAlerts},
	esim.StaffLapsed:             {allButtons, topicOrders},
	esim.StaffToppedUpUnused:     {allButtons, topicOrders},
	esim.StaffLedger:             {allButtons, topicAlerts},
	esim.StaffFoundPaid:          {allButtons, topicOrders},
	esim.StaffFoundCredit:        {allButtons, topicOrders},
	esim.StaffInterrupted:        {allButtons, topicOrders},
	esim.StaffToReturn:           {allButtons, topicOrders},
	esim.StaffTopUp:              {allButtons, topicOrders},
	esim.StaffUnreachable:        {allButtons, topicOrders},
	esim.StaffOddCode:            {allButtons, topicOrders},
	esim.StaffContractWithdrawal: {allButtons, topicOrders},
	esim.StaffForgotten:          {cardButton, topicOrders},
}

// Renderers write and send each kind of notification for staff.
func (g *Group) Renderers() map[esim.NotificationKind]notify.Renderer {
	table := map[esim.NotificationKind]notify.Renderer{}
	for kind := range kinds {
		table[kind] = g.notifications.render
	}
	for kind, send := range map[esim.NotificationKind]notify.Renderer{
		esim.StaffMoved: g.notifications.moved, esim.StaffThread: g.threads.next, esim.StaffThreadChange: g.threads.changed, esim.StaffThreadCard: g.threads.over,
		esim.StaffAnswered: g.threads.answered, esim.StaffAnswerWaits: g.threads.answered,
	} {
		table[kind] = func(ctx context.Context, n esim.OutboxMessage) error {
			if !g.HasGroup() {
				return notify.ErrNoRecipient
			}
			err := send(ctx, n)
			if errors.Is(err, esim.ErrNotFound) { // it was too old to be kept
				return notify.ErrNoRecipient
			}
			return err
		}
	}
	return table
}

// render tells the staff group.
func (f *notifications) render(ctx context.Context, n esim.OutboxMessage) error {
	if f.home.chat() == 0 {
		f.log.Warn("nobody watches", "kind", n.Kind, "order", n.Order, "note", n.Note)
		return notify.ErrNoRecipient
	}
	before, err := f.cards.orders.Order(ctx, n.Order)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return err
	}
	screen, err := f.screen(ctx, n)
	if err != nil || screen.Text == "" { // nothing is open any more
		return err
	}
	at, err := f.home.put(ctx, kinds[n.Kind].topic, screen)
	if err != nil || kinds[n.Kind].buttons != allButtons || n.Order == "" {
		return err
	}
	if err := f.store.AddStaffCard(ctx, n.Order, at.Chat, at.Message, n.ID); err != nil {
		f.log.Warn("a card is not known as one: it does not change as its order moves", "order", n.Order, "err", err)
	}
	if now, err := f.cards.orders.Order(ctx, n.Order); err == nil && now.State != before.State { // while it was on its way
		if err := f.moved(ctx, n); err != nil {
			f.log.Warn("a card does not show where its order is", "order", n.Order, "err", err)
		}
	}
	return nil // it was said; once is enough
}

// moved has the cards of an order show where it is, with what can be done about it now.
func (f *notifications) moved(ctx context.Context, n esim.OutboxMessage) error {
	cards, err := f.store.StaffCards(ctx, n.Order)
	if err != nil {
		return err
	}
	o, err := f.cards.orders.Order(ctx, n.Order)
	if err != nil {
		return err
	}
	r := &ui.Request{Printer: f.home.printer(ctx)}
	for _, c := range cards {
		if !f.home.is(c.Chat) { // the group became another: its old messages cannot be changed
			continue
		}
		screen, err := f.screen(ctx, c.Announced)
		if err != nil {
			return err
		}
		if screen.Text == "" {
			continue
		}
		screen.Text += "\n" + r.T("staff.notice_moved", i18n.Args{"state": r.Plain("staff.state_"+string(o.State), nil), "time": r.Moment(o.Changed)})
		if err := f.home.screens.Retext(ctx, screen, ui.ScreenTarget{Chat: c.Chat, Message: c.Message}); err != nil {
			return err
		}
	}
	return nil
}

// screen is what the group is told, and what can be done about it as things are
// when it is sent.
func (f *notifications) screen(ctx context.Context, n esim.OutboxMessage) (ui.Screen, error) {
	r := &ui.Request{Printer: f.home.printer(ctx)}
	if n.Kind == esim.StaffOpenItems {
		return f.open(ctx, r)
	}
	if n.Kind == esim.StaffReport {
		return f.reports.screen(ctx, r, n.Note)
	}
	if n.Kind == esim.StaffConcern || n.Kind == esim.StaffConcernOver {
		return concern(r, n), nil
	}
	args := i18n.Args{"id": n.Order.String(), "amount": r.ExactAmount(n.Amount), "note": ui.Truncate(n.Note, 300), "esim": shortTran(n.ESIM)}
	if n.Order == "" {
		args["id"] = "—"
	}
	for _, about := range []string{"plan", "price", "wholesale", "customer", "state"} {
		args[about] = "?"
	}
	var rows [][]ui.Button
	if kinds[n.Kind].buttons == heldButton {
		rows = [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_held", nil), unexplainedListRef{})}}
	}
	if n.Kind == esim.StaffUnmatchedESIM {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("staff.btn_assign", nil), askESIMRef{Action: assignAction, ESIM: n.ESIM})))
	}
	o, err := f.cards.orders.Order(ctx, n.Order)
	switch {
	case err == nil && n.Kind == esim.StaffLapsed && o.State != esim.StateDelivered && o.State != esim.StateAllocating:
		return ui.Screen{}, nil // its money is on its way back, or staff have the order before them
	case err == nil:
		args["plan"], args["price"] = r.PlanTitle(o.Plan, o.Days), r.MoneyAndCredit(o.Price, o.Credit)
		if n.Kind == esim.StaffToReturn { // the rest of it was no money
			args["price"] = r.Price(o.Price)
		}
		args["wholesale"] = r.ExactAmount(o.Wholesale)
		if args["customer"], err = customerOf(ctx, f.cards.orders, r, o.Customer); err != nil {
			return ui.Screen{}, err
		}
		args["state"] = r.Plain("staff.state_"+string(o.State), nil)
		more, err := f.rows(ctx, r, n.Kind, o)
		if err != nil {
			return ui.Screen{}, err
		}
		rows = append(rows, more...)
	case !errors.Is(err, esim.ErrNotFound):
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.notice_"+strings.TrimPrefix(string(n.Kind), "staff_"), args), Rows: rows}, nil
}

func (f *notifications) rows(ctx context.Context, r *ui.Request, kind esim.NotificationKind, o esim.Order) ([][]ui.Button, error) {
	card := cardRow(r, o.ID)
	if kinds[kind].buttons != allButtons {
		return card, nil
	}
	d, err := f.cards.situation(ctx, o)
	if err != nil {
		return nil, err
	}
	return append(actRows(r, d), card...), nil
}
