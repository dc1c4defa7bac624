package customer

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// guideRef leads to a card of the guide for a family of phones: "how to install eSIM X on a phone of
// family F". Nothing in it is required. Without a family it is the one that the customer named
// before, or the question for it; without an eSIM, the one they can install, or the guide alone;
// without a card the first of the family's.
type guideRef struct {
	Family esim.PhoneFamily
	ESIM   esim.ESIMID // esimTranNo
	Card   guideCard
}

func (p guideRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeGuide, p.Family, p.ESIM, p.Card)
}

func parseGuideRef(d ui.CallbackData) (guideRef, error) {
	a := d.Read(routeGuide)
	p := guideRef{esim.PhoneFamily(a.Text()), esim.ESIMID(a.Text()), guideCard(a.Text())}
	return p, a.Err()
}
