package find

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// find shows again what a search found.
func (f *searchFlow) find(_ context.Context, r *ui.Request, ref refs.Find) (ui.Screen, error) {
	catalog := f.Catalog.Current()
	if len(catalog.Plans()) == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	switch ref.Mode {
	case refs.FindRegion:
		return f.region(r, ref)
	case refs.FindOne:
		return f.one(r, ref, ""), nil
	}
	if len(ref.Places) == 1 && !ref.Any() {
		return ui.Screen{Follow: refs.List{Route: refs.RouteCountry, Code: ref.Places[0], From: refs.FromMenu}.Data()}, nil
	}
	return f.all(r, ref), nil
}

// one lists places of which one is meant.
func (f *searchFlow) one(r *ui.Request, ref refs.Find, query string) ui.Screen {
	s := ui.Screen{Text: r.T("search.which", nil)}
	if query != "" {
		s.Text = r.T("search.several", i18n.Args{"query": query})
	}
	from := ref.Trail()
	for _, code := range ref.Places {
		if _, ok := f.serving(code); ok {
			s.Rows = append(s.Rows, ui.Row(f.button(r, code, ref.PlanCriteria, from)))
		}
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}

// all shows the plans that work in all places and fit what is wanted; where there are none, each
// place by itself.
func (f *searchFlow) all(r *ui.Request, ref refs.Find) ui.Screen {
	plans := f.sellable(f.Catalog.Current().CoveringAll(ref.Places))
	if len(ref.Places) == 1 {
		if own := f.sellable(f.Catalog.Current().Country(ref.Places[0])); len(own) > 0 {
			plans = own
		}
	}
	names := r.List(f.names(r, ref.Places))
	switch {
	case len(plans) == 0:
		return f.each(r, ref, r.T("search.each", i18n.Args{"places": names}))
	case ref.Any():
		s := f.fitting(r, ref, plans, names)
		if len(ref.Places) == 1 {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(f.allLabel(r, r.Place(ref.Places[0])),
				refs.List{Route: refs.RouteCountry, Code: ref.Places[0], From: ref.Trail()})))
		}
		s.Rows = append(s.Rows, f.home(r))
		return s
	}
	s := ui.Screen{Text: r.T("search.together", i18n.Args{"places": names})}
	for _, b := range f.regionButtons(r, plans, ref.Trail()) {
		s.Rows = append(s.Rows, ui.Row(b))
	}
	s.Rows = append(s.Rows, f.eachRows(r, ref)...)
	s.Rows = append(s.Rows, f.home(r))
	return s
}

// fitting lists the plans that fit, with what they cover where that is not said yet.
func (f *searchFlow) fitting(r *ui.Request, ref refs.Find, plans []esim.Plan, title string) ui.Screen {
	picks, enough := esim.MatchingPlans(plans, ref.Places[0], ref.PlanCriteria)
	key := "search.fitting"
	if !enough {
		key = "search.fitting_none"
	}
	lines := []string{r.T(key, i18n.Args{"place": title, "wanted": f.wanted(r, ref.PlanCriteria)})}
	s := ui.Screen{}
	type cover struct {
		size, place string
		count       int
	}
	var covers []cover
	for _, p := range picks {
		q, err := f.Checkout.Quote(p.Plan.Code, 1, p.Days)
		if err != nil {
			continue
		}
		size := r.PlanSize(p.Plan, p.Days)
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(planLabel(r, p.Plan, p.Days, q.Price, bare), refs.Plan{Code: p.Plan.Code, Origin: "." + ref.Trail(), Days: p.Days})))
		if p.Plan.Scope() != esim.ScopeCountry {
			covers = append(covers, cover{size, r.PlanPlace(p.Plan), len(p.Plan.Places)})
		}
	}
	same := len(covers) == len(s.Rows) && !slices.ContainsFunc(covers, func(c cover) bool { return c.place != covers[0].place || c.count != covers[0].count })
	for i, c := range covers {
		args := i18n.Args{"size": c.size, "place": c.place, "count": r.Number(int64(c.count))}
		switch {
		case !same:
			lines = append(lines, r.T("search.fitting_line", args))
		case i == 0:
			lines = append(lines, r.T("search.fitting_same", args))
		}
	}
	s.Text = strings.Join(lines, "\n")
	return s
}

// allLabel is on the button to all plans of a place.
func (f *searchFlow) allLabel(r *ui.Request, place string) string {
	return ui.CutLabel(place, 1, func(name string) string { return r.Plain("search.btn_all", i18n.Args{"place": name}) })
}

// criteria are what a text says of the plan that is wanted.
func criteria(q i18n.Query) esim.PlanCriteria {
	w := esim.PlanCriteria{Data: q.Bytes, Daily: q.Daily, Unlimited: q.Unlimited, Days: q.Days}
	if w.Daily > 0 {
		w.Data = 0 // of each day, and not in all
	}
	return w
}

// wanted is what was asked for, in words: "5 GB, 30 days".
func (f *searchFlow) wanted(r *ui.Request, w esim.PlanCriteria) string {
	var parts []string
	switch {
	case w.Unlimited:
		parts = append(parts, r.Plain("plan.title_unlimited", nil))
	case w.Daily > 0:
		parts = append(parts, r.Plain("plan.title_per_day", i18n.Args{"data": r.Printer.Data(w.Daily)}))
	case w.Data > 0:
		parts = append(parts, r.Printer.Data(w.Data))
	}
	if w.Days > 0 {
		parts = append(parts, r.Days(w.Days))
	}
	return r.Facts(parts...)
}

// each leads to each place by itself.
func (f *searchFlow) each(r *ui.Request, ref refs.Find, text string) ui.Screen {
	return ui.Screen{Text: text, Rows: append(f.eachRows(r, ref), f.home(r))}
}

func (f *searchFlow) eachRows(r *ui.Request, ref refs.Find) [][]ui.Button {
	var buttons []ui.Button
	for _, code := range ref.Places {
		b := f.button(r, code, ref.PlanCriteria, ref.Trail())
		if len(ref.Places) > forsale.MaxRegionFlags { // two in a row have no room for prices
			b.Text = ui.FitLabel(2, r.Labels(code), func(name string) string { return i18n.Flag(code) + " " + name })
		}
		buttons = append(buttons, b)
	}
	return ui.PairRows(buttons...)
}

// sellable are the plans that can be bought at the moment.
func (f *searchFlow) sellable(plans []esim.Plan) []esim.Plan {
	var out []esim.Plan
	for _, p := range plans {
		if _, err := f.Checkout.LowestQuote(p); err == nil && !f.Catalog.Hidden(p.Code) {
			out = append(out, p)
		}
	}
	return out
}

func (f *searchFlow) soldOf(codes []string) []string {
	var out []string
	for _, code := range codes {
		if _, ok := f.serving(code); ok {
			out = append(out, code)
		}
	}
	return out
}

func (f *searchFlow) names(r *ui.Request, codes []string) []string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = r.Place(code)
	}
	return names
}

func (f *searchFlow) home(r *ui.Request) []ui.Button { return ui.BackRow(r, ui.RouteMenu) }
