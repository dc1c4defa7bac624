package ui

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"esimbot/esim"
	"esimbot/i18n"
)

// namedRegions are the letters in front of a region's number that have a name of
// their own in every language; other regions are named by their countries or in
// the vendor's English.
var namedRegions = map[string]string{
	"EU": "region.europe", "AS": "region.asia", "NA": "region.north_america", "ME": "region.middle_east",
	"AF": "region.africa", "SA": "region.south_america", "CB": "region.caribbean", "GL": "region.global",
	"AUNZ": "region.oceania", "USCA": "region.usca",
}

//i18n:use region.*

// fewPlaces are named one by one.
const fewPlaces = 3

// PlanPlace names where a plan works: "Japan", "Europe (36 countries)".
func (r *Request) PlanPlace(p esim.Plan) string {
	if p.Scope() == esim.ScopeCountry {
		return r.Place(CountryOf(p))
	}
	if n := len(p.Places); n > 0 && n <= fewPlaces {
		names := make([]string, n)
		for i, code := range p.Places {
			names[i] = r.Place(code)
		}
		return r.List(names)
	}
	prefix, _, _ := strings.Cut(p.Location, "-")
	if key := namedRegions[prefix]; key != "" {
		return r.Plain(key, nil)
	}
	return vendorRegion(p.Name)
}

// PlaceLabels are the names of where a plan works, the longest first, for labels that have little room.
func (r *Request) PlaceLabels(p esim.Plan) []string {
	if p.Scope() == esim.ScopeCountry {
		return r.Labels(CountryOf(p))
	}
	names := []string{r.PlanPlace(p)}
	if n := len(p.Places); n > 0 && n <= fewPlaces {
		return names
	}
	prefix, _, _ := strings.Cut(p.Location, "-")
	if key := namedRegions[prefix]; key != "" {
		names = append(names, r.Plain(strings.Replace(key, "region.", "region.short_", 1), nil))
	}
	return names
}

// PlanFlag is the picture in front of a place: a flag, or a globe.
func PlanFlag(p esim.Plan) string {
	if p.Scope() == esim.ScopeCountry {
		return i18n.Flag(CountryOf(p))
	}
	return "🌐"
}

// CountryOf is the country of a plan that works in one.
func CountryOf(p esim.Plan) string {
	if len(p.Location) == 2 || len(p.Places) == 0 {
		return p.Location
	}
	return p.Places[0]
}

// vendorRegion cuts the size off the vendor's English name of a regional plan:
// "Gulf Region 1GB 7Days" is "Gulf Region".
func vendorRegion(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' && i > 0 {
			return strings.Join(words[:i], " ")
		}
	}
	return name
}

// PlanSize says how much a plan gives, the same everywhere: "1 GB · 7 days", "500 MB/day", "500 MB/day · 3 days".
func (r *Request) PlanSize(p esim.Plan, days int) string {
	data := r.PlanData(p)
	switch {
	case !p.DayPass():
		return r.Facts(data, r.Days(p.Days))
	case days > 0:
		return r.Facts(data, r.Days(days))
	}
	return data
}

// PlanSizes are PlanSize, and the same with its days said shorter, for labels: "500 MB/day · 3 d".
func (r *Request) PlanSizes(p esim.Plan, days int) []string {
	if !p.DayPass() {
		days = p.Days
	}
	sizes := []string{r.PlanSize(p, days)}
	if days > 0 {
		_, short := r.TimeLeftShort(time.Duration(days) * 24 * time.Hour)
		sizes = append(sizes, r.Facts(r.PlanData(p), short))
	}
	return sizes
}

// PlanData is the volume of a plan in words: "1 GB", "500 MB/day", "unlimited".
func (r *Request) PlanData(p esim.Plan) string {
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.Plain("plan.title_unlimited", nil)
	case p.DayPass():
		return r.Plain("plan.title_per_day", i18n.Args{"data": r.Printer.Data(p.Data)})
	}
	return r.Printer.Data(p.Data)
}

// PlanTitle is the whole name of a plan: "Japan · 1 GB · 7 days".
func (r *Request) PlanTitle(p esim.Plan, days int) string {
	return r.Facts(r.PlanPlace(p), r.PlanSize(p, days))
}

// ESIMTitle is what the customer calls an eSIM, and its plan: "Mum · Japan · 1 GB · 7 days".
func (r *Request) ESIMTitle(e esim.ESIM) string { return r.NamedTitle(e, DayPassDays(e)) }

// NamedTitle is ESIMTitle with other days of a day pass than were bought, 0 for none.
func (r *Request) NamedTitle(e esim.ESIM, days int) string {
	title := r.PlanTitle(e.Plan, days)
	if e.Name != "" {
		title = r.Facts(e.Name, title)
	}
	return title
}

// ESIMLabel is ESIMTitle where there is little room: what the customer calls it, else its plan.
func (r *Request) ESIMLabel(e esim.ESIM) string {
	if e.Name != "" {
		return e.Name
	}
	return r.PlanTitle(e.Plan, DayPassDays(e))
}

// ManyTitle is PlanTitle with the number of eSIMs, where there are several.
func (r *Request) ManyTitle(p esim.Plan, days, quantity int) string {
	title := r.PlanTitle(p, days)
	if quantity > 1 {
		title += " × " + r.Number(int64(quantity))
	}
	return title
}

// OrderTitle is the whole name of what was ordered.
func (r *Request) OrderTitle(o esim.Order) string { return r.ManyTitle(o.Plan, o.Days, o.Quantity) }

// MoneyAndCredit is what is paid or goes back in two ways: money, and store credit beside it, if any.
func (r *Request) MoneyAndCredit(m, credit esim.Money) string {
	switch {
	case credit.Minor == 0:
		return r.Price(m)
	case credit.Minor < 0:
		return r.Plain("pay.both_owed", i18n.Args{"price": r.Price(m), "owed": r.Price(esim.Owed(credit))})
	}
	return r.Plain("pay.both", i18n.Args{"price": r.Price(m), "credit": r.Price(credit)})
}

// Price is an amount as it is shown everywhere: on buttons, cards and invoices.
func (r *Request) Price(m esim.Money) string {
	if m.Minor == 0 {
		return r.Plain("plan.free", nil)
	}
	return r.ExactAmount(m)
}

// PlaceNames lists countries by name, in the alphabetical order of the language.
func (r *Request) PlaceNames(codes []string) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = r.Place(c)
	}
	sorter, _ := sorters.LoadOrStore(r.Lang(), &nameSorter{keys: map[string]string{}})
	sorter.(*nameSorter).sort(r.Lang(), names)
	return names
}

// sorters remember, language by language, where a country's name belongs: to work that out for the
// forty of a region took half of what the plan's card cost.
var sorters sync.Map // language → *nameSorter

type nameSorter struct {
	mu   sync.Mutex
	keys map[string]string // name → what a Collator compares of it
}

// rememberedNames is more than there are countries. Codes that nobody knows are names too.
const rememberedNames = 1000

func (s *nameSorter) sort(lang string, names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) > rememberedNames {
		clear(s.keys)
	}
	var (
		collator *collate.Collator
		buffer   collate.Buffer
	)
	for _, name := range names {
		if _, known := s.keys[name]; known {
			continue
		}
		if collator == nil {
			collator = Collator(lang)
		}
		s.keys[name] = string(collator.KeyFromString(&buffer, name))
		buffer.Reset()
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(s.keys[a], s.keys[b]) })
}

// Collator sorts as readers of a language expect: "Österreich" among O.
func Collator(lang string) *collate.Collator { return collate.New(language.Make(lang)) }

// CustomerName is a customer's name on one line; "?" if it is unknown.
func CustomerName(p esim.Customer) string {
	if name := strings.Join(strings.Fields(p.Name), " "); name != "" {
		return Truncate(name, 64)
	}
	return "?"
}

// ExactAmount is an amount as books have it: nothing is "0", never "free".
func (r *Request) ExactAmount(m esim.Money) string {
	if m == (esim.Money{}) {
		return r.Money(0, 2, "") // no money of no currency
	}
	m = m.RoundedForDisplay()
	exponent, err := m.Currency.Exponent()
	if err != nil {
		return m.String() // no currency that the shop takes; a guess would be wrong a hundredfold
	}
	return r.Money(m.Minor, exponent, m.Currency.Code())
}

// ConditionMark stands in front of an eSIM and says its condition at a glance.
func ConditionMark(c esim.Condition) string { return conditionMarks[c] }

var conditionMarks = map[esim.Condition]string{
	esim.ConditionReady: "🆕", esim.ConditionDownloading: "⏬", esim.ConditionInstalled: "☑️", esim.ConditionWorking: "🟢", esim.ConditionDepleted: "🪫",
	esim.ConditionOver: "⌛", esim.ConditionLapsed: "⌛", esim.ConditionPaused: "⏸", esim.ConditionWithdrawn: "✖️", esim.ConditionRemoved: "🗑",
}

// DayPassDays is how many days of a day pass were bought, 0 for a fixed plan.
func DayPassDays(e esim.ESIM) int {
	if !e.Plan.DayPass() {
		return 0
	}
	return max(e.Days, 1)
}
