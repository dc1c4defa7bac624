package refs

import (
	"slices"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Alert switches an alert on or off: to what stands on the button, however often it is pressed.
type Alert struct {
	Kind esim.AlertKind
	On   bool
}

// Data implements ui.CallbackRef.
func (p Alert) Data() ui.CallbackData {
	on := 0
	if p.On {
		on = 1
	}
	return ui.NewCallbackData(RouteAlert, p.Kind, on)
}

// ParseAlert reads what an Alert wrote.
func ParseAlert(d ui.CallbackData) (Alert, error) {
	a := d.Read(RouteAlert)
	kind, on := esim.AlertKind(a.Text()), a.Int(0)
	p := Alert{kind, on == 1}
	if err := a.Err(); err != nil {
		return p, err
	}
	if !slices.Contains(esim.SwitchableAlerts(), kind) || on != 0 && on != 1 {
		return p, ui.ErrBadData
	}
	return p, nil
}

// Quiet leads to the choice of quiet hours, or chooses some.
type Quiet struct{ Hours string } // esim.QuietHours; "": ask

// Data implements ui.CallbackRef.
func (p Quiet) Data() ui.CallbackData { return ui.NewCallbackData(RouteQuiet, p.Hours) }

// ParseQuiet reads what a Quiet wrote.
func ParseQuiet(d ui.CallbackData) (Quiet, error) {
	a := d.Read(RouteQuiet)
	p := Quiet{a.Text()}
	if err := a.Err(); err != nil {
		return p, err
	}
	if _, err := esim.ParseQuietHours(p.Hours); err != nil {
		return p, ui.ErrBadData
	}
	return p, nil
}

// What a Zone does beside setting one.
const (
	ZoneAsked = ""  // asks where the customer is
	ZoneTaken = "-" // forgets it
)

// Zone asks in which time zone a customer is, or sets it.
type Zone struct{ Name string } // in the IANA database, or what it does

// Data implements ui.CallbackRef.
func (p Zone) Data() ui.CallbackData { return ui.NewCallbackData(RouteZone, p.Name) }

// ParseZone reads what a Zone wrote.
func ParseZone(d ui.CallbackData) (Zone, error) {
	a := d.Read(RouteZone)
	return Zone{a.Text()}, a.Err()
}
