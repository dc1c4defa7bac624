package esim

import (
	"errors"
	"slices"
)

// ApprovalAbovePriceChangeBP is by how much, in hundredths of a percent, a change of prices may move one of them before a second person
// has to agree: half of it, up or down.
const ApprovalAbovePriceChangeBP = 5_000

// A PriceChange is what one plan costs before and after a change of the rules: the least of it that can be bought.
type PriceChange struct {
	Plan          Plan
	Before, After Quote
	// TooHigh: afterwards the main payment method cannot take its price.
	TooHigh bool
}

// BP is by how much the retail price moves, in hundredths of a percent; negative: it falls.
func (m PriceChange) BP() int64 {
	if m.Before.Retail.Minor == 0 {
		return 0
	}
	return (m.After.Retail.Minor - m.Before.Retail.Minor) * 10_000 / m.Before.Retail.Minor
}

// A PricePreview is what a change of the rules would do to all prices.
type PricePreview struct {
	Plans, TooHigh int           // that are sold; of them too dear afterwards
	Changes        []PriceChange // of plans whose price would be another, in the order of the price list
	// Lowest and Highest bound by how much they move, as BP has it.
	Lowest, Highest int64
}

// NeedsSecond reports whether a second person has to agree.
func (p PricePreview) NeedsSecond() bool {
	return p.Highest > ApprovalAbovePriceChangeBP || p.Lowest < -ApprovalAbovePriceChangeBP
}

// First are at most so many of the moves: those of the plans with the given codes, in their order, and then others.
func (p PricePreview) First(codes []string, most int) []PriceChange {
	var first []PriceChange
	taken := map[string]bool{}
	for _, code := range codes {
		i := slices.IndexFunc(p.Changes, func(m PriceChange) bool { return m.Plan.Code == code })
		if i >= 0 && len(first) < most && !taken[code] {
			taken[code] = true
			first = append(first, p.Changes[i])
		}
	}
	for _, m := range p.Changes {
		if len(first) < most && !taken[m.Plan.Code] {
			taken[m.Plan.Code] = true
			first = append(first, m)
		}
	}
	return first
}

// Preview compares what plans cost now with what they would cost under other rules.
func (c *Checkout) Preview(plans []Plan, rules *Rules) PricePreview {
	return c.PreviewFrom(plans, c.Rules.Current(), rules)
}

// PreviewFrom compares what plans cost under some rules with what they would cost under others.
func (c *Checkout) PreviewFrom(plans []Plan, from, rules *Rules) PricePreview {
	p := PricePreview{Plans: len(plans)}
	before, after := c.Pricing, c.Pricing
	before.Rules, after.Rules = from.prices, rules.prices
	for _, plan := range plans {
		m := PriceChange{Plan: plan}
		var err error
		if m.Before, err = before.LowestQuoteWith(c.DefaultMethod(), plan); err != nil && !errors.Is(err, ErrPriceTooHigh) {
			continue
		}
		wasDear := err != nil
		if m.After, err = after.LowestQuoteWith(c.DefaultMethod(), plan); err != nil && !errors.Is(err, ErrPriceTooHigh) {
			continue
		}
		m.TooHigh = err != nil
		if wasDear || m.TooHigh { // what it would cost can be said all the same
			m.Before.Retail, m.After.Retail = before.ForPlan(plan).Retail(plan.Wholesale), after.ForPlan(plan).Retail(plan.Wholesale)
		}
		if m.TooHigh && !wasDear {
			p.TooHigh++
		}
		if m.Before.Retail == m.After.Retail {
			continue
		}
		if len(p.Changes) == 0 {
			p.Lowest, p.Highest = m.BP(), m.BP()
		}
		p.Changes = append(p.Changes, m)
		p.Lowest, p.Highest = min(p.Lowest, m.BP()), max(p.Highest, m.BP())
	}
	return p
}
