package customer

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// swapRef leads to the card that swaps an eSIM for a plan.
type swapRef struct {
	ESIM esim.ESIMID // esimTranNo
	Code string
	Days int // of a day pass
}

func (p swapRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeSwapCard, p.ESIM, p.Code, p.Days)
}

func parseSwapRef(d ui.CallbackData) (swapRef, error) {
	a := d.Read(routeSwapCard)
	p := swapRef{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	return p, a.Err()
}

// swapNowRef makes the order that takes the place of an eSIM.
type swapNowRef struct {
	ESIM   esim.ESIMID // esimTranNo
	Code   string
	Days   int
	Seen   int64 // the price that was shown, in the money of Method; -1: none
	Method esim.PaymentMethod
	Credit int64 // US cents of store credit, that of the eSIM among it, that were shown to pay the other part
}

func (p swapNowRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeSwapNow, p.ESIM, p.Code, p.Days, p.Seen, methodText(p.Method, p.Credit))
}

func parseSwapNowRef(d ui.CallbackData) (swapNowRef, error) {
	a := d.Read(routeSwapNow)
	p := swapNowRef{ESIM: esim.ESIMID(a.Text()), Code: a.Text(), Days: a.Int(0), Seen: a.Int64(-1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}
