package esim

import (
	"context"
	"time"
)

// A customer may tell when they travel: they are reminded to install the day before instead of a
// week after the purchase, and warned where the eSIM does not cover the trip.

// A Trip is when a customer travels. The zero value: they did not say.
type Trip struct {
	Day  time.Time // its first day, at the day's begin in UTC
	Days int       // how long; 0: not said
}

// Known reports whether the customer told of a trip.
func (t Trip) Known() bool { return !t.Day.IsZero() }

// tripReminder is how long before a trip's first day, in UTC, its reminder comes: at nine in the
// morning in London the day before has begun and is not over anywhere.
const tripReminder = 15 * time.Hour

// RemindAt is when the customer is reminded of the trip.
func (t Trip) RemindAt() time.Time { return t.Day.Add(-tripReminder) }

// ReminderPassed reports whether a reminder would come too late: who tells of the trip now is told at once.
func (t Trip) ReminderPassed(now time.Time) bool { return !now.Before(t.RemindAt()) }

// dayEverywhere is from a day's begin in UTC to its end where it ends last, at UTC-12.
const dayEverywhere = day + 12*time.Hour

// Over reports whether the trip's first day has passed everywhere, and nothing of the trip is worth a
// reminder any more.
func (t Trip) Over(now time.Time) bool { return !now.Before(t.Day.Add(dayEverywhere)) }

const (
	// idleAfter is how long after the purchase an eSIM that was not installed is brought to mind, if no
	// trip was told.
	idleAfter = 7 * day
	// idleUntil bounds it: what lay there for longer was let be.
	idleUntil = 10 * day
)

// trip adds the reminders to install: of the trip that was told, or else of an eSIM that lies there.
func (a *Alerts) trip(e ESIM, now time.Time) {
	if !e.unused() || e.Returned || e.Status.Final() || e.Status == ProfileSuspended || e.SMDPStatus == SMDPDeleted {
		return
	}
	if e.Trip.Known() {
		if e.Trip.ReminderPassed(now) && !e.Trip.Over(now) {
			a.Due = append(a.Due, AlertTrip)
		}
		return
	}
	switch age := now.Sub(e.Created); {
	case e.Created.IsZero(), age < idleAfter, age >= idleUntil:
	case e.Condition(now) != ConditionReady, !e.Expires.IsZero() && e.Expires.Sub(now) <= 7*day: // its end is told of
		a.Passed = append(a.Passed, AlertIdle)
	default:
		a.Due = append(a.Due, AlertIdle)
	}
}

// A TripConflict is what stands between an eSIM and a trip.
type TripConflict int

const (
	// TripFits: nothing.
	TripFits TripConflict = iota
	// TripAfterLapse: unused, it keeps no longer than until before the trip.
	TripAfterLapse
	// TripAfterEnd: its days are over before the trip.
	TripAfterEnd
	// TripTooLong: its days end during the trip.
	TripTooLong
)

// TripConflict says what stands between the eSIM and a trip.
func (e ESIM) TripConflict(t Trip) TripConflict {
	end := t.Day.Add(time.Duration(max(t.Days, 1)) * day)
	switch {
	case !t.Known():
	case e.Activated.IsZero() && !e.Expires.IsZero() && e.Expires.Before(t.Day):
		return TripAfterLapse
	case !e.Activated.IsZero() && !e.Expires.IsZero() && e.Expires.Before(t.Day):
		return TripAfterEnd
	case !e.Activated.IsZero() && !e.Expires.IsZero() && e.Expires.Before(end.Add(-day)):
		return TripTooLong
	case e.Activated.IsZero() && e.Days > 0 && t.Days > e.Days:
		return TripTooLong
	}
	return TripFits
}

// TripStore keeps what customers tell of their trips.
type TripStore interface {
	// SetTrip stores a trip for eSIMs of a customer; others are left alone. What was told of another
	// trip of theirs is told anew, unless told says that the customer heard it just now.
	SetTrip(ctx context.Context, customer CustomerID, esimIDs []ESIMID, t Trip, told bool) error
}

// TravellingStore lists eSIMs to remind of.
type TravellingStore interface {
	// TravellingESIMs lists watched eSIMs whose validity did not begin and whose customer has to be
	// reminded of a trip that begins between two times, or told of none and got theirs between two others.
	TravellingESIMs(ctx context.Context, trips, created [2]time.Time) ([]ESIM, error)
}
