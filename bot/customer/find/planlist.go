package find

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// plansList is the screens of a country or region: the good plans, all plans, the regions around.
type plansList struct {
	flow      *browseFlow
	r         *ui.Request
	refs.List // its own
	title     string
	around    bool // offer the regions around
	up        ui.CallbackRef
}

// listFilters are the steps of the two filters, from any to the strictest and back to any.
var listFilters = struct{ days, packGB, passGB []int }{[]int{0, 7, 15, 30}, []int{0, 1, 5, 10, 20}, []int{0, 1, 2, 5}}

// next is the step of a filter after the one that is set.
func next(steps []int, set int) int {
	return steps[(slices.Index(steps, set)+1)%len(steps)] // of no known step the first
}

// offers are the plans of one tab that can be sold and pass the filters, in the wanted order.
func (l plansList) offers(plans []esim.Plan) []esim.Quote {
	quotes := l.flow.Quotes(slices.DeleteFunc(slices.Clone(plans), func(p esim.Plan) bool {
		return p.DayPass() != (l.Tab == refs.TabDays) || !p.DayPass() && p.Days < l.MinDays ||
			p.Kind != esim.DailyUnlimited && p.Data < int64(l.MinGB)<<30
	}))
	perGB := func(q esim.Quote) int64 {
		per, _ := q.PerGB()
		return per.Minor
	}
	quotes = l.distinct(quotes)
	compare := map[string]func(a, b esim.Quote) int{
		refs.ByPrice: func(a, b esim.Quote) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) },
		refs.ByDays:  func(a, b esim.Quote) int { return cmp.Compare(a.Plan.Days, b.Plan.Days) },
		refs.ByGB:    func(a, b esim.Quote) int { return cmp.Compare(perGB(a), perGB(b)) },
	}[l.Order]
	if compare != nil {
		slices.SortStableFunc(quotes, compare)
	}
	return quotes
}

// distinct leaves out what another offer of the same size gives for as little or less, as far as the vendor tells.
func (l plansList) distinct(quotes []esim.Quote) []esim.Quote {
	twins := map[string][]esim.Quote{}
	for _, q := range quotes {
		size := l.r.PlanSize(q.Plan, 0)
		twins[size] = append(twins[size], q)
	}
	return slices.DeleteFunc(quotes, func(q esim.Quote) bool {
		for _, other := range twins[l.r.PlanSize(q.Plan, 0)] {
			less := other.Price.Minor < q.Price.Minor || other.Price.Minor == q.Price.Minor && other.Plan.Code < q.Plan.Code
			if less && len(forsale.DifferencesInWords(l.r, q.Plan, []esim.Plan{q.Plan, other.Plan})) == 0 && len(forsale.DifferencesInWords(l.r, other.Plan, []esim.Plan{q.Plan, other.Plan})) == 0 {
				return true
			}
		}
		return false
	})
}

// allPlans lists everything that is sold, one kind at a time.
func (l plansList) allPlans(plans []esim.Plan) ui.Screen {
	passes := slices.ContainsFunc(plans, esim.Plan.DayPass)
	packs := slices.ContainsFunc(plans, func(p esim.Plan) bool { return !p.DayPass() })
	if !slices.Contains([]string{refs.ByPrice, refs.ByDays, refs.ByGB}, l.Order) {
		l.Order = refs.ByData
	}
	offers := l.offers(plans)
	pg := ui.Paginate(len(offers), plansPage, l.Page)
	l.Page = pg.Number()
	s := ui.Screen{Text: l.text(offers, pg)}
	twins := l.twins(offers)
	for i := pg.From; i < pg.To; i++ {
		q := offers[i]
		label := l.label(q, i-pg.From+1, twins[l.r.PlanSize(q.Plan, 0)])
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(label, refs.Plan{Code: offers[i].Plan.Code, Origin: l.Origin()})))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return l.with(func(p *refs.List) { p.Page = n }) })...)
	if len(plans) > 2 {
		s.Rows = append(s.Rows, l.orders(), l.filters())
	}
	if passes && packs {
		s.Rows = append(s.Rows, ui.Row(l.tab(refs.TabFixed, "browse.btn_fixed"), l.tab(refs.TabDays, "browse.btn_days")))
	}
	up := refs.List{Route: l.Route, Code: l.Code, From: l.From}
	s.Rows = append(s.Rows, ui.BackRow(l.r, up))
	return s
}

// with is this list with something changed.
func (l plansList) with(change func(*refs.List)) refs.List {
	changed := l.List
	change(&changed)
	return changed
}

//i18n:use browse.btn_by_*

// orders are the buttons to sort by.
func (l plansList) orders() []ui.Button {
	var row []ui.Button
	for _, o := range []struct{ order, key string }{
		{refs.ByPrice, "browse.btn_by_price"}, {refs.ByData, "browse.btn_by_data"}, {refs.ByDays, "browse.btn_by_days"}, {refs.ByGB, "browse.btn_by_gb"},
	} {
		if o.order == refs.ByDays && l.Tab == refs.TabDays {
			continue // a day pass is of one day
		}
		row = append(row, ui.NewButton(refs.ChosenMark(l.Order == o.order)+l.r.Plain(o.key, nil), l.with(func(p *refs.List) { p.Order, p.Page = o.order, 0 })))
	}
	return row
}

// filters are buttons that each go on to the next step of a filter.
func (l plansList) filters() []ui.Button {
	days, data := l.r.Plain("browse.btn_any_days", nil), l.r.Plain("browse.btn_any_data", nil)
	if l.MinDays > 0 {
		days = l.r.PlainN("browse.btn_min_days", l.MinDays, nil)
	}
	if l.MinGB > 0 {
		data = l.r.Plain("browse.btn_min_data", i18n.Args{"data": l.r.Printer.Data(int64(l.MinGB) << 30)})
	}
	steps := listFilters.packGB
	if l.Tab == refs.TabDays {
		steps = listFilters.passGB
	}
	byData := ui.NewButton(data, l.with(func(p *refs.List) { p.MinGB, p.Page = next(steps, l.MinGB), 0 }))
	if l.Tab == refs.TabDays {
		return ui.Row(byData)
	}
	return ui.Row(ui.NewButton(days, l.with(func(p *refs.List) { p.MinDays, p.Page = next(listFilters.days, l.MinDays), 0 })), byData)
}

// tab switches to a kind of plans. The filters begin anew.
func (l plansList) tab(tab, key string) ui.Button {
	return ui.NewButton(refs.ChosenMark(l.Tab == tab)+l.r.Plain(key, nil), refs.List{Route: l.Route, Code: l.Code, Tab: tab, Order: l.Order, From: l.From})
}

// twins are the plans of each size.
func (l plansList) twins(offers []esim.Quote) map[string][]esim.Plan {
	out := map[string][]esim.Plan{}
	for _, q := range offers {
		size := l.r.PlanSize(q.Plan, 0)
		out[size] = append(out[size], q.Plan)
	}
	return out
}

// label is the n-th plan of a page on its button, with what tells it from those of its size. The days that the price of
// a day pass is for stand in the text.
func (l plansList) label(q esim.Quote, n int, alike []esim.Plan) string {
	numbered := func(plan string) string {
		return l.r.Plain("browse.btn_numbered", i18n.Args{"n": l.r.Number(int64(n)), "plan": plan})
	}
	names := planNames(l.r, q.Plan, q.Days, q.Price)
	if q.Plan.DayPass() {
		names = planNames(l.r, q.Plan, 0, q.Price)
	}
	labels := []func(string) string{numbered}
	if told := forsale.DistinguishingFacts(l.r, q.Plan, alike); len(alike) > 1 && len(told) > 0 {
		labels = nil
		for _, between := range []string{" · ", " "} {
			for _, what := range told {
				if between == " · " && !strings.ContainsFunc(what, unicode.IsLetter) {
					continue // a flag stands alike on all buttons, long and short
				}
				labels = append(labels, func(plan string) string { return numbered(plan) + between + what })
			}
		}
	}
	for _, name := range names {
		if text := ui.FitLabel(1, []string{name}, labels...); len(labels) > 1 && ui.LabelWidth(text) <= ui.MaxLabel(1) && strings.Contains(text, name) {
			return text
		}
	}
	if len(labels) > 1 { // its price stands in the text
		names = []string{l.r.PlanSize(q.Plan, 0)}
	}
	return ui.FitLabel(1, names, labels...)
}

// text says of each plan on the page what its button has no room for.
func (l plansList) text(offers []esim.Quote, pg ui.Page) string {
	r := l.r
	if len(offers) == 0 {
		return r.T("browse.plans_none", i18n.Args{"place": l.title})
	}
	key := "browse.plans_fixed"
	if l.Tab == refs.TabDays {
		key = "browse.plans_days"
	}
	lines := []string{r.T(key, i18n.Args{"place": l.title}) + l.flow.StarsLine(r)}
	twins := l.twins(offers)
	for i := pg.From; i < pg.To; i++ {
		q := offers[i]
		size := r.PlanSize(q.Plan, 0)
		line := r.T("browse.plan_line", i18n.Args{"n": r.Number(int64(i - pg.From + 1)), "size": r.PlanSize(q.Plan, q.Days), "price": r.Price(q.Price)})
		if per, ok := q.PerGB(); ok {
			line += " · " + r.T("browse.per_gb", i18n.Args{"price": r.Price(per)})
		}
		if differ := forsale.DifferencesInWords(r, q.Plan, twins[size]); len(differ) > 0 {
			line += "\n      <i>" + r.Facts(differ...) + "</i>"
		}
		lines = append(lines, line)
	}
	return ui.Clip(lines)
}

const regionsPage = 8

// regions lists the regional offers that include a country, the closest fit first.
func (l plansList) regions() ui.Screen {
	s := ui.Screen{Text: l.r.T("browse.around", i18n.Args{"place": l.title})}
	var buttons []ui.Button
	for _, code := range l.flow.Catalog.Current().RegionsIncluding(l.Code) {
		if b, ok := l.flow.RegionButton(l.r, code, l.Code); ok {
			buttons = append(buttons, b)
		}
	}
	pg := ui.Paginate(len(buttons), regionsPage, l.Page)
	for _, b := range buttons[pg.From:pg.To] {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return l.with(func(p *refs.List) { p.Page = n }) })...)
	up := l.up
	if len(l.flow.Plans(l.Code)) > 0 {
		up = refs.List{Route: l.Route, Code: l.Code, From: l.From}
	}
	s.Rows = append(s.Rows, ui.BackRow(l.r, up))
	return s
}
