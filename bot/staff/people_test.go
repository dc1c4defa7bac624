package staff

import (
	"strings"
	"testing"

	"esimbot/esim"
)

func TestParseDollars(t *testing.T) {
	for text, want := range map[string]int64{
		"5": 500, "5.00": 500, "$5.5": 550, "-2": -200, "-$0.01": -1, "0,50": 50, "1000": 100_000, "007": 700,
		"": 0, "0": 0, "-": 0, "1000.01": 0, "5.": 0, ".5": 0, "5.001": 0, "1e3": 0, "+5": 0, "--5": 0, "5.0.0": 0, "99999999": 0, "5.-1": 0, "٥": 0,
	} {
		got, ok := parseDollars(text)
		if ok != (want != 0) || ok && got != esim.USDCents(want) {
			t.Errorf("%q is %v %v, want %d cents", text, got, ok, want)
		}
	}
}

func FuzzParseDollars(f *testing.F) {
	for _, s := range []string{"5", "-5.25", "$0.01", "0,5", "1000", "5.", "--", "9999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := parseDollars(s)
		if !ok {
			return
		}
		if m.Currency != esim.USD || m.Minor == 0 || max(m.Minor, -m.Minor) > maxGrant {
			t.Errorf("%q is %v", s, m)
		}
		if again, ok := parseDollars(strings.TrimSuffix(m.String(), " USD")); !ok || again != m {
			t.Errorf("%q is %v, which is read as %v", s, m, again)
		}
	})
}
