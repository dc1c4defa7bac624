// Package forsale is what can be bought at the moment, with its prices, and what is said of a
// plan in more than one room: when to install it, how it differs from others of its size, what
// to know of its country. It has no screens of its own.
package forsale

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A Offers is what can be bought at the moment, with its prices.
type Offers struct {
	Catalog  *esim.CatalogCache
	Checkout *esim.Checkout
}

// Plans are all plans of a country, or of a region such as EU-42.
func (o Offers) Plans(place string) []esim.Plan {
	if len(place) == 2 {
		return o.Catalog.Current().Country(place)
	}
	return o.Catalog.Current().Region(place)
}

// Suggested are the plans that a place's first screen offers, each with the least one can pay for it.
func (o Offers) Suggested(place string) []esim.Quote {
	picked := o.Catalog.Current().Suggested(place)
	quotes := o.Quotes(picked)
	if len(quotes) == len(picked) {
		return quotes
	}
	return o.Quotes(o.Catalog.Current().SuggestedOf(o.ForSale(place), place)) // some are sold out: others take their places
}

// OpeningQuote is a plan as its card opens, so that a button's price is that of what it opens: of a day
// pass so many days as are shown first, or the most of them that can be paid.
func (o Offers) OpeningQuote(p esim.Plan, quantity int) (esim.Quote, error) {
	days := PassDays(p, 0)
	q, err := o.Checkout.Quote(p.Code, quantity, days)
	for days > 1 && errors.Is(err, esim.ErrPriceTooHigh) {
		days--
		q, err = o.Checkout.Quote(p.Code, quantity, days)
	}
	return q, err
}

// Quotes prices the plans that can be bought, as they open.
func (o Offers) Quotes(plans []esim.Plan) []esim.Quote {
	quotes := make([]esim.Quote, 0, len(plans))
	for _, p := range plans {
		if q, err := o.OpeningQuote(p, 1); err == nil && !o.Catalog.Hidden(p.Code) {
			quotes = append(quotes, q)
		}
	}
	return quotes
}

// ForSale are the plans of a place that can be bought.
func (o Offers) ForSale(place string) []esim.Plan {
	var sold []esim.Plan
	for _, q := range o.Quotes(o.Plans(place)) {
		sold = append(sold, q.Plan)
	}
	return sold
}

// PriceFrom is the least one can pay for what is offered first in a place: in a country that has no
// plans of its own, in the regions around it. It is false where nothing can be bought.
func (o Offers) PriceFrom(place string) (esim.Money, bool) {
	quotes := o.Suggested(place)
	if len(quotes) == 0 && len(place) == 2 {
		for _, region := range o.Catalog.Current().RegionsIncluding(place) {
			quotes = append(quotes, o.Suggested(region)...)
		}
	}
	if len(quotes) == 0 {
		return esim.Money{}, false
	}
	return slices.MinFunc(quotes, func(a, b esim.Quote) int { return cmp.Compare(a.Price.Minor, b.Price.Minor) }).Price, true
}

// PlaceButton leads to a country, and says from what price.
func (o Offers) PlaceButton(r *ui.Request, code string, to ui.CallbackRef) ui.Button {
	least, ok := o.PriceFrom(code)
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

// RegionButton leads to a region's plans, and from there back; false if none can be sold.
func (o Offers) RegionButton(r *ui.Request, code, from string) (ui.Button, bool) {
	least, ok := o.PriceFrom(code)
	if !ok {
		return ui.Button{}, false
	}
	p := o.Catalog.Current().Region(code)[0]
	names, count := r.PlaceLabels(p), r.Number(int64(len(p.Places)))
	if len(p.Places) <= MaxRegionFlags {
		count = ""
		names = append(names, r.Plain("browse.btn_flags", i18n.Args{"count": r.Number(int64(len(p.Places)))})) // the flags name them
	}
	return ui.NewButton(fromLabel(r, RegionFlags(p), names, count, r.Price(least)), refs.List{Route: refs.RouteRegion, Code: code, From: from}), true
}

// MaxRegionFlags stand side by side where a region has no more countries.
const MaxRegionFlags = 3

// RegionFlags are the flags of a plan's few countries, or the one mark of a region.
func RegionFlags(p esim.Plan) string {
	if len(p.Places) > MaxRegionFlags {
		return ui.PlanFlag(p)
	}
	flags := ""
	for _, code := range p.Places {
		flags += i18n.Flag(code)
	}
	return flags
}

// PriceWithDollars is a price with what it is in dollars to whoever buys Stars in the app: "⭐ 100 ≈ $2.00".
func (o Offers) PriceWithDollars(r *ui.Request, price esim.Money) string {
	return PriceWithDollars(r, o.Checkout, price)
}

// PriceWithDollars is the same where there is a checkout only.
func PriceWithDollars(r *ui.Request, c *esim.Checkout, price esim.Money) string {
	if dollars, ok := c.Pricing.InDollars(price); ok {
		return r.Plain("plan.title_about", i18n.Args{"price": r.Price(price), "dollars": r.Price(dollars)})
	}
	return r.Price(price)
}

// StarsLine says what a hundred Stars are, where prices are in Stars.
func (o Offers) StarsLine(r *ui.Request) string {
	spec, err := o.Checkout.DefaultMethod().Spec()
	if err != nil || spec.RefundRoute == esim.RefundNothing {
		return ""
	}
	hundred, err := o.Checkout.Pricing.Amount(o.Checkout.DefaultMethod(), 100)
	if err != nil {
		return ""
	}
	if _, ok := o.Checkout.Pricing.InDollars(hundred); !ok {
		return ""
	}
	return "\n" + r.T("browse.stars", i18n.Args{"price": o.PriceWithDollars(r, hundred)})
}
