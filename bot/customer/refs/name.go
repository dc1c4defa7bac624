package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// What a Name does.
const (
	NameAsked   = ""  // asks for the name
	NameRemoved = "-" // takes it away
	NameKept    = "x" // leaves it as it is
)

// Name asks what an eSIM shall be called.
type Name struct {
	ESIM esim.ESIMID
	Do   string
}

// Data implements ui.CallbackRef.
func (p Name) Data() ui.CallbackData { return ui.NewCallbackData(RouteName, p.ESIM, p.Do) }

// ParseName reads what a Name wrote.
func ParseName(d ui.CallbackData) (Name, error) {
	a := d.Read(RouteName)
	p := Name{esim.ESIMID(a.Text()), a.Text()}
	if p.Do != NameAsked && p.Do != NameRemoved && p.Do != NameKept {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}
