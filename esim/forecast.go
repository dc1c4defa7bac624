package esim

import "time"

// Reports of use are one to three hours late and come in lumps; nothing here is better
// than a guess at the order of magnitude, which is all that planning needs.
const (
	// paceWindow is how far back the chat's forecast looks: two days hold the nights.
	paceWindow = 48 * time.Hour
	// paceSamples are enough for it: reports are of whole hours.
	paceSamples = 64
	// Planning wants the pace of the last hours, of at least briefly.
	briefly = time.Hour
	lately  = 6 * time.Hour
	// steadily is how long a pace has to have lasted for the chat.
	steadily = 3 * time.Hour
	// horizon is beyond every plan: what lies further is not a forecast.
	horizon = 365 * day
)

// Forecast says when the data of an eSIM will be used up at the pace of its last days,
// given its latest samples, oldest first. The time is not before now, and may lie after
// the validity's end. It is not ok where no honest answer exists: for day passes, whose
// volume is given anew each day, for eSIMs not in use, and without recent reports or use.
func Forecast(e ESIM, samples []Usage, now time.Time) (runsOut time.Time, ok bool) {
	if e.Plan.DayPass() || e.Condition(now) != ConditionWorking || e.Total <= 0 {
		return time.Time{}, false
	}
	asOf := e.UsageAt
	if asOf.IsZero() || now.Sub(asOf) > paceWindow {
		return time.Time{}, false
	}
	pace := paceOver(samples, steadily, paceWindow)
	if len(samples) == 0 || asOf.Sub(samples[0].AsOf) < steadily {
		pace = averagePace(e, asOf) // used since too short a time for a window
	}
	left, ok := timeFor(e.Remaining(), pace)
	if !ok {
		return time.Time{}, false
	}
	runsOut = asOf.Add(left)
	if runsOut.Before(now) {
		runsOut = now
	}
	return runsOut, true
}

// paceOver is the pace up to the last of the samples, which are oldest first, in bytes an
// hour: over as much of the span most as they cover, if that is at least least.
func paceOver(samples []Usage, least, most time.Duration) float64 {
	if len(samples) == 0 {
		return 0
	}
	last := samples[len(samples)-1]
	for _, s := range samples {
		if span := last.AsOf.Sub(s.AsOf); span < least {
			break
		} else if span <= most {
			return paceBetween(s.Used, s.AsOf, last.Used, last.AsOf)
		}
	}
	return 0
}

// averagePace is bytes an hour since the validity began.
func averagePace(e ESIM, now time.Time) float64 {
	if e.Activated.IsZero() || now.Sub(e.Activated) < briefly {
		return 0
	}
	return paceBetween(0, e.Activated, e.Used, now)
}

// paceBetween is bytes an hour between two readings; 0 where they tell none.
func paceBetween(used int64, at time.Time, usedThen int64, then time.Time) float64 {
	span := then.Sub(at)
	if at.IsZero() || span < time.Minute || usedThen <= used {
		return 0
	}
	return float64(usedThen-used) / span.Hours()
}

// timeFor is how long bytes last at a pace, if that is within the horizon.
func timeFor(bytes int64, pace float64) (time.Duration, bool) {
	if pace <= 0 {
		return 0, false
	}
	hours := float64(bytes) / pace
	if hours > horizon.Hours() {
		return 0, false
	}
	return time.Duration(hours * float64(time.Hour)), true
}

// A PollPlan says when to look at an eSIM again.
type PollPlan struct {
	Next time.Time // zero: as planned before
	// NextAlert is when its next warning about data is expected: who is nearest goes first
	// where not all can be looked at.
	NextAlert time.Time
	// OnlySooner: Next counts only if it is before what was planned.
	OnlySooner bool
}

// How long until the next look. The listing of the whole account shows all of them at
// least every wholeEvery besides.
const (
	soonest   = 30 * time.Minute // reports are hours late: oftener brings nothing
	latest    = 6 * time.Hour
	unusedFor = day // nothing happens to it, and the listing would show it
	unknown   = 30 * day
)

// planPoll plans the next look at an eSIM that uses so many bytes an hour: half-way to
// its next warning, since the pace may grow.
func planPoll(e ESIM, pace float64, now time.Time) PollPlan {
	plan := PollPlan{NextAlert: now.Add(unknown)}
	wait := latest
	switch {
	case e.Status == ProfileInUse:
		if left, ok := timeFor(toNextWarning(e), pace); ok {
			plan.NextAlert = now.Add(left)
			wait = min(max(left/2, soonest), latest)
		} else if e.Used == 0 {
			wait = 2 * time.Hour // its first report is on its way
		}
	case e.SMDPStatus == SMDPReleased:
		wait = unusedFor
	}
	if left := e.Expires.Sub(now); left > 0 {
		wait = min(wait, max(left, soonest))
	}
	plan.Next = now.Add(wait)
	return plan
}

// toNextWarning is how many bytes may be used until AlertsFor says more than now; more
// than there are when nothing is left to say.
func toNextWarning(e ESIM) int64 {
	levels := dataLevels(e)
	if e.Plan.DayPass() {
		levels = []int64{e.Total} // the vendor may call it used up then
	}
	for _, level := range levels {
		if e.Used < level {
			return level - e.Used
		}
	}
	return 1 << 62
}
