package own

import (
	"context"
	"slices"
	"strings"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/zones"
)

// charted reports whether there is something to draw of an eSIM: it was in use, and the networks reported.
func charted(e esim.ESIM) bool { return !e.Activated.IsZero() && e.UsageAt.After(e.Activated) }

// zoneOf is the time zone where a plan works; nil where it is not known, or there are several.
func zoneOf(p esim.Plan) *time.Location {
	if p.Scope() == esim.ScopeCountry {
		return zones.Of(ui.CountryOf(p))
	}
	return zones.Shared(p.Places)
}

// chart shows how the data went, as a picture: it takes some ten milliseconds to draw.
func (f *esimsFlow) chart(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	course, err := f.watcher.UsageHistory(ctx, e)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(course) == 0 {
		return ui.Screen{Toast: r.Plain("esim.toast_no_chart", nil)}, nil
	}
	runsOut, ok, err := f.watcher.Forecast(ctx, e)
	if err != nil {
		return ui.Screen{}, err
	}
	if !ok {
		runsOut = time.Time{}
	}
	span := chartSpan(e, runsOut, f.now())
	png, err := f.charts.PNG(f.drawing(r.Printer, e, course, runsOut, span))
	if err != nil {
		return ui.Screen{}, err
	}
	data, err := f.dataLines(ctx, r, e)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := append([]string{
		r.T("esim.head", i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}),
	}, data...)
	if span.hours() {
		lines = append(lines, r.T("esim.chart_zone", i18n.Args{"zone": span.zone()}))
	}
	s := ui.Screen{Fresh: true, Text: strings.Join(lines, "\n"), Picture: &ui.Picture{PNG: png, Name: "usage-" + e.ShortID(1) + ".png"}}
	if e.CanTopUp(f.now()) && !o.TakesBack(e.ID) {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID})))
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("qr.btn_open", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})))
	return s, nil
}

// drawing is the chart in words that the fonts have: of a language of other letters it is in the language to fall
// back to.
func (f *esimsFlow) drawing(p i18n.Printer, e esim.ESIM, course []esim.Usage, runsOut time.Time, span timeSpan) chart.Picture {
	words := &ui.Request{Printer: p}
	pic := chart.Picture{
		Title: words.PlanTitle(e.Plan, ui.DayPassDays(e)), To: span.at(span.to),
		UsedName: p.Plain("esim.chart.title_used", nil), Below: span.ticks(p),
	}
	top := int64(1)
	last := course[len(course)-1]
	for i, u := range course {
		pic.Used = append(pic.Used, chart.Point{X: span.at(u.AsOf), Y: float64(u.Used)})
		top = max(top, u.Used)
		if e.Plan.DayPass() { // its volume is given anew each day, and what is left of a day is lost
			continue
		}
		top = max(top, u.Total)
		if i > 0 && u.Total != course[i-1].Total {
			pic.Total = append(pic.Total, chart.Point{X: span.at(u.AsOf), Y: float64(course[i-1].Total)})
		}
		pic.Total = append(pic.Total, chart.Point{X: span.at(u.AsOf), Y: float64(u.Total)})
	}
	if len(pic.Total) > 0 {
		pic.TotalName = p.Plain("esim.chart.title_bought", nil)
		pic.Total = append(pic.Total, chart.Point{X: pic.To, Y: float64(last.Total)})
	}
	if runsOut.After(last.AsOf) {
		pic.AheadName = p.Plain("esim.chart.title_ahead", nil)
		pic.Ahead = []chart.Point{{X: span.at(last.AsOf), Y: float64(last.Used)}, {X: span.at(runsOut), Y: float64(last.Total)}}
	}
	pic.Top = float64(top) * 1.08
	pic.Left = dataTicks(p, top)
	written := pic.Title + pic.UsedName + pic.TotalName + pic.AheadName
	for _, t := range append(pic.Below, pic.Left...) {
		written += t.Label
	}
	if p.Lang() != i18n.Fallback && !f.charts.Writes(written) {
		return f.drawing(f.texts.Printer(i18n.Fallback), e, course, runsOut, span)
	}
	return pic
}

// dataTicks are at most six round amounts up to the top, as far from each other, and all in the unit of the top.
func dataTicks(p i18n.Printer, top int64) []chart.Tick {
	const mb, gb = 1 << 20, 1 << 30
	steps, write := []int64{20 * mb, 50 * mb, 100 * mb, 200 * mb}, p.Data
	if top >= gb {
		steps, write = []int64{gb / 4, gb / 2, gb, 2 * gb, 5 * gb, 10 * gb, 20 * gb, 50 * gb, 100 * gb, 200 * gb}, p.Gigabytes
	}
	step := firstStep(steps, func(step int64) bool { return top/step <= 5 })
	var ticks []chart.Tick
	for at := int64(0); at <= top && len(ticks) < 12; at += step {
		ticks = append(ticks, chart.Tick{At: float64(at), Label: write(at)})
	}
	return ticks
}

// firstStep is the first step that is large enough, else the last.
func firstStep[T any](steps []T, enough func(T) bool) T {
	i := slices.IndexFunc(steps, enough)
	if i < 0 {
		i = len(steps) - 1
	}
	return steps[i]
}

// A timeSpan is what the axis of a chart covers.
type timeSpan struct {
	from, to time.Time
	in       *time.Location
}

// wholeMonth is up to how long a plan is shown to its end, however short its use was.
const wholeMonth = 31 * 24 * time.Hour

// chartSpan is from the begin of an eSIM's validity to its end. Of a long plan it is no more than is needed to see how
// the data went, and when it runs out (zero: not known).
func chartSpan(e esim.ESIM, runsOut, now time.Time) timeSpan {
	s := timeSpan{from: e.Activated, to: e.Expires, in: zoneOf(e.Plan)}
	if s.in == nil {
		s.in = time.UTC
	}
	gone := max(min(now.Sub(s.from), max(e.Expires.Sub(s.from), 0)), e.UsageAt.Sub(s.from), time.Hour)
	if s.to.Sub(s.from) > wholeMonth || !s.to.After(s.from) {
		short := s.from.Add(4 * gone)
		if runsOut.After(short) {
			short = runsOut.Add(runsOut.Sub(s.from) / 10)
		}
		if short.Before(s.to) || !s.to.After(s.from) {
			s.to = short
		}
	}
	if last := s.from.Add(gone); s.to.Before(last) {
		s.to = last
	}
	return s
}

// at is a place on the axis: hours since its begin.
func (s timeSpan) at(t time.Time) float64 { return t.Sub(s.from).Hours() }

// hours reports whether the axis names times of day.
func (s timeSpan) hours() bool { return s.to.Sub(s.from) < 72*time.Hour }

// zone is whose times of day they are: "UTC+9".
func (s timeSpan) zone() string {
	_, seconds := s.from.In(s.in).Zone()
	name := strings.Replace(s.from.In(s.in).Format("UTC-07:00"), ":00", "", 1)
	if seconds == 0 {
		return "UTC"
	}
	return strings.Replace(strings.Replace(name, "+0", "+", 1), "-0", "-", 1)
}

// ticks are at most six days, or times of day, each at its begin where the eSIM is used.
func (s timeSpan) ticks(p i18n.Printer) []chart.Tick {
	var ticks []chart.Tick
	y, m, d := s.from.In(s.in).Date()
	if !s.hours() {
		whole := int(s.to.Sub(s.from) / (24 * time.Hour))
		days := firstStep([]int{1, 2, 3, 5, 7, 10, 14, 20, 30, 60, 90}, func(n int) bool { return (whole-1)/n <= 5 })
		for i := 1; ; i += days {
			at := time.Date(y, m, d+i, 0, 0, 0, 0, s.in)
			if at.After(s.to) {
				return ticks
			}
			ticks = append(ticks, chart.Tick{At: s.at(at), Label: p.Day(at, s.in)})
		}
	}
	step := 1
	for _, next := range []int{2, 3, 6, 12} {
		if s.to.Sub(s.from) <= time.Duration(6*step)*time.Hour {
			break
		}
		step = next
	}
	for i := 0; ; i += step {
		at := time.Date(y, m, d, i, 0, 0, 0, s.in)
		if at.After(s.to) {
			return ticks
		}
		if at.Before(s.from) {
			continue
		}
		label := p.Clock(at, s.in)
		if at.Hour() == 0 {
			label = p.Day(at, s.in)
		}
		ticks = append(ticks, chart.Tick{At: s.at(at), Label: label})
	}
}
