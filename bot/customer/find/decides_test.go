package find

import (
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

// A filter goes through its steps and back to any; a button of an older program, with a step that is no longer
// one, leads to the first.
func TestNextStepOfAFilter(t *testing.T) {
	steps := []int{0, 7, 15, 30}
	for set, want := range map[int]int{0: 7, 7: 15, 15: 30, 30: 0, 9: 0} {
		if got := next(steps, set); got != want {
			t.Errorf("after %d: %d, want %d", set, got, want)
		}
	}
}

func TestCriteria(t *testing.T) {
	const gb = 1 << 30
	tests := []struct {
		name string
		said i18n.Query
		want esim.PlanCriteria
	}{
		{"nothing", i18n.Query{}, esim.PlanCriteria{}},
		{"in all", i18n.Query{Bytes: 5 * gb, Days: 30}, esim.PlanCriteria{Data: 5 * gb, Days: 30}},
		{"of each day", i18n.Query{Bytes: gb, Daily: gb, Days: 7}, esim.PlanCriteria{Daily: gb, Days: 7}},
		{"unlimited", i18n.Query{Unlimited: true}, esim.PlanCriteria{Unlimited: true}},
	}
	for _, tt := range tests {
		if got := criteria(tt.said); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// Digits mean the eSIM whose number ends so, or the vendor's whole number of one.
func TestEnding(t *testing.T) {
	esims := make([]esim.ESIM, 3)
	for i, numbers := range [][2]string{{"26112312000001", "8900000000000001234"}, {"26112312000002", "8900000000000091234"}, {"26112312000003", "8900000000000005678"}} {
		esims[i].ID, esims[i].ICCID = esim.ESIMID(numbers[0]), esim.ICCID(numbers[1])
	}
	for digits, want := range map[string]int{"1234": 2, "91234": 1, "5678": 1, "26112312000003": 1, "12000003": 0, "9999": 0} {
		if got := ending(esims, digits); len(got) != want {
			t.Errorf("%s: %d eSIMs, want %d", digits, len(got), want)
		}
	}
}

// Countries that most travel to come first, each once, and only where something is sold.
func TestPopularFirst(t *testing.T) {
	popular := esim.PopularDestinations()
	own, within := popular[3], popular[1]
	catalog := esim.NewCatalog([]esim.Plan{
		{Code: "A", Location: own, Places: []string{own}, Data: 1, Days: 7},
		{Code: "B", Location: "EU-7", Places: []string{within, own}, Data: 1, Days: 7},
	}, time.Time{})
	if got := popularFirst(catalog); !slices.Equal(got, []string{within, own}) {
		t.Errorf("got %v, want %v", got, []string{within, own})
	}
}
