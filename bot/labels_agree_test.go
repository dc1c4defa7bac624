package bot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// priceIn finds the price at the end of a label: "⭐ 1,333" in "👍 20 GB · 30 days · ⭐ 1,333".
var priceIn = regexp.MustCompile(`⭐\x{a0}[0-9,]+`)

// TestALabelsPriceIsThatOfWhatItOpens: whatever list a plan stands in, its card has the price that its
// button has, for as many days; and "from" a price is the least among what the button opens.
func TestALabelsPriceIsThatOfWhatItOpens(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		catalog := s.Catalog.Current()
		lists := []string{"menu", "regions", "regions|1", "regions|2"}
		for _, code := range catalog.Countries() {
			lists = append(lists, "country|"+code, "country|"+code+"|f", "country|"+code+"|d", "country|"+code+"|r")
		}
		for _, code := range append(catalog.Regions(esim.ScopeGlobal), catalog.Regions(esim.ScopeRegional)...) {
			lists = append(lists, "region|"+code, "region|"+code+"|d")
		}
		for _, c := range esim.Continents() {
			lists = append(lists, "cont|"+string(c))
		}
		lists = append(lists, "need|JP|m|7|social|2", "need|TH|m|30|video|1", "need|US|m|3|maps|1", "find|aTR5_30", "find|aJP_7", "find|aTH*_10", "find|reurope10", "find|aUSCA")
		opened := map[string]int{}
		for _, list := range lists {
			for _, b := range slices.Concat(s.opens(t, list).Rows...) {
				price := priceIn.FindString(b.Text)
				if price == "" || !slices.Contains([]string{"plan", "country", "region"}, b.Data.Route) {
					continue
				}
				opened[b.Data.Route]++
				data, err := b.Data.Encode()
				s.Must(err)
				screen := s.opens(t, data)
				if b.Data.Route == "plan" {
					if buy := screen.Rows[0][0].Text; priceIn.FindString(buy) != price {
						t.Errorf("%s: %q opens a card with %q", list, b.Text, buy)
					}
					continue
				}
				var offered []string
				for _, offer := range slices.Concat(screen.Rows...) {
					if p := priceIn.FindString(offer.Text); p != "" {
						offered = append(offered, p)
					}
				}
				if !slices.Contains(offered, price) {
					t.Errorf("%s: %q opens %q", list, b.Text, offered)
				}
			}
		}
		for _, route := range []string{"plan", "country", "region"} {
			if opened[route] < 20 {
				t.Errorf("only %d buttons to %q have a price: %v", opened[route], route, opened)
			}
		}
	})
}

// opens is the screen that a button with this data opens; none if there is nothing of the kind.
func (s *shop) opens(t *testing.T, data string) ui.Screen {
	t.Helper()
	d, err := ui.ParseCallbackData(data)
	s.Must(err)
	screen, err := s.screen(t, s.request("en", d))
	if err != nil || strings.Contains(screen.Text, "Nothing of this kind") {
		return ui.Screen{}
	}
	return screen
}
