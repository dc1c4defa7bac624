package bot

import (
	"context"
	"errors"
	"strings"

	"esimbot/esim"
	"esimbot/i18n"
)

// Routes of the staff group; a map of their own, see staff.
const (
	routeStaffCard    = "s_card"     // order
	routeStaffAsk     = "s_ask"      // act, order
	routeStaffYes     = "s_yes"      // act, order, state seen
	routeStaffPick    = "s_pick"     // act, order: which of its eSIMs?
	routeStaffAskESIM = "s_ask_esim" // act, esimTranNo, order
	routeStaffYesESIM = "s_yes_esim" // act, esimTranNo, status seen
	routeStaffNo      = "s_no"       // order, if it is about one
	routeStaffCredit  = "s_credit"   // customer, US cents, nonce
	routeStaffBlock   = "s_block"    // customer, 1 or 0
)

// reasonMark begins the last line of a question that was asked with a reason. The
// reason travels with the message itself, since a button holds 64 bytes.
const reasonMark = "📝 "

// maxReason keeps a reason within a line or two.
const maxReason = 200

// reasoned adds the reason to a question.
func reasoned(r *staffRequest, html, why string) string {
	if why == "" {
		return html
	}
	return html + "\n" + string(r.HTML("%s%s", reasonMark, why))
}

// reason reads back what reasoned wrote, from the message whose button was pressed.
func (r *staffRequest) reason() string {
	lines := strings.Split(strings.TrimSpace(r.shown), "\n")
	why, ok := strings.CutPrefix(lines[len(lines)-1], reasonMark)
	if !ok {
		return ""
	}
	return cut(why, maxReason)
}

// oneLine is free text that fits behind reasonMark.
func oneLine(words []string) string {
	return cut(strings.Join(strings.Fields(strings.Join(words, " ")), " "), maxReason)
}

// ask shows the question in front of an audit entry on an order.
func (s *staff) ask(ctx context.Context, r *staffRequest) (Screen, error) {
	a, ok := orderActNamed(r.Data.Arg(0))
	id, err := esim.ParseOrderID(r.Data.Arg(1))
	if !ok || err != nil {
		return Screen{}, errBadData
	}
	return s.question(ctx, r, a, id, "")
}

func (s *staff) question(ctx context.Context, r *staffRequest, a orderAct, id esim.OrderID, why string) (Screen, error) {
	d, err := s.details(ctx, id)
	if err != nil {
		return Screen{}, err
	}
	if !a.fits(d.Order, d.esims) {
		screen := s.above(ctx, r, s.words(r, esim.ErrWrongState), id)
		screen.Fresh = true
		return screen, nil
	}
	text := r.T("staff.ask_"+a.name, i18n.Args{
		"id": id.String(), "state": s.stateName(r, d.State), "plan": r.planTitle(d.Plan, d.Days),
		"price": r.price(d.Price), "name": customerName(d.buyer), "person": int64(d.Customer),
	})
	spec, err := d.Method.Spec()
	if err != nil {
		return Screen{}, err
	}
	if a.name == "refund" && spec.Back == esim.BackAsCredit {
		text += "\n" + r.T("staff.ask_as_credit", nil)
	}
	return Screen{Fresh: true, Text: reasoned(r, text, why), Rows: yesNo(r, to(routeStaffYes, a.name, id, d.State), id)}, nil
}

func yesNo(r *staffRequest, yes Data, id esim.OrderID) [][]Button {
	return [][]Button{{
		{Text: r.Plain("staff.btn_yes", nil), Data: yes},
		press(r.Plain("staff.btn_no", nil), routeStaffNo, id),
	}}
}

// yes does what was asked, if the order is still as it was when it was asked.
func (s *staff) yes(ctx context.Context, r *staffRequest) (Screen, error) {
	a, ok := orderActNamed(r.Data.Arg(0))
	id, err := esim.ParseOrderID(r.Data.Arg(1))
	if !ok || err != nil {
		return Screen{}, errBadData
	}
	o, err := s.bot.cfg.Store.Order(ctx, id)
	if err != nil {
		return Screen{}, err
	}
	if string(o.State) != r.Data.Arg(2) {
		return s.above(ctx, r, s.words(r, esim.ErrConflict), id), nil
	}
	entry := r.act(a.name, s.bot.cfg.Now())
	entry.Order, entry.Customer, entry.Amount, entry.Why = id, o.Customer, esim.Money{}, r.reason()
	if a.name == "refund" || a.name == "received" {
		entry.Amount = o.Price
	}
	work := func(ctx context.Context) (Screen, error) {
		return s.outcome(ctx, r, a.name, id, entry.Why, a.do(ctx, s, id, entry))
	}
	if !a.slow {
		return work(ctx)
	}
	return Screen{Text: r.T("staff.working", i18n.Args{"id": id.String()}), After: work}, nil
}

// outcome is the result of an audit entry with who did it, or the order's card under the words
// for what went wrong.
func (s *staff) outcome(ctx context.Context, r *staffRequest, entry string, id esim.OrderID, why string, err error) (Screen, error) {
	if ctx.Err() != nil {
		return Screen{}, ctx.Err()
	}
	if err != nil {
		return s.above(ctx, r, s.words(r, err), id), nil
	}
	text := r.T("staff.done_"+entry, i18n.Args{"id": id.String(), "who": r.name})
	return Screen{Text: reasoned(r, text, why), Rows: s.cardRow(r.Request, id)}, nil
}

// cardRow is the button to an order's card; none if there is no order.
func (s *staff) cardRow(r *Request, id esim.OrderID) [][]Button {
	if _, err := esim.ParseOrderID(string(id)); err != nil {
		return nil
	}
	return [][]Button{{press(r.Plain("staff.btn_card", i18n.Args{"id": id.String()}), routeStaffCard, id)}}
}

// pick asks which eSIM of an order is meant.
func (s *staff) pick(ctx context.Context, r *staffRequest) (Screen, error) {
	a, ok := esimActNamed(r.Data.Arg(0))
	id, err := esim.ParseOrderID(r.Data.Arg(1))
	if !ok || err != nil {
		return Screen{}, errBadData
	}
	o, err := s.bot.cfg.Store.Order(ctx, id)
	if err != nil {
		return Screen{}, err
	}
	esims, err := s.esimsOf(ctx, o)
	if err != nil {
		return Screen{}, err
	}
	screen := Screen{Fresh: true}
	lines := []string{r.T("staff.pick", i18n.Args{"act": r.Plain("staff.btn_"+a.name, nil), "id": id.String()})}
	for _, e := range esims {
		lines = append(lines, s.esimLine(r, e))
		if a.fits(e) {
			label := r.Plain("staff.btn_esim", i18n.Args{"n": e.Index, "tran": shortTran(e.ID)})
			screen.Rows = append(screen.Rows, row(press(label, routeStaffAskESIM, a.name, e.ID, id)))
		}
	}
	screen.Text = clip(lines)
	screen.Rows = append(screen.Rows, s.cardRow(r.Request, id)...)
	return screen, nil
}

// askESIM shows the question in front of an audit entry on an eSIM.
func (s *staff) askESIM(ctx context.Context, r *staffRequest) (Screen, error) {
	a, ok := esimActNamed(r.Data.Arg(0))
	if !ok {
		return Screen{}, errBadData
	}
	e, err := s.store.ESIM(ctx, r.Data.Arg(1))
	if err != nil {
		return Screen{}, err
	}
	if !a.fits(e) {
		screen := s.above(ctx, r, s.words(r, esim.ErrWrongState), e.Order)
		screen.Fresh = true
		return screen, nil
	}
	buyer, err := s.bot.cfg.Store.Customer(ctx, e.Customer)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return Screen{}, err
	}
	text := r.T("staff.ask_"+a.name, i18n.Args{
		"id": e.Order.String(), "esim": i18n.HTML(s.esimLine(r, e)), "plan": r.planTitle(e.Plan, dayPassDays(e)),
		"name": customerName(buyer), "person": int64(e.Customer),
	})
	return Screen{Fresh: true, Text: text, Rows: yesNo(r, to(routeStaffYesESIM, a.name, e.ID, e.Status), e.Order)}, nil
}

// yesESIM has the vendor do what was asked, if the eSIM is still as it was.
func (s *staff) yesESIM(ctx context.Context, r *staffRequest) (Screen, error) {
	a, ok := esimActNamed(r.Data.Arg(0))
	if !ok {
		return Screen{}, errBadData
	}
	e, err := s.store.ESIM(ctx, r.Data.Arg(1))
	if err != nil {
		return Screen{}, err
	}
	if string(e.Status) != r.Data.Arg(2) {
		return s.above(ctx, r, s.words(r, esim.ErrConflict), e.Order), nil
	}
	entry := r.act(a.name, s.bot.cfg.Now())
	entry.Order, entry.ESIM, entry.Customer = e.Order, e.ID, e.Customer
	return Screen{Text: r.T("staff.working", i18n.Args{"id": e.Order.String()}), After: func(ctx context.Context) (Screen, error) {
		return s.outcome(ctx, r, a.name, e.Order, "", a.do(s.bot.cfg.Admin, ctx, e.ID, entry))
	}}, nil
}

// no leaves everything as it is.
func (s *staff) no(_ context.Context, r *staffRequest) (Screen, error) {
	return Screen{Text: r.T("staff.left", i18n.Args{"who": r.name}), Rows: s.cardRow(r.Request, esim.OrderID(r.Data.Arg(0)))}, nil
}
