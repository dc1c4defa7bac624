package refs

import "esimbot/bot/ui"

// Plan leads to a plan's card.
type Plan struct {
	Code     string
	Origin   string // the country or region whose list it was chosen from; "": none
	Days     int    // of a day pass; 0: not chosen yet
	Quantity int    // 0: not chosen yet
}

// Data implements ui.CallbackRef.
func (p Plan) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePlan, p.Code, p.Origin, p.Days, p.Quantity)
}

// ParsePlan reads what a Plan wrote.
func ParsePlan(d ui.CallbackData) (Plan, error) {
	a := d.Read(RoutePlan)
	p := Plan{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// Details leads to all details of a plan, and from there back to its card.
type Details Plan

// Data implements ui.CallbackRef.
func (p Details) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteDetails, p.Code, p.Origin, p.Days, p.Quantity)
}

// ParseDetails reads what a Details wrote.
func ParseDetails(d ui.CallbackData) (Details, error) {
	a := d.Read(RouteDetails)
	p := Details{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// Networks leads to a page of a plan's networks.
type Networks struct {
	Code, Origin   string
	Days           int
	Page, Quantity int
}

// Data implements ui.CallbackRef.
func (p Networks) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteNetworks, p.Code, p.Origin, p.Days, p.Page, p.Quantity)
}

// ParseNetworks reads what a Networks wrote.
func ParseNetworks(d ui.CallbackData) (Networks, error) {
	a := d.Read(RouteNetworks)
	p := Networks{a.Text(), a.Text(), a.Int(0), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// Phone begins the dialogue "Will it work on my phone?", and leads from there back to a plan's card.
type Phone Plan

// Data implements ui.CallbackRef.
func (p Phone) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePhone, p.Code, p.Origin, p.Days, p.Quantity)
}

// ParsePhone reads what a Phone wrote.
func ParsePhone(d ui.CallbackData) (Phone, error) {
	a := d.Read(RoutePhone)
	p := Phone{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// Share leads to the ways to send a plan to somebody, and from there back to its details.
type Share Plan

// Data implements ui.CallbackRef.
func (p Share) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteShare, p.Code, p.Origin, p.Days, p.Quantity)
}

// ParseShare reads what a Share wrote.
func ParseShare(d ui.CallbackData) (Share, error) {
	a := d.Read(RouteShare)
	p := Share{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}
