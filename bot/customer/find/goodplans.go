package find

import (
	"slices"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// goodPlans is the first screen of a country or region: what most who go there need, and the ways
// to the rest.
func (l plansList) goodPlans() ui.Screen {
	r := l.r
	quotes := l.flow.Suggested(l.Code)
	if len(quotes) == 0 {
		return ui.Screen{Text: r.T("browse.plans_none", i18n.Args{"place": l.title}), Rows: append(l.regionsRow(), ui.BackRow(r, l.up))}
	}
	best := esim.BestValue(quotes)
	s := ui.Screen{Text: r.T("browse.good", i18n.Args{"place": l.title})}
	if best >= 0 {
		s.Text += "\n" + r.T("browse.best", nil)
	}
	featured := l.flow.Catalog.Current().Featured
	if slices.ContainsFunc(quotes, func(q esim.Quote) bool { return featured(q.Plan.Code) }) {
		s.Text += "\n" + r.T("browse.featured", nil)
	}
	s.Text += l.flow.StarsLine(r)
	if closed := l.flow.PausedText(r); closed != "" {
		s.Text += "\n\n" + closed
	}
	for i, q := range quotes {
		around := bare
		if i == best {
			around = func(plan string) string { return r.Plain("browse.btn_best", i18n.Args{"plan": plan}) }
		}
		if featured(q.Plan.Code) {
			around = func(plan string) string { return r.Plain("browse.btn_featured", i18n.Args{"plan": plan}) }
		}
		label := planLabel(r, q.Plan, q.Days, q.Price, around)
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(label, refs.Plan{Code: q.Plan.Code, Origin: l.Origin()})))
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("need.btn", nil), refs.Need{Code: l.Code, From: l.From})))
	ways := ui.Row(ui.NewButton(r.Plain("browse.btn_all", nil), refs.List{Route: l.Route, Code: l.Code, Tab: tabOf(quotes[0].Plan), From: l.From}))
	for _, row := range l.regionsRow() {
		ways = append(ways, row...)
	}
	s.Rows = append(s.Rows, ui.PairRows(ways...)...)
	s.Rows = append(s.Rows, ui.BackRow(r, l.up))
	return s
}

// planLabel is a plan on a button, with what it opens with and costs: "1 GB · 7 days · ⭐ 106", "1 GB/day · 7 days · ⭐ 679".
// around is what stands beside it.
func planLabel(r *ui.Request, p esim.Plan, days int, price esim.Money, around func(plan string) string) string {
	return ui.FitLabel(1, planNames(r, p, days, price), around)
}

// planNames are what planLabel calls a plan: with its days in words, and shorter where there is no room for them.
func planNames(r *ui.Request, p esim.Plan, days int, price esim.Money) []string {
	sizes := r.PlanSizes(p, days)
	for i, size := range sizes {
		sizes[i] = r.Plain("browse.btn_plan", i18n.Args{"size": size, "price": r.Price(price)})
	}
	return sizes
}

// bare is around a label with nothing beside it.
func bare(plan string) string { return plan }

// regionsRow leads to the regions around a country, if there are any.
func (l plansList) regionsRow() [][]ui.Button {
	if !l.around {
		return nil
	}
	return [][]ui.Button{{ui.NewButton(l.r.Plain("browse.btn_around", nil), refs.List{Route: l.Route, Code: l.Code, Tab: refs.TabAround, From: l.From})}}
}

func tabOf(p esim.Plan) string {
	if p.DayPass() {
		return refs.TabDays
	}
	return refs.TabFixed
}
