package esim

import (
	"slices"
	"time"
)

// An AlertKind is one warning about an eSIM; each is given once per epoch.
type AlertKind string

// The alerts, from mild to grave within each family.
const (
	AlertData50   AlertKind = "data50" // 50 % of the data left; only who asks for it is told
	AlertData20   AlertKind = "data20" // 20 % left
	AlertData10   AlertKind = "data10" // 10 % left
	AlertDataGone AlertKind = "data_gone"
	AlertExpiry3  AlertKind = "expiry3" // 3 days left
	AlertExpiry1  AlertKind = "expiry1" // 1 day left
	AlertExpired  AlertKind = "expired"
	// AlertUnused30 to Unused1: it was never used, and lapses in so many days.
	AlertUnused30 AlertKind = "unused30"
	AlertUnused7  AlertKind = "unused7"
	AlertUnused1  AlertKind = "unused1"
	// AlertLapsed: it was never used, and cannot be any more.
	AlertLapsed AlertKind = "lapsed"
	// AlertUnusedRefunded: it was never used, is cancelled before it lapses, and the money goes back.
	AlertUnusedRefunded AlertKind = "unused_back"
	// AlertTrip: the trip that its customer told of begins tomorrow.
	AlertTrip AlertKind = "trip"
	// AlertIdle: it was bought a week ago and lies there.
	AlertIdle AlertKind = "idle"
	// AlertHalfInstalled: a phone has fetched it, and does not install it.
	AlertHalfInstalled AlertKind = "half_installed"
	// AlertInstalled: it is on a phone.
	AlertInstalled AlertKind = "installed"
	// AlertSuspended: its data was stopped at the vendor.
	AlertSuspended AlertKind = "suspended"
	// AlertResumed: its data flows again.
	AlertResumed AlertKind = "resumed"
	// AlertStaysSuspended: its payment was refunded elsewhere, and staff leave it suspended.
	AlertStaysSuspended AlertKind = "stays_paused"
	// AlertWithdrawn: it was cancelled or revoked and nothing goes back by itself.
	AlertWithdrawn AlertKind = "withdrawn"
	// AlertTakenBack: the vendor took it back unused, and the money goes back.
	AlertTakenBack AlertKind = "taken_back"
)

// AlertKinds lists all alerts.
func AlertKinds() []AlertKind {
	return []AlertKind{
		AlertData50, AlertData20, AlertData10, AlertDataGone, AlertExpiry3, AlertExpiry1, AlertExpired, AlertUnused30, AlertUnused7, AlertUnused1, AlertLapsed,
		AlertUnusedRefunded, AlertTrip, AlertIdle, AlertHalfInstalled, AlertInstalled,
		AlertSuspended, AlertResumed, AlertStaysSuspended, AlertWithdrawn, AlertTakenBack,
	}
}

const day = 24 * time.Hour

// shortPlan is below what a three-day warning makes no sense for.
const shortPlan = 7 * day

// Alerts are what an eSIM gives reason to say.
type Alerts struct {
	Due []AlertKind // to be sent, unless sent before
	// Passed thresholds are overtaken by a graver one: noted as done, never sent.
	Passed []AlertKind
}

// AlertsFor says which alerts the eSIM as it is now calls for. Whether they were
// sent before is for the store to know.
func AlertsFor(e ESIM, now time.Time) Alerts {
	var a Alerts
	if e.Status.Withdrawn() {
		return a
	}
	a.unused(e, now)
	a.trip(e, now)
	a.installing(e, now)
	if e.Status == ProfileUnusedExpired {
		return a
	}
	if e.Status == ProfileSuspended {
		a.Due = append(a.Due, AlertSuspended)
	}
	over := e.Condition(now) == ConditionOver
	a.family(dataLevel(e), []AlertKind{AlertData50, AlertData20, AlertData10, AlertDataGone}, over)
	gone := slices.Contains(a.Due, AlertDataGone)
	a.family(expiryLevel(e, now, over), []AlertKind{AlertExpiry3, AlertExpiry1, AlertExpired}, gone && !over)
	return a
}

// family adds the alerts of one family up to a level: the gravest is due, those
// before it are passed. A muted family is all passed.
func (a *Alerts) family(level int, kinds []AlertKind, muted bool) {
	if level == 0 {
		return
	}
	a.Passed = append(a.Passed, kinds[:level-1]...)
	if muted {
		a.Passed = append(a.Passed, kinds[level-1])
		return
	}
	a.Due = append(a.Due, kinds[level-1])
}

// dataLevels are how many bytes have been used when 20 % are left, 10 % are left, and none: what the next look
// at an eSIM is planned by. A day pass has no percentages: its volume is given anew each day and no figure for a
// single day exists (esim-access-api.md, section 5).
func dataLevels(e ESIM) []int64 {
	if e.Plan.DayPass() || e.Total <= 0 {
		return nil
	}
	return []int64{e.Total - e.Total/5, e.Total - e.Total/10, e.Total}
}

// lowData is the dataLevel from which on an eSIM needs more data at once.
const lowData = 3

// dataLevel is 0 for none, 1 for 50 %, 2 for 20 %, 3 for 10 %, 4 for used up.
func dataLevel(e ESIM) int {
	if e.Status == ProfileUsedUp {
		return 4
	}
	level := 0
	if len(dataLevels(e)) > 0 && e.Used >= e.Total-e.Total/2 {
		level = 1
	}
	for _, used := range dataLevels(e) {
		if e.Used >= used {
			level++
		}
	}
	return level
}

// expiryLevel is 0 for none, 1 for three days, 2 for one day, 3 for over. Only an
// eSIM in use runs out; an unused one lapses, which is told elsewhere.
func expiryLevel(e ESIM, now time.Time, over bool) int {
	if over {
		return 3
	}
	if e.Activated.IsZero() || e.Expires.IsZero() {
		return 0
	}
	left, whole := e.Expires.Sub(now), e.Expires.Sub(e.Activated)
	switch {
	case left <= day && whole > day:
		return 2
	case left <= 3*day && whole >= shortPlan:
		return 1
	}
	return 0
}
