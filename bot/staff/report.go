package staff

import (
	"context"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// ReportStore is what the daily report tells beside what was earned.
type ReportStore interface {
	StatsStore
	// ThreadsWaiting counts the talks in which a customer spoke last.
	ThreadsWaiting(ctx context.Context) (int, error)
}

// reports tells how a day went, by itself each morning and when asked.
type reports struct {
	store   ReportStore
	items   esim.OpenItemStore
	monitor *esim.VendorMonitor
	zone    *time.Location
	now     func() time.Time
}

// openRows bounds the buttons under a report: it is to be read, and the reminder has more of them.
const openRows = 2

// command tells how yesterday went, or another day.
func (f *reports) command(ctx context.Context, r *request) (ui.Screen, error) {
	word := r.Word(0)
	if p, ok := esim.ParsePeriod(word, f.now(), f.zone); word != "" && (!ok || p.Days() != 1) {
		return notUnderstood(r, word, r.T("staff.report_usage", nil)), nil
	}
	return f.screen(ctx, r.Request, word)
}

// screen is the report of a day, of yesterday if it cannot be read.
func (f *reports) screen(ctx context.Context, r *ui.Request, word string) (ui.Screen, error) {
	day, ok := esim.ParsePeriod(word, f.now(), f.zone)
	if !ok || day.Days() != 1 {
		day = esim.DayOf(f.now(), f.zone).Before()
	}
	sales, err := salesReport(ctx, f.store, esim.ReportPeriod(day))
	if err != nil {
		return ui.Screen{}, err
	}
	funnel, err := f.store.Funnel(ctx, day)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := dayLines(r, esim.NewDayReport(sales))
	lines = append(lines, funnelLine(r, funnel), "")
	waits, rows, err := f.waiting(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	lines = append(append(lines, waits...), "", f.balanceLine(r, esim.NewDayReport(sales)))
	rows = append(rows, ui.Row(ui.NewButton("📊 "+r.Days(7), statsRef{Period: "7"}), ui.NewButton("📊 "+r.Days(30), statsRef{Period: "30"})))
	return ui.Screen{Text: ui.Clip(lines), Rows: rows}, nil
}

// dayLines are what a day earned, beside the day before and the same weekday as a rule.
func dayLines(r *ui.Request, d esim.DayReport) []string {
	zone := d.Day.From.Location()
	lines := []string{
		r.T("staff.report_head", i18n.Args{"weekday": r.Weekday(d.Day.From, zone), "date": r.Date(d.Day.From, zone)}),
		r.T("staff.stats_sales", i18n.Args{"amount": r.ExactAmount(d.Earned.Sales), "orders": r.Number(int64(d.Earned.Orders)), "change": i18n.HTML("")}),
		r.T("staff.report_before", i18n.Args{
			"amount": r.ExactAmount(d.Before.Sales), "orders": r.Number(int64(d.Before.Orders)), "change": change(r, d.Earned.Sales, d.Before.Sales),
		}),
	}
	if !d.Usual.IsZero() {
		lines = append(lines, r.T("staff.report_usual", i18n.Args{
			"weekday": r.Weekday(d.Day.From, zone), "amount": r.ExactAmount(d.Usual.Sales), "orders": r.Number(int64(d.Usual.Orders)),
			"change": change(r, d.Earned.Sales, d.Usual.Sales),
		}))
	}
	if d.Earned.Refunds.Minor != 0 {
		lines = append(lines, r.T("staff.stats_refunds", i18n.Args{"amount": r.ExactAmount(d.Earned.Refunds)}))
	}
	return append(lines, r.T("staff.stats_margin", i18n.Args{
		"amount": r.ExactAmount(d.Earned.Margin()), "share": i18n.HTML(share(r, d.Earned.Margin(), d.Earned.Sales)), "change": change(r, d.Earned.Margin(), d.Before.Margin()),
	}))
}

// waiting is what waits for staff now, with the buttons that lead there.
func (f *reports) waiting(ctx context.Context, r *ui.Request) (lines []string, rows [][]ui.Button, err error) {
	open, err := esim.FindOpenItems(ctx, f.items, f.now())
	if err != nil {
		return nil, nil, err
	}
	talks, err := f.store.ThreadsWaiting(ctx)
	if err != nil {
		return nil, nil, err
	}
	lines, rows = openWords(r, open)
	if talks > 0 {
		lines = append(lines, r.T("staff.report_talks", i18n.Args{"count": r.Number(int64(talks))}))
	}
	if len(lines) == 0 {
		lines = []string{r.T("staff.report_nothing_waits", nil)}
	}
	return lines, rows[:min(len(rows), openRows)], nil
}

// balanceLine is our balance at the vendor, and for how long it lasts.
func (f *reports) balanceLine(r *ui.Request, d esim.DayReport) string {
	st := f.monitor.Status()
	args := i18n.Args{"balance": r.ExactAmount(st.Balance), "time": when(r, st.AsOf), "daily": r.ExactAmount(d.DailyCost)}
	days, known := d.DaysCovered(st.Balance)
	if !known || st.AsOf.IsZero() {
		return r.T("staff.status_supply", args)
	}
	args["days"] = r.Days(days)
	return r.T("staff.report_balance", args)
}
