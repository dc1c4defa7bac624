package esim

// NearestPlan is what comes nearest to a plan that is not sold any more (days: of a day pass): the
// cheapest that gives as much for as long where it worked, of its own kind if there is one; else the
// most of what there is.
func (c *Catalog) NearestPlan(gone Plan, days int) (PlanChoice, bool) {
	place, plans := gone.Location, c.Region(gone.Location)
	if gone.Scope() == ScopeCountry {
		if len(gone.Places) == 1 {
			place = gone.Places[0]
		}
		plans = c.Country(place)
		if len(plans) == 0 {
			plans = c.Covering(place)
		}
	}
	old := PlanChoice{gone, days}
	wanted := PlanCriteria{Data: old.Data(), Days: old.days()}
	var alike []Plan
	for _, p := range plans {
		if p.DayPass() == gone.DayPass() && p.Code != gone.Code {
			alike = append(alike, p)
		}
	}
	fit, enough := MatchingPlans(alike, place, wanted)
	if !enough {
		if others, more := MatchingPlans(plans, place, wanted); more || len(fit) == 0 {
			fit = others
		}
	}
	if len(fit) == 0 {
		return PlanChoice{}, false
	}
	return fit[0], true
}
