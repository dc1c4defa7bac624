package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Gift is a link by which somebody gives an eSIM away.
type Gift struct {
	Route ui.Route
	Token esim.GiftToken
}

// Data implements ui.CallbackRef.
func (p Gift) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Token.Reveal()) }

// ParseGift parses the gifts of one route.
func ParseGift(route ui.Route) func(ui.CallbackData) (Gift, error) {
	return func(d ui.CallbackData) (Gift, error) {
		a := d.Read(route)
		return Gift{route, esim.GiftToken(a.Text())}, a.Err()
	}
}
