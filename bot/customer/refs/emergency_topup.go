package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// EmergencyTopUp gives the least that an eSIM can be topped up with on credit.
type EmergencyTopUp struct {
	ESIM esim.ESIMID // esimTranNo
	Seen int64       // US cents; the price that was shown
}

// Data implements ui.CallbackRef.
func (p EmergencyTopUp) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteEmergencyTopUp, p.ESIM, p.Seen)
}

// ParseEmergencyTopUp reads what an EmergencyTopUp wrote.
func ParseEmergencyTopUp(d ui.CallbackData) (EmergencyTopUp, error) {
	a := d.Read(RouteEmergencyTopUp)
	p := EmergencyTopUp{ESIM: esim.ESIMID(a.Text()), Seen: a.Int64(-1)}
	return p, a.Err()
}
