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

// needFlow asks three questions and answers "How much do I need?" with one plan.
type needFlow struct{ forsale.Offers }

func (f *needFlow) register(t *ui.Router) {
	t.Route(refs.RouteNeed, ui.HandleWith(refs.ParseNeed, f.ask))
}

// The answers offered. More days and phones are reached in a search, or with two eSIMs.
var (
	needDays   = []int{3, 5, 7, 10, 15, 30}
	needPhones = []int{1, 2, 3, 4}
)

//i18n:use need.btn_use_*

func (f *needFlow) ask(_ context.Context, r *ui.Request, ref refs.Need) (ui.Screen, error) {
	sold := f.ForSale(ref.Code)
	if len(sold) == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	title := ui.PlanFlag(sold[0]) + " " + r.PlanPlace(sold[0])
	var answers []ui.Button
	add := func(label string, answer func(*refs.Need)) {
		next := ref
		answer(&next)
		answers = append(answers, ui.NewButton(label, next))
	}
	back := ref
	key := ""
	switch {
	case ref.Days <= 0:
		key = "need.ask_days"
		for _, n := range needDays {
			add(r.Days(n), func(a *refs.Need) { a.Days = n })
		}
	case ref.Purpose == "":
		key, back.Days = "need.ask_use", 0
		for _, use := range esim.Purposes() {
			add(r.Plain("need.btn_use_"+string(use), nil), func(a *refs.Need) { a.Purpose = use })
		}
	case ref.Phones <= 0:
		key, back.Purpose = "need.ask_phones", ""
		for _, n := range needPhones {
			add(r.PlainN("need.btn_phones", n, nil), func(a *refs.Need) { a.Phones = n })
		}
	default:
		return f.answer(r, ref, sold, title)
	}
	s := ui.Screen{Text: r.T(key, i18n.Args{"place": title}), Rows: ui.PairRows(answers...)}
	up := ui.CallbackRef(back)
	if ref.Days <= 0 {
		up = f.list(ref)
	}
	s.Rows = append(s.Rows, ui.BackRow(r, up))
	return s, nil
}

// list is the first screen of the place.
func (f *needFlow) list(ref refs.Need) refs.List {
	l := refs.List{Route: refs.RouteRegion, Code: ref.Code, From: ref.From}
	if len(ref.Code) == 2 {
		l.Route = refs.RouteCountry
	}
	return l
}

// roughly is an amount of data to a tenth of a GB, as people reckon who make a GB of 1000 MB: what somebody will need is
// a guess, and "9.57 GB" sounds like none.
func roughly(bytes int64) int64 {
	if bytes < 1<<30 {
		return bytes
	}
	tenths := (bytes>>20 + 50) / 100
	return tenths << 30 / 10
}

//i18n:use need.title_use_*

// answer is one plan and why, with a smaller and a larger one beside it.
func (f *needFlow) answer(r *ui.Request, ref refs.Need, sold []esim.Plan, title string) (ui.Screen, error) {
	need := esim.Need{Days: ref.Days, Purpose: ref.Purpose, Phones: ref.Phones}
	if !need.Valid() {
		return ui.Screen{}, ui.ErrBadData
	}
	sold = slices.DeleteFunc(sold, func(p esim.Plan) bool { // so many days of a pass may be dearer than can be paid
		_, err := f.Checkout.Quote(p.Code, 1, forsale.PassDays(p, need.Days))
		return err != nil
	})
	found, ok := esim.Recommend(sold, ref.Code, need)
	if !ok {
		return ui.Screen{}, esim.ErrNotFound
	}
	quote := func(p esim.PlanChoice) (esim.Quote, bool) {
		if p.Plan.Code == "" {
			return esim.Quote{}, false
		}
		q, err := f.Checkout.Quote(p.Plan.Code, 1, p.Days)
		return q, err == nil
	}
	fit, ok := quote(found.Fit)
	if !ok {
		return ui.Screen{}, esim.ErrPriceTooHigh
	}
	lines := []string{
		r.T("need.head", i18n.Args{"place": title}),
		r.T("need.why", i18n.Args{
			"days": r.Days(need.Days), "use": r.Plain("need.title_use_"+string(need.Purpose), nil),
			"phones": r.PlainN("need.btn_phones", need.Phones, nil), "day": r.Printer.Data(roughly(need.PerDay())), "data": r.Printer.Data(roughly(need.Data())),
		}),
		"",
		r.T("need.fit", i18n.Args{"size": r.PlanSize(fit.Plan, fit.Days), "price": f.PriceWithDollars(r, fit.Price)}),
	}
	switch {
	case !found.Enough:
		lines = append(lines, r.T("need.not_enough", nil))
	case found.Fit.Days > 0:
		lines = append(lines, r.T("need.fit_pass", nil))
	default:
		lines = append(lines, r.T("need.fit_pack", nil))
	}
	if need.Phones > 1 {
		lines = append(lines, "", r.T("need.hotspot", nil))
	}
	s := ui.Screen{Text: strings.Join(lines, "\n")}
	origin := ref.Origin()
	offer := func(key string, q esim.Quote) {
		label := planLabel(r, q.Plan, q.Days, q.Price, func(plan string) string { return r.Plain(key, i18n.Args{"plan": plan}) })
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(label, refs.Plan{Code: q.Plan.Code, Origin: origin, Days: q.Days})))
	}
	offer("need.btn_fit", fit)
	s.Rows[0][0] = s.Rows[0][0].AsPrimary()
	if q, ok := quote(found.Smaller); ok {
		offer("need.btn_smaller", q)
	}
	if q, ok := quote(found.Larger); ok {
		offer("need.btn_larger", q)
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("need.btn_again", nil), refs.Need{Code: ref.Code, From: ref.From})), ui.BackRow(r, refs.Need{Code: ref.Code, From: ref.From, Days: ref.Days, Purpose: ref.Purpose, Phones: 0}))
	return s, nil
}
