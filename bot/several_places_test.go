package bot_test

import (
	"slices"
	"strings"
	"testing"

	"esimbot/bot/ui"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestSeveralPlacesThatNoPlanCovers: where no plan covers all of the places there is one button for each, in the
// order in which they were named, and each leads to the plans of its place.
func TestSeveralPlacesThatNoPlanCovers(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	for _, tt := range []struct {
		lang, query, says string
		want              []string
	}{
		{"en", "denmark and bhutan", "No single plan covers all of them. One for each:", []string{"DK", "BT"}},
		{"en", "italy, maldives, bermuda", "No single plan covers all of them. One for each:", []string{"IT", "MV", "BM"}},
		{"ru", "Ирак и Доминикана", "Одного тарифа на все нет.", []string{"IQ", "DO"}},
	} {
		for _, p := range s.Catalog.Current().Plans() {
			if !slices.ContainsFunc(tt.want, func(place string) bool { return !p.Covers(place) }) {
				t.Fatalf("%s covers all of %v: nothing is tested", p.Code, tt.want)
			}
		}
		k := s.talk(s.Messenger.User(annID))
		k.user.SetLanguage(tt.lang)
		k.says(tt.query)
		last := k.user.Last()
		if !strings.Contains(last.Text, tt.says) {
			t.Errorf("%q is answered with %q", tt.query, last.Text)
		}
		var got, data []string
		for _, row := range last.Keyboard {
			for _, b := range row {
				if d, err := ui.ParseCallbackData(b.Data); err == nil && d.Route != "menu" {
					got, data = append(got, argument(d, 0)), append(data, b.Data)
					if d.Route != "country" {
						t.Errorf("%q: a button leads to %s", tt.query, b.Data)
					}
				}
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: buttons for %v, want %v", tt.query, got, tt.want)
			continue
		}
		for i, d := range data {
			k.says(tt.query)
			k.taps(d)
			if name := s.App.Texts.Printer(tt.lang).Place(got[i]); !strings.Contains(k.user.Last().Text, name) {
				t.Errorf("%q: the button for %s leads to %q", tt.query, name, k.user.Last().Text)
			}
		}
	}
}
