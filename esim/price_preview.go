package esim

import (
	"errors"
	"slices"
)

// SecondAboveBP is by how much, in hundredths of a percent, a change of prices may move one of them before a second person
// has to agree: half of it, up or down.
const SecondAboveBP = 5_000

// A PriceMove is what one plan costs before and after a change of the rules: the least of it that can be bought.
type PriceMove struct {
	Plan          Plan
	Before, After Quote
	// TooDear: afterwards the main payment method cannot take its price.
	TooDear bool
}

// BP is by how much the retail price moves, in hundredths of a percent; negative: it falls.
func (m PriceMove) BP() int64 {
	if m.Before.Retail.Minor == 0 {
		return 0
	}
	return (m.After.Retail.Minor - m.Before.Retail.Minor) * 10_000 / m.Before.Retail.Minor
}

// A PricePreview is what a change of the rules would do to all prices.
type PricePreview struct {
	Plans, TooDear int         // that are sold; of them too dear afterwards
	Moves          []PriceMove // of plans whose price would be another, in the order of the price list
	// Lowest and Highest bound by how much they move, as BP has it.
	Lowest, Highest int64
}

// NeedsSecond reports whether a second person has to agree.
func (p PricePreview) NeedsSecond() bool {
	return p.Highest > SecondAboveBP || p.Lowest < -SecondAboveBP
}

// First are at most so many of the moves: those of the plans with the given codes, in their order, and then others.
func (p PricePreview) First(codes []string, most int) []PriceMove {
	var first []PriceMove
	taken := map[string]bool{}
	for _, code := range codes {
		i := slices.IndexFunc(p.Moves, func(m PriceMove) bool { return m.Plan.Code == code })
		if i >= 0 && len(first) < most && !taken[code] {
			taken[code] = true
			first = append(first, p.Moves[i])
		}
	}
	for _, m := range p.Moves {
		if len(first) < most && !taken[m.Plan.Code] {
			taken[m.Plan.Code] = true
			first = append(first, m)
		}
	}
	return first
}

// Preview compares what plans cost now with what they would cost under other rules.
func (c *Checkout) Preview(plans []Plan, rules *Rules) PricePreview {
	p := PricePreview{Plans: len(plans)}
	before, after := c.Prices(), c.Pricing
	after.Rules = rules.prices
	for _, plan := range plans {
		m := PriceMove{Plan: plan}
		var err error
		if m.Before, err = before.FromWith(c.DefaultMethod(), plan); err != nil && !errors.Is(err, ErrTooDear) {
			continue
		}
		wasDear := err != nil
		if m.After, err = after.FromWith(c.DefaultMethod(), plan); err != nil && !errors.Is(err, ErrTooDear) {
			continue
		}
		m.TooDear = err != nil
		if wasDear || m.TooDear { // what it would cost can be said all the same
			m.Before.Retail, m.After.Retail = before.Of(plan).Retail(plan.Wholesale), after.Of(plan).Retail(plan.Wholesale)
		}
		if m.TooDear && !wasDear {
			p.TooDear++
		}
		if m.Before.Retail == m.After.Retail {
			continue
		}
		if len(p.Moves) == 0 {
			p.Lowest, p.Highest = m.BP(), m.BP()
		}
		p.Moves = append(p.Moves, m)
		p.Lowest, p.Highest = min(p.Lowest, m.BP()), max(p.Highest, m.BP())
	}
	return p
}
