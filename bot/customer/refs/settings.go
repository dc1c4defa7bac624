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
	return ui.NewCallbackData(RouteAlert, p.Kind, bit(p.On))
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

// ESIMAlerts leads to the alerts of one eSIM, or switches one of them as Alert does; without an eSIM to the choice of one.
type ESIMAlerts struct {
	ESIM esim.ESIMID
	Kind esim.AlertKind // "": none; InheritAlerts: the eSIM has none of its own any more
	On   bool
}

// InheritAlerts in the place of a kind gives up what was set for one eSIM.
const InheritAlerts esim.AlertKind = "all"

// Data implements ui.CallbackRef.
func (p ESIMAlerts) Data() ui.CallbackData {
	on := 0
	if p.On {
		on = 1
	}
	return ui.NewCallbackData(RouteESIMAlerts, p.ESIM, p.Kind, on)
}

// ParseESIMAlerts reads what an ESIMAlerts wrote.
func ParseESIMAlerts(d ui.CallbackData) (ESIMAlerts, error) {
	a := d.Read(RouteESIMAlerts)
	p := ESIMAlerts{ESIM: esim.ESIMID(a.Text()), Kind: esim.AlertKind(a.Text())}
	on := a.Int(0)
	p.On = on == 1
	if err := a.Err(); err != nil {
		return p, err
	}
	if p.Kind != "" && p.Kind != InheritAlerts && !slices.Contains(esim.SwitchableAlerts(), p.Kind) || on != 0 && on != 1 || p.ESIM == "" && p.Kind != "" {
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
	ZoneAsked   = ""  // asks where the customer is
	ZoneRemoved = "-" // forgets it
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

// News says whether a customer wants messages to all: to what stands on the button, however often it is pressed.
type News struct {
	On bool
	// Settings: the button is one of the settings, which are shown again; else it stands below such a message.
	Settings bool
}

// Data implements ui.CallbackRef.
func (p News) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteNews, bit(p.On), bit(p.Settings))
}

func bit(is bool) int {
	if is {
		return 1
	}
	return 0
}

// ParseNews reads what a News wrote.
func ParseNews(d ui.CallbackData) (News, error) {
	a := d.Read(RouteNews)
	on, here := a.Int(0), a.Int(0)
	if err := a.Err(); err != nil {
		return News{}, err
	}
	if on>>1 != 0 || here>>1 != 0 {
		return News{}, ui.ErrBadData
	}
	return News{on == 1, here == 1}, nil
}
