package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Guide leads to a card of the guide for a family of phones: "how to install eSIM X on a phone of
// family F". Nothing in it is required. Without a family it is the one that the customer named
// before, or the question for it; without an eSIM, the one they can install, or the guide alone;
// without a card the first of the family's.
type Guide struct {
	Family esim.PhoneFamily
	ESIM   esim.ESIMID // esimTranNo
	Card   GuideCard
}

// Data implements ui.CallbackRef.
func (p Guide) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteGuide, p.Family, p.ESIM, p.Card)
}

// ParseGuide reads what a Guide wrote.
func ParseGuide(d ui.CallbackData) (Guide, error) {
	a := d.Read(RouteGuide)
	p := Guide{esim.PhoneFamily(a.Text()), esim.ESIMID(a.Text()), GuideCard(a.Text())}
	return p, a.Err()
}

// A GuideCard is one card of a guide. Its values stand in buttons. The first cards are the ways to
// install (esim.InstallWay), under their own names.
type GuideCard string

const (
	CardAll           GuideCard = "all"   // the list of the others
	CardWhich         GuideCard = "which" // which phone is it?
	CardAsks          GuideCard = "asks"  // what iOS 26 asks after installing
	CardUse           GuideCard = "use"   // switch it on at the destination
	CardHome          GuideCard = "home"  // no data over the line from home
	CardFull          GuideCard = "full"  // too many eSIMs
	CardHalfInstalled GuideCard = "stuck" // downloaded, and not installed
)
