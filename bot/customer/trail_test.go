package customer

import (
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// TestBackLeadsToWhereItWasOpened: a list opened from the menu leads back to the menu, and
// keeps doing so after a look at a plan's card.
func TestBackLeadsToWhereItWasOpened(t *testing.T) {
	plan := esim.Plan{Code: "P1", Location: "JP", Places: []string{"JP"}}
	asia := continentRef{Continent: esim.Asia}
	tests := []struct {
		name string
		list listRef
		want ui.CallbackRef
	}{
		{"a continent's country", listRef{Route: routeCountry, Code: "JP"}, asia},
		{"a country from the menu", listRef{Route: routeCountry, Code: "JP", From: fromMenu}, ui.RouteMenu},
		{"a region from the list of regions", listRef{Route: routeRegion, Code: "EU-42"}, routeRegions},
		{"a region from a country", listRef{Route: routeRegion, Code: "EU-42", From: "FR"}, listRef{Route: routeCountry, Code: "FR", Tab: tabAround}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			usual := ui.CallbackRef(routeRegions)
			if tt.list.Route == routeCountry {
				usual = backOf(tt.list.Code)
			}
			if got := upFrom(tt.list.From, usual); got.Data().Route != tt.want.Data().Route {
				t.Errorf("the list leads back to %v, want %v", got, tt.want)
			}
			again, ok := originOf(plan, tt.list.origin()).(listRef)
			if !ok || again.Code != tt.list.Code || again.Route != tt.list.Route || again.From != tt.list.From {
				t.Errorf("the card leads back to %+v, want %+v", again, tt.list)
			}
		})
	}
}
