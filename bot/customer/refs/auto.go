package refs

import (
	"slices"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// AutoTopUp leads to the automatic top-up of an eSIM: how it is set, or what can be added. With a Code it asks from when on, with a
// Level too it is switched on.
type AutoTopUp struct {
	ESIM  esim.ESIMID    // esimTranNo
	Code  string         // of what is added; AutoTopUpChange: another one
	Level esim.AlertKind // "": ask
	Seen  int64          // US cents; the price that was shown
}

// AutoTopUpChange asks what is added, though something is.
const AutoTopUpChange = "-"

// autoLevels are the shares of the data that an AutoTopUp names.
var autoLevels = map[string]esim.AlertKind{"": "", "20": esim.AlertData20, "10": esim.AlertData10, "0": esim.AlertDataGone}

// Data implements ui.CallbackRef.
func (p AutoTopUp) Data() ui.CallbackData {
	level := ""
	for text, l := range autoLevels {
		if l == p.Level {
			level = text
		}
	}
	return ui.NewCallbackData(RouteAutoTopUp, p.ESIM, p.Code, level, p.Seen)
}

// ParseAutoTopUp reads what an AutoTopUp wrote.
func ParseAutoTopUp(d ui.CallbackData) (AutoTopUp, error) {
	a := d.Read(RouteAutoTopUp)
	p := AutoTopUp{ESIM: esim.ESIMID(a.Text()), Code: a.Text()}
	level, known := autoLevels[a.Text()]
	p.Level, p.Seen = level, a.Int64(0)
	if err := a.Err(); err != nil {
		return p, err
	}
	if !known || level != "" && !slices.Contains(esim.AutoTopUpLevels(), level) {
		return p, ui.ErrBadData
	}
	return p, nil
}
