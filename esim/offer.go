package esim

import (
	"cmp"
	"math"
	"slices"
)

// MaxSuggested is how many plans a place's first screen offers: as many as a phone shows without
// scrolling.
const MaxSuggested = 6

const gb = 1 << 30 // the vendor's GB

// A want is what a traveller comes for: so much data on so many days.
type want struct {
	data int64
	days int
}

// wantedPacks and wantedPasses are the sizes that travel shops sell most, from a weekend of maps
// to a month of everything; what covers each at the least price is offered first.
var (
	wantedPacks  = []want{{1 * gb, 7}, {3 * gb, 7}, {5 * gb, 7}, {10 * gb, 15}, {20 * gb, 30}}
	wantedPasses = []want{{1 * gb, 1}, {2 * gb, 1}, {gb / 2, 1}, {5 * gb, 1}, {10 * gb, 1}}
)

// tiny is less data than a stay needs: such a plan is offered first only where little else is sold.
const tiny = gb * 4 / 10

// SuggestedPlans picks the plans that the first screen of a place offers, at most MaxSuggested: packs by
// size, then day passes by size. There is one of each size and length, none for which another one
// gives as much data and as many days for no more money, and they are spread over what travellers
// want. Of those that cost the same the traffic's exit decides (exitRank).
func SuggestedPlans(plans []Plan, place string) []Plan {
	var packs, passes []Plan
	for _, p := range plans {
		if p.DayPass() {
			passes = append(passes, p)
		} else {
			packs = append(packs, p)
		}
	}
	packs, passes = undominated(packs, place), undominated(passes, place)
	passSlots := min(1, len(passes))
	good := covering(nil, packs, wantedPacks, MaxSuggested-passSlots)
	good = spread(good, slices.DeleteFunc(slices.Clone(packs), func(p Plan) bool { return p.Data < tiny }), MaxSuggested-passSlots)
	good = append(good, covering(nil, passes, wantedPasses, MaxSuggested-len(good))...)
	if len(good) < MaxSuggested {
		good = spread(good, packs, MaxSuggested)
	}
	slices.SortStableFunc(good, comparePlans)
	return good
}

// covering adds, for one want after another, the cheapest plan that gives it.
func covering(good, plans []Plan, wants []want, most int) []Plan {
	for _, w := range wants {
		if len(good) >= most {
			break
		}
		i := slices.IndexFunc(plans, func(p Plan) bool { return volume(p) >= w.data && p.Days >= w.days }) // cheapest first
		if i >= 0 && !has(good, plans[i]) {
			good = append(good, plans[i])
		}
	}
	return good
}

// spread adds what differs most in size from those there are, until there are enough.
func spread(good, plans []Plan, most int) []Plan {
	for len(good) < most {
		best, far := -1, -1.0
		for i, p := range plans {
			if has(good, p) {
				continue
			}
			near := math.Inf(1)
			for _, g := range good {
				if g.DayPass() == p.DayPass() {
					near = min(near, math.Abs(math.Log(float64(volume(p)+1)/float64(volume(g)+1)))+math.Abs(math.Log(float64(p.Days+1)/float64(g.Days+1)))/2)
				}
			}
			if near > far {
				best, far = i, near
			}
		}
		if best < 0 {
			break
		}
		good = append(good, plans[best])
	}
	return good
}

// undominated leaves out every plan for which another is as large, as long and no dearer. What is
// left is sorted by price, and no two are of the same size and length.
func undominated(plans []Plan, place string) []Plan {
	sorted := slices.Clone(plans)
	slices.SortStableFunc(sorted, func(a, b Plan) int {
		return cmp.Or(
			cmp.Compare(a.Wholesale.Minor, b.Wholesale.Minor),
			cmp.Compare(volume(b), volume(a)),
			cmp.Compare(b.Days, a.Days),
			cmp.Compare(exitRank(a, place), exitRank(b, place)),
			cmp.Compare(boolInt(a.Kind == DailyCutOff), boolInt(b.Kind == DailyCutOff)),
			cmp.Compare(a.Code, b.Code),
		)
	})
	var left []Plan
	for _, p := range sorted {
		if !slices.ContainsFunc(left, func(q Plan) bool { return volume(q) >= volume(p) && q.Days >= p.Days }) {
			left = append(left, p)
		}
	}
	return left
}

// exitRank says how welcome the country is through which a plan's traffic reaches the internet,
// the best first: the place itself, elsewhere, not stated, Hong Kong (some services refuse it),
// mainland China (it blocks many). China's own exit is no good one in China either.
func exitRank(p Plan, place string) int {
	switch local := func(code string) bool { return code == place || p.Covers(code) }; {
	case p.ExitsIn("CN"):
		return 4
	case p.ExitsIn("HK") && !local("HK"):
		return 3
	case len(p.BreakoutCountries) == 0:
		return 2
	case slices.ContainsFunc(p.BreakoutCountries, local):
		return 0
	}
	return 1
}

// volume is a plan's data for comparisons: nothing is more than unlimited.
func volume(p Plan) int64 {
	if p.Kind == DailyUnlimited {
		return math.MaxInt64 - 1
	}
	return p.Data
}

func has(plans []Plan, p Plan) bool {
	return slices.ContainsFunc(plans, func(q Plan) bool { return q.Code == p.Code })
}

// PerGB is the price of one GB within a quote, rounded up to a minor unit; false where the data is
// unlimited or not stated. That of a day pass is the price of a GB of one day.
func (q Quote) PerGB() (Money, bool) {
	data := q.Plan.Data
	if q.Plan.Kind == DailyUnlimited || data <= 0 {
		return Money{}, false
	}
	price := q.Price.Minor
	if q.Plan.DayPass() {
		price = divCeil(price, int64(max(q.Days, 1)))
	}
	price = divCeil(price, int64(max(q.Quantity, 1)))
	return Money{mulDivCeil(price, gb, data), q.Price.Currency}, true
}

// BestValue is the index of the quote with the least price per GB, which is marked; -1 where there
// is nothing to compare. Day passes are compared only where no pack is offered: their data is lost
// each night.
func BestValue(quotes []Quote) int {
	packs := slices.ContainsFunc(quotes, func(q Quote) bool { return !q.Plan.DayPass() })
	best, least, compared := -1, int64(0), 0
	for i, q := range quotes {
		per, ok := q.PerGB()
		if !ok || packs && q.Plan.DayPass() {
			continue
		}
		compared++
		if best < 0 || per.Minor < least {
			best, least = i, per.Minor
		}
	}
	if compared < 2 {
		return -1
	}
	return best
}
