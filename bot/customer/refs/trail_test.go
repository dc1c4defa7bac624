package refs

import (
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// TestBackLeadsToWhereItWasOpened: a list opened from the menu leads back to the menu, and
// keeps doing so after a look at a plan's card.
func TestBackLeadsToWhereItWasOpened(t *testing.T) {
	plan := esim.Plan{Code: "P1", Location: "JP", Places: []string{"JP"}}
	asia := Continent{Continent: esim.Asia}
	tests := []struct {
		name string
		list List
		want ui.CallbackRef
	}{
		{"a continent's country", List{Route: RouteCountry, Code: "JP"}, asia},
		{"a country from the menu", List{Route: RouteCountry, Code: "JP", From: FromMenu}, ui.RouteMenu},
		{"a region from the list of regions", List{Route: RouteRegion, Code: "EU-42"}, RouteRegions},
		{"a region from a country", List{Route: RouteRegion, Code: "EU-42", From: "FR"}, List{Route: RouteCountry, Code: "FR", Tab: TabAround}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			usual := ui.CallbackRef(RouteRegions)
			if tt.list.Route == RouteCountry {
				usual = UpFromCountry(tt.list.Code)
			}
			if got := UpFromList(tt.list.From, usual); got.Data().Route != tt.want.Data().Route {
				t.Errorf("the list leads back to %v, want %v", got, tt.want)
			}
			again, ok := UpFromPlan(plan, tt.list.Origin()).(List)
			if !ok || again.Code != tt.list.Code || again.Route != tt.list.Route || again.From != tt.list.From {
				t.Errorf("the card leads back to %+v, want %+v", again, tt.list)
			}
		})
	}
}

// TestTheAnswersToHowMuchAreKept: a plan's card leads back to the answer that recommended it, whatever was
// answered and wherever the list was opened; where there is no room, how the list was opened goes first.
func TestTheAnswersToHowMuchAreKept(t *testing.T) {
	plan := esim.Plan{Code: "P1", Location: "JP", Places: []string{"JP"}}
	letters := map[string]bool{}
	for _, use := range esim.Purposes() {
		letters[string(use)[:1]] = true
		for _, from := range []string{"", FromMenu, "FR", "rsoutheast-asia10_30"} {
			for _, code := range []string{"JP", "EU-42", "AUNZ-123"} {
				ref := Need{code, from, 30, use, 4}
				origin := ref.Origin()
				want := ref
				if len(from) > 2 {
					want.From = ""
				}
				if back := UpFromPlan(plan, origin); back != ui.CallbackRef(want) || len(origin) > longestOrigin {
					t.Errorf("the card of %+v leads back to %+v by %q", ref, back, origin)
				}
			}
		}
	}
	if len(letters) != len(esim.Purposes()) {
		t.Error("two purposes begin with the same letter")
	}
}
