package refs

import (
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// ofOrderPrefix tells an order from an eSIM where a trip may be about either.
const ofOrderPrefix = "o"

// NoTrip is the day of a Trip that takes the trip back.
const NoTrip = "-"

// Trip asks when a customer travels with an eSIM or the eSIMs of an order, or answers it.
type Trip struct {
	About string // the esimTranNo, or ofOrderPrefix and the order
	Day   string // "2026-12-10", noTrip; "": ask
	Days  int    // how long; 0: not said
}

// TripOfOrder is about all eSIMs of an order.
func TripOfOrder(id esim.OrderID) Trip { return Trip{About: ofOrderPrefix + string(id)} }

// TripOfESIM is about one eSIM.
func TripOfESIM(id esim.ESIMID) Trip { return Trip{About: string(id)} }

// Data implements ui.CallbackRef.
func (p Trip) Data() ui.CallbackData { return ui.NewCallbackData(RouteTrip, p.About, p.Day, p.Days) }

// ParseTrip reads what a Trip wrote.
func ParseTrip(d ui.CallbackData) (Trip, error) {
	a := d.Read(RouteTrip)
	p := Trip{a.Text(), a.Text(), a.Int(0)}
	if err := a.Err(); err != nil {
		return p, err
	}
	if _, err := p.Trip(); err != nil {
		return p, ui.ErrBadData
	}
	return p, nil
}

// On is the ref with a day.
func (p Trip) On(day time.Time) Trip {
	p.Day = day.Format(time.DateOnly)
	return p
}

// Trip is the trip that the ref tells of.
func (p Trip) Trip() (esim.Trip, error) {
	if p.Day == "" || p.Day == NoTrip {
		return esim.Trip{}, nil
	}
	day, err := time.Parse(time.DateOnly, p.Day)
	return esim.Trip{Day: day, Days: min(max(p.Days, 0), esim.MaxDays)}, err
}

// Order is the order that the ref is about; false: it is about an eSIM.
func (p Trip) Order() (esim.OrderID, bool) {
	id, is := strings.CutPrefix(p.About, ofOrderPrefix)
	return esim.OrderID(id), is
}
