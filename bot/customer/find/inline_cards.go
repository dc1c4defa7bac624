package find

import (
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// An inlineCard makes one result when its page is asked for; false if nothing of it can be bought now.
type inlineCard func(r *ui.Request) (telegram.InlineResult, bool)

// PlanCards write what must be read of a plan before paying.
type PlanCards interface {
	PlanCard(r *ui.Request, q esim.Quote, lookedFor string) string
}

// inlineCards make the results of inline queries: each is a message with a button that opens the shop there.
type inlineCards struct {
	forsale.Offers
	card  PlanCards
	links refs.Links
	texts *i18n.Bundle
}

//i18n:use inline.*

// result is a card whose button leads to start.
func (c inlineCards) result(r *ui.Request, id, title, description, html, label, start string) telegram.InlineResult {
	return telegram.InlineResult{
		ID: id, Title: title, Description: description, HTML: html,
		Keyboard: telegram.Keyboard{{{Text: r.Plain(label, nil), URL: c.links.To(start)}}},
	}
}

// places are cards of countries and of regional offers such as EU-42.
func (c inlineCards) places(codes []string) []inlineCard {
	cards := make([]inlineCard, len(codes))
	for i, code := range codes {
		if part, ok := strings.CutPrefix(code, i18n.RegionPrefix); ok {
			cards[i] = c.part(part)
			continue
		}
		cards[i] = func(r *ui.Request) (telegram.InlineResult, bool) { return c.place(r, code) }
	}
	return cards
}

// place offers the good plans of a place; of a country that has none of its own, those of the smallest region
// around it.
func (c inlineCards) place(r *ui.Request, code string) (telegram.InlineResult, bool) {
	quotes := c.Suggested(code)
	if len(code) == 2 {
		for _, region := range c.Catalog.Current().RegionsIncluding(code) {
			if len(quotes) > 0 {
				break
			}
			quotes = c.Suggested(region)
		}
	}
	if len(quotes) == 0 {
		return telegram.InlineResult{}, false
	}
	title := i18n.Flag(code) + " " + r.Place(code)
	if len(code) != 2 {
		p := quotes[0].Plan
		title = forsale.RegionFlags(p) + " " + placeTitle(r, p)
	}
	var sizes []string
	lines := []string{r.T("inline.place", i18n.Args{"place": title}), ""}
	for _, q := range quotes {
		if size := r.PlanData(q.Plan); !slices.Contains(sizes, size) {
			sizes = append(sizes, size)
		}
		lines = append(lines, r.T("inline.line", i18n.Args{"size": r.PlanSize(q.Plan, q.Days), "price": c.PriceWithDollars(r, q.Price)}))
	}
	lines = append(lines, "", r.T("plan.refund", nil))
	from := r.Plain("browse.btn_from", i18n.Args{"place": title, "price": r.Price(cheapestOf(quotes).Price)})
	return c.result(r, "place "+code, from, strings.Join(sizes, ", "), strings.Join(lines, "\n"), "inline.btn_place", code), true
}

// part offers the regional plans for a part of the world, by the offers that reach it.
func (c inlineCards) part(part string) inlineCard {
	return func(r *ui.Request) (telegram.InlineResult, bool) {
		title := "🌐 " + r.Place(i18n.RegionPrefix+part)
		lines := []string{r.T("inline.place", i18n.Args{"place": title}), ""}
		var all []esim.Quote
		for _, code := range c.regionsFor(part) {
			quotes := c.Suggested(code)
			if len(quotes) == 0 || len(lines) > refs.MaxSearchPlaces {
				continue
			}
			p := quotes[0].Plan
			lines = append(lines, r.T("inline.line_from", i18n.Args{
				"place": placeTitle(r, p), "price": c.PriceWithDollars(r, cheapestOf(quotes).Price),
			}))
			all = append(all, quotes...)
		}
		if len(all) == 0 {
			return telegram.InlineResult{}, false
		}
		lines = append(lines, "", r.T("plan.refund", nil))
		from := r.Plain("browse.btn_from", i18n.Args{"place": title, "price": r.Price(cheapestOf(all).Price)})
		return c.result(r, "part "+part, from, r.Plain("inline.part", nil), strings.Join(lines, "\n"), "inline.btn_place", part), true
	}
}

// placeTitle names where a plan works, and in how many countries if that is not plain from the name.
func placeTitle(r *ui.Request, p esim.Plan) string {
	if p.Scope() == esim.ScopeCountry || len(p.Places) <= forsale.MaxRegionFlags {
		return r.PlanPlace(p)
	}
	return r.Plain("browse.title_region", i18n.Args{"place": r.PlanPlace(p), "count": r.Number(int64(len(p.Places)))})
}

// regionsFor lists the regional offers for a part of the world, the best first, and those for the whole world
// only where there is no other.
func (c inlineCards) regionsFor(part string) []string {
	catalog := c.Catalog.Current()
	members := c.texts.Members(i18n.RegionPrefix + part)
	if len(members) == 0 {
		return catalog.Regions(esim.ScopeGlobal)
	}
	var out []string
	for _, fit := range catalog.RegionsFor(members) {
		if len(out) < mostRegions && (len(out) == 0 || catalog.Region(fit.Location)[0].Scope() != esim.ScopeGlobal) {
			out = append(out, fit.Location)
		}
	}
	return out
}

func cheapestOf(quotes []esim.Quote) esim.Quote {
	return slices.MinFunc(quotes, func(a, b esim.Quote) int { return int(a.Price.Minor - b.Price.Minor) })
}

// plans are cards of plans that were looked for in a country, if there is one.
func (c inlineCards) plans(picks []esim.PlanChoice, lookedFor string) []inlineCard {
	cards := make([]inlineCard, len(picks))
	for i, p := range picks {
		cards[i] = c.plan(p.Plan, p.Days, lookedFor)
	}
	return cards
}

// plan is a plan's card as the shop shows it.
func (c inlineCards) plan(p esim.Plan, days int, lookedFor string) inlineCard {
	return func(r *ui.Request) (telegram.InlineResult, bool) {
		start := refs.PlanStart(p, days)
		q, err := c.Checkout.Quote(p.Code, 1, forsale.PassDays(p, days))
		if err != nil || start == "" || c.Catalog.Hidden(p.Code) {
			return telegram.InlineResult{}, false
		}
		title := ui.PlanFlag(p) + " " + r.PlanSize(p, 0)
		if p.DayPass() && p.Kind != esim.DailyUnlimited {
			title = ui.PlanFlag(p) + " " + r.PlanSize(p, q.Days)
		}
		title = r.Facts(title, c.PriceWithDollars(r, q.Price))
		return c.result(r, "plan "+start, title, r.Facts(placeTitle(r, p), startFactPlain(r, p)), c.card.PlanCard(r, q, lookedFor), "inline.btn_plan", start), true
	}
}

func startFactPlain(r *ui.Request, p esim.Plan) string {
	if p.ValidityStart == esim.ValidFromInstall {
		return r.Plain("fact.starts_install", nil)
	}
	return r.Plain("fact.starts_use", nil)
}
