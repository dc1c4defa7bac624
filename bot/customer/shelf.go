package customer

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A shelf is what can be bought at the moment, with its prices.
type shelf struct {
	catalog  *esim.CatalogCache
	checkout *esim.Checkout
}

// plans are all plans of a country, or of a region such as EU-42.
func (s shelf) plans(place string) []esim.Plan {
	if len(place) == 2 {
		return s.catalog.Current().Country(place)
	}
	return s.catalog.Current().Region(place)
}

// good are the plans that a place's first screen offers, each with the least one can pay for it.
func (s shelf) good(place string) []esim.Quote {
	picked := s.catalog.Current().Suggested(place)
	quotes := s.quotes(picked)
	if len(quotes) == len(picked) {
		return quotes
	}
	return s.quotes(esim.SuggestedPlans(s.sold(place), place)) // some are sold out: others take their places
}

// opening is a plan as its card opens, so that a button's price is that of what it opens: of a day
// pass so many days as are shown first, or the most of them that can be paid.
func (s shelf) opening(p esim.Plan, quantity int) (esim.Quote, error) {
	days := passDays(p, 0)
	q, err := s.checkout.Quote(p.Code, quantity, days)
	for days > 1 && errors.Is(err, esim.ErrTooDear) {
		days--
		q, err = s.checkout.Quote(p.Code, quantity, days)
	}
	return q, err
}

// quotes prices the plans that can be bought, as they open.
func (s shelf) quotes(plans []esim.Plan) []esim.Quote {
	quotes := make([]esim.Quote, 0, len(plans))
	for _, p := range plans {
		if q, err := s.opening(p, 1); err == nil && !s.catalog.Hidden(p.Code) {
			quotes = append(quotes, q)
		}
	}
	return quotes
}

// sold are the plans of a place that can be bought.
func (s shelf) sold(place string) []esim.Plan {
	var sold []esim.Plan
	for _, q := range s.quotes(s.plans(place)) {
		sold = append(sold, q.Plan)
	}
	return sold
}

// from is the least one can pay for what is offered first in a place: in a country that has no
// plans of its own, in the regions around it. It is false where nothing can be bought.
func (s shelf) from(place string) (esim.Money, bool) {
	quotes := s.good(place)
	if len(quotes) == 0 && len(place) == 2 {
		for _, region := range s.catalog.Current().RegionsIncluding(place) {
			quotes = append(quotes, s.good(region)...)
		}
	}
	if len(quotes) == 0 {
		return esim.Money{}, false
	}
	return slices.MinFunc(quotes, func(a, b esim.Quote) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) }).Price, true
}

// placeButton leads to a country, and says from what price.
func (s shelf) placeButton(r *ui.Request, code string, to ui.CallbackRef) ui.Button {
	least, ok := s.from(code)
	if !ok {
		return ui.NewButton(ui.FitLabel(1, r.Labels(code), func(name string) string { return i18n.Flag(code) + " " + name }), to)
	}
	return ui.NewButton(fromLabel(r, i18n.Flag(code), r.Labels(code), "", r.Price(least)), to)
}

// fromLabel says a place and from what price: "🇯🇵 Japan · from ⭐ 97". Where there is no room it takes a shorter
// name, or says "⭐ 97+". What must be read is the price: what is too long for all that is cut at the name's end.
func fromLabel(r *ui.Request, flag string, names []string, count, price string) string {
	label := func(key string) func(string) string {
		return func(name string) string {
			return strings.TrimSpace(flag + " " + r.Plain(key, i18n.Args{"place": name, "count": count, "price": price}))
		}
	}
	if count != "" {
		return ui.FitLabel(1, names, label("browse.btn_from_many"), label("browse.btn_tight_many"))
	}
	return ui.FitLabel(1, names, label("browse.btn_from"), label("browse.btn_tight"))
}

// regionButton leads to a region's plans, and from there back; false if none can be sold.
func (s shelf) regionButton(r *ui.Request, code, from string) (ui.Button, bool) {
	least, ok := s.from(code)
	if !ok {
		return ui.Button{}, false
	}
	p := s.catalog.Current().Region(code)[0]
	names, count := r.PlaceLabels(p), r.Number(int64(len(p.Places)))
	if len(p.Places) <= fewFlags {
		count = ""
		names = append(names, r.Plain("browse.btn_flags", i18n.Args{"count": r.Number(int64(len(p.Places)))})) // the flags name them
	}
	return ui.NewButton(fromLabel(r, regionFlags(p), names, count, r.Price(least)), listRef{Route: routeRegion, Code: code, From: from}), true
}

// fewFlags stand side by side where a region has no more countries.
const fewFlags = 3

func regionFlags(p esim.Plan) string {
	if len(p.Places) > fewFlags {
		return ui.PlanFlag(p)
	}
	flags := ""
	for _, code := range p.Places {
		flags += i18n.Flag(code)
	}
	return flags
}

// about is a price with what it is in dollars to whoever buys Stars in the app: "⭐ 100 ≈ $2.00".
func (s shelf) about(r *ui.Request, price esim.Money) string { return about(r, s.checkout, price) }

func about(r *ui.Request, c *esim.Checkout, price esim.Money) string {
	if dollars, ok := c.Pricing.InDollars(price); ok {
		return r.Plain("plan.title_about", i18n.Args{"price": r.Price(price), "dollars": r.Price(dollars)})
	}
	return r.Price(price)
}

// starsLine says what a hundred Stars are, where prices are in Stars.
func (s shelf) starsLine(r *ui.Request) string {
	spec, err := s.checkout.DefaultMethod().Spec()
	if err != nil || spec.RefundRoute == esim.RefundNothing {
		return ""
	}
	hundred, err := s.checkout.Pricing.Amount(s.checkout.DefaultMethod(), 100)
	if err != nil {
		return ""
	}
	if _, ok := s.checkout.Pricing.InDollars(hundred); !ok {
		return ""
	}
	return "\n" + r.T("browse.stars", i18n.Args{"price": s.about(r, hundred)})
}
