package find

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// inlineFlow answers "@bot japan" in any chat with cards to send. The cards are read by whoever is in that
// chat, so nothing in them is of the customer who asks but the language; somebody who only asks is not
// written down as a customer either.
type inlineFlow struct {
	searchFlow
	cards    inlineCards
	telegram *telegram.Client
	log      *slog.Logger
}

const (
	// inlinePage is how many cards one answer has: a list is scrolled by a thumb, and more come as it is.
	inlinePage = 20
	// inlineMost bounds what can be scrolled through.
	inlineMost = 200
	// inlineCache is how long Telegram may repeat an answer to whoever got it. Prices move once in hours, and
	// the card leads to the price of the moment.
	inlineCache = 5 * time.Minute
	// shortQuery in letters is no more than the beginning of a name: it is answered with places only.
	shortQuery = 3
)

// answer answers one query. The answer is for one person because of its language.
func (f *inlineFlow) answer(ctx context.Context, q *telegram.InlineQuery) error {
	r, err := f.request(ctx, q.From)
	if err != nil {
		return err
	}
	a := telegram.InlineAnswer{Personal: true, Cache: inlineCache}
	if len(f.Catalog.Current().Plans()) == 0 {
		a.Cache = 0 // the price list is on its way
	}
	cards, help := f.find(r, strings.TrimSpace(q.Query))
	from, _ := strconv.Atoi(q.Offset) // of nothing, or of nonsense: the first page
	from = min(max(from, 0), len(cards))
	to := min(from+inlinePage, len(cards))
	for _, card := range cards[from:to] {
		if result, ok := card(r); ok {
			a.Results = append(a.Results, result)
		}
	}
	if to < len(cards) {
		a.NextOffset = strconv.Itoa(to)
	}
	switch {
	case help:
		a.Button = telegram.InlineButton{Text: r.Plain("inline.btn_help", nil), Start: refs.StartHelp}
	case len(cards) == 0:
		a.Button = telegram.InlineButton{Text: r.Plain("inline.btn_nothing", nil), Start: startMenu}
	}
	if err := f.telegram.AnswerInline(ctx, q.ID, a); err != nil && ctx.Err() == nil {
		f.log.Warn("inline query not answered", "err", err)
	}
	return nil
}

// startMenu is any start parameter that means nothing: it leads to the menu.
const startMenu = "menu"

// request is what the screens' parts need: a language, and nobody.
func (f *inlineFlow) request(ctx context.Context, who telegram.User) (*ui.Request, error) {
	language := who.Language
	switch known, err := f.store.Customer(ctx, esim.CustomerID(who.ID)); {
	case err == nil && known.LanguageChosen:
		language = known.Language
	case err != nil && !errors.Is(err, esim.ErrNotFound):
		return nil, err
	}
	return &ui.Request{Printer: f.texts.Printer(language)}, nil
}

// find lists the cards that fit what was typed, the best first. help is true if it is no place but a matter
// for a person: that is not answered with plans.
func (f *inlineFlow) find(r *ui.Request, text string) (cards []inlineCard, help bool) {
	catalog := f.Catalog.Current()
	if text == "" {
		return f.cards.places(popularFirst(catalog)), false
	}
	if p, days, err := refs.PlanOfStart(catalog, strings.TrimPrefix(text, refs.StartPlan)); err == nil {
		return []inlineCard{f.cards.plan(p, days, "")}, false
	}
	if utf8.RuneCountInString(text) <= shortQuery {
		return f.cards.places(f.sold(f.texts.ParsePrefix(text)).order), false
	}
	q := f.texts.ParseText(text)
	switch q.Topic {
	case i18n.Trouble, i18n.OwnESIM, i18n.Talk:
		return nil, true
	case i18n.Destination:
	default:
		return nil, false
	}
	where := f.sold(q)
	if len(where.order) > 1 && (q.Guess || where.ambiguous) {
		return f.cards.places(where.order), false
	}
	wanted := criteria(q)
	cards = f.found(where, wanted)
	return cards[:min(len(cards), inlineMost)], false
}

// found lists what is sold for the places of a text: the plans that fit or the good ones, with the place
// before them, and what serves it besides after them.
func (f *inlineFlow) found(where soldPlaces, wanted esim.PlanCriteria) []inlineCard {
	catalog := f.Catalog.Current()
	var cards []inlineCard
	switch {
	case len(where.order) == 0:
	case len(where.regions) > 0:
		part := where.regions[0]
		if !wanted.Any() {
			cards = append(cards, f.cards.part(part))
		}
		for _, location := range f.cards.regionsFor(part) {
			cards = append(cards, f.cards.plans(f.picks(location, catalog.Region(location), wanted), "")...)
		}
	case len(where.places) > 1:
		both := f.sellable(catalog.CoveringAll(where.places))
		cards = append(cards, f.cards.plans(f.picks(where.places[0], both, wanted), where.places[0])...)
		cards = append(cards, f.cards.places(where.places)...)
	default:
		place := where.places[0]
		own := f.sellable(catalog.Country(place))
		if !wanted.Any() {
			cards = f.cards.places([]string{place})
		}
		cards = append(cards, f.cards.plans(f.picks(place, own, wanted), place)...)
		if wanted.Any() || len(own) == 0 {
			cards = append(cards, f.cards.plans(f.picks(place, f.sellable(catalog.Covering(place)), wanted), place)...)
		}
		cards = append(cards, f.cards.places(catalog.RegionsIncluding(place))...)
	}
	return cards
}

// picks are the plans of a place to show: what fits, or the good ones.
func (f *inlineFlow) picks(place string, plans []esim.Plan, wanted esim.PlanCriteria) []esim.PlanChoice {
	if len(plans) == 0 {
		return nil
	}
	if wanted.Any() {
		picks, _ := esim.MatchingPlans(plans, place, wanted)
		return picks
	}
	var picks []esim.PlanChoice
	for _, p := range esim.SuggestedPlans(plans, place) {
		picks = append(picks, esim.PlanChoice{Plan: p})
	}
	return picks
}

// popularFirst lists countries where anything is sold, those that most travel to first.
func popularFirst(catalog *esim.Catalog) []string {
	var codes []string
	seen := map[string]bool{}
	for _, code := range append(esim.PopularDestinations(), esim.MostVisitedCountries()...) {
		if !seen[code] && len(catalog.Country(code))+len(catalog.Covering(code)) > 0 {
			codes = append(codes, code)
		}
		seen[code] = true
	}
	return codes
}
