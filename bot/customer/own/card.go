package own

import (
	"context"
	"strings"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use esim.*

func (f *esimsFlow) cardOf(ctx context.Context, r *ui.Request, e esim.ESIM, o esim.Order) (ui.Screen, error) {
	c := e.Condition(f.now())
	text, err := f.cardText(ctx, r, e, o, c)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: text, Rows: f.cardRows(r, e, o, c)}, nil
}

// cardText is what the card of an eSIM says.
func (f *esimsFlow) cardText(ctx context.Context, r *ui.Request, e esim.ESIM, o esim.Order, c esim.Condition) (string, error) {
	state := ui.ConditionMark(c) + " " + r.T("esim.is_"+string(c), i18n.Args{"when": forsale.WhenToInstall(r, e.Plan)})
	if o.TakesBack(e.ID) && c != esim.ConditionWithdrawn {
		state = "↩️ " + r.T("esim.is_leaving", nil)
	}
	lines := []string{
		r.T("esim.head", i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}),
		state,
	}
	if c != esim.ConditionWithdrawn {
		data, err := f.dataLines(ctx, r, e)
		if err != nil {
			return "", err
		}
		lines = append(lines, data...)
	}
	if line, has := f.timeLine(r, e, c); has {
		lines = append(lines, line)
	}
	if asksTrip(e, o, c) && f.tripAhead(e) {
		lines = append(lines, tripLine(r, e.Trip))
		if warning := tripWarning(r, e, e.Trip); warning != "" {
			lines = append(lines, warning)
		}
	}
	if e.Cancellable() && e.Epoch > 0 && !o.TakesBack(e.ID) {
		lines = append(lines, r.T("esim.topped_up_stays", nil))
	}
	return strings.Join(lines, "\n"), nil
}

// cardRows are the buttons under the card of an eSIM: what to do with it first, how to part from it last.
func (f *esimsFlow) cardRows(r *ui.Request, e esim.ESIM, o esim.Order, c esim.Condition) [][]ui.Button {
	rows := installFirst(r, e, o, c)
	var look []ui.Button // short ones, two in a row: a card has ten rows at most
	if e.CanTopUp(f.now()) && !o.TakesBack(e.ID) {
		look = append(look, ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID}))
	}
	if !e.Status.Final() {
		look = append(look, ui.NewButton(r.Plain("esim.btn_refresh", nil), refs.ESIM{Route: refs.RouteRefresh, ESIM: e.ID}))
	}
	if charted(e) {
		look = append(look, ui.NewButton(r.Plain("esim.btn_chart", nil), refs.ESIM{Route: refs.RouteChart, ESIM: e.ID}))
	}
	if e.CanBeGivenAway(o, f.now()) {
		look = append(look, ui.NewButton(r.Plain("gift.btn", nil), refs.ESIM{Route: refs.RouteGift, ESIM: e.ID}))
	}
	if e.Name != "" || !e.Status.Final() {
		look = append(look, ui.NewButton(r.Plain("name.btn", nil), refs.Name{ESIM: e.ID}))
	}
	if charted(e) && e.MayAutoTopUp(f.now()) && !o.TakesBack(e.ID) {
		look = append(look, ui.NewButton(r.Plain("auto.btn", nil), refs.AutoTopUp{ESIM: e.ID}))
	}
	rows = append(rows, ui.PairRows(look...)...)
	if asksTrip(e, o, c) {
		label := r.Plain("trip.btn", nil)
		if f.tripAhead(e) {
			label = r.Plain("esim.btn_trip", nil)
		}
		rows = append(rows, ui.Row(ui.NewButton(label, refs.TripOfESIM(e.ID))))
	}
	if !e.Status.Final() {
		rows = append(rows, ui.Row(refs.FaultButton(r, e.ID)))
	}
	unused := cancellable(o, e)
	// Of an unused one the receipt has it, and there is no room: a card has ten rows at most.
	if again := refs.BuyAgain(e, o); again != nil && !unused {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("esim.btn_again", nil), again)))
	}
	if unused {
		if o.SwapWorthOfOne().Minor > 0 && !e.GivenAway() {
			rows = append(rows, ui.Row(ui.NewButton(r.Plain("swap.btn", nil), refs.ESIM{Route: refs.RouteSwap, ESIM: e.ID})))
		}
		label := r.Plain("cancel.btn", nil)
		if e.GivenAway() {
			label = r.Plain("gift.btn_cancel", nil)
		}
		rows = append(rows, ui.Row(ui.NewButton(label, refs.ESIM{Route: refs.RouteCancel, ESIM: e.ID})))
	}
	if o.ID != "" && o.Customer == r.Customer.ID && f.contracts != nil && f.contracts.MayWithdraw(o) && !e.Returned && !o.TakesBack(e.ID) {
		rows = append(rows, refs.WithdrawRow(r, o, alone(o, e)))
	}
	return append(rows, ui.BackRow(r, refs.RouteESIMs))
}

// alone names the eSIM of an order that has others; "" where it is all of it.
func alone(o esim.Order, e esim.ESIM) esim.ESIMID {
	if o.Remaining() > 1 {
		return e.ID
	}
	return ""
}

// installFirst lead to the guide and to the QR code, of an eSIM that is still to be installed.
func installFirst(r *ui.Request, e esim.ESIM, o esim.Order, c esim.Condition) [][]ui.Button {
	halfway := c == esim.ConditionDownloading
	if c != esim.ConditionReady && !halfway || !e.Installable(o) {
		return nil
	}
	install := ui.NewButton(r.Plain("esim.btn_install", nil), refs.ESIM{Route: refs.RouteInstall, ESIM: e.ID}).AsPrimary()
	if halfway {
		install = ui.NewButton(r.Plain("guide.btn_stuck", nil), refs.Guide{ESIM: e.ID, Card: refs.CardHalfInstalled}).AsPrimary()
	}
	return ui.PairRows(install, ui.NewButton(r.Plain("esim.btn_qr", nil), refs.ESIM{Route: refs.RouteQR, ESIM: e.ID}))
}

// asksTrip reports whether the card of an eSIM asks when its customer travels: while it can still be of use.
func asksTrip(e esim.ESIM, o esim.Order, c esim.Condition) bool {
	return !e.Status.Final() && !o.TakesBack(e.ID) && c != esim.ConditionOver && c != esim.ConditionLapsed
}

// tripAhead reports whether the customer told of a trip that is not over.
func (f *esimsFlow) tripAhead(e esim.ESIM) bool { return e.Trip.Known() && !e.Trip.Over(f.now()) }

// tripLine says when a trip is, and how long if that was told.
func tripLine(r *ui.Request, t esim.Trip) string {
	args := i18n.Args{"date": r.Date(t.Day, nil), "weekday": r.Weekday(t.Day, nil), "days": r.Days(max(t.Days, 1))}
	if t.Days > 0 {
		return r.T("esim.trip_for", args)
	}
	return r.T("esim.trip", args)
}

// dataLines are the bar, when the networks reported it, and how long it lasts.
func (f *esimsFlow) dataLines(ctx context.Context, r *ui.Request, e esim.ESIM) ([]string, error) {
	var lines []string
	switch {
	case e.Plan.DayPass():
		lines = append(lines, r.T("esim.data_day_pass", i18n.Args{"data": r.PlanData(e.Plan)}))
		if e.Used > 0 {
			lines = append(lines, r.T("esim.used_so_far", i18n.Args{"used": r.Printer.Data(e.Used)}))
		}
		lately, ok, err := f.watcher.LastDay(ctx, e)
		if err != nil {
			return nil, err
		}
		if ok {
			lines = append(lines, r.T("esim.used_lately", i18n.Args{"used": r.Printer.Data(lately)}))
		}
	case e.Total <= 0:
		return nil, nil
	default:
		lines = append(lines, "", r.T("esim.data", i18n.Args{
			"bar": bar(e.Remaining(), e.Total), "left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
			"percent": r.Percent(e.Remaining(), e.Total),
		}))
	}
	if line, has := asOf(r, e); has {
		lines = append(lines, line)
	}
	runsOut, ok, err := f.watcher.Forecast(ctx, e)
	if err != nil {
		return nil, err
	}
	if ok {
		lines = append(lines, paceLine(r, e, runsOut, f.now()))
	}
	return lines, nil
}

// soon is until when a forecast names the day of the week.
const soon = 6 * 24 * time.Hour

// paceLine says how long the data lasts at the present pace: to the end, until a day, or, where it is soon and it is
// known what time it is there, until a part of a day.
func paceLine(r *ui.Request, e esim.ESIM, runsOut, now time.Time) string {
	at := zoneOf(e.Plan)
	when := ""
	switch {
	case !e.Expires.IsZero() && !runsOut.Before(e.Expires):
		return r.T("esim.pace_enough", nil)
	case runsOut.Sub(now) > soon:
		when = r.Day(runsOut, at)
	case at == nil:
		when = r.Weekday(runsOut, nil)
	default:
		when = r.ApproximateTime(runsOut, at)
	}
	return r.T("esim.pace_until", i18n.Args{"when": when})
}

// asOf says when the vendor counted the usage; false for an eSIM that was never in use.
func asOf(r *ui.Request, e esim.ESIM) (line string, has bool) {
	switch {
	case !e.UsageAt.IsZero():
		return r.T("esim.as_of", i18n.Args{"time": r.Moment(e.UsageAt)}), true
	case e.Activated.IsZero():
		return "", false
	}
	return r.T("esim.as_of_never", nil), true
}

// timeLine says when the eSIM ends, or how long it keeps; false if neither is known.
func (f *esimsFlow) timeLine(r *ui.Request, e esim.ESIM, c esim.Condition) (line string, has bool) {
	args := i18n.Args{
		"date": r.Moment(e.Expires), "left": r.TimeLeft(e.Expires.Sub(f.now())),
		"lasts": forsale.ValidityText(r, e.Plan, max(e.Days, 1)),
	}
	switch {
	case e.Expires.IsZero(), c == esim.ConditionWithdrawn:
		return "", false
	case c == esim.ConditionOver, c == esim.ConditionLapsed:
		return r.T("esim.ended", args), true
	case e.Activated.IsZero():
		return r.T("esim.keeps", args), true
	}
	return r.T("esim.ends", args), true
}

const barCells = 10

// bar draws what is left: "▰▰▰▰▱▱▱▱▱▱". Something left is never drawn as nothing.
func bar(left, total int64) string {
	full := int(left * barCells / total)
	if left > 0 {
		full = max(full, 1)
	}
	full = min(full, barCells)
	return strings.Repeat("▰", full) + strings.Repeat("▱", barCells-full)
}
