package refs

import (
	"fmt"
	"strconv"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// PaymentMethods leads to the choice of a payment method.
type PaymentMethods struct {
	Code, Origin   string
	Days, Quantity int
}

// Data implements ui.CallbackRef.
func (p PaymentMethods) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePaymentMethods, p.Code, p.Origin, p.Days, p.Quantity)
}

// ParsePaymentMethods reads what a PaymentMethods wrote.
func ParsePaymentMethods(d ui.CallbackData) (PaymentMethods, error) {
	a := d.Read(RoutePaymentMethods)
	p := PaymentMethods{a.Text(), a.Text(), a.Int(0), a.Int(1)}
	return p, a.Err()
}

// Buy makes an order. The oldest buttons have neither a quantity nor a payment method.
type Buy struct {
	Code, Origin string
	Days         int
	Seen         int64 // the price that was shown, in the money of Method; -1: none
	Quantity     int
	Method       esim.PaymentMethod
	Credit       int64 // US cents of store credit that were shown to pay the other part
}

// Data implements ui.CallbackRef.
func (p Buy) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteBuy, p.Code, p.Origin, p.Days, p.Seen, p.Quantity, methodText(p.Method, p.Credit))
}

// ParseBuy reads what a Buy wrote.
func ParseBuy(d ui.CallbackData) (Buy, error) {
	a := d.Read(RouteBuy)
	p := Buy{Code: a.Text(), Origin: a.Text(), Days: a.Int(0), Seen: a.Int64(-1), Quantity: a.Int(1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}

// methodText writes a payment method, and the store credit beside it (below zero: what is owed): its name, or its first
// letter and the credit in cents. More does not fit into 64 bytes.
func methodText(m esim.PaymentMethod, credit int64) string {
	if credit == 0 {
		return string(m)
	}
	return fmt.Sprintf("%.1s%d", m, credit)
}

// method reads what methodText writes. Where there is nothing there was no choice: Stars.
func method(a *ui.ArgReader) (esim.PaymentMethod, int64) {
	text := a.Text()
	if text == "" {
		return esim.MethodStars, 0
	}
	for _, m := range esim.PaymentMethods() {
		credit, err := strconv.ParseInt(text[1:], 10, 64)
		if err == nil && credit != 0 && methodText(m, credit) == text {
			return m, credit
		}
	}
	return esim.PaymentMethod(text), 0
}

// Order names an order of the customer's.
type Order struct {
	Route ui.Route
	Order esim.OrderID
}

// Data implements ui.CallbackRef.
func (p Order) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, string(p.Order)) }

// ParseOrder parses the orders of one route.
func ParseOrder(route ui.Route) func(ui.CallbackData) (Order, error) {
	return func(d ui.CallbackData) (Order, error) {
		a := d.Read(route)
		return Order{route, esim.OrderID(a.Text())}, a.Err()
	}
}

// TopUps leads to a page of what can be added to an eSIM.
type TopUps struct {
	ESIM esim.ESIMID // esimTranNo
	Page int
}

// Data implements ui.CallbackRef.
func (p TopUps) Data() ui.CallbackData { return ui.NewCallbackData(RouteTopUp, p.ESIM, p.Page) }

// ParseTopUps reads what a TopUps wrote.
func ParseTopUps(d ui.CallbackData) (TopUps, error) {
	a := d.Read(RouteTopUp)
	p := TopUps{esim.ESIMID(a.Text()), a.Int(0)}
	return p, a.Err()
}

// TopUp leads to the card of a top-up.
type TopUp struct {
	ESIM esim.ESIMID // esimTranNo
	Code string
	Days int // of a day pass
}

// Data implements ui.CallbackRef.
func (p TopUp) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteTopUpCard, p.ESIM, p.Code, p.Days)
}

// ParseTopUp reads what a TopUp wrote.
func ParseTopUp(d ui.CallbackData) (TopUp, error) {
	a := d.Read(RouteTopUpCard)
	p := TopUp{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	return p, a.Err()
}

// TopUpBuy makes an order of a top-up.
type TopUpBuy struct {
	ESIM   esim.ESIMID // esimTranNo
	Code   string
	Days   int
	Seen   int64 // the price that was shown, in the money of Method; -1: none
	Method esim.PaymentMethod
	Credit int64 // US cents of store credit that were shown to pay the other part
}

// Data implements ui.CallbackRef.
func (p TopUpBuy) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteTopUpBuy, p.ESIM, p.Code, p.Days, p.Seen, methodText(p.Method, p.Credit))
}

// ParseTopUpBuy reads what a TopUpBuy wrote.
func ParseTopUpBuy(d ui.CallbackData) (TopUpBuy, error) {
	a := d.Read(RouteTopUpBuy)
	p := TopUpBuy{ESIM: esim.ESIMID(a.Text()), Code: a.Text(), Days: a.Int(0), Seen: a.Int64(-1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}
