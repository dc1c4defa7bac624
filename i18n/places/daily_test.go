package places

import "testing"

// TestAnAmountOfEachDayIsSaidInWords: nobody types a digit for one.
func TestAnAmountOfEachDayIsSaidInWords(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"a gig a day in japan": "JP 1/d -", "half a gig per day italy": "IT 512m/d -", "по гигу в день турция на 10 дней": "TR 1/d 10",
		"каждый день гиг в турции": "TR 1/d -", "un giga al día japón": "JP 1/d -", "اليابان جيجا كل يوم": "JP 1/d -",
		"a day in rome": "IT - 1", "2 gigs japan": "JP 2 -", "GIG": "BR", // an airport in capitals
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}

// TestANameInAPhraseIsNotNamed: a card and a way to pay are called like the world and like a town.
func TestANameInAPhraseIsNotNamed(t *testing.T) {
	x := index(t)
	for _, query := range []string{"оплата картой мир?", "تقبلون ابل باي؟"} {
		if got := shown(x, x.Parse(query)); got != "ask" {
			t.Errorf("%q leads to %s", query, got)
		}
	}
}
