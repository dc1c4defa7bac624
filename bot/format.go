package bot

import (
	"strings"

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

// planPlace names where a plan works: "Japan", "Europe (36 countries)".
func (r *Request) planPlace(p esim.Plan) string {
	if p.Scope() == esim.Country {
		return r.Place(countryOf(p))
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
	return supplierRegion(p.Name)
}

// planFlag is the picture in front of a place: a flag, or a globe.
func planFlag(p esim.Plan) string {
	if p.Scope() == esim.Country {
		return i18n.Flag(countryOf(p))
	}
	return "🌐"
}

func countryOf(p esim.Plan) string {
	if len(p.Location) == 2 || len(p.Places) == 0 {
		return p.Location
	}
	return p.Places[0]
}

// supplierRegion cuts the size off the vendor's English name of a regional plan:
// "Gulf Region 1GB 7Days" is "Gulf Region".
func supplierRegion(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' && i > 0 {
			return strings.Join(words[:i], " ")
		}
	}
	return name
}

// planSize says how much a plan gives: "1 GB · 7 days", "500 MB a day".
func (r *Request) planSize(p esim.Plan, days int) string {
	data := r.planData(p)
	switch {
	case !p.DayPass():
		return data + " · " + r.Days(p.Days)
	case days > 0:
		return data + " · " + r.Days(days)
	}
	return data
}

// planData is the volume of a plan in words: "1 GB", "500 MB a day", "unlimited".
func (r *Request) planData(p esim.Plan) string {
	switch {
	case p.Kind == esim.DailyUnlimited:
		return r.Plain("plan.title_unlimited", nil)
	case p.DayPass():
		return r.Plain("plan.title_per_day", i18n.Args{"data": r.Printer.Data(p.Data)})
	}
	return r.Printer.Data(p.Data)
}

// planTitle is the whole name of a plan: "Japan · 1 GB · 7 days".
func (r *Request) planTitle(p esim.Plan, days int) string {
	return r.planPlace(p) + " · " + r.planSize(p, days)
}

// manyTitle is planTitle with the number of eSIMs, where there are several.
func (r *Request) manyTitle(p esim.Plan, days, quantity int) string {
	title := r.planTitle(p, days)
	if quantity > 1 {
		title += " × " + r.Number(int64(quantity))
	}
	return title
}

// orderTitle is the whole name of what was ordered.
func (r *Request) orderTitle(o esim.Order) string { return r.manyTitle(o.Plan, o.Days, o.Quantity) }

// price is an amount as it is shown everywhere: on buttons, cards and invoices.
func (r *Request) price(m esim.Money) string {
	if m.Minor == 0 {
		return r.Plain("plan.free", nil)
	}
	return r.exact(m)
}

// exact is an amount as books have it: nothing is "0", never "free".
func (r *Request) exact(m esim.Money) string {
	if m == (esim.Money{}) {
		return r.Money(0, 2, "") // no money of no currency
	}
	exponent, err := m.Currency.Exponent()
	if err != nil {
		return m.String() // no currency that the shop takes; a guess would be wrong a hundredfold
	}
	return r.Money(m.Minor, exponent, m.Currency.Code())
}

// placeNames lists countries by name, in the alphabetical order of the language.
func (r *Request) placeNames(codes []string) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = r.Place(c)
	}
	collator(r.Lang()).SortStrings(names)
	return names
}

// collator sorts as readers of a language expect: "Österreich" among O.
func collator(lang string) *collate.Collator { return collate.New(language.Make(lang)) }

// speed is the best generation of a plan: "3G/4G/5G" is "5G".
func speed(p esim.Plan) string {
	parts := strings.Split(p.Speed, "/")
	return parts[len(parts)-1]
}
