package customer

import "esimbot/bot/ui"

// fitRef gives an answer of the dialogue "Will it work on my phone?", or asks its next question.
type fitRef struct {
	Plan   planRef // where it was asked, and leads back to; the zero value: on the Help screen
	Answer fitAnswer
}

func (p fitRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeFit, p.Plan.Code, p.Plan.Origin, p.Plan.Days, p.Plan.Quantity, p.Answer)
}

func parseFitRef(d ui.CallbackData) (fitRef, error) {
	a := d.Read(routeFit)
	p := fitRef{planRef{a.Text(), a.Text(), a.Int(0), a.Int(0)}, fitAnswer(a.Text())}
	return p, a.Err()
}

// up is where the dialogue leads back to.
func (p fitRef) up() ui.CallbackRef {
	if p.Plan.Code == "" {
		return routeHelp
	}
	return p.Plan
}
