package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
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

// RescueText offers it in words.
func RescueText(r *ui.Request, q esim.Quote) string {
	return r.T("rescue.text", i18n.Args{"what": r.PlanSize(q.Plan, q.Days), "price": r.Price(q.Price)})
}

// RescueButton gives it.
func RescueButton(r *ui.Request, e esim.ESIM, q esim.Quote) ui.Button {
	label := ui.FitLabel(1, r.PlanSizes(q.Plan, q.Days), func(size string) string {
		return r.Plain("rescue.btn", i18n.Args{"what": size})
	})
	return ui.NewButton(label, Rescue{ESIM: e.ID, Seen: q.Price.Minor})
}
