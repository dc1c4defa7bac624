package refs

import "esimbot/bot/ui"

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
