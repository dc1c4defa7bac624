package staff

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A scope is what a rule is of: the whole shop, a place, or a plan.
type scope struct {
	key   string // as behind an esim.RuleKey; "" of the shop
	place string // code of a country or region
	plan  esim.Plan
}

// exactName is the score of a name that was written as it is.
const exactName = 100

// scopes finds what staff name, hidden or not.
type scopes struct {
	catalog *esim.CatalogCache
	texts   *i18n.Bundle
}

// find reads a plan's code, slug or link, or a place by its code; of several words a country by its name. Spent is how many
// of the words it was.
func (f scopes) find(words []string) (s scope, spent int, ok bool) {
	if len(words) == 0 {
		return scope{}, 0, false
	}
	word := words[0]
	if i := strings.LastIndex(word, "p_"); i >= 0 { // a link to it
		word = word[i+len("p_"):]
	}
	catalog := f.catalog.Current()
	for _, name := range []string{word, strings.ToUpper(word)} {
		if p, err := catalog.Known(name); err == nil {
			return scope{key: esim.ScopeOfPlan(p.Code), plan: p}, 1, true
		}
	}
	if code := strings.ToUpper(words[0]); catalog.Sells(code) {
		return scope{key: esim.ScopeOfPlace(code), place: code}, 1, true
	}
	for n := len(words); n > 0; n-- {
		q := f.texts.ParseText(strings.Join(words[:n], " "))
		if len(q.Places) == 1 && q.Places[0].Score == exactName && q.Alone && catalog.Sells(q.Places[0].Code) {
			return scope{key: esim.ScopeOfPlace(q.Places[0].Code), place: q.Places[0].Code}, n, true
		}
	}
	return scope{}, 0, false
}

// of is the scope with a key; what is not sold any more keeps its code.
func (f scopes) of(key string) scope {
	switch {
	case strings.HasPrefix(key, "#"):
		p, err := f.catalog.Current().Known(key[1:])
		if err != nil {
			p = esim.Plan{Code: key[1:]}
		}
		return scope{key: key, plan: p}
	case key != "":
		return scope{key: key, place: key[1:]}
	}
	return scope{}
}

// title names a scope, with the code by which it is written.
func (f scopes) title(r *request, s scope) string {
	switch {
	case s.plan.Code != "" && s.plan.Location != "":
		return r.T("staff.scope_plan", i18n.Args{"plan": r.PlanTitle(s.plan, forOne(s.plan)), "code": s.plan.Code})
	case s.plan.Code != "":
		return r.T("staff.scope_code", i18n.Args{"code": s.plan.Code})
	case len(s.place) == 2:
		return r.T("staff.scope_place", i18n.Args{"flag": i18n.Flag(s.place), "place": r.Place(s.place), "code": s.place})
	case s.place != "":
		if p, ok := f.catalog.Current().AnyOf(s.place); ok {
			return r.T("staff.scope_place", i18n.Args{"flag": ui.PlanFlag(p), "place": r.PlanPlace(p), "code": s.place})
		}
		return r.T("staff.scope_code", i18n.Args{"code": s.place})
	}
	return r.T("staff.scope_shop", nil)
}

// forOne is the number of days that the least price of a plan is for: one of a day pass.
func forOne(p esim.Plan) int {
	if p.DayPass() {
		return 1
	}
	return 0
}
