package forsale

import (
	"cmp"
	"strings"

	"esimbot/esim"
)

const firstDays = 7 // of a day pass, until chosen

// PassDays is how many days of a day pass are looked at, 0 for a fixed plan.
func PassDays(p esim.Plan, chosen int) int {
	if !p.DayPass() {
		return 0
	}
	return min(max(cmp.Or(chosen, firstDays), 1), esim.MaxDays)
}

// WithPlaces is a plan with the places that its snapshot leaves out, if it is still sold.
func WithPlaces(catalog *esim.CatalogCache, p esim.Plan) esim.Plan {
	if now, err := catalog.Plan(p.Code); err == nil {
		p.Places = now.Places
	}
	return p
}

// MaxNetworks are named on a card.
const MaxNetworks = 4

// NetworkNames are a country's networks with their best generation, "KDDI 5G"; an ellipsis stands
// for those past most.
func NetworkNames(c esim.Coverage, most int) []string {
	var names []string
	for i, o := range c.Networks {
		if i == most {
			return append(names, "…")
		}
		names = append(names, strings.TrimSpace(o.Name+" "+o.Generation))
	}
	return names
}

// BestGeneration is the best generation of a plan: "3G/4G/5G" is "5G".
func BestGeneration(p esim.Plan) string {
	parts := strings.Split(p.Generations, "/")
	return parts[len(parts)-1]
}
