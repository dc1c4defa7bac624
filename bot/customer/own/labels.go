package own

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// labels are a customer's eSIMs on buttons. Those of one order without a name have their number, and where two would
// look alike, or are called the same, each has the end of its order's number too.
func (f *esimsFlow) labels(r *ui.Request, esims []esim.ESIM) map[esim.ESIMID]string {
	siblings, named, same := map[esim.OrderID]int{}, map[string]int{}, map[string]int{}
	for _, e := range esims {
		siblings[e.Order]++
		named[strings.ToLower(e.Name)]++
	}
	out := map[esim.ESIMID]string{}
	for _, e := range esims {
		out[e.ID] = f.label(r, e, siblings[e.Order] > 1, "")
		same[out[e.ID]]++
	}
	for _, e := range esims {
		if same[out[e.ID]] > 1 || e.Name != "" && named[strings.ToLower(e.Name)] > 1 {
			_, mark, _ := strings.Cut(e.ShortID(siblings[e.Order]), "-")
			out[e.ID] = f.label(r, e, false, mark)
		}
	}
	return out
}

// label is an eSIM on a button, by what the customer calls it or where it works: "🆕 Japan · 1 GB · 7 days", and of one
// in use what is left: "🟢 Mum · 734 MB · 5 days". Of several in an order, those without a name have their number. A mark
// tells it from one that looks the same. A name is said in full rather than how much is left.
func (f *esimsFlow) label(r *ui.Request, e esim.ESIM, numbered bool, mark string) string {
	c := e.Condition(f.now())
	tails := r.PlanSizes(e.Plan, ui.DayPassDays(e))
	if c == esim.ConditionWorking || c == esim.ConditionDepleted || c == esim.ConditionPaused {
		tails = f.leftOf(r, e)
	}
	names, number := r.PlaceLabels(e.Plan), ""
	switch {
	case e.Name != "":
		names = []string{e.Name}
	case numbered:
		number = " #" + r.Number(int64(e.Index))
	}
	if e.Plan.DayPass() { // the place is said in full rather than the days
		tails = append(tails, r.PlanData(e.Plan))
	}
	if e.Name != "" || mark != "" {
		data, _, _ := strings.Cut(tails[0], " · ")
		tails = append(tails, data, "")
	}
	var labels []func(name string) string
	for _, tail := range tails {
		parts := []string{}
		for _, part := range []string{mark, tail} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		labels = append(labels, func(name string) string {
			return ui.ConditionMark(c) + " " + r.Facts(append([]string{name}, parts...)...) + number
		})
	}
	return ui.FitLabel(1, names, labels...)
}
