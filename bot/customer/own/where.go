package own

import (
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n/zones"
)

// whereIs is the time zone of a customer: the one they told, or that of the eSIM which came into use since. sure is
// false where the eSIM's country has several, and it is that of most people there. nil: nobody knows.
func whereIs(c esim.Customer, esims []esim.ESIM, now time.Time) (at *time.Location, sure bool) {
	told := zones.Named(c.Zone)
	e, ok := lastInUse(esims, now)
	if used := zoneOf(e.Plan); ok && used != nil && (told == nil || e.Activated.After(c.ZoneAt)) {
		return used, len(clocksOf(e.Plan)) == 0
	}
	return told, told != nil
}

// clocksOf are the times of day where a plan works; none where it is one, or the plan is of several countries.
func clocksOf(p esim.Plan) []zones.Clock {
	if p.Scope() != esim.ScopeCountry {
		return nil
	}
	return zones.Clocks(ui.CountryOf(p))
}

// lastInUse is the eSIM that says best where its customer is.
func lastInUse(esims []esim.ESIM, now time.Time) (last esim.ESIM, ok bool) {
	heard := func(e esim.ESIM) time.Time {
		if e.UsageAt.After(e.Activated) {
			return e.UsageAt
		}
		return e.Activated
	}
	for _, e := range esims {
		if e.Activated.IsZero() || e.Expires.IsZero() || now.After(e.Expires.Add(whereabouts)) {
			continue
		}
		if !ok || heard(e).After(heard(last)) {
			last, ok = e, true
		}
	}
	return last, ok
}
