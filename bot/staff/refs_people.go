package staff

import (
	"slices"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// roleRef gives somebody of the staff a role.
type roleRef struct {
	Member esim.CustomerID
	Role   esim.Role
}

func (p roleRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeRole, int64(p.Member), string(p.Role))
}

func parseRoleRef(d ui.CallbackData) (roleRef, error) {
	a := d.Read(routeRole)
	p := roleRef{esim.CustomerID(a.Int64(0)), esim.Role(a.Text())}
	if a.Err() == nil && !slices.Contains(esim.Roles(), p.Role) {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}

// sensitiveActionRef agrees to what somebody else asked for, or does not.
type sensitiveActionRef struct {
	Route  ui.Route // routeAgree or routeDisagree
	Action int64
}

func (p sensitiveActionRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Action) }

// parseSensitiveActionRef parses the buttons of one route.
func parseSensitiveActionRef(route ui.Route) func(ui.CallbackData) (sensitiveActionRef, error) {
	return func(d ui.CallbackData) (sensitiveActionRef, error) {
		a := d.Read(route)
		p := sensitiveActionRef{route, a.Int64(0)}
		return p, a.Err()
	}
}

// whyRef gives a question its reason.
type whyRef struct {
	Action string // name of an orderAction
	Order  esim.OrderID
	Why    string      // one of reasons
	ESIM   esim.ESIMID // of an esimAction
}

func (p whyRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeWhy, p.Action, p.Order, p.Why, p.ESIM)
}

func parseWhyRef(d ui.CallbackData) (p whyRef, err error) {
	a := d.Read(routeWhy)
	p.Action = a.Text()
	p.Order, err = readOrder(a)
	p.Why, p.ESIM = a.Text(), esim.ESIMID(a.Text())
	return p, err
}

// giftRef gives an eSIM a top-up, or asks about it, if it costs the shop what was seen.
type giftRef struct {
	Route ui.Route // routeGift or routeYesGift
	ESIM  esim.ESIMID
	Plan  string // its code
	Cost  int64  // US cents
}

func (p giftRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.ESIM, p.Plan, p.Cost) }

// parseGiftRef parses the buttons of one route.
func parseGiftRef(route ui.Route) func(ui.CallbackData) (giftRef, error) {
	return func(d ui.CallbackData) (giftRef, error) {
		a := d.Read(route)
		p := giftRef{route, esim.ESIMID(a.Text()), a.Text(), a.Int64(0)}
		if a.Err() == nil && p.Cost < 0 {
			return p, ui.ErrBadData
		}
		return p, a.Err()
	}
}

// assignRef makes the link by which a customer gets an eSIM, if it is held by whom it was held by when it was asked.
type assignRef struct {
	ESIM   esim.ESIMID
	Holder esim.CustomerID // 0: it is no order's
}

func (p assignRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeYesAssign, p.ESIM, int64(p.Holder))
}

func parseAssignRef(d ui.CallbackData) (assignRef, error) {
	a := d.Read(routeYesAssign)
	p := assignRef{esim.ESIMID(a.Text()), esim.CustomerID(a.Int64(0))}
	return p, a.Err()
}

// yesPartRef gives a part of what an order cost back, if so much of it is left as was seen.
type yesPartRef struct {
	Order esim.OrderID
	ESIM  esim.ESIMID // whose share it is; "": of none in particular
	Cents int64       // 0: the eSIM is cancelled at the vendor first
	Left  int64       // US cents
}

func (p yesPartRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeYesPart, p.Order, p.ESIM, p.Cents, p.Left)
}

func parseYesPartRef(d ui.CallbackData) (p yesPartRef, err error) {
	a := d.Read(routeYesPart)
	p.Order, err = readOrder(a)
	p.ESIM, p.Cents, p.Left = esim.ESIMID(a.Text()), a.Int64(0), a.Int64(0)
	if err == nil {
		err = a.Err()
	}
	if err == nil && (p.Cents < 0 || p.Cents == 0 && p.ESIM == "") {
		err = ui.ErrBadData
	}
	return p, err
}

// wordsRef is the button of a question that is answered by a reply: it tells what the reply is for. Pressed, it leaves
// everything as it is.
type wordsRef struct {
	Action string       // name of an orderAction, or of an esimAction
	Order  esim.OrderID // "": of the eSIM, and it is not known
	ESIM   esim.ESIMID  // of an esimAction
	Plan   string       // code of a top-up that is given, and what it costs the shop (US cents)
	Cost   int64
	// Customer is whom a userAction is about.
	Customer esim.CustomerID
}

func (p wordsRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeWords, p.Action, p.Order, p.ESIM, p.Plan, p.Cost, int64(p.Customer))
}

func parseWordsRef(d ui.CallbackData) (wordsRef, error) {
	a := d.Read(routeWords)
	p := wordsRef{a.Text(), orderOrNone(a), esim.ESIMID(a.Text()), a.Text(), a.Int64(0), esim.CustomerID(a.Int64(0))}
	return p, a.Err()
}
