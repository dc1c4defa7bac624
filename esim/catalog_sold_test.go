package esim_test

import (
	"slices"
	"testing"

	"esimbot/esim/esimaccess/sandbox"
)

// A country that is not sold to has no screen and no plan of its own, whatever list comes next;
// plans for several countries are sold for the others.
func TestACountryThatIsNotSoldTo(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	national, regional := r.Catalog.Current().Country("JP")[0], r.Catalog.Current().Covering("JP")[0]
	days := 0
	if regional.DayPass() {
		days = 3
	}
	r.Catalog.Sold = func(place string) bool { return place != "JP" }
	check := func(when string) {
		t.Helper()
		c := r.Catalog.Current()
		if len(c.Country("JP"))+len(c.Covering("JP"))+len(c.Suggested("JP")) > 0 || slices.Contains(c.Countries(), "JP") {
			t.Errorf("%s: a country that is not sold to has a screen", when)
		}
		if _, err := r.Checkout.Quote(national.Code, 1, 0); err == nil {
			t.Errorf("%s: its plan is sold", when)
		}
		if _, err := r.Checkout.Quote(regional.Code, 1, days); err != nil || len(c.Country("TR")) == 0 {
			t.Errorf("%s: the others are not: %v", when, err)
		}
	}
	r.Must(r.Catalog.Restore(t.Context()))
	check("restored")
	r.Must(r.Catalog.Refresh(t.Context()))
	check("fetched")
	dearer := regional
	dearer.Wholesale.Minor += 10_000
	r.Catalog.UpdatePrice(dearer)
	check("after a new price")
}
