package forsale

import (
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use when.*

// WhenToInstall is the one sentence on when to put a plan's eSIM on the phone. A plan whose days
// begin with the installation loses days if it is installed at home; any other has to be
// installed at home, since on arrival there may be no Wi-Fi. No other sentence says it
// (TestNoAdviceAgainstTheClock).
func WhenToInstall(r *ui.Request, p esim.Plan) i18n.HTML {
	return i18n.HTML(r.T("when.install_"+ValidityStartKey(p), nil))
}

// ValidityText says from when on the days of an eSIM of a plan are counted.
func ValidityText(r *ui.Request, p esim.Plan, days int) i18n.HTML {
	return i18n.HTML(r.T("when.lasts_"+ValidityStartKey(p), i18n.Args{"days": r.Days(days)}))
}

// UseByText says what keeps an unused eSIM of a plan from lapsing.
func UseByText(r *ui.Request, p esim.Plan) i18n.HTML {
	return i18n.HTML(r.T("when.use_by_"+ValidityStartKey(p), nil))
}

// ValidityStartKey ends the keys of sentences that depend on when the days of a plan begin.
func ValidityStartKey(p esim.Plan) string {
	if p.ValidityStart == esim.ValidFromInstall {
		return "on_arrival"
	}
	return "before_trip"
}
