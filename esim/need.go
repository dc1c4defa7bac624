package esim

import (
	"cmp"
	"slices"
)

// A Purpose is what a traveller's phone is mostly for.
type Purpose string

// The purposes, as they stand in callback data.
const (
	PurposeMaps   Purpose = "maps"
	PurposeSocial Purpose = "social"
	PurposeVideo  Purpose = "video"
	PurposeWork   Purpose = "work"
)

// Purposes lists them, the lightest first.
func Purposes() []Purpose { return []Purpose{PurposeMaps, PurposeSocial, PurposeWork, PurposeVideo} }

// perDay is the data of a day in MB (2^20), rounded up to a figure that leaves a little over. Sources read on 29
// November 2026:
//
//   - maps and chat: half an hour on maps, at 12 MB for five minutes as measured by
//     https://traveladdict.tv/2025/08/21/how-much-data-do-your-daily-travel-habits-really-use; twenty minutes of calls
//     at 0.5 MB and thirty pictures at 0.3 MB, by https://helinika.com/track-and-manage-your-whatsapp-data-usage-easily/;
//     and half an hour of pages;
//   - social: that, and forty minutes of short videos at 720-840 MB an hour
//     (https://cityam.com/tiktok-named-the-most-data-draining-app);
//   - work: an hour of group calls at 810 MB and half an hour for two at 540 MB an hour
//     (https://drupalst.com/691-how-much-data-a-zoom-meeting-uses-and-how-to-reduce-it), and mail;
//   - video: two hours at 0.7-1 GB an hour of standard quality
//     (https://www.techlusive.in/how-to/netflix-hacks-how-to-control-how-much-data-netflix-uses-1485036).
var perDay = map[Purpose]int64{PurposeMaps: 150, PurposeSocial: 700, PurposeWork: 1200, PurposeVideo: 2000}

// A Need is what somebody answered to "How much do I need?".
type Need struct {
	Days    int
	Purpose Purpose
	Phones  int // that share the eSIM; below 1 counts as 1
}

// Valid reports whether a need can be counted out.
func (n Need) Valid() bool {
	return n.Days >= 1 && n.Days <= MaxDays && n.Phones <= MaxQuantity && perDay[n.Purpose] > 0
}

// PerDay is the data of one day, in bytes.
func (n Need) PerDay() int64 { return perDay[n.Purpose] << 20 * int64(max(n.Phones, 1)) }

// Data is the data of all the days, in bytes.
func (n Need) Data() int64 { return n.PerDay() * int64(max(n.Days, 1)) }

// A PlanChoice is a plan, and for how many days if it is a day pass.
type PlanChoice struct {
	Plan Plan
	Days int // 0 for a fixed plan
}

// Data is what the pick gives in all.
func (p PlanChoice) Data() int64 {
	if p.Plan.DayPass() && p.Plan.Kind != DailyUnlimited {
		return p.Plan.Data * int64(max(p.Days, 1))
	}
	return volume(p.Plan)
}

func (p PlanChoice) wholesale() int64 { return p.Plan.Wholesale.Minor * int64(max(p.Days, 1)) }

// A Recommendation is one plan for a need, with a cheaper, smaller one and a larger one beside it.
type Recommendation struct {
	Fit             PlanChoice
	Enough          bool       // Fit gives all that is needed; else it is the largest there is
	Smaller, Larger PlanChoice // of no Plan.Code: there is none
}

// Recommend finds the cheapest plan that lasts and gives enough. Day passes count with the days
// of the need. It is false if there is no plan at all.
func Recommend(plans []Plan, place string, n Need) (Recommendation, bool) {
	var picks []PlanChoice
	for _, p := range plans {
		if p.DayPass() {
			picks = append(picks, PlanChoice{p, n.Days})
		} else {
			picks = append(picks, PlanChoice{p, 0})
		}
	}
	if len(picks) == 0 {
		return Recommendation{}, false
	}
	slices.SortStableFunc(picks, func(a, b PlanChoice) int {
		return cmp.Or(
			cmp.Compare(a.wholesale(), b.wholesale()),
			cmp.Compare(b.Data(), a.Data()),
			cmp.Compare(exitRank(a.Plan, place), exitRank(b.Plan, place)),
			comparePlans(a.Plan, b.Plan),
		)
	})
	r := Recommendation{Enough: true}
	fit, ok := cheapest(picks, n.Days, n.Data(), 0)
	if !ok {
		r.Enough = false
		if fit, ok = largest(picks, n.Days); !ok {
			fit, _ = largest(picks, 0)
		}
	}
	r.Fit = fit
	if smaller, ok := cheapest(picks, n.Days, min(n.Data(), fit.Data())/2, 0); ok && smaller.wholesale() < fit.wholesale() && smaller.Data() < fit.Data() {
		r.Smaller = smaller
	} else if smaller, ok = under(picks, n.Days, fit); ok {
		r.Smaller = smaller
	}
	if fit.Data() < volume(Plan{Kind: DailyUnlimited}) {
		if larger, ok := cheapest(picks, n.Days, fit.Data()/4*5, fit.wholesale()); ok && larger.Plan.Code != fit.Plan.Code {
			r.Larger = larger
		}
	}
	return r, true
}

// cheapest is the first pick, in the order of price, that lasts and gives so much and costs more than floor.
func cheapest(picks []PlanChoice, days int, data, floor int64) (PlanChoice, bool) {
	for _, p := range picks {
		if p.lasts(days) && p.Data() >= data && p.wholesale() >= floor {
			return p, true
		}
	}
	return PlanChoice{}, false
}

// under is the largest pick that lasts and is both smaller and cheaper than one.
func under(picks []PlanChoice, days int, than PlanChoice) (best PlanChoice, ok bool) {
	for _, p := range picks {
		if p.lasts(days) && p.Data() < than.Data() && p.wholesale() < than.wholesale() && (!ok || p.Data() > best.Data()) {
			best, ok = p, true
		}
	}
	return best, ok
}

// largest is the pick with most data of those that last.
func largest(picks []PlanChoice, days int) (best PlanChoice, ok bool) {
	for _, p := range picks {
		if p.lasts(days) && (!ok || p.Data() > best.Data()) {
			best, ok = p, true
		}
	}
	return best, ok
}

func (p PlanChoice) lasts(days int) bool { return max(p.Plan.Days, p.Days) >= days }
