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

// deedRef agrees to what somebody else asked for, or does not.
type deedRef struct {
	Route ui.Route // routeAgree or routeDisagree
	Deed  int64
}

func (p deedRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Deed) }

// parseDeedRef parses the buttons of one route.
func parseDeedRef(route ui.Route) func(ui.CallbackData) (deedRef, error) {
	return func(d ui.CallbackData) (deedRef, error) {
		a := d.Read(route)
		p := deedRef{route, a.Int64(0)}
		return p, a.Err()
	}
}

// whyRef gives a question its reason.
type whyRef struct {
	Action string // name of an orderAction
	Order  esim.OrderID
	Why    string // one of reasons
}

func (p whyRef) Data() ui.CallbackData { return ui.NewCallbackData(routeWhy, p.Action, p.Order, p.Why) }

func parseWhyRef(d ui.CallbackData) (p whyRef, err error) {
	a := d.Read(routeWhy)
	p.Action = a.Text()
	p.Order, err = readOrder(a)
	p.Why = a.Text()
	return p, err
}

// wordsRef is the button of a question that is answered by a reply: it tells what the reply is for. Pressed, it leaves
// everything as it is.
type wordsRef struct {
	Action string       // name of an orderAction, or of an esimAction
	Order  esim.OrderID // "": of the eSIM, and it is not known
	ESIM   esim.ESIMID  // of an esimAction
}

func (p wordsRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeWords, p.Action, p.Order, p.ESIM)
}

func parseWordsRef(d ui.CallbackData) (wordsRef, error) {
	a := d.Read(routeWords)
	p := wordsRef{a.Text(), orderOrNone(a), esim.ESIMID(a.Text())}
	return p, a.Err()
}
