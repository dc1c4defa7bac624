package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Rescue gives the least that an eSIM can be topped up with on credit.
type Rescue struct {
	ESIM esim.ESIMID // esimTranNo
	Seen int64       // US cents; the price that was shown
}

// Data implements ui.CallbackRef.
func (p Rescue) Data() ui.CallbackData { return ui.NewCallbackData(RouteRescue, p.ESIM, p.Seen) }

// ParseRescue reads what a Rescue wrote.
func ParseRescue(d ui.CallbackData) (Rescue, error) {
	a := d.Read(RouteRescue)
	p := Rescue{ESIM: esim.ESIMID(a.Text()), Seen: a.Int64(-1)}
	return p, a.Err()
}
