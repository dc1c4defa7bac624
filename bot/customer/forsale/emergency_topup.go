package forsale

import (
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// EmergencyTopUpText offers a top-up on credit in words.
func EmergencyTopUpText(r *ui.Request, q esim.Quote) string {
	return r.T("rescue.text", i18n.Args{"what": r.PlanSize(q.Plan, q.Days), "price": r.Price(q.Price)})
}

// EmergencyTopUpButton gives it, at its price.
func EmergencyTopUpButton(r *ui.Request, e esim.ESIM, q esim.Quote) ui.Button {
	label := ui.FitLabel(1, r.PlanSizes(q.Plan, q.Days), func(size string) string {
		return r.Plain("rescue.btn", i18n.Args{"what": size})
	})
	return ui.NewButton(label, refs.EmergencyTopUp{ESIM: e.ID, Seen: q.Price.Minor})
}
