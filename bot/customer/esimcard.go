package customer

import (
	"context"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use esim.*

func (f *esimsFlow) cardOf(ctx context.Context, r *ui.Request, e esim.ESIM, o esim.Order) (ui.Screen, error) {
	now := f.now()
	c := e.Condition(now)
	state := ui.ConditionMark(c) + " " + r.T("esim.is_"+string(c), i18n.Args{"when": whenToInstall(r, e.Plan)})
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
			return ui.Screen{}, err
		}
		lines = append(lines, data...)
	}
	if line, has := f.timeLine(r, e, c); has {
		lines = append(lines, line)
	}
	asksTrip := !e.Status.Final() && !o.TakesBack(e.ID) && c != esim.ConditionOver && c != esim.ConditionLapsed
	tripLabel := r.Plain("trip.btn", nil)
	if asksTrip && e.Trip.Known() && !e.Trip.Over(now) {
		tripLabel = r.Plain("esim.trip", i18n.Args{"date": r.Date(e.Trip.Day, nil)})
		if warning := tripWarning(r, e, e.Trip); warning != "" {
			lines = append(lines, warning)
		}
	}
	if e.Cancellable() && e.Epoch > 0 && !o.TakesBack(e.ID) {
		lines = append(lines, r.T("esim.topped_up_stays", nil))
	}
	s := ui.Screen{Text: strings.Join(lines, "\n")}
	if (c == esim.ConditionReady || c == esim.ConditionDownloading) && e.Installable(o) {
		install := ui.NewButton(r.Plain("esim.btn_install", nil), esimRef{routeInstall, e.ID})
		if c == esim.ConditionDownloading {
			install = ui.NewButton(r.Plain("guide.btn_stuck", nil), guideRef{ESIM: e.ID, Card: cardHalfInstalled})
		}
		s.Rows = append(s.Rows,
			ui.Row(install),
			ui.Row(ui.NewButton(r.Plain("esim.btn_qr", nil), esimRef{routeQR, e.ID})))
	}
	if e.CanTopUp(now) && !o.TakesBack(e.ID) {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("topup.btn", nil), topUpsRef{ESIM: e.ID})))
	}
	var look []ui.Button
	if !e.Status.Final() {
		look = append(look, ui.NewButton(r.Plain("esim.btn_refresh", nil), esimRef{routeRefresh, e.ID}))
	}
	if charted(e) {
		look = append(look, ui.NewButton(r.Plain("esim.btn_chart", nil), esimRef{routeChart, e.ID}))
	}
	s.Rows = append(s.Rows, ui.Pairs(look...)...)
	if asksTrip {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(tripLabel, tripOfESIM(e.ID))))
	}
	if !e.Status.Final() {
		s.Rows = append(s.Rows, ui.Row(faultButton(r, e.ID)))
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("name.btn", nil), nameRef{ESIM: e.ID})))
	if again := againRef(e, o); again != nil {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("esim.btn_again", nil), again)))
	}
	if cancellable(o, e) {
		if o.WorthOfOne().Minor > 0 {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("swap.btn", nil), esimRef{routeSwap, e.ID})))
		}
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("cancel.btn", nil), esimRef{routeCancel, e.ID})))
	}
	s.Rows = append(s.Rows, ui.Back(r, routeESIMs))
	return s, nil
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
		when = r.Around(runsOut, at)
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
		"date": r.Moment(e.Expires), "left": r.Left(e.Expires.Sub(f.now())),
		"lasts": lasts(r, e.Plan, max(e.Days, 1)),
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
