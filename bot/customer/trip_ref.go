package customer

import (
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// ofOrderPrefix tells an order from an eSIM where a trip may be about either.
const ofOrderPrefix = "o"

// noTrip is the day of a tripRef that takes the trip back.
const noTrip = "-"

// tripRef asks when a customer travels with an eSIM or the eSIMs of an order, or answers it.
type tripRef struct {
	About string // the esimTranNo, or ofOrderPrefix and the order
	Day   string // "2026-12-10", noTrip; "": ask
	Days  int    // how long; 0: not said
}

func tripOfOrder(id esim.OrderID) tripRef { return tripRef{About: ofOrderPrefix + string(id)} }

func tripOfESIM(id esim.ESIMID) tripRef { return tripRef{About: string(id)} }

func (p tripRef) Data() ui.CallbackData { return ui.NewCallbackData(routeTrip, p.About, p.Day, p.Days) }

func parseTripRef(d ui.CallbackData) (tripRef, error) {
	a := d.Read(routeTrip)
	p := tripRef{a.Text(), a.Text(), a.Int(0)}
	if err := a.Err(); err != nil {
		return p, err
	}
	if _, err := p.trip(); err != nil {
		return p, ui.ErrBadData
	}
	return p, nil
}

// on is the ref with a day.
func (p tripRef) on(day time.Time) tripRef {
	p.Day = day.Format(time.DateOnly)
	return p
}

// trip is the trip that the ref tells of.
func (p tripRef) trip() (esim.Trip, error) {
	if p.Day == "" || p.Day == noTrip {
		return esim.Trip{}, nil
	}
	day, err := time.Parse(time.DateOnly, p.Day)
	return esim.Trip{Day: day, Days: min(max(p.Days, 0), esim.MaxDays)}, err
}

// order is the order that the ref is about; false: it is about an eSIM.
func (p tripRef) order() (esim.OrderID, bool) {
	id, is := strings.CutPrefix(p.About, ofOrderPrefix)
	return esim.OrderID(id), is
}
