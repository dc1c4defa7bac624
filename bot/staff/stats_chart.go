package staff

import (
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// barDays is how many days one bar of the picture is of: of what can be told apart there are some sixty.
func barDays(days int) int {
	for _, n := range []int{1, 7, 30, 91} {
		if days <= 62*n {
			return n
		}
	}
	return 365
}

// drawing is the picture of what was earned, in words that the fonts have: for a language of other letters it is in the
// language to fall back to.
func (f *stats) drawing(p i18n.Printer, rep esim.SalesReport) chart.BarPicture {
	r := &ui.Request{Printer: p}
	each := barDays(rep.Period.Days())
	pic := chart.BarPicture{
		Title:  periodName(r, rep.Period),
		InName: p.Plain("staff.chart.title_sales", nil), BackName: p.Plain("staff.chart.title_refunds", nil), LeftName: p.Plain("staff.chart.title_margin", nil),
	}
	for _, e := range rep.In(each) {
		b := chart.Bar{In: dollars(e.Sales), Back: dollars(e.Refunds), Left: dollars(e.Margin())}
		pic.Bars = append(pic.Bars, b)
		pic.Top, pic.Bottom = max(pic.Top, b.In, b.Back, b.Left), min(pic.Bottom, b.Left)
	}
	pic.Beside = dollarTicks(r, pic.Bottom, pic.Top)
	last := pic.Beside[len(pic.Beside)-1].At
	pic.Bottom, pic.Top = min(pic.Bottom, pic.Beside[0].At), max(pic.Top, last)*1.04
	pic.Below = dayTicks(p, rep.Period, each, len(pic.Bars))
	written := pic.Title + pic.InName + pic.BackName + pic.LeftName
	for _, t := range append(pic.Below, pic.Beside...) {
		written += t.Label
	}
	if p.Lang() != i18n.Fallback && !f.charts.Writes(written) {
		return f.drawing(f.texts.Printer(i18n.Fallback), rep)
	}
	return pic
}

// dollars is an amount of USD4 as a place on an axis, where nothing hangs on a fraction of a cent.
func dollars(m esim.Money) float64 { return float64(m.Minor) / 10_000 }

// dollarTicks are at most seven round amounts from the one below bottom up to top, nothing among them.
func dollarTicks(r *ui.Request, bottom, top float64) []chart.Tick {
	step := int64(1)
	for i := 0; float64(step)*5 < top-bottom; i++ {
		step = []int64{2, 5, 10}[i%3] * pow10(i/3)
	}
	var ticks []chart.Tick
	from := int64(0)
	for float64(from) > bottom {
		from -= step
	}
	for at := from; ; at += step {
		ticks = append(ticks, chart.Tick{At: float64(at), Label: r.Money(at, 0, string(esim.USD))})
		if float64(at) >= top && at > 0 {
			return ticks
		}
	}
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// dayTicks name at most five bars by the day they begin with.
func dayTicks(p i18n.Printer, period esim.Period, each, bars int) []chart.Tick {
	step := max(1, (bars+3)/4)
	var ticks []chart.Tick
	for i := 0; i < bars; i += step {
		day := period.Day(i * each).From
		ticks = append(ticks, chart.Tick{At: float64(i), Label: dayName(p, day)})
	}
	return ticks
}

func dayName(p i18n.Printer, day time.Time) string { return p.Day(day, day.Location()) }
