package esim

import "testing"

// Of plans that are alike and cost the same the one that goes online at home is shown first, and one through Hong Kong
// last, whatever their codes.
func TestAlikePlansAreShownByTheirExit(t *testing.T) {
	t.Parallel()
	plan := func(code string, exits ...string) Plan {
		return Plan{Code: code, Location: "JP", Places: []string{"JP"}, Data: 1 << 30, Days: 7, Wholesale: USDCents(80), BreakoutCountries: exits}
	}
	got := ""
	for _, p := range inOrder([]Plan{plan("A", "HK"), plan("B", "GB"), plan("C", "JP"), plan("D")}) {
		got += p.Code
	}
	if got != "CBDA" {
		t.Errorf("shown in the order %s, want CBDA", got)
	}
}
