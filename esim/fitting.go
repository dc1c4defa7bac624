package esim

import (
	"cmp"
	"slices"
)

// A PlanCriteria is what somebody asked for in so many words: "turkey 30 days 5gb".
type PlanCriteria struct {
	Data      int64 // bytes in all; 0: not said
	Daily     int64 // bytes of each day: day passes are wanted; 0: not said
	Unlimited bool
	Days      int // 0: not said
}

// Any reports whether anything was asked for.
func (w PlanCriteria) Any() bool { return w.Data > 0 || w.Daily > 0 || w.Unlimited || w.Days > 0 }

// MatchingPlans picks, at most MaxSuggested, the plans that give what is wanted and no other one gives for less, the
// cheapest first. If there are none it is false, and the picks are those that come nearest.
func MatchingPlans(plans []Plan, place string, w PlanCriteria) ([]PlanChoice, bool) {
	plans, w = w.eachDay(plans)
	var fit, short []PlanChoice
	for _, p := range plans {
		pick := PlanChoice{Plan: p}
		if p.DayPass() {
			pick.Days = max(w.Days, 1)
		}
		switch {
		case pick.gives(w):
			fit = append(fit, pick)
		case pick.lasts(w.Days):
			short = append(short, pick)
		}
	}
	if w.Days == 0 && w.Daily == 0 && !w.Unlimited && slices.ContainsFunc(fit, func(p PlanChoice) bool { return !p.Plan.DayPass() }) {
		// Nobody said for how many days: a pass for one is no answer where packs are.
		fit = slices.DeleteFunc(fit, func(p PlanChoice) bool { return p.Plan.DayPass() })
	}
	if w.Data == 0 { // nor for how much: 100 MB are none for a week, unless there is nothing else
		if roomy := slices.DeleteFunc(slices.Clone(fit), func(p PlanChoice) bool { return p.Data() < tiny }); len(roomy) > 0 {
			fit = roomy
		}
	}
	enough := len(fit) > 0
	if !enough {
		fit = short
	}
	if len(fit) == 0 {
		for _, p := range plans {
			fit = append(fit, PlanChoice{p, boolInt(p.DayPass()) * max(w.Days, 1)})
		}
	}
	fit = cheapestOf(fit, place)
	if !enough { // the most of what there is
		slices.SortStableFunc(fit, func(a, b PlanChoice) int {
			return cmp.Or(cmp.Compare(b.days(), a.days())*boolInt(len(short) == 0), cmp.Compare(b.Data(), a.Data()))
		})
		return fit[:min(len(fit), MaxSuggested/2)], false
	}
	return fit[:min(len(fit), MaxSuggested)], true
}

// eachDay leaves the day passes that give what is wanted of each day; where there are none, as much in all is wanted.
// Where nothing is unlimited, day passes come nearest: most go on slowly when their day is used up.
func (w PlanCriteria) eachDay(plans []Plan) ([]Plan, PlanCriteria) {
	passes := slices.DeleteFunc(slices.Clone(plans), func(p Plan) bool { return !p.DayPass() })
	if w.Unlimited && len(passes) > 0 && !slices.ContainsFunc(passes, func(p Plan) bool { return p.Kind == DailyUnlimited }) {
		return passes, w
	}
	if w.Daily == 0 {
		return plans, w
	}
	less := func(p Plan) bool { return p.Kind != DailyUnlimited && p.Data < w.Daily }
	if passes = slices.DeleteFunc(passes, less); len(passes) > 0 {
		return passes, w
	}
	w.Data, w.Daily = w.Daily*int64(max(w.Days, 1)), 0
	return plans, w
}

// gives reports whether a pick is all that is wanted.
func (p PlanChoice) gives(w PlanCriteria) bool {
	return p.lasts(w.Days) && p.Data() >= w.Data && (!w.Unlimited || p.Plan.Kind == DailyUnlimited)
}

func (p PlanChoice) days() int { return max(p.Plan.Days, p.Days) }

// cheapestOf leaves out every pick for which another is as large, as long and no dearer; the rest
// is sorted by price.
func cheapestOf(picks []PlanChoice, place string) []PlanChoice {
	slices.SortStableFunc(picks, func(a, b PlanChoice) int {
		return cmp.Or(
			cmp.Compare(a.wholesale(), b.wholesale()),
			cmp.Compare(b.Data(), a.Data()),
			cmp.Compare(b.days(), a.days()),
			cmp.Compare(exitRank(a.Plan, place), exitRank(b.Plan, place)),
			cmp.Compare(a.Plan.Code, b.Plan.Code),
		)
	})
	var left []PlanChoice
	for _, p := range picks {
		if !slices.ContainsFunc(left, func(q PlanChoice) bool { return q.Data() >= p.Data() && q.days() >= p.days() }) {
			left = append(left, p)
		}
	}
	return left
}

// CoveringAll are the plans that work in all of these countries.
func (c *Catalog) CoveringAll(places []string) []Plan {
	if len(places) == 0 {
		return nil
	}
	var all []Plan
	for _, p := range append(slices.Clone(c.Country(places[0])), c.Covering(places[0])...) {
		if !slices.ContainsFunc(places, func(place string) bool { return !p.Covers(place) }) && !has(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// A RegionFit says how well the plans of a region such as EU-42 serve a part of the world.
type RegionFit struct {
	Location string
	Covered  []string // of the countries wanted
	Missing  []string
}

// RegionsFor are the regions that cover more than half of these countries, those that cover most of
// them first, and of those the smallest. Global ones come last: who asks for Europe wants Europe.
func (c *Catalog) RegionsFor(countries []string) []RegionFit {
	wanted := make(map[string]int, len(countries)) // each with its place in the list
	for i, code := range countries {
		wanted[code] = i
	}
	var fits []RegionFit
	covers := make([]bool, len(countries))
	for _, location := range append(c.Regions(ScopeRegional), c.Regions(ScopeGlobal)...) {
		clear(covers)
		covered := 0
		for _, code := range c.regions[location].first().Places {
			if i, ok := wanted[code]; ok && !covers[i] {
				covers[i] = true
				covered++
			}
		}
		if covered*2 <= len(countries) {
			continue
		}
		fit := RegionFit{Location: location}
		for i, code := range countries {
			if covers[i] {
				fit.Covered = append(fit.Covered, code)
			} else {
				fit.Missing = append(fit.Missing, code)
			}
		}
		fits = append(fits, fit)
	}
	global := func(f RegionFit) int { return boolInt(c.Region(f.Location)[0].Scope() == ScopeGlobal) }
	slices.SortStableFunc(fits, func(a, b RegionFit) int {
		return cmp.Or(
			cmp.Compare(global(a), global(b)),
			cmp.Compare(len(b.Covered), len(a.Covered)),
			cmp.Compare(len(c.Region(a.Location)[0].Places), len(c.Region(b.Location)[0].Places)),
		)
	})
	return fits
}
