package places

import "testing"

// TestAlone tells the name of a place, with what is wanted there, from a sentence that holds one.
func TestAlone(t *testing.T) {
	x := index(t)
	for text, want := range map[string]bool{
		"Japan": true, "в японию": false, "Япония": true, "japan": true, "🇯🇵": true, "JP": true, "日本": true,
		"turkey 30 days 5gb": true, "usa canada": true, "Paris and Rome": true, "europe": true, "10gb europe": true,
		"I am in Spain": false, "I am in Spain now, no internet": false, "japn": false, "yes": false, "12": false, "Samsung": false,
		"in Japan it worked": false, "does it work in spain?": false, "order 12345": false, "": false,
	} {
		if got := x.Parse(text).Alone; got != want {
			t.Errorf("%q says nothing but places: %v, want %v", text, got, want)
		}
	}
}
