package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// ESIMs leads to a page of the customer's eSIMs.
type ESIMs struct{ Page int }

// Data implements ui.CallbackRef.
func (p ESIMs) Data() ui.CallbackData { return ui.NewCallbackData(RouteESIMs, p.Page) }

// ParseESIMs reads what an ESIMs wrote.
func ParseESIMs(d ui.CallbackData) (ESIMs, error) {
	a := d.Read(RouteESIMs)
	p := ESIMs{a.Int(0)}
	return p, a.Err()
}

// ESIM names an eSIM of the customer's.
type ESIM struct {
	Route ui.Route
	ESIM  esim.ESIMID // esimTranNo
}

// Data implements ui.CallbackRef.
func (p ESIM) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.ESIM) }

// ParseESIM parses the eSIMs of one route.
func ParseESIM(route ui.Route) func(ui.CallbackData) (ESIM, error) {
	return func(d ui.CallbackData) (ESIM, error) {
		a := d.Read(route)
		return ESIM{route, esim.ESIMID(a.Text())}, a.Err()
	}
}
