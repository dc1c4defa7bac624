package staff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// How much of an order's past its card shows.
const (
	eventsShown = 6
	actsShown   = 5
	whyShown    = 120
)

// CardStore is what an order's card is written from, beside the order.
type CardStore interface {
	CardESIMs
	CardHistory
}

// CardESIMs are the eSIMs of an order, and where they were sent.
type CardESIMs interface {
	// ESIM returns an eSIM of anybody, or ErrNotFound.
	ESIM(ctx context.Context, esimID esim.ESIMID) (esim.ESIM, error)
	// ESIMsOfOrder lists the eSIMs of an order, by Index.
	ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
	// OpenTopUps lists the paid top-ups under way on the eSIMs of an order.
	OpenTopUps(ctx context.Context, id esim.OrderID) ([]esim.Order, error)
	// QRMessages lists the messages of a chat that brought an eSIM.
	QRMessages(ctx context.Context, esimID esim.ESIMID, chat int64) ([]int, error)
}

// CardHistory is what was done about an order, and who bought it.
type CardHistory interface {
	// HasUnpaidApproval reports whether a payment of an order by card was approved and did not come, and
	// staff have not looked for it.
	HasUnpaidApproval(ctx context.Context, id esim.OrderID) (bool, error)
	// AuditEntries lists what staff did, newest first; to one order if it is named.
	AuditEntries(ctx context.Context, order esim.OrderID, limit int) ([]esim.AuditEntry, error)
	// CustomerUsage says whether a customer is blocked, and what they bought since a time.
	CustomerUsage(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.CustomerUsage, error)
}

// cards writes the card of an order.
type cards struct {
	orders OrderStore
	store  CardStore
	books  OrderHistoryStore // nil: cards tell less
	now    func() time.Time
}

// orderDetails is all that the shop knows of an order.
type orderDetails struct {
	esim.Order
	esims        []esim.ESIM
	buyer        esim.Customer // the zero value: unknown
	blocked      bool
	unpaid       bool // a payment was approved and did not come
	events       []esim.OrderEvent
	earned       esim.Earnings
	paid         []esim.OrderPayment
	auditEntries []esim.AuditEntry // newest first
}

// details loads an order with what hangs on it.
func (f *cards) details(ctx context.Context, id esim.OrderID) (orderDetails, error) {
	o, err := f.orders.Order(ctx, id)
	if err != nil {
		return orderDetails{}, err
	}
	d, err := f.situation(ctx, o)
	if err != nil {
		return orderDetails{}, err
	}
	if d.buyer, err = f.orders.Customer(ctx, o.Customer); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return orderDetails{}, err
	}
	usage, err := f.store.CustomerUsage(ctx, o.Customer, f.now())
	if err != nil {
		return orderDetails{}, err
	}
	d.blocked = usage.Blocked
	if d.auditEntries, err = f.store.AuditEntries(ctx, id, actsShown); err != nil {
		return orderDetails{}, err
	}
	if books := f.books; books != nil {
		if d.events, err = books.OrderEvents(ctx, id); err != nil {
			return orderDetails{}, err
		}
		if d.earned, err = books.EarnedByOrder(ctx, id); err != nil {
			return orderDetails{}, err
		}
	}
	return d, nil
}

// situation is what the buttons of an order depend on.
func (f *cards) situation(ctx context.Context, o esim.Order) (orderDetails, error) {
	d := orderDetails{Order: o}
	var err error
	if d.esims, err = f.esimsOf(ctx, o); err != nil {
		return orderDetails{}, err
	}
	if spec, err := o.Method.Spec(); err == nil && spec.CardProcessor {
		if d.unpaid, err = f.store.HasUnpaidApproval(ctx, o.ID); err != nil {
			return orderDetails{}, err
		}
	}
	if f.books != nil {
		if d.paid, err = f.books.PaymentsOf(ctx, o.ID); err != nil {
			return orderDetails{}, err
		}
	}
	return d, nil
}

// paidBack reports whether all that the order was paid with went back.
func (d orderDetails) paidBack() bool { return esim.AllRefunded(d.paid) }

// esimsOf lists the eSIMs that an order brought, or the one it tops up.
func (f *cards) esimsOf(ctx context.Context, o esim.Order) ([]esim.ESIM, error) {
	if o.Kind != esim.TopUp {
		return f.store.ESIMsOfOrder(ctx, o.ID)
	}
	e, err := f.store.ESIM(ctx, o.ESIM)
	if errors.Is(err, esim.ErrNotFound) {
		return nil, nil
	}
	return []esim.ESIM{e}, err
}

// ordersAbout lists what a decision about an eSIM hangs on: the order that brought it, if it is known,
// and the top-ups of it that are under way or wait for staff.
func (f *cards) ordersAbout(ctx context.Context, e esim.ESIM) ([]esim.Order, error) {
	topUps, err := f.store.OpenTopUps(ctx, e.Order)
	if err != nil {
		return nil, fmt.Errorf("top-ups of an eSIM: %w", err)
	}
	topUps = slices.DeleteFunc(topUps, func(o esim.Order) bool { return o.ESIM != e.ID })
	base, err := f.orders.Order(ctx, e.Order)
	if errors.Is(err, esim.ErrNotFound) {
		return topUps, nil
	}
	return append([]esim.Order{base}, topUps...), err
}

// card is the screen of an order.
func (f *cards) card(ctx context.Context, r *request, id esim.OrderID) (ui.Screen, error) {
	d, err := f.details(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := f.headLines(r, d)
	for _, p := range d.paid {
		lines = append(lines, paymentLine(r, p))
	}
	parts, err := f.partLines(ctx, r, d)
	if err != nil {
		return ui.Screen{}, err
	}
	lines = append(lines, parts...)
	lines = append(lines, f.pastLines(r, d)...)
	return ui.Screen{Text: ui.Clip(lines), Rows: actRows(r.Request, d)}, nil
}

func (f *cards) headLines(r *request, d orderDetails) []string {
	o := d.Order
	lines := []string{
		r.T("staff.card_head", i18n.Args{"id": o.ID.String(), "state": stateName(r, o.State)}),
		r.T("staff.card_plan", i18n.Args{"plan": r.PlanTitle(o.Plan, o.Days), "quantity": o.Quantity, "code": o.Plan.Code}),
		r.T("staff.card_customer", i18n.Args{"name": ui.CustomerName(d.buyer), "customer": int64(o.Customer)}),
		r.T("staff.card_money", i18n.Args{
			"price": r.MoneyAndCredit(o.Price, o.Credit), "method": methodName(r.Request, o.Method), "retail": r.ExactAmount(o.Retail),
			"wholesale": r.ExactAmount(o.Wholesale), "margin": r.ExactAmount(d.margin()),
		}),
		r.T("staff.card_times", i18n.Args{"created": when(r.Request, o.Created), "paid": whenAfter(r.Request, o.PaidAt, o.Created)}),
	}
	add := func(when bool, key string, args i18n.Args) {
		if when {
			lines = append(lines, r.T(key, args))
		}
	}
	add(d.blocked, "staff.card_blocked", nil)
	add(d.buyer.Unreachable, "staff.card_unreachable", nil)
	add(o.Kind == esim.TopUp, "staff.card_topup", nil)
	add(o.Gift, "staff.card_gift", nil)
	add(o.EmergencyTopUp, "staff.card_rescue", nil)
	add(o.Phone != (esim.Phone{}), "staff.card_phone", phoneArgs(r, o.Phone))
	add(o.Replaces != "", "staff.card_swaps", i18n.Args{"tran": shortTran(o.Replaces), "worth": r.ExactAmount(o.SwapWorth)})
	add(o.SwappedFor != "", "staff.card_swapped_for", i18n.Args{"id": o.SwappedFor.String()})
	add(o.AmountBack.Minor > 0, "staff.card_amount_back", i18n.Args{"credit": r.ExactAmount(o.AmountBack)})
	add(o.VendorOrder != "", "staff.card_vendor_order", i18n.Args{"number": o.VendorOrder})
	add(o.State.Open() && o.Attempts > 0, "staff.card_attempts", i18n.Args{"count": r.Number(int64(o.Attempts)), "time": when(r.Request, o.NextAt)})
	add(o.Reason != "" && o.State.Open(), "staff.card_reason", i18n.Args{"reason": ui.Truncate(o.Reason, 300)})
	return lines
}

//i18n:use phone.btn_* staff.said_*

// phoneArgs is what the customer said of the phone.
func phoneArgs(r *request, p esim.Phone) i18n.Args {
	said := func(a esim.Answer) string { return r.Plain("staff.said_"+string(cmp.Or(a, "nothing")), nil) }
	return i18n.Args{"phone": r.Plain("phone.btn_"+string(cmp.Or(p.Family, esim.FamilyOther)), nil), "eid": said(p.EID), "lock": said(p.Unlocked)}
}

func (f *cards) esimLine(r *request, e esim.ESIM) string {
	c := e.Condition(f.now())
	return r.T("staff.card_esim", i18n.Args{
		"n": e.Index, "mark": ui.ConditionMark(c), "condition": r.Plain("staff.cond_"+string(c), nil), "tran": shortTran(e.ID), "iccid": e.ICCID.String(),
		"status": strings.Trim(string(e.Status)+"/"+string(e.SMDPStatus), "/"), "used": r.Printer.Data(e.Used), "total": r.Printer.Data(e.Total),
	})
}

func paymentLine(r *request, p esim.OrderPayment) string {
	args := i18n.Args{"amount": r.ExactAmount(p.Amount), "time": when(r.Request, p.At), "back": when(r.Request, p.Refunded)}
	switch {
	case p.Status == "refund_due":
		return r.T("staff.card_payment_due", args)
	case p.Credited.Minor != 0:
		args["credit"] = r.ExactAmount(p.Credited)
		return r.T("staff.card_payment_credited", args)
	case p.Status == "refunded":
		return r.T("staff.card_payment_refunded", args)
	}
	return r.T("staff.card_payment", args)
}

func (f *cards) pastLines(r *request, d orderDetails) []string {
	var lines []string
	if len(d.auditEntries) > 0 {
		lines = append(lines, "", r.T("staff.card_acts", nil))
		for _, a := range d.auditEntries {
			a.Order, a.Customer = "", 0 // the card says so
			lines = append(lines, actLine(r, a))
		}
	}
	if from := max(0, len(d.events)-eventsShown); len(d.events) > 0 {
		lines = append(lines, "", r.T("staff.card_events", nil))
		before := time.Time{}
		for _, e := range d.events[from:] {
			at := whenAfter(r.Request, e.At, before)
			before = e.At
			lines = append(lines, r.T("staff.card_event", i18n.Args{
				"time": at, "state": stateName(r, e.To), "why": ui.Truncate(e.Why, whyShown),
			}))
		}
	}
	return lines
}

// actLine is one line of the audit log.
func actLine(r *request, a esim.AuditEntry) string {
	var about []string
	if a.Order != "" {
		about = append(about, a.Order.String())
	}
	if a.ESIM != "" {
		about = append(about, string(r.HTML("%s", shortTran(a.ESIM))))
	}
	if a.Customer != 0 {
		about = append(about, string(nameOf(r.Request, a.CustomerName, a.Customer)))
	}
	if a.Amount.Minor != 0 {
		about = append(about, string(r.HTML("%s", r.ExactAmount(a.Amount))))
	}
	if a.Why != "" {
		about = append(about, string(r.HTML("“%s”", ui.Truncate(a.Why, whyShown))))
	}
	if len(about) > 0 {
		about = append([]string{""}, about...)
	}
	who := nameOf(r.Request, a.WhoName, a.Who)
	if a.ApprovedBy != 0 {
		who += " + " + nameOf(r.Request, a.ApprovedByName, a.ApprovedBy)
	}
	return r.T("staff.act_line", i18n.Args{
		"time": when(r.Request, a.At), "who": who, "what": a.What, "about": i18n.HTML(strings.Join(about, " · ")),
	})
}

func stateName(r *request, st esim.State) string {
	return r.Plain("staff.state_"+string(st), nil)
}

func methodName(r *ui.Request, method esim.PaymentMethod) string {
	if _, err := method.Spec(); err != nil {
		return string(method)
	}
	return r.Plain("staff.method_"+string(method), nil)
}

// margin is what an order has earned by the books, once it was sold or is over; before that, what it earns as its prices have
// it (USD4). By the books it is told in whole cents: parts of one are what Stars are rounded by.
func (d orderDetails) margin() esim.Money {
	if d.earned.Orders > 0 || d.State.Over() || d.State.RefundOwed() {
		cents := (max(d.earned.Margin().Minor, -d.earned.Margin().Minor) + 50) / 100
		if d.earned.Margin().Minor < 0 {
			cents = -cents
		}
		return esim.USDTenThousandths(cents * 100)
	}
	return esim.USDTenThousandths(d.Retail.Minor*100 - d.Wholesale.Minor)
}

// shortTran is the end of an esimTranNo, enough to tell the eSIMs of an order apart.
func shortTran(id esim.ESIMID) string {
	if len(id) <= 6 {
		return string(id)
	}
	return "…" + string(id[len(id)-6:])
}

// pressedCard puts an order's card in the place of what was there.
func (f *cards) pressedCard(ctx context.Context, r *request, ref cardRef) (ui.Screen, error) {
	screen, err := f.card(ctx, r, ref.Order)
	screen.Fresh = true // what announced the order stays readable
	return screen, err
}

// above puts words on top of an order's card.
func (f *cards) above(ctx context.Context, r *request, words i18n.HTML, id esim.OrderID) ui.Screen {
	card, err := f.card(ctx, r, id)
	if err != nil {
		return ui.Screen{Text: string(words)}
	}
	text := string(words) + "\n\n" + card.Text
	if telegram.Length(text) > telegram.MaxText {
		text = string(words)
	}
	return ui.Screen{Text: text, Rows: card.Rows, Toast: ui.Truncate(words.Text(), ui.MaxToast), Alert: true}
}
