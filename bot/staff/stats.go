package staff

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// How many places and plans are named under the picture, and in a list of their own.
const (
	sharesNamed = 3
	sharesShown = 25
)

// StatsStore reads what was earned out of the books, and who came how far.
type StatsStore interface {
	// EarnedLines lists the lines of the books from which earnings are read, in the order of their time.
	EarnedLines(ctx context.Context, p esim.Period) iter.Seq2[esim.EarnedLine, error]
	// FirstEarned is when the first of them was written; ErrNotFound if there is none.
	FirstEarned(ctx context.Context) (time.Time, error)
	// Funnel counts who went how far on the way to a purchase within a period.
	Funnel(ctx context.Context, p esim.Period) (esim.Funnel, error)
}

// stats tells what was earned, with a picture.
type stats struct {
	store  StatsStore
	charts *chart.Painter
	texts  *i18n.Bundle
	zone   *time.Location
	now    func() time.Time
}

// show tells of a period, of the last month if none is named. Years of books take a while to add up, so what is told comes
// behind the answer to the update.
func (f *stats) show(_ context.Context, r *request) (ui.Screen, error) {
	word := r.Word(0)
	if word == "" {
		word = "30"
	}
	if _, ok := esim.ParsePeriod(word, f.now(), f.zone); !ok || len(r.Data.Args) > 1 {
		return notUnderstood(r, strings.Join(r.Data.Args, " "), r.T("staff.stats_usage", nil)), nil
	}
	return f.later(r, statsRef{Period: word}), nil
}

// pressed tells of the period of a button, in a message of its own.
func (f *stats) pressed(_ context.Context, r *request, ref statsRef) (ui.Screen, error) {
	return f.later(r, ref), nil
}

func (f *stats) later(r *request, ref statsRef) ui.Screen {
	return ui.Screen{After: func(ctx context.Context) (ui.Screen, error) {
		screen, err := f.told(ctx, r, ref)
		if err != nil && ctx.Err() == nil {
			screen, err = ui.Screen{Text: string(words(r, err))}, nil
		}
		screen.Fresh = true
		return screen, err
	}}
}

func (f *stats) told(ctx context.Context, r *request, ref statsRef) (ui.Screen, error) {
	p, ok := esim.ParsePeriod(ref.Period, f.now(), f.zone)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	if p.All() {
		first, err := f.store.FirstEarned(ctx)
		if errors.Is(err, esim.ErrNotFound) {
			first, err = f.now(), nil
		}
		if err != nil {
			return ui.Screen{}, err
		}
		p = esim.Period{From: esim.DayOf(first, f.zone).From, To: esim.DayOf(f.now(), f.zone).To}
	}
	rep, err := salesReport(ctx, f.store, p)
	if err != nil {
		return ui.Screen{}, err
	}
	switch ref.View {
	case viewPlaces:
		return f.list(r, ref, rep, placeShares(r.Request, rep)), nil
	case viewPlans:
		return f.list(r, ref, rep, planShares(r.Request, rep)), nil
	}
	return f.overview(ctx, r, ref, rep)
}

// salesReport adds up what a period earned.
func salesReport(ctx context.Context, store StatsStore, p esim.Period) (esim.SalesReport, error) {
	sum := esim.NewSalesSummarizer(p)
	for line, err := range store.EarnedLines(ctx, p) {
		if err != nil {
			return esim.SalesReport{}, err
		}
		sum.Add(line)
	}
	return sum.Report(), nil
}

// overview is the picture with all that matters under it.
func (f *stats) overview(ctx context.Context, r *request, ref statsRef, rep esim.SalesReport) (ui.Screen, error) {
	before, err := salesReport(ctx, f.store, rep.Period.Before())
	if err != nil {
		return ui.Screen{}, err
	}
	funnel, err := f.store.Funnel(ctx, rep.Period)
	if err != nil {
		return ui.Screen{}, err
	}
	head := r.T("staff.stats_head", i18n.Args{"period": periodName(r.Request, rep.Period), "zone": f.zone.String()})
	lines := []string{head, ""}
	if rep.Total.IsZero() {
		lines = append(lines, r.T("staff.stats_none", nil))
	} else {
		lines = append(lines, earningLines(r.Request, rep.Total, before.Total)...)
		lines = append(lines, sharesLine(r.Request, "💳", methodShares(r.Request, rep))...)
		lines = append(lines, sharesLine(r.Request, "🌍", placeShares(r.Request, rep))...)
		lines = append(lines, sharesLine(r.Request, "📦", planShares(r.Request, rep))...)
	}
	lines = append(lines, funnelLine(r.Request, funnel))
	if !before.Total.IsZero() && !rep.Total.IsZero() {
		lines = append(lines, r.T("staff.stats_against", i18n.Args{"period": periodName(r.Request, rep.Period.Before())}))
	}
	rows := f.rows(r.Request, ref)
	if rep.Total.IsZero() {
		return ui.Screen{Text: strings.Join(lines, "\n"), Rows: rows[:1]}, nil
	}
	png, err := f.charts.Bars(f.drawing(r.Printer, rep))
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Text: ui.ClipCaption(lines), Rows: rows, Picture: &ui.Picture{PNG: png, Name: "sales-" + strings.ReplaceAll(rep.Period.String(), "..", "_") + ".png"},
	}, nil
}

// rows are the buttons of other periods, and of the lists of this one.
func (f *stats) rows(r *ui.Request, ref statsRef) [][]ui.Button {
	var periods []ui.Button
	for _, word := range []string{"7", "30", "month", "year"} {
		label := r.Plain("staff.btn_stats_"+word, nil)
		if word == "7" || word == "30" {
			label = r.Days(map[string]int{"7": 7, "30": 30}[word])
		}
		if word != ref.Period {
			periods = append(periods, ui.NewButton(label, statsRef{Period: word}))
		}
	}
	return append(ui.PairRows(periods...), ui.Row( // three in a row are cut on a phone
		ui.NewButton(r.Plain("staff.btn_stats_places", nil), statsRef{ref.Period, viewPlaces}),
		ui.NewButton(r.Plain("staff.btn_stats_plans", nil), statsRef{ref.Period, viewPlans}),
	))
}

// list names all that sold most.
func (f *stats) list(r *request, ref statsRef, rep esim.SalesReport, shares []shareText) ui.Screen {
	lines := []string{r.T("staff.stats_head", i18n.Args{"period": periodName(r.Request, rep.Period), "zone": f.zone.String()}), ""}
	for _, s := range shares[:min(len(shares), sharesShown)] {
		lines = append(lines, r.T("staff.stats_line", i18n.Args{
			"name": s.name, "sales": r.ExactAmount(s.Sales), "orders": r.Number(int64(s.Orders)), "margin": r.ExactAmount(s.Margin()),
		}))
	}
	if len(shares) == 0 {
		lines = append(lines, r.T("staff.stats_none", nil))
	}
	return ui.Screen{Text: ui.Clip(lines), Rows: [][]ui.Button{ui.Row(ui.NewButton(r.Plain("staff.btn_stats", nil), statsRef{Period: ref.Period}))}}
}
