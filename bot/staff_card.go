package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// How much of an order's past its card shows.
const (
	eventsShown = 6
	actsShown   = 5
	whyShown    = 120
)

// A details is all that the shop knows of an order.
type orderDetails struct {
	esim.Order
	esims   []esim.ESIM
	buyer   esim.Customer // the zero value: unknown
	blocked bool
	events  []OrderEvent
	paid    []OrderPayment
	acts    []esim.AuditEntry // newest first
}

// details loads an order with what hangs on it.
func (s *staff) details(ctx context.Context, id esim.OrderID) (orderDetails, error) {
	o, err := s.bot.cfg.Store.Order(ctx, id)
	if err != nil {
		return orderDetails{}, err
	}
	d := orderDetails{Order: o}
	if d.esims, err = s.esimsOf(ctx, o); err != nil {
		return orderDetails{}, err
	}
	if d.buyer, err = s.bot.cfg.Store.Customer(ctx, o.Customer); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return orderDetails{}, err
	}
	standing, err := s.store.CustomerUsage(ctx, o.Customer, s.bot.cfg.Now())
	if err != nil {
		return orderDetails{}, err
	}
	d.blocked = standing.Blocked
	if d.acts, err = s.store.AuditEntries(ctx, id, actsShown); err != nil {
		return orderDetails{}, err
	}
	if books := s.bot.cfg.Books; books != nil {
		if d.events, err = books.OrderEvents(ctx, id); err != nil {
			return orderDetails{}, err
		}
		if d.paid, err = books.PaymentsOf(ctx, id); err != nil {
			return orderDetails{}, err
		}
	}
	return d, nil
}

// esimsOf lists the eSIMs that an order brought, or the one it top-ups.
func (s *staff) esimsOf(ctx context.Context, o esim.Order) ([]esim.ESIM, error) {
	if o.Kind != esim.TopUp {
		return s.store.ESIMsOfOrder(ctx, o.ID)
	}
	e, err := s.store.ESIM(ctx, o.ESIM)
	if errors.Is(err, esim.ErrNotFound) {
		return nil, nil
	}
	return []esim.ESIM{e}, err
}

// card is the screen of an order.
func (s *staff) card(ctx context.Context, r *staffRequest, id esim.OrderID) (Screen, error) {
	d, err := s.details(ctx, id)
	if err != nil {
		return Screen{}, err
	}
	lines := s.headLines(r, d)
	for _, p := range d.paid {
		lines = append(lines, s.paymentLine(r, p))
	}
	for _, e := range d.esims {
		lines = append(lines, s.esimLine(r, e))
	}
	lines = append(lines, s.pastLines(r, d)...)
	return Screen{Text: clip(lines), Rows: s.actRows(r.Request, d.Order, d.esims)}, nil
}

func (s *staff) headLines(r *staffRequest, d orderDetails) []string {
	o := d.Order
	lines := []string{
		r.T("staff.card_head", i18n.Args{"id": o.ID.String(), "state": s.stateName(r, o.State)}),
		r.T("staff.card_plan", i18n.Args{"plan": r.planTitle(o.Plan, o.Days), "quantity": o.Quantity, "code": o.Plan.Code}),
		r.T("staff.card_person", i18n.Args{"name": customerName(d.buyer), "person": int64(o.Customer)}),
		r.T("staff.card_money", i18n.Args{
			"price": r.price(o.Price), "rail": s.methodName(r, o.Method), "retail": r.exact(o.Retail),
			"wholesale": r.exact(o.Wholesale), "margin": r.exact(margin(o)),
		}),
		r.T("staff.card_times", i18n.Args{"created": s.when(r, o.Created), "paid": s.when(r, o.PaidAt)}),
	}
	add := func(when bool, key string, args i18n.Args) {
		if when {
			lines = append(lines, r.T(key, args))
		}
	}
	add(d.blocked, "staff.card_blocked", nil)
	add(d.buyer.Unreachable, "staff.card_unreachable", nil)
	add(o.Kind == esim.TopUp, "staff.card_topup", nil)
	add(o.VendorOrder != "", "staff.card_vendor_order", i18n.Args{"number": o.VendorOrder})
	add(o.State.Open() && o.Attempts > 0, "staff.card_attempts", i18n.Args{"count": r.Number(int64(o.Attempts)), "time": s.when(r, o.NextAt)})
	add(o.Reason != "" && o.State.Open(), "staff.card_reason", i18n.Args{"reason": cut(o.Reason, 300)})
	return lines
}

func (s *staff) esimLine(r *staffRequest, e esim.ESIM) string {
	c := e.Condition(s.bot.cfg.Now())
	return r.T("staff.card_esim", i18n.Args{
		"n": e.Index, "mark": marks[c], "condition": r.Plain("staff.cond_"+string(c), nil), "tran": shortTran(e.ID), "iccid": e.ICCID.String(),
		"status": strings.Trim(string(e.Status)+"/"+string(e.SMDP), "/"), "used": r.Printer.Data(e.Used), "total": r.Printer.Data(e.Total),
	})
}

func (s *staff) paymentLine(r *staffRequest, p OrderPayment) string {
	args := i18n.Args{"amount": r.exact(p.Amount), "time": s.when(r, p.At), "back": s.when(r, p.Refunded)}
	switch {
	case p.Status == "refund_due":
		return r.T("staff.card_payment_due", args)
	case p.Credited.Minor != 0:
		args["credit"] = r.exact(p.Credited)
		return r.T("staff.card_payment_credited", args)
	case p.Status == "refunded":
		return r.T("staff.card_payment_refunded", args)
	}
	return r.T("staff.card_payment", args)
}

func (s *staff) pastLines(r *staffRequest, d orderDetails) []string {
	var lines []string
	if len(d.acts) > 0 {
		lines = append(lines, "", r.T("staff.card_acts", nil))
		for _, a := range d.acts {
			a.Order, a.Customer = "", 0 // the card says so
			lines = append(lines, s.actLine(r, a))
		}
	}
	if from := max(0, len(d.events)-eventsShown); len(d.events) > 0 {
		lines = append(lines, "", r.T("staff.card_events", nil))
		for _, e := range d.events[from:] {
			lines = append(lines, r.T("staff.card_event", i18n.Args{
				"time": s.when(r, e.At), "state": s.stateName(r, e.To), "why": cut(e.Why, whyShown),
			}))
		}
	}
	return lines
}

// actLine is one line of the audit log.
func (s *staff) actLine(r *staffRequest, a esim.AuditEntry) string {
	var about []string
	if a.Order != "" {
		about = append(about, a.Order.String())
	}
	if a.ESIM != "" {
		about = append(about, shortTran(a.ESIM))
	}
	if a.Customer != 0 {
		about = append(about, fmt.Sprint(int64(a.Customer)))
	}
	if a.Amount.Minor != 0 {
		about = append(about, r.exact(a.Amount))
	}
	if a.Why != "" {
		about = append(about, "“"+cut(a.Why, whyShown)+"”")
	}
	if len(about) > 0 {
		about = append([]string{""}, about...)
	}
	return r.T("staff.act_line", i18n.Args{
		"time": s.when(r, a.At), "who": int64(a.Who), "what": a.What, "about": strings.Join(about, " · "),
	})
}

func (s *staff) stateName(r *staffRequest, st esim.State) string {
	return r.Plain("staff.state_"+string(st), nil)
}

func (s *staff) methodName(r *staffRequest, method esim.PaymentMethod) string {
	if _, err := method.Spec(); err != nil {
		return string(method)
	}
	return r.Plain("staff.rail_"+string(method), nil)
}

// margin is what an order earns as its prices have it (USD4).
func margin(o esim.Order) esim.Money {
	return esim.Wholesale(o.Retail.Minor*100 - o.Wholesale.Minor)
}

// customerName is a customer's name on one line; "?" if it is unknown.
func customerName(p esim.Customer) string {
	if name := strings.Join(strings.Fields(p.Name), " "); name != "" {
		return cut(name, 64)
	}
	return "?"
}

// shortTran is the end of an esimTranNo, enough to tell the eSIMs of an order apart.
func shortTran(esimID string) string {
	if len(esimID) <= 6 {
		return esimID
	}
	return "…" + esimID[len(esimID)-6:]
}

// pressedCard puts an order's card in the place of what was there.
func (s *staff) pressedCard(ctx context.Context, r *staffRequest) (Screen, error) {
	id, err := esim.ParseOrderID(r.Data.Arg(0))
	if err != nil {
		return Screen{}, errBadData
	}
	screen, err := s.card(ctx, r, id)
	screen.Fresh = true // what announced the order stays readable
	return screen, err
}

// above puts words on top of an order's card.
func (s *staff) above(ctx context.Context, r *staffRequest, words i18n.HTML, id esim.OrderID) Screen {
	card, err := s.card(ctx, r, id)
	if err != nil {
		return Screen{Text: string(words)}
	}
	text := string(words) + "\n\n" + card.Text
	if telegram.Length(text) > telegram.MaxText {
		text = string(words)
	}
	return Screen{Text: text, Rows: card.Rows, Toast: cut(words.Text(), maxToast), Alert: true}
}
