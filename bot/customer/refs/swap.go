package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Swap leads to the card that swaps an eSIM for a plan.
type Swap struct {
	ESIM esim.ESIMID // esimTranNo
	Code string
	Days int // of a day pass
}

// Data implements ui.CallbackRef.
func (p Swap) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteSwapCard, p.ESIM, p.Code, p.Days)
}

// ParseSwap reads what a Swap wrote.
func ParseSwap(d ui.CallbackData) (Swap, error) {
	a := d.Read(RouteSwapCard)
	p := Swap{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	return p, a.Err()
}

// SwapNow makes the order that takes the place of an eSIM.
type SwapNow struct {
	ESIM   esim.ESIMID // esimTranNo
	Code   string
	Days   int
	Seen   int64 // the price that was shown, in the money of Method; -1: none
	Method esim.PaymentMethod
	Credit int64 // US cents of store credit, that of the eSIM among it, that were shown to pay the other part
}

// Data implements ui.CallbackRef.
func (p SwapNow) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteSwapNow, p.ESIM, p.Code, p.Days, p.Seen, methodText(p.Method, p.Credit))
}

// ParseSwapNow reads what a SwapNow wrote.
func ParseSwapNow(d ui.CallbackData) (SwapNow, error) {
	a := d.Read(RouteSwapNow)
	p := SwapNow{ESIM: esim.ESIMID(a.Text()), Code: a.Text(), Days: a.Int(0), Seen: a.Int64(-1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}
