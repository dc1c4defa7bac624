package customer

import (
	"cmp"
	"slices"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// plansList is the screen that lists the plans of a country or region.
type plansList struct {
	flow    *browseFlow
	r       *ui.Request
	listRef // its own
	title   string
	around  bool // offer the tab of regions
	up      ui.CallbackRef
}

// offer is a plan with its least price.
type offer struct {
	plan  esim.Plan
	quote esim.Quote
}

// offers are the plans of one tab that can be sold, in the wanted order.
func (l plansList) offers(plans []esim.Plan) []offer {
	var out []offer
	for _, p := range plans {
		if p.DayPass() != (l.Tab == tabDays) || l.flow.catalog.Hidden(p.Code) {
			continue
		}
		if q, err := l.flow.checkout.From(p); err == nil {
			out = append(out, offer{p, q})
		}
	}
	if l.Order == byPrice {
		slices.SortStableFunc(out, func(a, b offer) int { return cmp.Compare(a.quote.Price.Minor, b.quote.Price.Minor) })
	}
	return out
}

func (l plansList) screen(plans []esim.Plan) (ui.Screen, error) {
	fixed, passes := 0, 0
	for _, p := range plans {
		if p.DayPass() {
			passes++
		} else {
			fixed++
		}
	}
	if l.Tab != tabFixed && l.Tab != tabDays {
		l.Tab = tabFixed
		if fixed == 0 {
			l.Tab = tabDays
		}
	}
	if l.Order != byPrice {
		l.Order = byData
	}
	offers := l.offers(plans)
	pg := ui.Paginate(len(offers), plansPage, l.Page)
	s := ui.Screen{Text: l.text(plans, offers)}
	twins := map[string]int{}
	for _, o := range offers {
		twins[l.r.PlanSize(o.plan, 0)]++
	}
	shown := offers[pg.From:pg.To]
	if slices.ContainsFunc(shown, func(o offer) bool { return l.exit(o, twins) != "" }) {
		s.Text += "\n" + l.r.T("browse.exits", nil)
	}
	for _, o := range shown {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(l.label(o, twins), planRef{Code: o.plan.Code, Origin: l.origin()})))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.CallbackRef { return listRef{l.Route, l.Code, l.Tab, l.Order, n, l.From} })...)
	if len(offers) > 2 {
		other, text := byPrice, "browse.btn_by_price"
		if l.Order == byPrice {
			other, text = byData, "browse.btn_by_data"
		}
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(l.r.Plain(text, nil), listRef{l.Route, l.Code, l.Tab, other, 0, l.From})))
	}
	s.Rows = append(s.Rows, l.tabs(fixed > 0, passes > 0)...)
	s.Rows = append(s.Rows, ui.Back(l.r, l.up))
	return s, nil
}

//i18n:use browse.btn_by_*

func (l plansList) text(plans []esim.Plan, offers []offer) string {
	key := "browse.plans_fixed"
	if l.Tab == tabDays {
		key = "browse.plans_days"
	}
	if len(offers) == 0 {
		key = "browse.plans_none"
	}
	return l.r.T(key, i18n.Args{"place": l.title})
}

// label is a plan on a button: "1 GB · 7 days · ⭐ 450", and " → 🇭🇰" where it takes that
// to tell it from another of the same size.
func (l plansList) label(o offer, twins map[string]int) string {
	return l.r.PlanSize(o.plan, 0) + " · " + l.r.Price(o.quote.Price) + l.exit(o, twins)
}

// exit is where a plan's traffic leaves, if there are others of its size.
func (l plansList) exit(o offer, twins map[string]int) string {
	if len(o.plan.Exits) == 0 || twins[l.r.PlanSize(o.plan, 0)] < 2 {
		return ""
	}
	return " → " + i18n.Flag(o.plan.Exits[0])
}

// tabs switch between fixed plans, day passes and regions around.
func (l plansList) tabs(fixed, passes bool) [][]ui.Button {
	var out []ui.Button
	add := func(tab, key string, offered bool) {
		if offered {
			out = append(out, ui.NewButton(mark(l.Tab == tab)+l.r.Plain(key, nil), listRef{Route: l.Route, Code: l.Code, Tab: tab, From: l.From}))
		}
	}
	add(tabFixed, "browse.btn_fixed", fixed)
	add(tabDays, "browse.btn_days", passes)
	add(tabAround, "browse.btn_around", l.around)
	if len(out) < 2 {
		return nil
	}
	return [][]ui.Button{out}
}

func mark(chosen bool) string {
	if chosen {
		return "● "
	}
	return ""
}

// regions lists the regional offers that include a country.
func (l plansList) regions(around []esim.Plan) (ui.Screen, error) {
	s := ui.Screen{Text: l.r.T("browse.around", i18n.Args{"place": l.title})}
	var seen []string
	for _, p := range around {
		if slices.Contains(seen, p.Location) {
			continue
		}
		seen = append(seen, p.Location)
	}
	slices.SortStableFunc(seen, func(a, b string) int { // the closest fit first
		c := l.flow.catalog.Current()
		return cmp.Compare(len(c.Region(a)[0].Places), len(c.Region(b)[0].Places))
	})
	for _, code := range seen {
		if b, ok := l.flow.regionButton(l.r, code, l.Code); ok {
			s.Rows = append(s.Rows, ui.Row(b))
		}
	}
	own := l.flow.catalog.Current().Country(l.Code)
	fixed := slices.ContainsFunc(own, func(p esim.Plan) bool { return !p.DayPass() })
	passes := slices.ContainsFunc(own, esim.Plan.DayPass)
	s.Rows = append(s.Rows, l.tabs(fixed, passes)...)
	s.Rows = append(s.Rows, ui.Back(l.r, l.up))
	return s, nil
}
