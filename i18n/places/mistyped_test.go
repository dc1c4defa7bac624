package places

import "testing"

// TestATextOfTheOtherKeyboardIsRead: not only a name may be typed with the wrong layout.
func TestATextOfTheOtherKeyboardIsRead(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"nfqkfyl 10 lytq": "TH - 10", "zgjybz njrbj": "JP", "bcgfybz gjhneufkbz": "ES+PT", "nehwbz 5 u,": "TR 5 -",
		"лщкуф 5пи 7 вфны": "KR 5 7", "gjvjubnt": "help", "yt hf,jnftn": "help",
		"nice": "FR", "from Lisbon": "PT", "qwerty": "none",
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
	if q := x.Parse("ghbdtn"); q.Intent != IntentHello {
		t.Errorf("ghbdtn is %q", q.Intent)
	}
}

// TestUkrainianConsonantsChange before the ending of the place where somebody is.
func TestUkrainianConsonantsChange(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{"на Менорці": "ES", "у Празі": "CZ", "на Корсиці 5 гб": "FR 5 -"} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}
