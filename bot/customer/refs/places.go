package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// The tabs and orders of a list of plans, as they stand in callback data.
const (
	TabFixed  = "f"
	TabDays   = "d"
	TabAround = "r" // regions that include the country
	ByData    = "d"
	ByPrice   = "p"
	ByDays    = "t"
	ByGB      = "g" // the price of one GB
)

// Language leads to the choice of a language, or chooses one.
type Language struct{ Code string }

// Data implements ui.CallbackRef.
func (p Language) Data() ui.CallbackData { return ui.NewCallbackData(RouteLanguage, p.Code) }

// ParseLanguage reads what a Language wrote.
func ParseLanguage(d ui.CallbackData) (Language, error) {
	a := d.Read(RouteLanguage)
	return Language{a.Text()}, a.Err()
}

// Continent leads to a page of a continent's countries.
type Continent struct {
	Continent esim.Continent
	Page      int
}

// Data implements ui.CallbackRef.
func (p Continent) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteContinent, p.Continent, p.Page)
}

// ParseContinent reads what a Continent wrote.
func ParseContinent(d ui.CallbackData) (Continent, error) {
	a := d.Read(RouteContinent)
	p := Continent{esim.Continent(a.Text()), a.Int(0)}
	return p, a.Err()
}

// Regions leads to a page of the regions.
type Regions struct{ Page int }

// Data implements ui.CallbackRef.
func (p Regions) Data() ui.CallbackData { return ui.NewCallbackData(RouteRegions, p.Page) }

// ParseRegions reads what a Regions wrote.
func ParseRegions(d ui.CallbackData) (Regions, error) {
	a := d.Read(RouteRegions)
	p := Regions{a.Int(0)}
	return p, a.Err()
}

// List leads to the plans of a country, or of a region such as EU-42: to the good ones, or
// with a Tab to a page of all of them.
type List struct {
	Route ui.Route // RouteCountry or RouteRegion
	Code  string
	Tab   string // TabFixed, TabDays or TabAround; "": the good plans
	Order string // ByData, ByPrice, ByDays or ByGB; "": ByData
	Page  int
	From  string // where it was opened, and leads back to: FromMenu, a country, a Find; "": its usual place
	// At least so many days, and so much data (of a day, for day passes); 0: any.
	MinDays, MinGB int
}

// Data implements ui.CallbackRef.
func (p List) Data() ui.CallbackData {
	return ui.NewCallbackData(p.Route, p.Code, p.Tab, p.Order, p.Page, p.From, p.MinDays, p.MinGB)
}

// ParseList parses the lists of one route.
func ParseList(route ui.Route) func(ui.CallbackData) (List, error) {
	return func(d ui.CallbackData) (List, error) {
		a := d.Read(route)
		p := List{route, a.Text(), a.Text(), a.Text(), a.Int(0), a.Text(), a.Int(0), a.Int(0)}
		return p, a.Err()
	}
}

// Need leads to the next question of "How much do I need?", or to its answer.
type Need struct {
	Code, From string // the place, and where its list was opened
	Days       int    // 0: not answered yet
	Purpose    esim.Purpose
	Phones     int
}

// Data implements ui.CallbackRef.
func (p Need) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteNeed, p.Code, p.From, p.Days, p.Purpose, p.Phones)
}

// ParseNeed reads what a Need wrote.
func ParseNeed(d ui.CallbackData) (Need, error) {
	a := d.Read(RouteNeed)
	p := Need{a.Text(), a.Text(), a.Int(0), esim.Purpose(a.Text()), a.Int(0)}
	return p, a.Err()
}
