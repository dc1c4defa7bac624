package esim

import (
	"fmt"
	"strconv"
	"strings"
)

// A Rounding says which prices the shop asks for. The zero value takes every cent.
type Rounding struct {
	// To99: x.99 dollars.
	To99 bool
	// Stars: what so many Stars are worth, or a multiple of it; 1 takes every whole Star, 10 tens of them.
	Stars int64
}

// maxStep of a Rounding in Stars.
const maxStep = 100

// ParseRounding reads "off", ".99", "stars" and "stars10"; ErrBadSetting.
func ParseRounding(text string) (Rounding, error) {
	switch text = strings.ToLower(strings.TrimSpace(text)); {
	case text == "off":
		return Rounding{}, nil
	case text == ".99" || text == "x.99" || text == "0.99":
		return Rounding{To99: true}, nil
	case text == "stars":
		return Rounding{Stars: 1}, nil
	}
	step, is := strings.CutPrefix(text, "stars")
	n, err := strconv.ParseInt(step, 10, 64)
	if !is || err != nil || n < 1 || n > maxStep {
		return Rounding{}, fmt.Errorf("rounding %q: %w", text, ErrBadSetting)
	}
	return Rounding{Stars: n}, nil
}

// String is what ParseRounding reads.
func (r Rounding) String() string {
	switch {
	case r.To99:
		return ".99"
	case r.Stars == 1:
		return "stars"
	case r.Stars > 1:
		return "stars" + strconv.FormatInt(r.Stars, 10)
	}
	return "off"
}

// up is the least price of the rounding that is no less than the given one (US cents). star (USD4) is what a Star is worth.
func (r Rounding) up(cents int64, star Money) int64 {
	switch {
	case r.To99:
		return divCeil(cents+1, 100)*100 - 1
	case r.Stars > 0 && star.Minor > 0:
		// What so many Stars are worth, without the part of a cent: they bring it, and one Star less does not.
		return max(cents, divCeil(cents*100, r.Stars*star.Minor)*r.Stars*star.Minor/100)
	}
	return cents
}

// priceParts are the parts of a price rule that staff set somewhere; nil where they did not.
type priceParts struct {
	markupBP            *int64
	minProfit, minPrice *int64 // US cents
	rounding            *Rounding
}

// on puts the parts in place of those of a rule.
func (s priceParts) on(p *Pricing) {
	if s.markupBP != nil {
		p.MarkupBP = *s.markupBP
	}
	if s.minProfit != nil {
		p.MinProfit = USDCents(*s.minProfit)
	}
	if s.minPrice != nil {
		p.MinPrice = USDCents(*s.minPrice)
	}
	if s.rounding != nil {
		p.Rounding = *s.rounding
	}
}

// set reads the value of one part.
func (s *priceParts) set(of Setting, value string) error {
	if of.Kind == SettingRounding {
		r, err := ParseRounding(value)
		s.rounding = &r
		return err
	}
	_, n, err := of.Parse(value)
	switch of.Key {
	case RuleMarkup:
		s.markupBP = &n
	case RuleMinProfit:
		s.minProfit = &n
	case RuleMinPrice:
		s.minPrice = &n
	}
	return err
}

// PriceRules are the prices that staff set: of the whole shop, of places, of plans. What is set of a plan wins over
// what is set of its place, part by part, and that over what is set of the shop. Nobody changes them.
type PriceRules struct {
	shop          priceParts
	places, plans map[string]priceParts
}

// add notes a part of a price rule.
func (r *PriceRules) add(of Setting, scope, value string) error {
	if scope == "" {
		return r.shop.set(of, value)
	}
	scoped := &r.places
	if scope[0] == '#' {
		scoped = &r.plans
	}
	if *scoped == nil {
		*scoped = map[string]priceParts{}
	}
	parts := (*scoped)[scope[1:]]
	if err := parts.set(of, value); err != nil {
		return err
	}
	(*scoped)[scope[1:]] = parts
	return nil
}

// of is a pricing with what holds for a plan in it.
func (r *PriceRules) of(p Pricing, plan *Plan) Pricing {
	if r == nil {
		return p
	}
	r.shop.on(&p)
	if len(r.places) > 0 {
		r.places[plan.Place()].on(&p)
	}
	if len(r.plans) > 0 {
		r.plans[plan.Code].on(&p)
	}
	return p
}

// ScopeOfPlace is what stands behind the key of a rule that is of one place: a country, or a region such as EU-42.
func ScopeOfPlace(code string) string { return "@" + code }

// ScopeOfPlan is what stands behind the key of a rule that is of one plan.
func ScopeOfPlan(code string) string { return "#" + code }
