package own

import (
	"context"
	"fmt"
	"slices"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use alert.*

func (f *notifications) alert(ctx context.Context, r *ui.Request, n esim.OutboxMessage) error {
	e, err := f.store.ESIMOf(ctx, n.Customer, n.ESIM)
	if err != nil {
		return fmt.Errorf("eSIM of notification: %w", err)
	}
	esims, err := f.store.ESIMsOf(ctx, n.Customer)
	if err != nil {
		return fmt.Errorf("where a customer is: %w", err)
	}
	where, sure := whereIs(r.Customer, esims, f.now())
	switch d := esim.DecideAlert(esim.AlertFacts{Message: n, ESIM: e, Customer: r.Customer, Where: where}, f.now()); {
	case !d.At.IsZero():
		return esim.PostponedError{Until: d.At}
	case !d.Tell:
		return nil
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return err
	}
	args := i18n.Args{
		"title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity),
		"left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
		"time": r.TimeLeft(e.Expires.Sub(f.now())), "date": r.Moment(e.Expires), "when": forsale.UseByText(r, e.Plan),
	}
	if n.Alert == esim.AlertTrip || n.Alert == esim.AlertIdle {
		return f.install(ctx, r, n, e, o, args)
	}
	if aboutUnused(n.Alert) {
		return f.unused(ctx, r, n, e, o, args)
	}
	if n.Alert == esim.AlertHalfInstalled || n.Alert == esim.AlertInstalled {
		return f.installing(ctx, r, n.Alert, e, o, args, sure)
	}
	s := ui.Screen{Text: r.T("alert."+string(n.Alert), args)}
	if (n.Alert == esim.AlertData50 || n.Alert == esim.AlertData20 || n.Alert == esim.AlertData10) && !e.UsageAt.IsZero() {
		s.Text += "\n" + r.T("esim.as_of", i18n.Args{"time": r.Moment(e.UsageAt)})
	}
	s.Rows = [][]ui.Button{
		{ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})},
		{{Text: r.Plain("alert.btn_more", nil), Data: refs.MorePlans(e.Plan)}},
	}
	switch {
	case forAPerson(n.Alert):
		s.Rows[1] = ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID}))
	case e.CanTopUp(f.now()):
		s.Rows[1] = ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID}))
		if n.Alert == esim.AlertData10 || n.Alert == esim.AlertDataGone {
			s = f.moreAtOnce(ctx, r, e, s)
		}
	}
	return f.screens.Send(ctx, r, s)
}

// topUpPatience is how long an alert waits for the vendor's list of top-ups; it is sent without one else.
const topUpPatience = 5 * time.Second

// moreAtOnce puts the least that the eSIM can be topped up with before the other buttons: who runs out of data has no time
// for a list. Where there are several ways to pay it leads to them. Who cannot pay now may have it on credit. Nothing is
// added where the vendor does not answer.
func (f *notifications) moreAtOnce(ctx context.Context, r *ui.Request, e esim.ESIM, s ui.Screen) ui.Screen {
	rows := [][]ui.Button{s.Rows[1], s.Rows[0]}
	ctx, cancel := context.WithTimeout(ctx, topUpPatience)
	defer cancel()
	offers, err := f.topUps.Offers(ctx, e, 0)
	if err != nil {
		s.Rows = rows
		return s
	}
	if q, may, err := f.topUps.EmergencyOffer(ctx, e, offers); err == nil && may {
		s.Text += "\n\n" + forsale.EmergencyTopUpText(r, q)
		if consent := money.ConsentLine(r, f.contracts); consent != "" {
			s.Text += "\n" + consent
		}
		rows = append([][]ui.Button{ui.Row(forsale.EmergencyTopUpButton(r, e, q))}, rows...)
	}
	s.Rows = append(f.smallestTopUp(ctx, r, e, offers[0]), rows...)
	return s
}

// smallestTopUp buys one; nothing where nobody knows how it can be paid.
func (f *notifications) smallestTopUp(ctx context.Context, r *ui.Request, e esim.ESIM, q esim.Quote) [][]ui.Button {
	credit, err := f.credit.Credit(ctx, r.Customer.ID)
	if err != nil {
		return nil
	}
	to := ui.CallbackRef(refs.TopUp{ESIM: e.ID, Code: q.Plan.Code, Days: q.Days})
	if len(f.topUps.Checkout.OfferedTo(credit)) == 1 && credit.Minor >= 0 {
		to = refs.TopUpBuy{ESIM: e.ID, Code: q.Plan.Code, Days: q.Days, Seen: q.Price.Minor, Method: q.Method}
	}
	label := ui.FitLabel(1, r.PlanSizes(q.Plan, q.Days), func(size string) string {
		return r.Plain("alert.btn_topup", i18n.Args{"what": size, "price": r.Price(q.Price)})
	})
	return [][]ui.Button{ui.Row(ui.NewButton(label, to).AsPurchase())}
}

// forAPerson reports whether an alert is about what only the staff can mend: it sells nothing.
func forAPerson(k esim.AlertKind) bool {
	switch k {
	case esim.AlertSuspended, esim.AlertWithdrawn, esim.AlertStaysSuspended:
		return true
	}
	return false
}

// aboutUnused reports whether an alert is about an eSIM that was never used.
func aboutUnused(k esim.AlertKind) bool {
	switch k {
	case esim.AlertUnused30, esim.AlertUnused7, esim.AlertUnused1, esim.AlertLapsed, esim.AlertUnusedRefunded:
		return true
	}
	return false
}

// unused tells of an eSIM that was never used. What was overtaken while the message waited is not
// told: it was installed, or is on its way back.
func (f *notifications) unused(ctx context.Context, r *ui.Request, n esim.OutboxMessage, e esim.ESIM, o esim.Order, args i18n.Args) error {
	text := r.T("alert."+string(n.Alert), args)
	rows := [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("esim.btn_install", nil), refs.ESIM{Route: refs.RouteInstall, ESIM: e.ID})),
		ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})),
	}
	c := e.Condition(f.now())
	reminder := n.Alert != esim.AlertLapsed && n.Alert != esim.AlertUnusedRefunded
	switch {
	case n.Alert != esim.AlertUnusedRefunded && (o.TakesBack(e.ID) || o.State.RefundOwed() || c == esim.ConditionWithdrawn),
		reminder && c != esim.ConditionReady && c != esim.ConditionDownloading && c != esim.ConditionInstalled:
		return nil
	case n.Alert == esim.AlertUnusedRefunded:
		back, err := refundOfESIM(r, o, e)
		if err != nil {
			return err
		}
		text += "\n\n" + back
		rows[0] = ui.Row(ui.Button{Text: r.Plain("alert.btn_more", nil), Data: refs.MorePlans(e.Plan)})
	case n.Alert == esim.AlertLapsed:
		rows[0] = ui.Row(ui.Button{Text: r.Plain("alert.btn_more", nil), Data: refs.MorePlans(e.Plan)})
	case e.Cancellable() && e.Epoch > 0:
		text += "\n\n" + r.T("alert.topped_up_stays", nil)
		rows = append(rows, ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID})))
	case cancellable(o, e):
		label := r.Plain("cancel.btn", nil)
		if e.GivenAway() {
			label = r.Plain("gift.btn_cancel", nil)
		}
		switch {
		case f.canceller.RefundsUnused() && e.GivenAway():
			text += "\n\n" + r.T("gift.then_back", nil)
		case f.canceller.RefundsUnused():
			text += "\n\n" + r.T("alert.then_back", nil)
		}
		rows = append(rows, ui.Row(ui.NewButton(label, refs.ESIM{Route: refs.RouteCancel, ESIM: e.ID})))
	}
	if reminder && c == esim.ConditionInstalled {
		rows = rows[1:]
	}
	return f.reminds(ctx, r, e, ui.Screen{Text: text, Rows: rows})
}

// reminds sends what leads to an installation. It is remembered beside the QR pictures: once the eSIM is given
// back, or is somebody else's, it says so like them and loses its buttons.
func (f *notifications) reminds(ctx context.Context, r *ui.Request, e esim.ESIM, s ui.Screen) error {
	message, err := f.screens.Put(ctx, s, ui.ScreenTarget{Chat: r.Customer.Chat})
	if err != nil {
		return err
	}
	_ = f.store.AddQRMessage(ctx, e.ID, r.Customer.Chat, message) // it arrived: told twice would be worse
	return nil
}

// install reminds of an eSIM before the trip that its customer told of, with what to know about the
// country, or of one that lies there. What was overtaken while the message waited is not told, and of
// several of an order only the first.
func (f *notifications) install(ctx context.Context, r *ui.Request, n esim.OutboxMessage, e esim.ESIM, o esim.Order, args i18n.Args) error {
	if o.TakesBack(e.ID) || o.State.RefundOwed() || !f.stillDue(n.Alert, e) {
		return nil
	}
	first, err := f.firstOfOrder(ctx, e)
	if err != nil || !first {
		return err
	}
	args["day"], args["install"] = r.Date(e.Trip.Day, nil), forsale.WhenToInstall(r, e.Plan)
	s := ui.Screen{Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("esim.btn_install", nil), refs.ESIM{Route: refs.RouteInstall, ESIM: e.ID})),
		ui.Row(ui.NewButton(r.Plain("trip.btn", nil), refs.TripOfESIM(e.ID))),
		ui.Row(ui.NewButton(r.Plain("alert.btn_show", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})),
	}}
	switch {
	case e.Condition(f.now()) == esim.ConditionInstalled:
		s.Text, s.Rows = r.T("alert.trip_ready", args), s.Rows[1:]
	case n.Alert == esim.AlertTrip:
		s.Text, s.Rows[1][0].Text = r.T("alert.trip", args), r.Plain("trip.btn_change", nil)
	default:
		s.Text = r.T("alert.idle", args)
	}
	if n.Alert == esim.AlertTrip {
		if warning := tripWarning(r, e, e.Trip); warning != "" {
			s.Text += "\n\n" + warning
		}
		if notes := forsale.Notes(r, f.notes, forsale.WithPlaces(f.catalog, e.Plan), ""); notes != "" {
			s.Text += "\n\n" + notes
		}
	}
	return f.reminds(ctx, r, e, s)
}

// stillDue reports whether a reminder before a trip, or of an eSIM that lies there, is not overtaken.
func (f *notifications) stillDue(kind esim.AlertKind, e esim.ESIM) bool {
	c := e.Condition(f.now())
	waits := c == esim.ConditionReady || c == esim.ConditionDownloading
	switch kind {
	case esim.AlertTrip:
		return (waits || c == esim.ConditionInstalled) && e.Trip.Known() && !e.Trip.Over(f.now())
	case esim.AlertIdle:
		return waits && !e.Trip.Known()
	}
	return waits || c == esim.ConditionInstalled
}

// firstOfOrder reports whether no earlier eSIM of the same order is as this one is: of those the first
// speaks for all.
func (f *notifications) firstOfOrder(ctx context.Context, e esim.ESIM) (bool, error) {
	siblings, err := f.store.ESIMsOf(ctx, e.Customer)
	if err != nil {
		return false, fmt.Errorf("eSIMs of a customer: %w", err)
	}
	c := e.Condition(f.now())
	return e.Order == "" || !slices.ContainsFunc(siblings, func(s esim.ESIM) bool {
		return s.Order == e.Order && s.Index < e.Index && s.Condition(f.now()) == c && s.Trip == e.Trip && !s.Returned
	}), nil
}

// refundOfESIM says how the money of an eSIM that was given back comes back: that of its whole order, or
// its part.
func refundOfESIM(r *ui.Request, o esim.Order, e esim.ESIM) (string, error) {
	if !e.Returned {
		return refundSentence(r, o)
	}
	back, _, _, err := o.Refundable()
	if back == esim.RefundNothing {
		return r.T("cancel.part_nothing", nil), err
	}
	return r.T("cancel.part_credit", i18n.Args{"credit": r.Price(o.PartCredit())}), err
}
