package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// reasonMark begins the last line of a question that was asked with a reason. The
// reason travels with the message itself, since a button holds 64 bytes.
const reasonMark = "📝 "

// maxReason keeps a reason within a line or two.
const maxReason = 200

// reasoned adds the reason to a question.
func reasoned(r *request, html, why string) string {
	if why == "" {
		return html
	}
	return html + "\n" + string(r.HTML("%s%s", reasonMark, why))
}

// reason reads back what reasoned wrote, from the message whose button was pressed.
func (r *request) reason() string {
	lines := strings.Split(strings.TrimSpace(r.shown), "\n")
	why, ok := strings.CutPrefix(lines[len(lines)-1], reasonMark)
	if !ok {
		return ""
	}
	return ui.Truncate(why, maxReason)
}

// oneLine is free text that fits behind reasonMark.
func oneLine(words []string) string {
	return ui.Truncate(strings.Join(strings.Fields(strings.Join(words, " ")), " "), maxReason)
}

// ask shows the question in front of an audit entry on an order.
func (f *actions) ask(ctx context.Context, r *request, ref actionRef) (ui.Screen, error) {
	a, ok := orderActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	return f.question(ctx, r, a, ref.Order, "")
}

// refund asks about giving the money of an order back.
func (f *actions) refund(ctx context.Context, r *request) (ui.Screen, error) {
	a, _ := orderActionNamed("refund")
	return f.question(ctx, r, a, r.given.order, r.given.reason)
}

func (f *actions) question(ctx context.Context, r *request, a orderAction, id esim.OrderID, why string) (ui.Screen, error) {
	d, err := f.cards.details(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	if !a.fits(d) {
		if before, did := receivedBefore(d); did && a.name == before.What { // an old card still has the button
			who := fmt.Sprint(int64(before.Who))
			if before.Who == r.auditEntry(a.name, f.now()).Who {
				who = r.name
			}
			return ui.Screen{Fresh: true, Text: r.T("staff.received_before", i18n.Args{
				"who": who, "time": r.Moment(before.At),
			}), Rows: cardRow(r.Request, id)}, nil
		}
		screen := f.cards.above(ctx, r, words(r, esim.ErrWrongState), id)
		screen.Fresh = true
		return screen, nil
	}
	back, paid, credit, err := d.Refundable() // what is left after parts went back
	if err != nil {
		return ui.Screen{}, err
	}
	price := r.Price(paid)
	switch {
	case a.name != "refund":
	case back == esim.RefundSameWay:
		price = r.MoneyAndCredit(paid, credit)
	case back == esim.RefundAsCredit && d.Credit.Minor > 0:
		price = r.Price(credit)
	}
	sum, others, isSum := amountBefore(strings.Fields(why))
	switch {
	case a.name == amountAction:
		return f.askAmount(r, d), nil
	case isSum && a.name == "refund" && d.RefundableAsCredit().Minor > 0: // less than the whole is meant, and never becomes it
		return f.questionAmount(r, d, append([]string{sum}, others...)), nil
	case isSum && a.moves:
		screen, err := f.question(ctx, r, a, id, "")
		screen.Text = r.T("staff.whole_only", i18n.Args{"words": ui.Truncate(sum, 64)}) + "\n\n" + screen.Text
		return screen, err
	}
	text := r.T("staff.ask_"+a.name, i18n.Args{
		"id": id.String(), "state": stateName(r, d.State), "plan": r.PlanTitle(d.Plan, d.Days),
		"price": price, "name": ui.CustomerName(d.buyer), "customer": int64(d.Customer),
	})
	if a.name == "refund" && back == esim.RefundAsCredit {
		text += "\n" + r.T("staff.ask_as_credit", nil)
	}
	if (a.moves || a.note) && why == "" {
		ref := wordsRef{Action: a.name, Order: id}
		if a.note {
			return ui.Screen{Fresh: true, Text: text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), ref)}}}, nil
		}
		rows := whyRows(r, ref)
		if a.name == "refund" {
			rows = append(partRows(r, d), rows...)
		}
		return ui.Screen{Fresh: true, Text: text + "\n" + r.T("staff.ask_words_why", nil), Rows: rows}, nil
	}
	return ui.Screen{Fresh: true, Text: reasoned(r, text, why), Rows: yesNo(r, yesRef{a.name, id, d.State}, id)}, nil
}

// receivedBefore is how staff confirmed the money of an order.
func receivedBefore(d orderDetails) (esim.AuditEntry, bool) {
	i := slices.IndexFunc(d.auditEntries, func(a esim.AuditEntry) bool { return a.What == "received" })
	if i < 0 {
		return esim.AuditEntry{}, false
	}
	return d.auditEntries[i], true
}

func yesNo(r *request, yes ui.CallbackRef, id esim.OrderID) [][]ui.Button {
	return [][]ui.Button{{
		{Text: r.Plain("staff.btn_yes", nil), Data: yes.Data()},
		ui.NewButton(r.Plain("staff.btn_no", nil), noRef{id}),
	}}
}

// yes does what was asked, if the order is still as it was when it was asked.
func (f *actions) yes(ctx context.Context, r *request, ref yesRef) (ui.Screen, error) {
	a, ok := orderActionNamed(ref.Action)
	if !ok || a.inside {
		return ui.Screen{}, ui.ErrBadData
	}
	id := ref.Order
	o, err := f.cards.orders.Order(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	if o.State != ref.Seen {
		d, err := f.cards.details(ctx, id)
		if err != nil {
			return ui.Screen{}, err
		}
		return f.cards.above(ctx, r, changedBy(r, d), id), nil
	}
	if (a.moves || a.note) && r.reason() == "" { // the question is of a release that did not ask for one
		return f.question(ctx, r, a, id, "")
	}
	entry := r.auditEntry(a.name, f.now())
	entry.Order, entry.Customer, entry.Amount, entry.Why = id, o.Customer, esim.Money{}, r.reason()
	if a.name == "refund" || a.name == "received" {
		entry.Amount = o.Price
	}
	work := func(ctx context.Context) (ui.Screen, error) {
		return f.outcome(ctx, r, a.name, id, entry.Why, a.do(ctx, f, id, entry))
	}
	if !a.slow {
		return work(ctx)
	}
	end, err := f.admin.BeginVendorAction(ctx, esim.VendorAction{Who: entry.Who, What: a.name, Order: id})
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.working", i18n.Args{"id": id.String()}), After: ended(end, work)}, nil
}

// ended is work that was noted before it is done, and is forgotten when it is: not when the shop is stopped meanwhile.
func ended(end func(context.Context) error, work func(context.Context) (ui.Screen, error)) func(context.Context) (ui.Screen, error) {
	return func(ctx context.Context) (ui.Screen, error) {
		screen, err := work(ctx)
		if ctx.Err() != nil {
			return screen, err
		}
		_ = end(ctx) // a note too many is told at the next start; what became of it is told now
		return screen, err
	}
}

// outcome is the result of an audit entry with who did it, or the order's card under the words
// for what went wrong.
func (f *actions) outcome(ctx context.Context, r *request, entry string, id esim.OrderID, why string, err error) (ui.Screen, error) {
	if ctx.Err() != nil {
		return ui.Screen{}, ctx.Err()
	}
	if err != nil {
		return f.cards.above(ctx, r, words(r, err), id), nil
	}
	r.done = true
	text := r.T("staff.done_"+entry, i18n.Args{"id": id.String(), "who": r.name})
	return ui.Screen{Text: reasoned(r, text, why), Rows: cardRow(r.Request, id)}, nil
}

// cardRow is the button to an order's card; none if there is no order.
func cardRow(r *ui.Request, id esim.OrderID) [][]ui.Button {
	if _, err := esim.ParseOrderID(string(id)); err != nil {
		return nil
	}
	return [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_card", i18n.Args{"id": id.String()}), cardRef{id})}}
}

// pick asks which eSIM of an order is meant.
func (f *actions) pick(ctx context.Context, r *request, ref actionRef) (ui.Screen, error) {
	a, ok := esimActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	id := ref.Order
	o, err := f.cards.orders.Order(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	esims, err := f.cards.esimsOf(ctx, o)
	if err != nil {
		return ui.Screen{}, err
	}
	screen := ui.Screen{Fresh: true}
	lines := []string{r.T("staff.pick", i18n.Args{"act": r.Plain("staff.btn_"+a.name, nil), "id": id.String()})}
	for _, e := range esims {
		lines = append(lines, f.cards.esimLine(r, e))
		if a.fits(e) {
			label := r.Plain("staff.btn_esim", i18n.Args{"n": e.Index, "tran": shortTran(e.ID)})
			screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, askESIMRef{a.name, e.ID, id})))
		}
	}
	screen.Text = ui.Clip(lines)
	screen.Rows = append(screen.Rows, cardRow(r.Request, id)...)
	return screen, nil
}

// askESIM shows the question in front of an audit entry on an eSIM.
func (f *actions) askESIM(ctx context.Context, r *request, ref askESIMRef) (ui.Screen, error) {
	a, ok := esimActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	if a.name == giftAction {
		return f.gifts(ctx, r, ref.ESIM)
	}
	if a.name == assignAction {
		return f.questionAssign(ctx, r, ref.ESIM, "")
	}
	if a.name == partAction {
		return f.askPart(ctx, r, ref.ESIM, "")
	}
	return f.questionESIM(ctx, r, a, ref.ESIM)
}

func (f *actions) questionESIM(ctx context.Context, r *request, a esimAction, id esim.ESIMID) (ui.Screen, error) {
	e, err := f.cards.store.ESIM(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	if !a.fits(e) {
		screen := f.cards.above(ctx, r, words(r, esim.ErrWrongState), e.Order)
		screen.Fresh = true
		return screen, nil
	}
	buyer, err := f.cards.orders.Customer(ctx, e.Customer)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	text := r.T("staff.ask_"+a.name, i18n.Args{
		"id": e.Order.String(), "esim": i18n.HTML(f.cards.esimLine(r, e)), "plan": r.PlanTitle(e.Plan, ui.DayPassDays(e)),
		"name": ui.CustomerName(buyer), "customer": int64(e.Customer),
	})
	if a.words && r.Press { // the words come as a reply
		ref := wordsRef{Action: a.name, Order: e.Order, ESIM: e.ID}
		text += "\n" + r.T("staff.ask_words_sms", i18n.Args{"most": r.Number(esim.MaxSMS)})
		return ui.Screen{Fresh: true, Text: text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), ref)}}}, nil
	}
	orders, err := f.cards.ordersAbout(ctx, e)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Fresh: true, Text: text, Rows: yesNo(r, yesESIMRef{a.name, e.ID, e.Status, ordersSeen(orders)}, e.Order)}, nil
}

// yesESIM has the vendor do what was asked, if the eSIM and the orders about it are still as they were.
func (f *actions) yesESIM(ctx context.Context, r *request, ref yesESIMRef) (ui.Screen, error) {
	a, ok := esimActionNamed(ref.Action)
	if !ok || a.do == nil {
		return ui.Screen{}, ui.ErrBadData
	}
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	orders, err := f.cards.ordersAbout(ctx, e)
	if err != nil {
		return ui.Screen{}, err
	}
	if e.Status != ref.Seen || ordersSeen(orders) != ref.Orders {
		return f.cards.above(ctx, r, words(r, esim.ErrConflict), e.Order), nil
	}
	entry := r.auditEntry(a.name, f.now())
	entry.Order, entry.ESIM, entry.Customer = e.Order, e.ID, e.Customer
	if a.words {
		entry.Why = r.words()
	}
	end, err := f.admin.BeginVendorAction(ctx, esim.VendorAction{Who: entry.Who, What: a.name, Order: e.Order, ESIM: e.ID})
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.working", i18n.Args{"id": e.Order.String()}), After: ended(end, func(ctx context.Context) (ui.Screen, error) {
		if a.words { // one after the other: a second press finds what the first has sent
			f.texting.Lock()
			defer f.texting.Unlock()
			if sent, err := f.sentBefore(ctx, entry); err != nil || sent {
				return f.cards.above(ctx, r, words(r, esim.ErrConflict), e.Order), err
			}
		}
		return f.outcome(ctx, r, a.name, e.Order, "", a.do(f.admin, ctx, e.ID, entry))
	})}, nil
}

// no leaves everything as it is.
func (f *actions) no(_ context.Context, r *request, ref noRef) (ui.Screen, error) {
	return ui.Screen{Text: r.T("staff.left", i18n.Args{"who": r.name}), Rows: cardRow(r.Request, ref.Order)}, nil
}
