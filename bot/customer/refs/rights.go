package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Forget is the last press before somebody is forgotten. It carries what they were told that they lose: if that is not so any
// more they are asked again.
type Forget struct {
	Live   int   // eSIMs that live
	Credit int64 // US cents of store credit
}

// Data implements ui.CallbackRef.
func (p Forget) Data() ui.CallbackData { return ui.NewCallbackData(RouteForgetNow, p.Live, p.Credit) }

// ParseForget reads what a Forget wrote.
func ParseForget(d ui.CallbackData) (Forget, error) {
	a := d.Read(RouteForgetNow)
	p := Forget{a.Int(0), a.Int64(0)}
	return p, a.Err()
}

// Withdraw leads to withdrawing from the contract of an order, or of one eSIM of it.
type Withdraw struct {
	Route ui.Route
	Order esim.OrderID
	ESIM  esim.ESIMID // "": all of it
}

// Data implements ui.CallbackRef.
func (p Withdraw) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, string(p.Order), p.ESIM) }

// ParseWithdraw reads what a Withdraw of one route wrote.
func ParseWithdraw(route ui.Route) func(ui.CallbackData) (Withdraw, error) {
	return func(d ui.CallbackData) (Withdraw, error) {
		a := d.Read(route)
		p := Withdraw{Route: route, Order: esim.OrderID(a.Text())}
		p.ESIM = esim.ESIMID(a.Text())
		return p, a.Err()
	}
}

// WithdrawRow stands on what shows an order, while its customer may withdraw. Its words are those of the law.
func WithdrawRow(r *ui.Request, o esim.Order, one esim.ESIMID) []ui.Button {
	return ui.Row(ui.NewButton(r.Plain("withdraw.btn", nil), Withdraw{RouteWithdraw, o.ID, one}))
}
