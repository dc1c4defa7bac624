package customer

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// What a nameRef does.
const (
	nameAsked = ""  // asks for the name
	nameTaken = "-" // takes it away
	nameLeft  = "x" // leaves it as it is
)

// nameRef asks what an eSIM shall be called.
type nameRef struct {
	ESIM esim.ESIMID
	Do   string
}

func (p nameRef) Data() ui.CallbackData { return ui.NewCallbackData(routeName, p.ESIM, p.Do) }

func parseNameRef(d ui.CallbackData) (nameRef, error) {
	a := d.Read(routeName)
	p := nameRef{esim.ESIMID(a.Text()), a.Text()}
	if p.Do != nameAsked && p.Do != nameTaken && p.Do != nameLeft {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}
