package find

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// searchFlow answers whatever a customer types: with a place and its plans, with an eSIM of
// theirs, or with help. What is not a place is not answered with plans.
type searchFlow struct {
	forsale.Offers
	texts *i18n.Bundle
	store Store
	now   func() time.Time
}

// longestName in characters: a longer text is no name of a place alone.
const longestName = 64

func (f *searchFlow) register(t *ui.Router) {
	t.Route(refs.RouteFind, ui.HandleWith(refs.ParseFind, f.find))
}

func (f *searchFlow) typed(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	catalog := f.Catalog.Current()
	if p, err := catalog.Plan(strings.ToUpper(r.Text)); err == nil {
		return ui.Screen{Follow: refs.Plan{Code: p.Code}.Data()}, nil
	}
	q := f.texts.ParseText(r.Text)
	if q.Topic == i18n.OwnESIM || len(q.Orders) > 0 || q.OrderPart != "" {
		s, found, err := f.own(ctx, r, q)
		if err != nil || found {
			return s, err
		}
	}
	if q.Topic == i18n.OwnESIM {
		q.Topic = f.otherTopic(q)
	}
	if s, answered, err := f.wish(ctx, r, q); err != nil || answered {
		return s, err
	}
	phone, namesPhone := phoneNamed(r.Text, q.Topic == i18n.Talk)
	switch {
	case q.Topic == i18n.Trouble:
		return f.trouble(ctx, r)
	case namesPhone && len(q.Places) == 0 && q.Topic != i18n.OwnESIM:
		return ui.Screen{Follow: refs.PhoneCheck{Answer: refs.PhoneCheckAnswer(phone)}.Data()}, nil
	case q.Topic == i18n.OwnESIM:
		return f.notYours(r), nil
	case len(catalog.Plans()) == 0:
		return ui.Screen{Follow: ui.RouteMenu.Data()}, nil
	case q.Topic == i18n.Talk, q.Topic == i18n.Destination && utf8.RuneCountInString(r.Text) > longestName:
		return f.ambiguous(r, q), nil
	case q.Topic == i18n.Destination:
		return f.somewhere(r, q), nil
	}
	if wanted := criteria(q); wanted.Any() && len(q.Places) == 0 {
		return f.whereTo(r, wanted), nil
	}
	return f.nothing(r), nil
}

// phoneNamed is the family of the phone that a text is the name of or, of a question, that is named in it: "does it
// run on an iPhone 12?"
func phoneNamed(text string, question bool) (esim.PhoneFamily, bool) {
	phone, named := esim.PhoneFamilyNamed(text)
	if question && !named && utf8.RuneCountInString(text) <= longestName {
		phone, named = esim.PhoneModelIn(text)
	}
	return phone, named
}

// otherTopic is what a text with a number is about that is none of the customer's.
func (f *searchFlow) otherTopic(q i18n.Query) i18n.Topic {
	switch {
	case q.SoundsUrgent:
		return i18n.Trouble
	case len(q.Places) > 0:
		return i18n.Talk
	}
	return i18n.OwnESIM
}

//i18n:use search.*

func (f *searchFlow) nothing(r *ui.Request) ui.Screen {
	key := "search.nothing"
	if utf8.RuneCountInString(r.Text) > longestName {
		key = "search.too_long"
	}
	return ui.Screen{Text: r.T(key, i18n.Args{"query": ui.Truncate(r.Text, 40)}), Rows: [][]ui.Button{
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents), ui.NewButton(r.Plain("menu.btn_help", nil), refs.RouteHelp)},
		{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}
}

// somewhere leads to what the places of a text say.
func (f *searchFlow) somewhere(r *ui.Request, q i18n.Query) ui.Screen {
	wanted := criteria(q)
	where := f.sold(q)
	switch {
	case len(where.places)+len(where.regions) == 0:
		if len(q.Places) > 0 && (!q.Guess || q.Places[0].Score >= i18n.SureScore) {
			return f.notSold(r, q.Places[0])
		}
		return f.nothing(r)
	case len(where.places)+len(where.regions) > 1 && (q.Guess || where.ambiguous):
		return f.choose(r, where, wanted)
	case len(where.regions) > 0:
		ref := refs.Find{Mode: refs.FindRegion, Places: where.regions[:1], PlanCriteria: wanted}
		return ui.Screen{Follow: ref.Data()}
	case len(where.places) > 1:
		return ui.Screen{Follow: refs.Find{Mode: refs.FindAll, Places: where.places, PlanCriteria: wanted}.Data(), Lead: f.lead(r, where)}
	case wanted.Any():
		return ui.Screen{Follow: refs.Find{Mode: refs.FindAll, Places: where.places, PlanCriteria: wanted}.Data(), Lead: f.lead(r, where)}
	}
	return ui.Screen{Follow: refs.List{Route: refs.RouteCountry, Code: where.places[0], From: refs.FromMenu}.Data(), Lead: f.lead(r, where)}
}

// choose lists places of which one is meant.
func (f *searchFlow) choose(r *ui.Request, where soldPlaces, wanted esim.PlanCriteria) ui.Screen {
	if len(where.regions) == 0 {
		ref := refs.Find{Mode: refs.FindOne, Places: where.places, PlanCriteria: wanted}
		return f.one(r, ref, ui.Truncate(r.Text, 40))
	}
	s := ui.Screen{Text: r.T("search.several", i18n.Args{"query": ui.Truncate(r.Text, 40)})}
	for _, code := range where.order {
		s.Rows = append(s.Rows, ui.Row(f.button(r, code, wanted, refs.FromMenu)))
	}
	s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s
}

// button leads to a place or a part of the world.
func (f *searchFlow) button(r *ui.Request, code string, wanted esim.PlanCriteria, from string) ui.Button {
	if part, ok := strings.CutPrefix(code, i18n.RegionPrefix); ok {
		return ui.NewButton("🌐 "+r.Place(code), refs.Find{Mode: refs.FindRegion, Places: []string{part}, PlanCriteria: wanted})
	}
	to := ui.CallbackRef(refs.List{Route: refs.RouteCountry, Code: code, From: from})
	if wanted.Any() {
		to = refs.Find{Mode: refs.FindAll, Places: []string{code}, PlanCriteria: wanted}
	}
	return f.PlaceButton(r, code, to)
}

// soldPlaces are the places of a text where something is sold.
type soldPlaces struct {
	places    []string // countries
	regions   []string // parts of the world, without prefix
	order     []string // both, as they were named
	ambiguous bool     // one name, several places
	named     []i18n.Place
}

// sold finds for each place of a text where it is served.
func (f *searchFlow) sold(q i18n.Query) soldPlaces {
	var out soldPlaces
	add := func(p i18n.Place) {
		if part, ok := strings.CutPrefix(p.Code, i18n.RegionPrefix); ok {
			out.regions = append(out.regions, part)
			out.order = append(out.order, p.Code)
			return
		}
		code, ok := f.serving(p.Code)
		if !ok || slices.Contains(out.places, code) || len(out.places) == refs.MaxSearchPlaces {
			return
		}
		out.places = append(out.places, code)
		out.order = append(out.order, code)
		if code != p.Code || p.City != "" {
			out.named = append(out.named, p)
		}
	}
	for _, n := range q.Places {
		add(n.Place)
		if len(q.Places) == 1 {
			for _, code := range n.Namesakes {
				before := len(out.order)
				add(i18n.Place{Code: code})
				out.ambiguous = out.ambiguous || len(out.order) > before && before > 0
			}
		}
	}
	return out
}

// serving is the place whose plans work in another: mostly itself.
func (f *searchFlow) serving(code string) (string, bool) {
	catalog := f.Catalog.Current()
	sells := func(code string) bool { return len(catalog.Country(code))+len(catalog.Covering(code)) > 0 }
	if sells(code) {
		return code, true
	}
	for _, other := range f.texts.ServedBy(code) {
		if sells(other) {
			return other, true
		}
	}
	return "", false
}

// lead says where a town is, and which place serves one that nothing is sold for.
func (f *searchFlow) lead(r *ui.Request, w soldPlaces) string {
	if len(w.named) == 0 || len(w.places) > 1 {
		return ""
	}
	p := w.named[0]
	if p.City != "" && p.Code == w.places[0] && !f.texts.IsRemote(p.City) {
		return r.T("search.city", i18n.Args{"city": r.City(p.City), "place": r.Place(w.places[0])})
	}
	name := r.Place(p.Code)
	if p.City != "" {
		name = r.City(p.City)
	}
	key := "search.served"
	if f.texts.ServedPartly(p.Code) {
		key = "search.served_part"
	}
	return r.T(key, i18n.Args{"name": name, "place": r.Place(w.places[0])})
}
