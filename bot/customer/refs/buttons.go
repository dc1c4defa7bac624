package refs

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// AskButton leads to a person.
func AskButton(r *ui.Request) ui.Button { return AskAboutButton(r, SupportSubject{}) }

// AskAboutButton leads to a person who knows what it is about.
func AskAboutButton(r *ui.Request, about SupportSubject) ui.Button {
	if !r.Press && !strings.HasPrefix(r.Text, "/") { // it was typed, or is a picture, and is what they want to say
		about.Message = r.WrittenMessage
	}
	return ui.NewButton(r.Plain("support.btn_person", nil), about)
}

// FaultButton leads to the fault finder.
func FaultButton(r *ui.Request, id esim.ESIMID) ui.Button {
	return ui.NewButton(r.Plain("fault.btn", nil), Fault{ESIM: id})
}

// BuyAgain leads to what an eSIM was bought as, once more; nil if nobody knows.
func BuyAgain(e esim.ESIM, o esim.Order) ui.CallbackRef {
	switch {
	case o.ID != "" && o.Kind == esim.Purchase && !e.GivenAway():
		return Order{RouteBuyAgain, o.ID}
	case e.Plan.Code != "":
		return Plan{Code: e.Plan.Code}
	}
	return nil
}

// MorePlans is where somebody who needs more data is led.
func MorePlans(p esim.Plan) ui.CallbackData {
	if p.Scope() == esim.ScopeCountry {
		return List{Route: RouteCountry, Code: ui.CountryOf(p)}.Data()
	}
	return List{Route: RouteRegion, Code: p.Location}.Data()
}

// ChosenMark begins the label of a button, by whether it is of what is chosen already.
func ChosenMark(chosen bool) string {
	if chosen {
		return "● "
	}
	return ""
}
